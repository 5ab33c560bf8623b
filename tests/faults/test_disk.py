"""Disks that are full, fail or are not there while a run is recorded: the old state or the new, and a message."""

from __future__ import annotations

import os
import resource
import subprocess
import sys

import pytest

from tests.faults.support import COMMAND, train_to_the_end


def limited(*arguments, cwd, size):
    """`dlterm train` that may write files of so many bytes at most: what a full disk is like."""
    return subprocess.run(
        [*COMMAND, *arguments, "--quiet"],
        cwd=cwd,
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
    "below a file": ("/dev/null/run", 73),
    "in a system's directory": ("/proc/run", 73),
    "a name too long": ("x" * 300, 73),
}


@pytest.mark.parametrize(("place", "code"), PLACES.values(), ids=PLACES)
def test_a_place_that_takes_no_run_is_said_before_training(refused, place, code):
    ended, said = refused("xor", "--epochs", "1", "--out", place)
    assert ended == code
    assert said[-1].startswith("hint: name another directory")


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


def test_stdout_that_is_full_is_74_and_the_run_is_kept(tmp_path):
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device
        ended = subprocess.run(
            [*COMMAND, "xor?epochs=3&hidden=2", "--out", "run", "--json"],
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert ended.returncode == 74
    assert "No space left on device" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert (tmp_path / "run" / "model.safetensors").exists()


def test_training_opens_no_connection(tmp_path):
    program = (
        "import socket, sys\n"
        "def refuse(*_): raise SystemExit('a socket')\n"
        "socket.socket.connect = refuse\n"
        "from dlterm.cli.main import main\n"
        "sys.exit(main(['train', 'iris', '--epochs', '2', '--out', 'run', '--quiet']))"
    )
    ended = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, check=False)
    assert ended.returncode == 0, ended.stderr
