from __future__ import annotations

import os
import sys

import pytest

pytest.importorskip("pty")
from benchmarks.terminal import Terminal

ASK = r"""
import sys, termios, tty
tty.setcbreak(0)
sys.stdout.write("\033[?2026$p"); sys.stdout.flush()
answer = sys.stdin.read(11)
print("known" if answer == "\033[?2026;2$y" else repr(answer), flush=True)
print("key", sys.stdin.read(1), flush=True)
sys.stdin.read()
"""


def test_a_terminal_answers_what_a_program_asks_and_remembers_when_the_screen_showed_what():
    with Terminal([sys.executable, "-c", ASK], os.environ, columns=40, rows=5) as terminal:
        terminal.watch(0.5)
        sent = terminal.press(b"j")
        terminal.watch(0.2)
    shown = list(terminal.moments())
    assert shown[-1].lines[:2] == ["known".ljust(40), "key j".ljust(40)]
    assert next(moment.seconds for moment in shown if "key j" in moment.text) > sent
    assert terminal.peak_megabytes > 1


def test_a_program_that_ends_by_itself_is_an_error_that_shows_its_last_words():
    with (
        pytest.raises(RuntimeError, match="no such preset"),
        Terminal([sys.executable, "-c", "print('no such preset')"], os.environ) as terminal,
    ):
        terminal.watch(5)
