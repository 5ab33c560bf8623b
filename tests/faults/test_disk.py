"""Disks that are full, fail or are not there while a run is recorded: the old state or the new, and a message."""

from __future__ import annotations

import contextlib
import errno
import os
import resource
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from dlterm.errors import DltermError
from dlterm.training.checkpoint import read_checkpoint
from dlterm.training.recipe import Recipe
from dlterm.training.run_directory import CHECKPOINT, PREVIOUS, RunDirectory
from tests.faults.support import COMMAND

ARRAYS = {"weight": np.arange(300, dtype=np.float32)}


@pytest.fixture
def run(tmp_path):
    """A run that has a checkpoint of step 1, and one before it of step 0."""
    with RunDirectory.create(tmp_path / "run", Recipe(), created=datetime(2026, 1, 1, tzinfo=UTC)) as made:
        for step in (0, 1):
            made.write_checkpoint(ARRAYS, {"step": step})
        yield made


class Failing:
    """Makes the call number `at` of those that write fail, whichever it is; counts the calls."""

    def __init__(self, patch, at, error):
        self.count, self._at, self._error = 0, at, error
        for module, name in ((os, "fsync"), (os, "replace"), (os, "link"), (os, "rename"), (os, "truncate")):
            patch.setattr(module, name, self._wrapped(getattr(module, name)))
        for name in ("open", "replace", "unlink", "write_bytes"):
            patch.setattr(Path, name, self._wrapped(getattr(Path, name)))

    def _wrapped(self, function):
        def call(*arguments, **named):
            self.count += 1
            if self.count == self._at:
                raise OSError(self._error, os.strerror(self._error))
            return function(*arguments, **named)

        return call


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EDQUOT], ids=["full", "failing", "quota"])
@pytest.mark.parametrize("at", range(1, 10))
def test_a_checkpoint_that_cannot_be_written_leaves_one_that_can_be_read(run, monkeypatch, at, error):
    with monkeypatch.context() as patch:
        failing = Failing(patch, at, error)
        try:
            run.write_checkpoint(ARRAYS, {"step": 2})
        except DltermError as raised:
            assert raised.exit_code == 74
            assert os.strerror(error) in raised.message
    assert failing.count >= min(at, 6)
    newest = read_checkpoint(run.path / CHECKPOINT)[1]["step"]
    before = read_checkpoint(run.path / PREVIOUS)[1]["step"]
    assert newest in (1, 2)
    assert before in (0, 1)
    run.write_checkpoint(ARRAYS, {"step": 3})
    assert read_checkpoint(run.path / CHECKPOINT)[1]["step"] == 3
    with contextlib.suppress(DltermError), RunDirectory.reopen(run.path):
        pass


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
