"""Training as a process of its own, to be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from pathlib import Path

COMMAND = (sys.executable, "-m", "dlterm", "train")


def start(*arguments: str, cwd: Path) -> subprocess.Popen[bytes]:
    """`dlterm train` with its output thrown away."""
    null = subprocess.DEVNULL
    command = [*COMMAND, *arguments, "--quiet"]
    return subprocess.Popen(command, cwd=cwd, stdout=null, stderr=null, preexec_fn=_hear)  # noqa: PLW1509


def _hear() -> None:
    """Have signals end it also where the tests run under nohup or behind a shell's `&`."""
    for name in ("SIGHUP", "SIGINT"):
        signal.signal(getattr(signal, name), signal.SIG_DFL)


def train_to_the_end(*arguments: str, cwd: Path) -> int:
    """Train without a disturbance: the exit code."""
    return start(*arguments, cwd=cwd).wait()


def train_killed(
    *arguments: str, run: str, cwd: Path, kills: int, seconds: float, chance: random.Random
) -> int:
    """Train into the directory `run`, killed -9 after random times of up to so many seconds, resumed each time.

    The number of kills that hit; the run has ended when this returns.
    """
    hit = 0
    while True:
        begun = (cwd / run / "config.toml").exists()
        how = ("--resume", run) if begun else (*arguments, "--out", run)
        process = start(*how, "--checkpoint", "0.01", cwd=cwd)
        if hit < kills:
            time.sleep(chance.uniform(0, seconds))
            os.kill(process.pid, signal.SIGKILL)
        if (code := process.wait()) != -signal.SIGKILL:
            assert code == 0, code
            return hit
        hit += 1
