"""`dlterm train` in a pseudo-terminal: what a reader sees there, and how it leaves the terminal."""

import json
import os
import re
import signal
import struct
import subprocess
import sys
import termios
import time
from fcntl import ioctl
from functools import partial
from pathlib import Path

import pyte
import pytest

from dlterm.training.learner import Learner
from dlterm.training.recipe import Recipe

LONG = ("train", "spirals?count=100", "--epochs", "100000000", "--out", "run")
SHORT = ("train", "spirals?count=100", "--epochs", "20", "--out", "run")
COLOUR = re.compile(rb"\x1b\[[\d;]*[34]8;")


class Terminal:
    """A command in a pseudo-terminal, in a directory of its own."""

    def __init__(self, directory, arguments, size, environment):
        self.size = size
        self.output = b""
        columns, lines = size
        self._descriptor, inner = os.openpty()
        ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        kept = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "dlterm", *arguments],
            cwd=directory,
            env={**kept, "TERM": "xterm-256color", "COLORTERM": "truecolor", **environment},
            preexec_fn=partial(os.login_tty, inner),  # noqa: PLW1509 - so that hanging up sends SIGHUP
        )
        os.close(inner)

    def read_until(self, text=None, seconds=20):
        """Read until the output has the text, or until the command ends."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and (text is None or text not in self.output):
            try:
                self.output += os.read(self._descriptor, 65536)
            except OSError:  # the command has ended
                return
        assert time.monotonic() < until, f"{text!r} did not come in {seconds} s"

    def type(self, text):
        os.write(self._descriptor, text)

    def hang_up(self):
        os.close(self._descriptor)

    def exit_code(self):
        return self._process.wait(timeout=20)

    def kill(self):
        self._process.kill()
        self._process.wait()

    def screen(self):
        screen = pyte.Screen(*self.size)
        pyte.ByteStream(screen).feed(self.output)
        return screen


@pytest.fixture(scope="module", autouse=True)
def compiled():
    """The kernels these runs need are there, so that no test looks at the bar of the compilation."""
    Learner(Recipe.parse("spirals?count=100"))


@pytest.fixture
def terminal(tmp_path):
    started = []

    def start(*arguments, size=(100, 30), **environment):
        state = str(tmp_path / "state")
        started.append(Terminal(tmp_path, arguments, size, {"XDG_STATE_HOME": state, **environment}))
        return started[-1]

    yield start
    for each in started:
        each.kill()


def test_the_picture_is_live_and_the_report_stays(terminal):
    shown = terminal(*LONG)
    shown.read_until(b"examples/s")
    live = "\n".join(shown.screen().display)
    assert "epoch" in live
    shown.type(b"\x03")
    shown.read_until()
    assert shown.exit_code() == 130
    left = shown.screen()
    assert not left.cursor.hidden
    assert any(line.startswith("accuracy") for line in left.display)
    assert any("run" in line for line in left.display)


def test_the_decision_boundary_is_in_colour(terminal):
    shown = terminal(*SHORT)
    shown.read_until()
    assert shown.exit_code() == 0
    assert COLOUR.search(shown.output)
    assert "▀".encode() in shown.output


@pytest.mark.parametrize(("option", "environment"), [((), {"NO_COLOR": "1"}), (("--no-color",), {})])
def test_without_colours_the_classes_are_letters(terminal, option, environment):
    shown = terminal(*SHORT, *option, **environment)
    shown.read_until()
    assert shown.exit_code() == 0
    assert not COLOUR.search(shown.output)
    assert b"x" in shown.output
    assert b"o" in shown.output


@pytest.mark.parametrize("size", [(30, 8), (60, 20), (200, 60), (1, 1)])
def test_any_size_of_terminal_will_do(terminal, size):
    shown = terminal(*LONG, size=size)
    shown.read_until(b"\x1b[?25l")  # the live picture has begun
    shown.type(b"\x03")
    shown.read_until()
    assert shown.exit_code() == 130


def test_quiet_draws_nothing_until_the_report(terminal):
    shown = terminal(*SHORT, "--quiet")
    shown.read_until()
    assert shown.exit_code() == 0
    assert b"\x1b[?25l" not in shown.output
    assert "accuracy" in "\n".join(shown.screen().display)


def test_json_on_a_terminal_is_json(terminal):
    shown = terminal(*SHORT, "--json", "--quiet")
    shown.read_until()
    assert json.loads(shown.output.splitlines()[-1])["epochs"] == 20


def test_a_terminal_that_goes_away_costs_nothing_that_was_learned(terminal, tmp_path):
    shown = terminal(*LONG)
    shown.read_until(b"examples/s")
    shown.hang_up()
    assert shown.exit_code() == 128 + signal.SIGHUP
    assert (tmp_path / "run" / "checkpoint.safetensors").exists()
    assert not list(Path(tmp_path).rglob("crash-*"))


def test_a_dumb_terminal_is_none_for_the_lab(terminal):
    shown = terminal("lab", TERM="dumb")
    shown.read_until()
    assert shown.exit_code() == 2
    assert b"dlterm train" in shown.output


def test_a_lesson_that_is_longer_than_the_screen_opens_in_a_pager(terminal, tmp_path):
    shown = terminal("read", "neuron", PAGER="echo $LESS > options; cat > page")
    shown.read_until()
    assert shown.exit_code() == 0
    page = (tmp_path / "page").read_text()
    assert page.index("The neuron") < page.index("What to take along")
    assert max(map(len, re.sub(r"\x1b\[[\d;]*m", "", page).splitlines())) <= 88
    assert (tmp_path / "options").read_text() == "-R\n"
