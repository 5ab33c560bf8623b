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
        homes = {f"XDG_{name}_HOME": str(tmp_path) for name in ("CONFIG", "DATA", "STATE")}
        environment = {"DLTERM_PROGRESS": str(tmp_path / "p.sqlite3"), **homes}
        command = [sys.executable, "-m", "dlterm", "quiz", *arguments]
        opened.append(Terminal(command, (100, 60), environment, own=True))
        return opened[-1]

    yield open_
    for each in opened:
        each.close()


def test_a_session_is_answered_and_reported(terminal, tmp_path):
    asked = terminal("--plain", "neuron-bias", "--seed", "1")
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
    asked = terminal("--plain", "neuron", "--seed", "1")
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


def test_a_review_on_screen_is_answered_to_its_end_and_all_of_it_is_kept(terminal, tmp_path):
    asked = terminal("--seed", "1", "--n", "3")
    for number in range(1, 13):  # what is not known comes again, three times
        asked.read_until(f"{number} of ")
        asked.wait(lambda: "I do not know" in asked.text and "Not known" not in asked.text, "next question")
        asked.type(b"\x0e")  # ctrl+n, which works while one is typing, too
        asked.read_until("Not known")
        asked.type(b"\r")
    asked.read_until("0 of 3 right at first")
    asked.type(b"\r")
    asked.read_until("Be asked")
    asked.read_until("7 new")
    asked.type(b"\x11")
    assert asked.read_to_the_end() == 0
    assert asked.is_left_as_it_was
    with Store.open(tmp_path / "p.sqlite3") as store:
        rows = list(store.rows())
    assert len(rows) == 12
    assert sum(row["rating"] > 0 for row in rows) == 3
    assert list((tmp_path / "backups").iterdir())


def test_a_terminal_that_is_gone_loses_no_answer(terminal, tmp_path):
    asked = terminal("--seed", "1")
    asked.read_until("I do not know")
    asked.type(b"\x0e")
    asked.read_until("Not known")
    asked.hang_up()
    assert asked.process.wait(20) == 129
    with Store.open(tmp_path / "p.sqlite3") as store:
        assert len(list(store.rows())) == 1


def test_a_topic_without_questions_is_told_before_a_screen_is_opened(terminal):
    asked = terminal("cooking")
    asked.read_until('there are no questions on "cooking"')
    assert asked.read_to_the_end() == 66
