"""An answer that is acknowledged is kept, and the cards are what the answers say."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dlterm.quiz.days import clock_day
from dlterm.quiz.scheduling import Rating
from dlterm.quiz.store import Store


def test_an_answer_is_there_when_the_store_is_opened_again(path, answer, clock):
    with Store.open(path) as store:
        recorded = store.record(
            answer(
                given=[["CNN", "Bilder ✓"]], misconceptions=("a-b", "c"), seconds=1.23456, confidence="sure"
            ),
            clock(),
        )
    with Store.open(path) as store:
        assert store.notices == []
        (row,) = store.rows()
        assert (row["uid"], row["given"], row["misconceptions"]) == (
            recorded.uid,
            '[["CNN", "Bilder ✓"]]',
            "a-b c",
        )
        assert (row["seconds"], row["zone"], row["rating"], row["elapsed"]) == (1.235, 60, 3, None)
        assert store.cards.all() == {"q": recorded.card}


def test_only_the_first_answer_of_a_day_counts(store, answer, clock):
    first = store.record(answer(right=False), clock())
    second = store.record(answer(), clock.on(minutes=5))
    assert (first.counted, second.counted) == (True, False)
    assert second.card == first.card
    assert store.record(answer(), clock.on(days=1)).counted
    assert [row["rating"] for row in store.rows()] == [1, 0, 3]


def test_what_is_not_rated_has_no_card(store, answer, clock):
    recorded = store.record(answer(rating=Rating.NONE), clock())
    assert (recorded.counted, recorded.card, store.cards.all()) == (False, None, {})


def test_an_answer_taken_back_has_never_been(store, answer, clock):
    before = store.record(answer(), clock()).card
    wrong = store.record(answer(right=False), clock.on(days=3))
    store.undo(wrong.id)
    assert store.cards.get("q") == before
    again = store.record(answer(), clock.on(minutes=1))
    assert again.counted
    assert again.card.lapses == 0
    assert [row["undone"] for row in store.rows()] == [0, 1, 0]
    store.undo(again.id)
    store.undo(1)
    assert store.cards.all() == {}


def test_questions_begun_on_a_day_are_counted(store, answer, clock):
    for name in "abc":
        store.record(answer(name), clock())
    store.record(answer("a"), clock.on(days=2))
    today = clock_day(clock())
    assert (store.begun_on(today - 2), store.begun_on(today)) == (3, 0)
    assert (store.reviewed_on(today - 2), store.reviewed_on(today)) == (3, 1)


def test_two_instances_write_in_turn(path, answer, clock):
    with Store.open(path) as one, Store.open(path) as other:
        for k in range(20):
            (one, other)[k % 2].record(answer(f"q{k % 3}"), clock.on(days=1))
        assert one.cards.all() == other.cards.all() == other.cards.folded()
        assert len(list(one.rows())) == 20


def test_a_second_instance_sees_that_a_question_was_answered_today(path, answer, clock):
    with Store.open(path) as one, Store.open(path) as other:
        one.record(answer(), clock())
        assert not other.record(answer(right=False), clock()).counted


def test_a_clock_that_was_ahead_holds_no_card_back(store, answer, clock):
    store.record(answer("a"), clock())
    right = clock.now
    store.record(answer("b"), clock.on(days=900))
    clock.now = right + timedelta(days=1)
    today = store.today(clock())
    assert today == clock_day(clock())
    assert store.cards.get("b").due <= today + 3
    assert store.cards.get("a").due == clock_day(right) + 2
    assert store.cards.all() == store.cards.folded()


def test_a_clock_that_is_behind_brings_nothing_before_its_time(store, answer, clock):
    for _ in range(4):
        store.record(answer("a"), clock.on(days=1))
    right, due = clock.now, store.cards.get("a").due
    clock.now = right - timedelta(days=700)
    assert store.today(clock()) == clock_day(right)
    store.record(answer("b"), clock())
    clock.now = right + timedelta(days=1)
    assert store.today(clock()) == clock_day(clock())
    assert store.cards.get("a").due == due
    assert store.cards.get("b").due >= clock_day(right) + 2


def test_an_export_is_merged_once_and_in_the_order_of_days(path, tmp_path, answer, clock):
    with Store.open(path) as here, Store.open(tmp_path / "there.sqlite3") as there:
        there.record(answer(right=False), clock())
        here.record(answer(), clock.on(days=4))
        rows = [{**row, "origin": "there"} for row in there.rows()]
        assert (here.merge(rows), here.merge(rows)) == (1, 0)
        card = here.cards.get("q")
        assert (card.reviews, card.last) == (2, clock_day(clock()))
        assert here.today(clock()) == clock_day(clock())


def test_what_is_forgotten_is_gone(store, answer, clock):
    for name in "aab":
        store.record(answer(name), clock())
    store.marks.flag("a", clock())
    assert store.forget(["a"]) == 2
    assert (set(store.cards.all()), store.marks.flags()) == ({"b"}, set())
    assert store.forget() == 1
    assert list(store.rows()) == []


def test_flags_and_vacations_are_kept(store, clock):
    store.marks.flag("q", clock())
    assert store.marks.flags() == {"q"}
    store.marks.flag("q", clock(), on=False)
    assert store.marks.flags() == set()
    store.marks.take_off(10, 20)
    store.marks.take_off(15, 30)
    assert store.marks.days_off() == [(15, 30)]
    assert store.marks.is_off(30)
    assert store.marks.end_days_off(20)
    assert store.marks.days_off() == [(15, 19)]
    assert not store.marks.end_days_off(20)


EVENT = st.tuples(
    st.sampled_from("abc"),
    st.booleans(),
    st.sampled_from(["", "sure", "unsure"]),
    st.integers(-3, 9),
    st.booleans(),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.lists(EVENT, max_size=25))
def test_the_cards_are_always_what_the_answers_say(tmp_path_factory, answer, clock, events):
    """Answers, some of them taken back, by a clock that jumps to and fro."""
    begun = clock.now
    with Store.open(tmp_path_factory.mktemp("s") / "p.sqlite3") as store:
        for question, right, confidence, days, undo in events:
            clock.on(days=days)
            recorded = store.record(answer(question, right=right, confidence=confidence), clock())
            assert store.cards.all() == store.cards.folded()
            if undo:
                store.undo(recorded.id)
        today = store.today(clock.on(hours=1))
        assert store.cards.all() == store.cards.folded()
        assert all(card.last <= today for card in store.cards.all().values())
    clock.now = begun


@pytest.mark.parametrize("begins", [0, 4, 12])
def test_the_day_begins_when_it_is_set_to(path, answer, clock, begins):
    clock.now = clock.now.replace(hour=3)
    with Store.open(path, begins=begins) as store:
        assert store.record(answer(), clock()).card.last == clock_day(clock(), begins)
