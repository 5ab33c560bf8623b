from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings

from dlterm.quiz.scheduling import Rating
from dlterm.quiz.store import Answer, Store

settings.register_profile("quiz", deadline=None)  # nothing here is timed: machines may be busy
settings.load_profile("quiz")


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self):
        self.now = datetime(2026, 3, 2, 19, 30, tzinfo=ZoneInfo("Europe/Berlin"))

    def __call__(self):
        return self.now

    def on(self, **time):
        """Move it on."""
        self.now += timedelta(**time)
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "home" / "progress.sqlite3"


@pytest.fixture
def store(path):
    with Store.open(path) as opened:
        yield opened


@pytest.fixture
def answer():
    """An answer to a question, right where nothing else is said."""

    def give(question="q", *, right=True, **fields):
        rated = Rating.GOOD if right else Rating.AGAIN
        given = {
            "lesson": "neuron", "kind": "single", "mode": "review", "session": "s", "given": "a",
            "credit": float(right), "rating": rated, **fields,
        }  # fmt: skip
        return Answer(question=question, **given)

    return give
