"""`dlterm watch`: lines as they come from another process, until that ends, however it ends."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

LONG = ("train", "xor?count=100", "--epochs", "100000000", "--out", "runs/long", "--checkpoint", "0.2", "-q")


@pytest.fixture
def process(tmp_path):
    """Start the real command beside this process, in an empty directory."""
    started = []

    def start(*arguments, **options):
        homes = {f"XDG_{name}_HOME": str(tmp_path / name) for name in ("CONFIG", "STATE")}
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        command = [sys.executable, "-m", "dlterm", *arguments]
        started.append(
            subprocess.Popen(command, cwd=tmp_path, env={**os.environ, **homes}, text=True, **options)
        )
        return started[-1]

    yield start
    for each in started:
        each.kill()
        each.communicate()


@pytest.fixture
def training(process, tmp_path):
    """A run that trains in another process, and has recorded its first epochs."""
    trainer = process(*LONG, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until((tmp_path / "runs/long/metrics.jsonl").exists)
    until(lambda: (tmp_path / "runs/long/metrics.jsonl").stat().st_size > 0)
    return trainer


def until(happened, seconds=30):
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_lines_come_while_it_trains_and_the_last_says_how_it_ended(process, training):
    watcher = process("watch", "long", "--json")
    first = json.loads(watcher.stdout.readline())
    assert first["epoch"] == 1
    assert training.poll() is None
    training.send_signal(signal.SIGINT)
    rest = watcher.communicate(timeout=30)[0].splitlines()
    assert watcher.returncode == 0
    ended = json.loads(rest[-1])
    assert ended["status"] == "interrupted"
    assert ended["last"] == json.loads(rest[-2] if len(rest) > 1 else json.dumps(first))


def test_a_run_that_was_killed_says_how_to_go_on(process, training):
    watcher = process("watch")
    assert "train loss" in watcher.stdout.readline()
    training.kill()
    _, said = watcher.communicate(timeout=30)
    assert watcher.returncode == 0
    assert "runs/long: interrupted; to go on: dlterm train --resume runs/long" in said


def test_a_run_that_is_deleted_meanwhile_is_66(process, training, tmp_path):
    watcher = process("watch", "runs/long")
    watcher.stdout.readline()
    (tmp_path / "runs/long/config.toml").unlink()
    _, said = watcher.communicate(timeout=30)
    assert watcher.returncode == 66
    assert "runs/long: the run was deleted" in said


def test_a_reader_that_has_enough_ends_it(process, training):
    watcher = process("watch", "--json")
    watcher.stdout.readline()
    watcher.stdout.close()
    assert watcher.wait(timeout=30) == 74


@pytest.fixture
def trained(dlterm, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name in ("one", "two"):
        assert dlterm("train", "xor?count=100&epochs=3", "--out", f"runs/{name}", "-q")[0] == 0
    return dlterm


def test_a_run_that_has_ended_is_told_whole(trained, lines):
    code, stdout, _ = trained("watch", "one", "--json")
    rows = lines(stdout)
    assert code == 0
    assert [row["epoch"] for row in rows[:-1]] == [1, 2, 3]
    assert rows[:-1] == lines(Path("runs/one/metrics.jsonl").read_text())
    assert rows[-1]["status"] == "finished"
    assert rows[-1]["run"] == "runs/one"


def test_lines_for_people_name_what_was_measured(trained):
    code, stdout, stderr = trained("watch", "one")
    assert code == 0
    assert len(stdout.splitlines()) == 3
    assert stdout.startswith("epoch 1  train loss ")
    assert "test accuracy" in stdout
    assert stderr == "runs/one: finished\n"


def test_without_a_name_it_is_the_newest(trained, lines):
    shutil.copytree("runs/one", "runs/newer")
    config = Path("runs/newer/config.toml")
    config.write_text(config.read_text().replace("created = 20", "created = 21"))
    assert lines(trained("watch", "--json")[1])[-1]["run"] == "runs/newer"
    assert lines(trained("watch", "--json", "--in", "runs", "two")[1])[-1]["run"] == "runs/two"


def test_a_run_that_diverged_is_3(trained):
    assert (
        trained(
            "train",
            "hills?activation=relu&optimizer=sgd&lr=30",
            "--out",
            "runs/far",
            "-q",
        )[0]
        == 3
    )
    assert trained("watch", "far")[0] == 3


def test_what_is_no_run_is_66_and_what_cannot_be_read_65(trained):
    Path("foreign").mkdir()
    Path("foreign/notes.txt").touch()
    Path("runs/two/config.toml").write_text("[recipe]\nlr = 'x'")
    for arguments, code, said in (
        (["foreign"], 66, "no run is here"),
        (["nothing"], 66, "no run is here"),
        (["\x1b[2J"], 66, "no run is here"),
        (["--in", "foreign"], 66, "no runs in foreign"),
        (["two"], 65, "runs/two/config.toml"),
    ):
        ended, stdout, stderr = trained("watch", *arguments)
        assert (ended, stdout) == (code, "")
        assert said in stderr
        assert "\x1b" not in stderr


@pytest.mark.parametrize("content", [b"", b"\xff\n", b"3\n", b'{"epoch": "\x1b[2J"}\n', b"[" * 100_000])
def test_damaged_metrics_break_nothing(trained, content):
    Path("runs/one/metrics.jsonl").write_bytes(content)
    for arguments in (["watch", "one"], ["watch", "one", "--json"]):
        code, stdout, _ = trained(*arguments)
        assert code == 0
        assert "\x1b" not in stdout
