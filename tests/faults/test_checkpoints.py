"""Checkpoints that are not what they should be: resuming says what is wrong, and nothing else is touched."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlterm.cli import failures
from dlterm.cli.main import main
from dlterm.training.checkpoint import CorruptCheckpointError, pack, unpack
from tests.faults.support import COMMAND, start, train_to_the_end

ARRAYS = {"hidden1.weight": np.arange(12, dtype=np.float32).reshape(3, 4), "t": np.array([3])}
CONTENT = pack(ARRAYS, {"version": 1, "counters": {"step": 7}})


@pytest.fixture
def resumed(tmp_path, monkeypatch, capsys):
    """Train a run of 3 epochs, put this in the place of its checkpoint, and resume: exit code and stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert main(["train", "xor?hidden=4&epochs=3", "--out", "run", "--quiet"]) == 0
    capsys.readouterr()

    def call(content, *arguments):
        path = Path("run/checkpoint.safetensors")
        path.write_bytes(content(*unpack(path.read_bytes())) if callable(content) else content)
        Path("run/checkpoint.previous.safetensors").unlink(missing_ok=True)
        try:
            code = main(["train", "--resume", "run", "--epochs", "5", *arguments])
        except Exception as error:
            code = failures.report(error)
        return code, capsys.readouterr().err.splitlines()

    return call


def without(name):
    return lambda arrays, state: pack({key: a for key, a in arrays.items() if key != name}, state)


def with_array(name, value):
    return lambda arrays, state: pack({**arrays, name: value}, state)


def with_state(**changes):
    return lambda arrays, state: pack(arrays, {**state, **changes})


def without_state(name):
    return lambda arrays, state: pack(arrays, {key: value for key, value in state.items() if key != name})


NAN = np.full((4, 2), np.nan, np.float32)
WRONG = {
    "empty": (b"", 65),
    "a text": (b"hello, world", 65),
    "someone else's safetensors": (b"\x02\0\0\0\0\0\0\0{}", 65),
    "an array is missing": (without("hidden1.weight"), 65),
    "the optimiser's state is missing": (without("m hidden1.weight"), 65),
    "an array has another shape": (with_array("hidden1.weight", np.zeros((5, 2), np.float32)), 65),
    "an array is not finite": (with_array("hidden1.weight", NAN), 65),
    "a newer version": (with_state(version=99), 78),
    "no version": (without_state("version"), 78),
    "a version that is no number": (with_state(version="one"), 78),
    "no counters": (without_state("counters"), 65),
    "counters of another kind": (with_state(counters={"steps": 3}), 65),
    "counters that are no numbers": (with_state(counters=[1, 2]), 65),
    "a place before the data": (with_state(counters={"step": 2, "epoch": 0, "position": -9}), 65),
    "a place after the data": (with_state(counters={"step": 2, "epoch": 0, "position": 10**9}), 65),
    "a negative step": (with_state(counters={"step": -1, "epoch": 0, "position": 0}), 65),
    "rows that are no number": (with_state(rows="many"), 65),
    "an end that is none": (with_state(ended="exploded"), 65),
    "no count of rows": (without_state("rows"), 65),
    "other data": (with_state(data="0" * 64), 65),
    "a best epoch that is none": (with_state(best=3), 65),
    "a state that is no table": (lambda arrays, _: pack(arrays, ["a list"]), 65),
}


@pytest.mark.parametrize(("content", "code"), WRONG.values(), ids=WRONG)
def test_a_checkpoint_that_does_not_fit_is_refused_with_what_is_wrong(resumed, content, code):
    model = Path("run/model.safetensors").read_bytes()
    ended, said = resumed(content)
    errors = [line for line in said if line.startswith(("dlterm: error: ", "hint: "))]
    assert ended == code, said
    assert 1 <= len(errors) <= 2
    assert Path("run/model.safetensors").read_bytes() == model


