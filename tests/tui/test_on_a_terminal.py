"""The real app in a pseudo-terminal: what it shows, how it is left, and what it leaves behind."""

from __future__ import annotations

import math
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

pytest.importorskip("termios")
from dlterm.training.learner import Learner
from dlterm.training.recipe import Recipe
from tests.tui.pty_support import Terminal
from tests.tui.support import seen

SHELL = ["bash", "--norc", "--noprofile", "--noediting", "-i"]
LAB = [sys.executable, "-m", "dlterm", "lab"]


@pytest.fixture
def terminal(tmp_path):
    started = []

    def start(*arguments, command=LAB, size=(100, 30), **options):
        places = {"PS1": "ready> "} | {
            name: str(tmp_path / name) for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME")
        }
        started.append(Terminal([*command, *arguments], size, places, **{"delay": 0.0, **options}))
        return started[-1]

    yield start
    for each in started:
        each.close()


def test_it_trains_by_itself_and_ctrl_q_leaves_the_terminal_as_it_was(terminal):
    shown = terminal()
    shown.read_until("epoch")
    shown.read_until("acc ")
    shown.type(b"\x11")
    assert shown.read_to_the_end() == 0
    assert shown.is_left_as_it_was


def test_the_boundary_on_the_screen_is_the_networks(terminal):
    recipe = Recipe.parse("moons?noise=0.3&hidden=6&lr=0.03&seed=3")
    shown = terminal(str(recipe))
    shown.wait(lambda: re.search(r"epoch [1-9]\d", shown.text), "tenth epoch on the screen", seconds=60)
    shown.type(b" ")
    shown.read_until("paused", seconds=60)
    shown.read_until_it_rests()
    epoch = int(re.search(r"epoch (\d+)", shown.text)[1])
    lines = shown.text.split("\n")
    top = next(row for row, line in enumerate(lines) if "Output" in line) + 1
    bottom = next(row for row, line in enumerate(lines) if "Settings" in line)
    left = lines[top - 1].index("Output") - 1
    drawn = np.array(shown.pixels(range(left, 100), range(top, bottom)), float)
    orange = drawn[..., 0] > drawn[..., 2]  # more red than blue: the second class
    steps = epoch * math.ceil(Learner(recipe).examples / recipe.batch)
    field = seen(recipe, steps=steps).field[0]
    rows, columns = (np.arange(many) * 24 // many for many in orange.shape)
    answered = field[np.ix_(rows, columns)]
    sure = np.abs(answered) > 0.9
    assert 0.2 < orange.mean() < 0.8
    assert (orange == (answered > 0))[sure].mean() > 0.95


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_a_signal_leaves_the_terminal_as_it_was(terminal, name):
    shown = terminal()
    shown.read_until("epoch")
    shown.process.send_signal(getattr(signal, name))
    assert shown.read_to_the_end() == 128 + getattr(signal, name)
    assert shown.is_left_as_it_was


def test_a_terminal_that_goes_away_ends_the_app(terminal, tmp_path):
    shown = terminal()
    shown.read_until("epoch")
    shown.hang_up()
    assert shown.process.wait(timeout=10) == 128 + signal.SIGHUP
    assert not list(tmp_path.rglob("crash-*"))


def test_bytes_that_are_not_text_do_not_end_the_app(terminal):
    shown = terminal()
    shown.read_until("epoch")
    shown.type(b"\xff\xfe\xc3$")
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
from dlterm.tui.widgets.output_pane import OutputPane

def broken(self, snapshot, *values, **options):
    secret = "a value of somebody's data"
    raise RuntimeError("broken on purpose")

OutputPane.show = broken
sys.argv = ["dlterm", "lab"]
run()
"""


def test_a_failure_of_dlterm_itself_leaves_a_working_terminal_a_report_and_two_lines(terminal, tmp_path):
    shown = terminal(command=[sys.executable, "-c", BROKEN])
    assert shown.read_to_the_end() == 70
    assert shown.is_left_as_it_was
    said = re.sub(rb"\s+", b" ", shown.output.rpartition(b"\x1b")[2])
    assert b"error: a bug in dlterm: RuntimeError: broken on purpose hint: what happened is in " in said
    assert b"Traceback" not in shown.output
    (report,) = tmp_path.rglob("crash-*")
    assert report.name.encode() in said
    assert "broken on purpose" in report.read_text()
    assert "somebody" not in report.read_text().replace(BROKEN, "")


def test_a_resize_storm_ends_in_a_screen_of_the_last_size(terminal):
    shown = terminal()
    shown.read_until("epoch")
    sizes = random.Random(1)
    for _ in range(60):
        shown.resize(sizes.randint(1, 300), sizes.randint(1, 100))
        shown._read()
    shown.resize(110, 35)
    shown.turn_page()
    shown.read_until("epoch")
    shown.type(b"\x11")
    assert shown.read_to_the_end() == 0
    assert shown.is_left_as_it_was


# --- ctrl+z and fg ----------------------------------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs a shell with jobs")
def test_ctrl_z_gives_the_terminal_back_and_fg_takes_it_again(terminal):
    shown = terminal(command=SHELL)
    shown.type(f"{' '.join(LAB)}\n".encode())
    shown.read_until("epoch")
    for _ in range(2):
        shown.turn_page()
        shown.type(b"\x1a")
        shown.read_until("Stopped")
        shown.read_until("ready>")
        assert shown.modes_are_off
        assert shown.echoes_lines
        shown.turn_page()
        shown.type(b"fg\n")
        shown.read_until("epoch")
        shown.read_until("Settings")  # all of the screen, not only what changes
    shown.type(b"\x11")
    shown.read_until("ready>")
    assert shown.modes_are_off
    shown.type(b"exit\n")
    assert shown.read_to_the_end() == 0
    assert shown.echoes_lines


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs a shell with jobs")
def test_a_job_that_is_stopped_from_elsewhere_comes_back_with_fg(terminal):
    shown = terminal(command=SHELL)
    shown.type(f"{' '.join(LAB)}\n".encode())
    shown.read_until("epoch")
    os.kill(_child(shown.process.pid), signal.SIGTSTP)
    shown.read_until("Stopped")
    shown.read_until("ready>")
    assert shown.modes_are_off
    shown.type(b"bg\n")
    shown.read_until("lab &")
    shown.turn_page()
    shown.type(b"sleep 0.5; jobs\n")
    shown.read_until("Stopped")  # again: it may not have the terminal
    assert shown.modes_are_off
    shown.turn_page()
    shown.type(b"fg\n")
    shown.read_until("Settings")
    shown.type(b"\x11")
    shown.read_until("ready>")
    assert shown.modes_are_off


@pytest.mark.parametrize("name", ["SIGTSTP", "SIGCONT"])
def test_where_no_shell_could_continue_it_it_goes_on(terminal, name):
    shown = terminal()
    shown.read_until("epoch")
    shown.turn_page()
    shown.process.send_signal(getattr(signal, name))
    shown.read_until("Settings")
    shown.type(b"\x11")
    assert shown.read_to_the_end() == 0
    assert shown.is_left_as_it_was


# --- terminals that go away, take nothing, or answer late -------------------------------------------------------------


def test_a_terminal_that_goes_away_without_a_signal_ends_the_app(terminal, tmp_path):
    shown = terminal(own=False)
    shown.read_until("epoch")
    shown.hang_up()
    assert shown.process.wait(timeout=10) == 128 + signal.SIGHUP
    assert not list(tmp_path.rglob("crash-*"))


def test_a_terminal_that_takes_nothing_does_not_keep_the_app_from_ending(terminal):
    shown = terminal(size=(200, 60))
    shown.read_until("epoch")
    time.sleep(1.5)  # in which nobody reads
    shown.process.send_signal(signal.SIGTERM)
    assert shown.process.wait(timeout=30) == 128 + signal.SIGTERM


def test_no_answer_comes_after_the_end_to_be_typed_into_the_shell(terminal):
    shown = terminal(delay=0.3)
    shown.read_until("epoch")
    shown.type(b"\x11")
    assert shown.read_to_the_end() == 0
    assert not shown.answers


def test_a_terminal_that_answers_nothing_shows_the_pictures_all_the_same(terminal):
    shown = terminal(delay=None)
    shown.read_until("epoch")
    shown.read_until("▀▀▀▀")
    shown.type(b"f" * 8)
    shown.read_until("flat out")
    shown.type(b"\x11")
    assert shown.read_to_the_end() == 0
    assert shown.is_left_as_it_was


# --- tmux -------------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux")
def test_in_tmux_it_is_detached_from_and_attached_to_in_another_size(terminal, tmp_path):
    tmux = ["tmux", "-S", str(tmp_path / "socket"), "-f", os.devnull]
    try:
        first = terminal(command=[*tmux, "new-session", *LAB], size=(100, 30))
        first.read_until("epoch")
        subprocess.run([*tmux, "detach-client"], check=True)
        assert first.read_to_the_end() == 0
        second = terminal(command=[*tmux, "attach"], size=(130, 42))
        second.read_until("epoch")
        second.read_until("Settings")
        second.type(b"\x11")
        assert second.read_to_the_end() == 0
        assert second.modes_are_off
    finally:
        subprocess.run([*tmux, "kill-server"], check=False, capture_output=True)


def _child(process):
    """The process that a shell has started."""
    found = subprocess.run(
        ["ps", "-o", "pid=,ppid=", "-A"], capture_output=True, text=True, check=True
    ).stdout.split()
    return next(
        int(pid) for pid, parent in zip(found[::2], found[1::2], strict=True) if int(parent) == process
    )


# --- an experiment ----------------------------------------------------------------------------------------------------


def test_an_experiment_is_predicted_runs_and_ends_with_its_verdict(terminal):
    shown = terminal(command=[sys.executable, "-m", "dlterm", "run", "xor", "--set", "starts=5"])
    shown.read_until("None of them learns it")
    shown.type(b"3")
    shown.read_until("start 2 of 5")
    shown.read_until("The claim", seconds=60)
    shown.type(b"\x11")
    assert shown.read_to_the_end() == 0
    assert shown.is_left_as_it_was
