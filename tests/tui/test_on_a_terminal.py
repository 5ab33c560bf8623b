"""The real app in a pseudo-terminal: what it shows, how it is left, and what it leaves behind."""

from __future__ import annotations

import os
import re
import signal
import struct
import subprocess
import sys
import termios
import time
from contextlib import suppress
from fcntl import ioctl
from functools import partial

import pyte
import pytest

# What Textual turns on and must turn off again: alternate screen, mouse, focus, bracketed paste; the cursor.
MODES = re.compile(rb"\x1b\[\?(\d+)([hl])")
KEPT_ON = {b"25", b"7"}  # cursor, line wrap: these must be on in the end
UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[<>=][\d;]*u|\x1b\[\?[\d;]*\$p|\x1b\][^\x07]*\x07")


class Terminal:
    """A command in a pseudo-terminal that stays open when the command ends, so that it can be looked at."""

    def __init__(self, command, size, environment):
        self.size, self.output = size, b""
        self._descriptor, inner = os.openpty()
        ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", *reversed(size), 0, 0))
        self.settings = termios.tcgetattr(inner)
        self._inner = inner
        self.process = subprocess.Popen(
            [sys.executable, *command],
            env={**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **environment},
            preexec_fn=partial(_own_terminal, inner),  # noqa: PLW1509 - so that hanging up sends SIGHUP
        )

    def read_until(self, text, seconds=30):
        """Read until the screen shows the text."""
        until = time.monotonic() + seconds
        while text not in "\n".join(self.screen().display):
            assert time.monotonic() < until, f"{text!r} did not come in {seconds} s"
            self._read()

    def read_to_the_end(self, seconds=20):
        """Read until the app has ended, and return its exit code."""
        until = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < until:
            self._read()
        self._read()
        return self.process.wait(timeout=1)

    def type(self, keys):
        os.write(self._descriptor, keys)

    def screen(self):
        screen = pyte.Screen(*self.size)
        pyte.ByteStream(screen).feed(UNKNOWN_TO_PYTE.sub(b"", self.output))
        return screen

    def left_as_it_was(self):
        """Whether every mode that was turned on is off again, and the line settings are those of before."""
        modes = {number: on == b"h" for number, on in MODES.findall(self.output)}
        wrong = [number for number, on in modes.items() if on is not (number in KEPT_ON)]
        return wrong == [] and termios.tcgetattr(self._inner) == self.settings

    def hang_up(self):
        os.close(self._inner)
        os.close(self._descriptor)
        self._inner = self._descriptor = -1

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for descriptor in (self._inner, self._descriptor):
            if descriptor >= 0:
                os.close(descriptor)

    def _read(self):
        os.set_blocking(self._descriptor, False)
        with suppress(BlockingIOError, OSError):
            while chunk := os.read(self._descriptor, 65536):
                self.output += chunk
        time.sleep(0.05)


def _own_terminal(descriptor):
    """Make the terminal the process's own; keep SIGHUP deadly also where the tests run under nohup."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    os.setsid()
    ioctl(descriptor, termios.TIOCSCTTY, 0)
    for stream in range(3):
        os.dup2(descriptor, stream)


@pytest.fixture
def terminal(tmp_path):
    started = []

    def start(*arguments, command=("-m", "dlterm", "lab"), size=(100, 30)):
        started.append(Terminal([*command, *arguments], size, {"XDG_STATE_HOME": str(tmp_path / "state")}))
        return started[-1]

    yield start
    for each in started:
        each.close()


def test_it_trains_by_itself_and_ctrl_q_leaves_the_terminal_as_it_was(terminal):
    shown = terminal()
    shown.read_until("epoch")
    shown.read_until("accuracy")
    shown.type(b"\x11")
    assert shown.read_to_the_end() == 0
    assert shown.left_as_it_was()


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_a_signal_leaves_the_terminal_as_it_was(terminal, name):
    shown = terminal()
    shown.read_until("epoch")
    shown.process.send_signal(getattr(signal, name))
    assert shown.read_to_the_end() == 128 + getattr(signal, name)
    assert shown.left_as_it_was()


def test_a_terminal_that_goes_away_ends_the_app(terminal, tmp_path):
    shown = terminal()
    shown.read_until("epoch")
    shown.hang_up()
    assert shown.process.wait(timeout=10) == 128 + signal.SIGHUP
    assert not list(tmp_path.rglob("crash-*"))


def test_bytes_that_are_not_text_do_not_end_the_app(terminal):
    shown = terminal()
    shown.read_until("epoch")
    shown.type(b"\xff\xfe\xc3(")
    shown.type(b"f" * 8)
    shown.read_until("flat out")
    shown.type(b"\x11")
    assert shown.read_to_the_end() == 0


def test_data_that_cannot_be_read_is_said_with_what_to_do(terminal, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("a,b\n1,x\n2,y\n")
    shown = terminal(str(bad))
    shown.read_until("press d")
    shown.type(b"d")
    shown.read_until("epoch")
    shown.type(b"\x11")
    assert shown.read_to_the_end() == 0


BROKEN = """
import sys
from dlterm.cli.main import run
from dlterm.training.session import Session

def broken(self, *values):
    raise RuntimeError("broken on purpose")

Session.pace = broken
sys.argv = ["dlterm", "lab"]
run()
"""


def test_a_failure_of_dlterm_itself_is_reported_in_two_lines(terminal, tmp_path):
    shown = terminal(command=["-c", BROKEN])
    assert shown.read_to_the_end() == 70
    assert shown.left_as_it_was()
    assert b"a bug in dlterm: RuntimeError: broken on purpose" in shown.output
    assert b"Traceback" not in shown.output
    assert list(tmp_path.rglob("crash-*"))
