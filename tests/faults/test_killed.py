"""Runs that are killed: what was learned is never lost, and going on comes to the same to the bit."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from pathlib import Path

import pytest

from dlterm.training.checkpoint import read_checkpoint
from tests.faults.support import start, train_killed, train_to_the_end

RECIPES = {
    "an mlp": ["moons?noise=0.3&hidden=32,32&epochs=6000&dropout=0.1&schedule=cosine"],
    "a cnn with norms": [
        "digits?model=cnn&channels=4,8&hidden=16&norm=batch&batch=32&epochs=60&optimizer=adamw"
    ],
    "early stopping": ["moons?noise=0.8&count=200&hidden=32&lr=0.001&epochs=100000&early_stop=9000&batch=50"],
}


def outcome(run):
    """What a run comes to: the model's bytes, all its arrays, its rows without their times."""
    arrays, state = read_checkpoint(run / "checkpoint.safetensors")
    rows = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    for row in rows:
        del row["seconds"]
    state["seconds"] = 0
    bits = {name: array.tobytes() for name, array in arrays.items()}
    return (run / "model.safetensors").read_bytes(), bits, state, rows


@pytest.mark.parametrize("name", RECIPES)
def test_a_run_that_is_killed_and_resumed_is_the_run_that_never_was(name, tmp_path):
    train_to_the_end(*RECIPES[name], "--epochs", "1", "--no-save", cwd=tmp_path)  # compiles the kernels
    begun = time.monotonic()
    assert train_to_the_end(*RECIPES[name], "--out", "whole", cwd=tmp_path) == 0
    took = time.monotonic() - begun
    chance = random.Random(name)
    early = took / 2  # so that a machine which is quicker by then has not ended before the first kill
    hit = train_killed(*RECIPES[name], run="killed", cwd=tmp_path, kills=4, seconds=early, chance=chance)
    assert hit > 0
    assert outcome(tmp_path / "killed") == outcome(tmp_path / "whole")
    assert not list((tmp_path / "killed").glob(".*"))


@pytest.mark.parametrize(("number", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_signal_checkpoints_says_how_to_go_on_and_that_works(number, code, run, tmp_path):
    process = start("xor?hidden=4&epochs=2000000", "--out", "stopped", cwd=tmp_path)
    model = tmp_path / "stopped" / "metrics.jsonl"
    deadline = time.monotonic() + 30
    while not (model.exists() and model.stat().st_size) and time.monotonic() < deadline:
        time.sleep(0.02)
    os.kill(process.pid, getattr(signal, number))
    assert process.wait() == code
    steps = read_checkpoint(tmp_path / "stopped" / "checkpoint.safetensors")[1]["counters"]["step"]
    done = steps // 38 + 1
    ended, summary, said = run("--resume", "stopped", "--epochs", str(done))
    assert ended == 0
    assert any(line.startswith("resumed at epoch") for line in said)
    assert summary["epochs"] == done


def test_a_run_that_has_ended_may_go_on_longer(run):
    run("xor?hidden=4&epochs=3", "--out", "whole")
    run("xor?hidden=4&epochs=5", "--out", "longer")
    code, summary, _ = run("--resume", "whole", "--epochs", "5")
    assert (code, summary["epochs"]) == (0, 5)
    assert Path("whole/model.safetensors").read_bytes() == Path("longer/model.safetensors").read_bytes()


def test_a_run_that_has_ended_is_left_as_it_is(run):
    _, before, _ = run("xor?hidden=4&epochs=3", "--out", "whole")
    code, after, _ = run("--resume", "whole")
    assert (code, after["steps"], after["test_loss"]) == (0, before["steps"], before["test_loss"])


def test_a_diverged_run_has_nothing_to_go_on_with(run):
    code, summary, _ = run("hills?hidden=8,8&activation=relu&optimizer=sgd&lr=30&epochs=50", "--out", "wild")
    assert (code, summary["ended"]) == (3, "diverged")
    code, _, said = run("--resume", "wild")
    assert code == 2
    assert "diverged after step" in said[-2]
    assert said[-1].endswith("such as --lr 3")


def test_early_stopping_keeps_the_best(run):
    code, summary, said = run("moons?noise=0.8&count=200&hidden=32&lr=0.02&early_stop=30", "--out", "early")
    assert (code, summary["ended"]) == (0, "stopped early")
    rows = [json.loads(line) for line in Path("early/metrics.jsonl").read_text().splitlines()]
    best = min(rows, key=lambda row: row["test_loss"])
    assert summary["test_loss"] == best["test_loss"]
    assert summary["epochs"] == best["epoch"] == rows[-1]["epoch"] - 30
    assert any("had the best test loss and is kept" in line for line in said)
    code, again, said = run("--resume", "early", "--epochs", "5000")
    assert (code, again["steps"], again["test_loss"]) == (0, summary["steps"], summary["test_loss"])
    assert any("early stopping has ended this run" in line for line in said)


def test_other_data_are_refused(run, tmp_path):
    lines = ["a,b,kind", *(f"{n},{n % 7},{'xy'[n % 2]}" for n in range(40))]
    (tmp_path / "data.csv").write_text("\n".join(lines))
    assert run("data.csv", "--epochs", "2", "--out", "r")[0] == 0
    (tmp_path / "data.csv").write_text("\n".join([*lines[:-1], "9,9,x"]))
    code, _, said = run("--resume", "r", "--epochs", "4")
    assert code == 65
    assert "the data are not those that it began with" in said[-2]


def test_a_damaged_checkpoint_is_told_of_and_the_one_before_is_used(run, tmp_path):
    run("xor?hidden=4&epochs=3", "--out", "r")
    run("--resume", "r", "--epochs", "5")
    whole = (tmp_path / "r" / "model.safetensors").read_bytes()
    path = tmp_path / "r" / "checkpoint.safetensors"
    path.write_bytes(path.read_bytes()[:-7])
    code, summary, said = run("--resume", "r")
    assert (code, summary["epochs"]) == (0, 5)
    assert any("damaged" in line and "going on from the checkpoint before" in line for line in said)
    assert (tmp_path / "r" / "model.safetensors").read_bytes() == whole


def test_a_run_directory_that_vanishes_ends_the_run_with_74(tmp_path):
    import shutil

    process = start("xor?hidden=4&epochs=2000000", "--out", "gone", "--checkpoint", "0.05", cwd=tmp_path)
    deadline = time.monotonic() + 30
    while not (tmp_path / "gone" / "checkpoint.safetensors").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    shutil.rmtree(tmp_path / "gone", ignore_errors=True)
    assert process.wait(timeout=30) == 74
    assert not (tmp_path / "gone" / "model.safetensors").exists()
