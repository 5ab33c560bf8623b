"""Disks that are full, fail or are not there while a run is recorded: the old state or the new, and a message."""

from __future__ import annotations

import os
import random
import resource
import subprocess

import pytest

from tests.faults.support import COMMAND, train_to_the_end

LINE = "xor?hidden=3&epochs=2"


def limited(*arguments, cwd, size):
    """`dlterm train` that may write files of so many bytes at most: what a full disk is like."""
    unwatched = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    return subprocess.run(
        [*COMMAND, *arguments, "--quiet"],
        cwd=cwd,
        env=unwatched,  # what measures the tests' coverage could not write its file, either
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
    )


@pytest.mark.parametrize("size", [10, 500, 3000, 8000])
def test_a_full_disk_ends_a_run_with_74_and_leaves_no_half_file(tmp_path, size):
    ended = limited(
        "moons?epochs=40&hidden=24", "--out", "run", "--checkpoint", "0.001", cwd=tmp_path, size=size
    )
    assert ended.returncode in (74, 73)
    said = ended.stderr.splitlines()
    assert 1 <= len(said) <= 2
    assert "File too large" in said[0]
    assert "Traceback" not in ended.stderr
    assert not [path for path in (tmp_path / "run").rglob("*") if path.name.endswith(".tmp")]


def test_a_run_that_the_disk_ended_goes_on_when_there_is_room(tmp_path):
    assert train_to_the_end("moons?epochs=40", "--out", "whole", cwd=tmp_path) == 0
    limited("moons?epochs=40", "--out", "run", "--checkpoint", "0.001", cwd=tmp_path, size=6000)
    assert train_to_the_end("--resume", "run", cwd=tmp_path) == 0
    models = [(tmp_path / name / "model.safetensors").read_bytes() for name in ("run", "whole")]
    assert models[0] == models[1]


PLACES = {
    "below a device": "/dev/null/run",
    "in /proc": "/proc/run",
    "below a file": "file/run",
    "a file": "file",
    "a broken link": "nowhere",
    "a link to a file": "linked",
    "a full directory": "full",
    "another run": "other",
    "a name that no file system takes": "x" * 300,
    "a path that no system takes": "x/" * 3000,
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_a_place_that_takes_no_run_is_73_and_is_left_as_it_was(refused, tmp_path, place):
    (tmp_path / "file").write_text("precious")
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone" / "deep")
    (tmp_path / "linked").symlink_to("file")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "precious").touch()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "config.toml").touch()
    code, lines = refused(LINE, "--out", place)
    assert code == 73, lines
    assert (tmp_path / "file").read_text() == "precious"
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["precious"]


NO_RUNS = {
    "nothing": "nothing",
    "a file": "file",
    "an empty directory": "empty",
    "a directory of other things": "full",
    "a device": "/dev/null",
    "a name that no file system takes": "x" * 5000,
    "an empty name": "",
}


@pytest.mark.parametrize("place", NO_RUNS.values(), ids=NO_RUNS)
def test_what_is_no_run_cannot_be_resumed_and_is_left_as_it_was(refused, tmp_path, place):
    (tmp_path / "file").write_text("precious")
    (tmp_path / "empty").mkdir()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "precious").touch()
    code, lines = refused("--resume", place)
    assert code == 66, lines
    assert lines[0].endswith(": no run is here")
    assert not list((tmp_path / "empty").iterdir())
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["precious"]


MISSING = {
    "metrics.jsonl": 0,
    "model.safetensors": 0,
    "report.txt": 0,
    "checkpoint.safetensors": 0,
    "config.toml": 66,
}


@pytest.mark.parametrize(("name", "code"), MISSING.items())
def test_a_run_without_one_of_its_files_goes_on_or_says_what_is_missing(run, tmp_path, name, code):
    run(LINE, "--out", "r")
    (tmp_path / "r" / name).unlink()
    assert run("--resume", "r", "--epochs", "3")[0] == code


@pytest.mark.parametrize(
    "name", ["metrics.jsonl", "model.safetensors", "report.txt", "checkpoint.safetensors"]
)
def test_a_directory_in_the_place_of_a_file_is_no_traceback(run, tmp_path, name):
    run(LINE, "--out", "r")
    (tmp_path / "r" / name).unlink()
    (tmp_path / "r" / name).mkdir()
    code, _, said = run("--resume", "r", "--epochs", "3")
    assert code == 74, said
    assert name in said[-2]


@pytest.fixture
def trained_with(tmp_path):
    """Train a small run with kernels from a cache directory: the finished process, and the model's bytes."""

    def call(name, cache):
        ended = subprocess.run(
            [*COMMAND, LINE, "--out", name],
            cwd=tmp_path,
            env={**os.environ, "DLTERM_CACHE_DIR": str(cache)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stderr, (tmp_path / name / "model.safetensors").read_bytes()

    return call


def flipped(content):
    damaged = bytearray(content)
    for bit in random.Random(0).sample(range(8 * len(content)), 9):
        damaged[bit // 8] ^= 1 << bit % 8
    return bytes(damaged)


DAMAGES = (
    lambda content: b"",
    lambda content: content[: len(content) // 2],
    lambda content: random.Random(0).randbytes(len(content)),
    lambda content: bytes(len(content)),
    flipped,
)


def test_a_damaged_cache_is_made_anew_and_the_numbers_are_the_same(tmp_path, trained_with):
    cache = tmp_path / "cache"
    _, model = trained_with("first", cache)
    files = sorted(path for path in cache.rglob("*") if path.is_file())
    assert len(files) > len(DAMAGES)
    for number, path in enumerate(files):
        path.write_bytes(DAMAGES[number % len(DAMAGES)](path.read_bytes()))
    said, again = trained_with("second", cache)
    assert "a damaged file" in said
    assert again == model
    contents = [path.read_bytes() for path in files]
    for path, content in zip(files, contents[1:] + contents[:1], strict=True):
        path.write_bytes(content)  # whole, but another kernel's
    said, again = trained_with("third", cache)
    assert "a damaged file" in said
    assert again == model


def test_a_cache_that_cannot_be_written_is_a_notice(trained_with):
    said, _ = trained_with("run", "/dev/null/cache")
    assert "the cache /dev/null/cache cannot be written" in said


@pytest.mark.parametrize("home", ["/dev/null/home", "/nonexistent", ""])
def test_a_home_that_is_none_stops_no_training(tmp_path, home):
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("XDG", "DLTERM"))}
    ended = subprocess.run(
        [*COMMAND, "xor?epochs=2&hidden=2", "--no-save", "--json"],
        cwd=tmp_path,
        env=environment | {"HOME": home},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert "Traceback" not in ended.stderr
