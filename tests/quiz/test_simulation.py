"""120 days of learners with memories like FSRS's, and with clocks, habits and homes of their own.

Each has a twin who lives the same days under FSRS alone, told the true day: what that twin has to do is the plan.
"""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from dlterm.quiz.bank import Bank, Entry
from dlterm.quiz.modes import MODES, Situation
from dlterm.quiz.scheduling import Card, Rating, Scheduler
from dlterm.quiz.session import Session
from dlterm.quiz.store import Store
from tests.quiz.support import lesson, question

DAYS, NEW = 120, 6
BANK = Bank({
    f"{name}-{k}": Entry(question(name=f"{name}-{k}"), lesson(name))
    for name in ("one", "two", "three", "four", "five") for k in range(16)
})  # fmt: skip
BEGIN = datetime(2026, 1, 5, 19, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@dataclass
class Learner:
    """`present(day)`: whether they learn; `clock(moment)`: what their clock shows; `trusted`: whether it is right."""

    name: str
    present: object = lambda day: True
    clock: object = lambda moment: moment.astimezone(BERLIN)
    trusted: object = lambda day: True
    vacations: list = field(default_factory=list)

    def __repr__(self):
        return self.name


def chance(*names):
    return random.Random(repr(names)).random()


def wrong_clock(moment):
    """Ahead for a day, behind by more than a year for two, an hour and then two days slow."""
    day = round((moment - BEGIN) / timedelta(days=1))
    ahead = {
        30: timedelta(days=12),
        60: timedelta(days=-400),
        61: timedelta(days=-400),
        80: timedelta(hours=-1),
    }
    return moment.astimezone(BERLIN) + ahead.get(day, timedelta(days=-2) if 90 <= day < 93 else timedelta())


def travelling(moment):
    """Another side of the world every few days, the date line in between."""
    hours = (1, 9, 13, -11, -8, -5, 0, 5)[(moment - BEGIN).days // 4 % 8]
    return moment.astimezone(timezone(timedelta(hours=hours)))


LEARNERS = [
    Learner("honest"),
    Learner("lapsing", present=lambda day: chance("lapse", day) > 0.3),
    Learner(
        "holidaying",
        present=lambda day: not (40 <= day < 54 or 85 <= day < 92),
        vacations=[(40, 53), (85, 91)],
    ),
    Learner("by a wrong clock", clock=wrong_clock, trusted=lambda day: day != 30),
    Learner("travelling", clock=travelling),
]


class Memory:
    """What is truly remembered: FSRS on true days, and the same luck for a learner and the twin."""

    def __init__(self):
        self.scheduler = Scheduler()
        self.cards: dict[str, Card] = {}
        self.asked = 0
        self.known = 0

    def answer(self, name, day):
        card = self.cards.get(name)
        if card is None:
            right = chance("new", name) < 0.5
        else:
            right = chance(name, card.reviews) < self.scheduler.recall(card, day)
            self.asked += 1
            self.known += right
        rated = Rating.GOOD if right else Rating.AGAIN
        self.cards[name] = self.scheduler.reviewed(card, name, rated, day)
        return right


def twin(learner):
    """The plan: reviews in 120 days and the share that was known, under FSRS itself."""
    memory, waiting = Memory(), deque(BANK.entries)
    for day in filter(learner.present, range(1, DAYS + 1)):
        due = [name for name, card in memory.cards.items() if card.due <= day]
        for name in (*due, *(waiting.popleft() for _ in range(min(NEW, len(waiting))))):
            memory.answer(name, day)
    return memory


@pytest.mark.parametrize("learner", LEARNERS, ids=repr)
def test_load_and_retention_are_as_planned_and_no_card_is_lost_or_early(learner, tmp_path):
    memory, promised, early, longest = Memory(), {}, [], 0
    slack = int(
        learner.name in ("travelling", "by a wrong clock")
    )  # days: a date line, a day that stood still
    with Store.open(tmp_path / "p.sqlite3") as store:
        store.kept.change("PRAGMA synchronous = OFF")  # nothing is killed here
        for day in range(1, DAYS + 1):
            moment = BEGIN + timedelta(days=day, minutes=-2 * day)
            for first, last in learner.vacations:
                if day == first:
                    today = store.today(learner.clock(moment))
                    store.marks.take_off(today, today + last - first)
            if not learner.present(day):
                continue

            def clock(moment=moment):
                return learner.clock(moment)

            today = store.today(clock())
            situation = Situation(
                BANK, store.cards.all(), today, store.scheduler,
                new_left=NEW - store.begun_on(today), reviews_left=500, off=store.marks.is_off(today),
            )  # fmt: skip
            chosen = MODES["review"].choose(situation, None)
            reviews = [entry for entry in chosen if entry.id in promised]
            longest = max(longest, len(reviews))
            session = Session(chosen, MODES["review"], store, clock=clock)
            while session.current is not None:
                name, repeated = session.current.question.id, session.repeated
                if not repeated:
                    if name in promised and day < promised[name] and learner.trusted(day):
                        early.append((name, day, promised[name]))
                    right = memory.answer(name, day)
                session.answer("yes" if right or repeated else "no")
                if not repeated:
                    card = store.cards.get(name)
                    promised[name] = day + card.due - card.last - slack
            left = [name for name, card in store.cards.all().items() if card.due <= store.today(clock())]
            assert left == [] or not learner.trusted(day)
        assert store.cards.all() == store.cards.folded()
        assert store.cards.all().keys() == set(BANK.entries)
        assert all(card.due - today <= 365 for card in store.cards.all().values())
    plan = twin(learner)
    assert early == []
    assert memory.asked == pytest.approx(plan.asked, rel=0.1)
    assert memory.known / memory.asked == pytest.approx(plan.known / plan.asked, rel=0.1)
    if learner.name not in ("lapsing", "holidaying"):
        assert memory.known / memory.asked == pytest.approx(0.9, rel=0.1)
    print(f"{learner}: {memory.asked} reviews, planned {plan.asked}; known {memory.known / memory.asked:.3f}, "
          f"planned {plan.known / plan.asked:.3f}; most in a day {longest}")  # fmt: skip
