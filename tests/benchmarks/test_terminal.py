from __future__ import annotations

import os
import sys

import pytest

pytest.importorskip("pty")
from benchmarks.terminal import Part, Terminal

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


PAINT = r"""
import sys, time
for colour in (31, 32, 32):
    sys.stdout.write(f"\033[?2026h\033[1;1H\033[{colour}mX\033[0m\033[2;1Hsame\033[?2026l"); sys.stdout.flush()
    time.sleep(0.1)
time.sleep(5)
"""


def test_a_picture_counts_where_it_changes_a_part_of_the_screen_colours_included():
    with Terminal([sys.executable, "-c", PAINT], os.environ, columns=10, rows=3) as terminal:
        terminal.watch(1.5)
    upper, lower = terminal.changes(Part(range(10), range(1)), Part(range(10), range(1, 2)))
    assert (len(upper), len(lower)) == (2, 1)
