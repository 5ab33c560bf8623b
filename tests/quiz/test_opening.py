"""Sessions as they are wished for, and what is due."""

from __future__ import annotations

import pytest

from dlterm.errors import DltermError
from dlterm.quiz.bank import bank
from dlterm.quiz.modes import MODES
from dlterm.quiz.opening import Wish, begin, due_now, situation
from dlterm.quiz.scheduling import Scheduler
from dlterm.settings.config import Config


def test_a_review_begins_as_many_new_questions_as_are_set(store, clock):
    session, why = begin(store, Config(new_per_day=4), clock, Wish(seed=1))
    assert (session.total, session.seed, why) == (4, 1, "")
    assert due_now(situation(store, Config(new_per_day=4), clock())) == (0, 4)


def test_what_was_answered_is_due_again_and_no_longer_new(store, clock):
    config = Config(new_per_day=4)
    session, _ = begin(store, config, clock, Wish(seed=1))
    session.answer(None)
    assert due_now(situation(store, config, clock())) == (0, 3)
    clock.on(days=3)
    assert due_now(situation(store, config, clock())) == (1, 4)


def test_of_more_than_a_days_reviews_no_more_are_due(store, clock, answer):
    for entry in list(bank())[:40]:
        if entry.scheduled:
            store.record(answer(entry.id, right=False), clock())
    clock.on(days=2)
    config = Config(reviews_per_day=5, new_per_day=0)
    assert due_now(situation(store, config, clock())) == (5, 0)
    assert begin(store, config, clock, Wish())[0].total == 5


@pytest.mark.parametrize(
    ("said", "questions", "seconds"),
    [
        ({}, 7, 300.0),
        ({"seconds": 60.0}, 7, 60.0),
        ({"count": 3}, 3, None),
        ({"count": 3, "seconds": 9.0}, 3, 9.0),
    ],
)
def test_an_exam_is_as_long_as_it_is_set_unless_it_is_said(store, clock, said, questions, seconds):
    config = Config(exam_questions=7, exam_minutes=5)
    session, _ = begin(store, config, clock, Wish("exam", **said))
    assert (session.total, session.seconds_left) == (questions, seconds)
    assert begin(store, Config(exam_minutes=0), clock, Wish("exam"))[0].seconds_left is None


def test_on_a_vacation_nothing_is_due_and_it_is_said_why(store, clock):
    day = store.today(clock())
    store.marks.take_off(day, day + 3)
    assert due_now(situation(store, Config(), clock())) == (0, 0)
    assert "vacation" in begin(store, Config(), clock, Wish())[1]


def test_where_nothing_is_due_the_next_day_is_named(store, clock, answer):
    recorded = store.record(answer("neuron-bias"), clock())
    session, why = begin(store, Config(new_per_day=0), clock, Wish())
    assert session.current is None
    assert why.startswith("Nothing more is due today. The next question is due on 2026-03-")
    assert recorded.card.due > store.today(clock())


@pytest.mark.parametrize("mode", [name for name in MODES if name != "review"])
def test_every_mode_can_be_wished_for(store, clock, mode):
    session, why = begin(store, Config(), clock, Wish(mode, ("neuron",), count=2, seconds=60.0))
    assert session.mode.name == mode
    assert session.current is not None
    assert why == ""
    assert session.seconds_left == 60


def test_a_topic_without_questions_is_refused(store, clock):
    with pytest.raises(DltermError, match="no questions on"):
        begin(store, Config(), clock, Wish("topic", ("cooking",)))


def test_a_store_goes_by_other_settings_from_then_on(store, clock, answer):
    before = store.record(answer("one"), clock()).card
    store.go_by(Scheduler(0.75), 0)
    after = store.record(answer("two"), clock()).card
    assert after.due > before.due
    assert after.stability == before.stability
