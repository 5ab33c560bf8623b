"""A small course with a question of each type, a learner's store, and ways to be asked in the app."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from dlterm.quiz.bank import Bank, Entry
from dlterm.quiz.opening import Wish
from dlterm.quiz.store import Store
from dlterm.tui.answers import Answers
from dlterm.tui.app import DltermApp
from dlterm.tui.opening import Opening
from dlterm.tui.screens.question import QuestionScreen
from tests.quiz.support import CHALLENGE, EXPERIMENT, OPTIONS, lesson, question
from tests.tui.support import Lab, settled

SIZE = (100, 40)
TINY = {"data": "circle", "count": 40, "epochs": 2}
KINDS = {
    "single": {"hints": ["A nudge.", "It is yes."], "sources": ["rosenblatt1958"]},
    "multiple": {},
    "truefalse": {},
    "numeric": {"unit": "ms"},
    "fill": {},
    "order": {},
    "match": {},
    "predict": {"experiment": {**EXPERIMENT, "params": TINY, "min_margin": 0.0}, "links": ["lab:xor?hidden=3"]},
    "predict-experiment": {
        "experiment": {
            "runner": "experiment", "id": "graph", "seeds": [0, 1],
            "measure": "members on their side", "measures": ["alone", "surest_wrong", "right"],
            "params": {"steps": 100}, "answer": "argmax", "expect": "maybe",
        }
    },
    "challenge": {
        "challenge": {
            **CHALLENGE, "data": "circle?count=40&epochs=2", "reference": "circle?count=40&epochs=2&hidden=4",
            "stars": ["parameters <= 17"],
        }
    },
}  # fmt: skip


def entries(*kinds):
    """An entry of each of these types, of two lessons by turns; their ids are their types."""
    heads = [lesson("neuron"), lesson("layers")]
    types = [kind.partition("-")[0] for kind in kinds]
    return [
        Entry(question(of, name=kind, **KINDS.get(kind, KINDS[of])), heads[at % 2])
        for at, (kind, of) in enumerate(zip(kinds, types, strict=True))
    ]


def small_bank(*kinds):
    return Bank(MappingProxyType({entry.id: entry for entry in entries(*kinds)}))


class Clock:
    def __init__(self):
        self.now = datetime(2026, 3, 2, 19, 30, tzinfo=ZoneInfo("Europe/Berlin"))

    def __call__(self):
        return self.now


class Quiz(Lab):
    """The app on the quiz, with a store at a path."""

    def __init__(self, path, *, start="quiz", wish=None, preferences=None):
        self.sessions = []
        self.path, self.clock = path, Clock()
        opening = Opening(start, wish=wish)
        answers = Answers(path, clock=self.clock)
        self.app = DltermApp(opening, self._make, preferences=preferences, answers=answers)

    @asynccontextmanager
    async def sitting(self, size=SIZE):
        """The app from the first question on."""
        async with self.app.run_test(size=size) as pilot:
            await asked(pilot)
            yield pilot

    @property
    def rows(self):
        """What is on the disk."""
        with Store.open(self.path) as store:
            return list(store.rows())

    @property
    def last(self):
        return self.rows[-1]

    @property
    def session(self):
        return self.screen.session


def asked_on(*topics, mode="topic", **fields):
    """A wish that asks in an order that stays."""
    return Wish(mode, topics, seed=1, **fields)


async def asked(pilot, *keys, state="asked"):
    """Press keys, and wait until a question is asked, an answer told, or the session over; the screen."""
    if keys:
        await pilot.press(*keys)
    for _ in range(150):
        await pilot.pause(0.02)
        screen = pilot.app.screen
        if isinstance(screen, QuestionScreen) and screen.state == state and not screen._is_keeping:
            break
    await pilot.pause(0.05)
    assert pilot.app.screen.state == state
    return pilot.app.screen


__all__ = ["OPTIONS", "SIZE", "Clock", "Quiz", "asked", "asked_on", "entries", "settled", "small_bank"]
