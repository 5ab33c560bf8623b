"""What is known comes back later, what is not comes back soon, and nothing before its time."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlterm.quiz.scheduling import Rating, Scheduler, rating

TODAY = 739_000
RATINGS = st.sampled_from([Rating.AGAIN, Rating.HARD, Rating.GOOD, Rating.EASY])


@pytest.mark.parametrize(
    ("answer", "rated"),
    [
        ({"right": False}, Rating.AGAIN),
        ({"right": True}, Rating.GOOD),
        ({"right": True, "confidence": "sure"}, Rating.GOOD),
        ({"right": True, "confidence": "unsure"}, Rating.HARD),
        ({"right": True, "confidence": "unsure", "coin": True}, Rating.AGAIN),
        ({"right": True, "confidence": "sure", "coin": True}, Rating.GOOD),
        ({"right": True, "hints": 1}, Rating.HARD),
        ({"right": True, "hints": 2, "last_hint": True}, Rating.AGAIN),
        ({"right": False, "confidence": "sure"}, Rating.AGAIN),
    ],
)
def test_ratings_follow_the_rule(answer, rated):
    assert rating(**answer) == rated


def test_right_answers_push_a_card_away_and_a_wrong_one_fetches_it_back():
    scheduler, card, day, intervals = Scheduler(), None, TODAY, []
    for _ in range(5):
        card = scheduler.reviewed(card, "q", Rating.GOOD, day)
        intervals.append(card.due - day)
        day = card.due
    assert intervals == sorted(intervals)
    assert intervals[0] == 2
    assert intervals[-1] > 60
    lapsed = scheduler.reviewed(card, "q", Rating.AGAIN, day, sure=True)
    assert lapsed.due - day == 1
    assert scheduler.reviewed(card, "q", Rating.AGAIN, day).due - day < 10
    assert (lapsed.lapses, lapsed.surely_wrong, lapsed.reviews) == (1, True, 6)
    assert not scheduler.reviewed(lapsed, "q", Rating.GOOD, lapsed.due).surely_wrong


def test_only_the_first_answer_of_a_day_counts():
    scheduler = Scheduler()
    card = scheduler.reviewed(None, "q", Rating.AGAIN, TODAY)
    assert scheduler.reviewed(card, "q", Rating.GOOD, TODAY) is card
    assert scheduler.reviewed(card, "q", Rating.GOOD, TODAY - 3) is card


@given(st.lists(st.tuples(RATINGS, st.integers(0, 40)), min_size=1, max_size=12), st.integers(70, 97))
def test_cards_are_due_later_and_the_same_answers_give_the_same_card(answers, retention):
    scheduler = Scheduler(retention / 100)
    cards = []
    for _ in range(2):
        card, day = None, TODAY
        for rated, wait in answers:
            day += wait
            before = card
            card = scheduler.reviewed(card, "q", rated, day)
            assert card is before or card.due > day
        cards.append(card)
    assert cards[0] == cards[1]


@given(st.integers(1, 200))
def test_a_card_is_due_when_as_much_is_forgotten_as_is_wished(first):
    scheduler = Scheduler(0.9)
    card = scheduler.reviewed(None, "q", Rating.EASY, TODAY)
    for _ in range(3):
        card = scheduler.reviewed(card, "q", Rating.GOOD, card.due + first % 7)
    assert scheduler.recall(card, card.last) == 1.0
    assert 0.86 < scheduler.recall(card, card.due) < 0.92


def test_a_higher_wish_asks_sooner():
    due = [Scheduler(wish).reviewed(None, "q", Rating.EASY, TODAY).due for wish in (0.97, 0.9, 0.8)]
    assert due[0] < due[1] < due[2]


def test_fsrs_is_loaded_with_the_first_answer_and_not_before():
    program = (
        "import sys; import dlterm.quiz.scheduling; "
        "sys.exit(bool({'fsrs', 'numpy', 'numba', 'textual', 'rich'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
