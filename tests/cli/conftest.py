from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from dlterm.training.learner import Learner
from tests.commands import run


@pytest.fixture(autouse=True)
def no_nohup():
    """Let SIGHUP be what it usually is, also where the tests run under nohup."""
    previous = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, previous)


@pytest.fixture
def slowly(monkeypatch):
    """Make every step of training take so long; returns the sizes of the chunks that will be asked for."""

    def slow(seconds_a_step):
        chunks = []
        advance = Learner.advance

        def advance_slowly(self, steps):
            chunks.append(steps)
            time.sleep(steps * seconds_a_step)
            advance(self, steps)

        monkeypatch.setattr(Learner, "advance", advance_slowly)
        return chunks

    return slow


@pytest.fixture
def dlterm(capsys, monkeypatch, tmp_path):
    """Run a command in this process: exit code, stdout and stderr."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    return lambda *arguments: (run(*arguments), *capsys.readouterr())


@pytest.fixture
def shell(tmp_path):
    """Run the real command in a process of its own, in an empty directory with no terminal."""

    def call(*arguments, **settings):
        homes = {f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("CONFIG", "STATE", "DATA")}
        environment = {**os.environ, **homes, **settings.pop("env", {})}
        return subprocess.run(
            [sys.executable, "-m", "dlterm", *arguments],
            cwd=settings.pop("cwd", tmp_path),
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            **settings,
        )

    return call


@pytest.fixture
def lines():
    """JSON lines as values."""
    return lambda text: [json.loads(line) for line in text.splitlines()]
