"""What is shown of a learner is what the answers say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlterm.cli.progress_words import calendar, progress_words
from dlterm.quiz.bank import Bank, Entry
from dlterm.quiz.days import clock_day
from dlterm.quiz.statistics import Share, statistics
from dlterm.quiz.streak import Streak, streak
from dlterm.settings.config import Config
from tests.quiz.support import lesson, question

BANK = Bank({
    **{f"q{k}": Entry(question(name=f"q{k}"), lesson("neuron")) for k in range(4)},
    "p": Entry(question("predict", name="p"), lesson("neuron")),
    "x": Entry(question(name="x"), lesson("layers")),
})  # fmt: skip


@pytest.fixture
def shown(store, clock):
    return lambda **config: statistics(store, BANK, Config(**config), clock())


def test_without_answers_it_says_how_to_begin(shown):
    assert list(progress_words(shown())) == ["Nothing is answered yet: dlterm quiz begins."]


def test_days_and_time_are_added_up(store, answer, clock, shown):
    store.record(answer("q0", seconds=20), clock())
    store.record(answer("q1", right=False, seconds=40), clock())
    store.record(answer("q1", seconds=5), clock.on(days=2))
    taken_back = store.record(answer("x"), clock())
    store.undo(taken_back.id)
    found = shown()
    today = clock_day(clock())
    assert {today - day: (each.answers, each.right) for day, each in found.days.items()} == {
        2: (2, 1),
        0: (1, 1),
    }
    assert (found.total.answers, found.total.seconds) == (3, 65)
    assert (found.due[0], found.new_left) == (1, 10)


def test_a_lesson_is_mastered_when_its_questions_were_right_on_two_days(store, answer, clock, shown):
    for _ in range(2):
        for k in range(4):
            store.record(answer(f"q{k}"), clock())
        assert not shown().lessons[0].is_mastered or clock.now.day > 2
        clock.on(days=3)
    neuron, layers = shown().lessons
    assert (neuron.questions, neuron.seen, neuron.mastered, neuron.is_mastered) == (4, 4, 4, True)
    assert (layers.seen, layers.is_mastered) == (0, False)


def test_right_twice_on_one_day_is_not_mastery(store, answer, clock, shown):
    for _ in range(2):
        store.record(answer("q0"), clock())
    assert shown().lessons[0].mastered == 0


def test_memory_is_shown_by_the_days_between(store, answer, clock, shown):
    store.record(answer("q0"), clock())
    store.record(answer("q0"), clock.on(days=2))
    store.record(answer("q0", right=False), clock.on(days=10))
    assert dict(shown().retention) == {(2, 3): Share(1, 1), (8, 14): Share(1, 0)}


def test_confidence_is_set_against_being_right(store, answer, clock, shown):
    for k, confidence in enumerate(["sure", "sure", "unsure", ""]):
        store.record(answer(f"q{k}", right=k != 1, confidence=confidence), clock())
    assert shown().confidence == {"sure": Share(2, 1), "unsure": Share(1, 1)}
    assert shown().as_json()["confidence"]["sure"]["share"] == 0.5


def test_a_misconception_is_held_until_the_question_is_answered_without_it(store, answer, clock, shown):
    wrong = {"right": False, "misconceptions": ("bias-scales", "other")}
    for name in ("q0", "q1", "gone"):
        store.record(answer(name, **wrong), clock())
    held = {each.misconception: each.questions for each in shown().misconceptions}
    assert held == {"bias-scales": ("q0", "q1"), "other": ("q0", "q1")}
    store.record(answer("q0"), clock.on(minutes=1))
    assert shown().misconceptions[0].questions == ("q1",)


def test_a_question_that_was_removed_keeps_its_record(store, answer, clock, shown):
    store.record(answer("gone"), clock())
    found = shown()
    assert (found.total.answers, found.retired, found.due) == (1, 1, {})


def test_on_vacation_nothing_is_due_and_it_says_so(store, answer, clock, shown):
    store.record(answer("q0"), clock())
    today = clock_day(clock.on(days=9))
    store.marks.take_off(today, today)
    assert (shown().due, shown().off) == ({}, True)
    assert any("Vacation" in line for line in progress_words(shown()))


@pytest.mark.parametrize(
    ("learned", "off", "expected"),
    [
        ([], [], (0, 0)),
        ([10], [], (1, 1)),
        ([9], [], (1, 1)),  # today is not over
        ([8], [], (0, 1)),
        ([5, 6, 7, 9, 10], [], (2, 3)),
        ([5, 6, 9, 10], [(7, 8)], (4, 4)),
        ([5, 6], [(7, 20)], (2, 2)),
        ([3, 4], [(6, 9)], (0, 2)),
        ([9, 10, 99], [], (2, 2)),  # a clock that was ahead
    ],
)
def test_days_in_a_row(learned, off, expected):
    assert streak(learned, off, 10) == Streak(*expected)


@given(st.sets(st.integers(1, 60)), st.lists(st.tuples(st.integers(1, 60), st.integers(1, 60)), max_size=3))
def test_no_row_is_longer_than_the_longest_nor_than_the_days(learned, off):
    found = streak(learned, off, 60)
    assert 0 <= found.now <= found.longest <= len(learned)
    assert streak(learned, [*off, (1, 60)], 60).longest == len(learned)


def test_the_streak_can_be_switched_off(store, answer, clock, shown):
    store.record(answer("q0"), clock())
    assert shown().streak == Streak(1, 1)
    assert shown(streak=False).streak is None
    assert not any("in a row" in line for line in progress_words(shown(streak=False)))
    assert shown(streak=False).as_json()["streak"] is None


@pytest.mark.parametrize("width", [20, 60, 80, 200])
def test_the_calendar_has_a_row_a_weekday_and_fits(store, answer, clock, shown, width):
    for count in (1, 6, 20, 40):
        for _ in range(count):
            store.record(answer("q0"), clock())
        clock.on(days=1)
    rows = list(calendar(shown(), width))
    assert [row[:3] for row in rows[1:8]] == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert all(len(row) <= width for row in rows)
    assert [row.split()[-1] for row in rows[1:5]] == ["░", "▒", "▓", "█"]
    assert "\n".join(rows).count("█") == 1
