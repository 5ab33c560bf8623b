"""`dlterm quiz` in a pseudo-terminal: a session with keys, and Ctrl-C in the middle of one."""

from __future__ import annotations

import sys

import pytest

from dlterm.quiz.store import Store
from tests.tui.pty_support import Terminal


@pytest.fixture
def terminal(tmp_path):
    opened = []

    def open_(*arguments):
        environment = {"DLTERM_PROGRESS": str(tmp_path / "p.sqlite3"), "XDG_CONFIG_HOME": str(tmp_path)}
        command = [sys.executable, "-m", "dlterm", "quiz", *arguments]
        opened.append(Terminal(command, (100, 60), environment, own=True))
        return opened[-1]

    yield open_
    for each in opened:
        each.close()


def test_a_session_is_answered_and_reported(terminal, tmp_path):
    asked = terminal("neuron-bias", "--seed", "1")
    asked.read_until("Answer (a to d): ")
    asked.type(b"/hint\n")
    asked.read_until("Hint: It is added")
    for _ in range(4):
        asked.turn_page()
        asked.type(b"?\n")
        asked.read_until("The answer: It shifts the point")
    asked.read_until("0 of 1 right at first")
    assert asked.read_to_the_end() == 0
    assert asked.is_left_as_it_was
    with Store.open(tmp_path / "p.sqlite3") as store:
        assert [row["hints"] for row in store.rows()] == [1, 0, 0, 0]


@pytest.mark.parametrize(("keys", "code"), [(b"\x03", 130), (b"\x04", 0)])
def test_a_session_that_is_left_has_kept_what_was_answered(terminal, tmp_path, keys, code):
    asked = terminal("neuron", "--seed", "1")
    asked.read_until("Question 1 of")
    asked.read_until("Answer (")
    asked.type(b"?\n")
    asked.read_until("Question 2 of")
    asked.type(keys)
    asked.read_until("0 of 1 right at first")
    assert asked.read_to_the_end() == code
    assert "Traceback" not in asked.text
    with Store.open(tmp_path / "p.sqlite3") as store:
        assert len(list(store.rows())) == 1