@given(st.lists(st.tuples(st.integers(0, len(CONTENT) - 1), st.integers(0, 255)), min_size=1, max_size=8))
def test_no_changed_byte_goes_unnoticed(changes):
    damaged = bytearray(CONTENT)
    for at, value in changes:
        damaged[at] = value
    if damaged == CONTENT:
        return
    with pytest.raises(CorruptCheckpointError):
        unpack(bytes(damaged))


def test_every_truncation_and_every_flipped_bit_is_noticed():
    damaged = [CONTENT[:end] for end in range(len(CONTENT))]
    for bit in range(8 * len(CONTENT)):
        flipped = bytearray(CONTENT)
        flipped[bit // 8] ^= 1 << bit % 8
        damaged.append(bytes(flipped))
    for content in damaged:
        with pytest.raises(CorruptCheckpointError):
            unpack(content)


def file_of(arrays, numbers=bytes(4)):
    """A safetensors file with this header."""
    header = json.dumps(arrays).encode()
    return len(header).to_bytes(8, "little") + header + numbers


HARMFUL = {
    "a header of 100 MB": (100_000_000).to_bytes(8, "little") + b"{" * 100,
    "a header of 2^63 bytes": (2**63 - 1).to_bytes(8, "little") + b"{" * 100,
    "a shape that no memory holds": file_of(
        {"w": {"dtype": "F32", "shape": [2**40], "data_offsets": [0, 4]}}
    ),
    "a shape whose size overflows": file_of(
        {"w": {"dtype": "F32", "shape": [2**40, 2**40], "data_offsets": [0, 4]}}
    ),
    "arrays that overlap": file_of(
        {name: {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]} for name in "ab"}
    ),
    "a type that NumPy does not have": file_of(
        {
            "__metadata__": {"dlterm": '{"state": {}, "sha256": ""}'},
            "w": {"dtype": "BF16", "shape": [2], "data_offsets": [0, 4]},
        }
    ),
    "a depth of 100,000": (200_000).to_bytes(8, "little") + b"[" * 100_000 + b"]" * 100_000,
}


@pytest.mark.parametrize("content", HARMFUL.values(), ids=HARMFUL)
def test_a_file_made_to_do_harm_is_refused_at_once(content):
    with pytest.raises(CorruptCheckpointError):
        unpack(content)


def test_two_processes_do_not_write_one_run(tmp_path):
    process = start("xor?hidden=4&epochs=2000000", "--out", "run", cwd=tmp_path)
    try:
        while not (tmp_path / "run" / "metrics.jsonl").exists():
            assert process.poll() is None
        second = subprocess.run(
            [*COMMAND, "--resume", "run"], cwd=tmp_path, capture_output=True, text=True, check=False
        )
    finally:
        process.kill()
        process.wait()
    assert second.returncode == 75
    assert f"the run is in use by process {process.pid}" in second.stderr


RESUMED = {
    "a run that is not there": (["--resume", "nowhere"], 66),
    "a directory that is no run": (["--resume", "."], 66),
    "a file": (["--resume", "run/config.toml"], 66),
    "with data": (["xor", "--resume", "run"], 2),
    "into another directory": (["--resume", "run", "--out", "other"], 2),
    "without being saved": (["--resume", "run", "--no-save"], 2),
    "with a config": (["--resume", "run", "--config", "run/config.toml"], 2),
    "with other layers": (["--resume", "run", "--hidden", "9"], 2),
    "with another seed": (["--resume", "run", "--seed", "9"], 2),
    "with clipping that it did not have": (["--resume", "run", "--clip", "1"], 2),
    "with a rate that is none": (["--resume", "run", "--lr", "-1"], 2),
    "with checkpoints before they are made": (["--resume", "run", "--checkpoint", "-1"], 2),
}


@pytest.mark.parametrize(("arguments", "code"), RESUMED.values(), ids=RESUMED)
def test_what_cannot_be_resumed_says_why(refused, tmp_path, arguments, code):
    assert train_to_the_end("xor?hidden=4&epochs=3", "--out", "run", cwd=tmp_path) == 0
    ended, said = refused(*arguments)
    assert ended == code
    assert 1 <= len(said) <= 2
    assert said[0].startswith("dlterm: error: ")
