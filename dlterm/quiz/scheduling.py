"""When a question comes back: FSRS on study days, and the rule that turns an answer into a rating.

FSRS counts whole days of 24 hours, so that who studies a little earlier each evening would be told that no day has
passed; it is therefore given the noon of each study day. Its own fuzz draws from the global generator: here a card is
late by up to a twentieth of its interval, by its name, and never early.
"""

from __future__ import annotations

import functools
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, time
from enum import IntEnum
from typing import TYPE_CHECKING, Literal

from dlterm.quiz.days import as_date

if TYPE_CHECKING:
    import fsrs

Confidence = Literal["", "sure", "unsure"]

_LONGEST = 3650  # days: what is known for ten years is asked once more
_SPREAD = 20  # a card is late by up to its interval divided by this


class Rating(IntEnum):
    """FSRS's ratings; NONE is an answer that does not count."""

    NONE = 0
    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


@dataclass(frozen=True)
class Card:
    """How well a question is known. `last` and `due` are study days, `stability` is days to a recall of 90 %."""

    question: str
    stability: float
    difficulty: float
    last: int
    due: int
    reviews: int = 1
    lapses: int = 0
    surely_wrong: bool = False  # the last answer that counted was wrong, and its giver sure of it

    def is_due(self, day: int) -> bool:
        """Whether it is to be asked on that day."""
        return self.due <= day


def rating(
    *, right: bool, confidence: Confidence = "", hints: int = 0, last_hint: bool = False, coin: bool = False
) -> Rating:
    """What an answer tells of the memory; only the first one to a question on a day is asked for.

    Right is Good, wrong is Again, as the makers of FSRS advise; Hard is a pass. Right only after the `last_hint` is
    Again, after another one Hard. Right and unsure is Hard, and Again where a `coin` would be right half the time.
    """
    if not right or last_hint or (coin and confidence == "unsure"):
        return Rating.AGAIN
    return Rating.HARD if hints or confidence == "unsure" else Rating.GOOD


@dataclass(frozen=True)
class Scheduler:
    """FSRS with the share of questions that are to be known when they come back."""

    retention: float = 0.9

    def reviewed(self, card: Card | None, name: str, rating: Rating, day: int, *, sure: bool = False) -> Card:
        """The card of a question after an answer; the same where it has been reviewed on that day, or later.

        Who was `sure` and wrong is asked on the next day, while the surprise lasts (Butterfield & Metcalfe 2001).
        """
        if card is not None and card.last >= day:
            return card
        from fsrs import Card as Memory
        from fsrs import Rating as Grade
        from fsrs import State

        memory = Memory(card_id=0)
        if card is not None:
            memory.state, memory.step = State.Review, None
            memory.stability, memory.difficulty = card.stability, card.difficulty
            memory.last_review = _noon(card.last)
        after, _ = self._fsrs().review_card(memory, Grade(rating.value), _noon(day))
        assert after.stability is not None
        assert after.difficulty is not None
        reviews = 1 if card is None else card.reviews + 1
        lapsed = rating == Rating.AGAIN
        interval = 1 if lapsed and sure else max(1, (after.due - _noon(day)).days)
        return Card(
            question=name,
            stability=after.stability,
            difficulty=after.difficulty,
            last=day,
            due=day + interval + _late(name, reviews, interval),
            reviews=reviews,
            lapses=(0 if card is None else card.lapses) + (lapsed and card is not None),
            surely_wrong=lapsed and sure,
        )

    def recall(self, card: Card, day: int) -> float:
        """The likelihood that it is known on that day."""
        factor = 0.9 ** (-1 / _decay()) - 1
        return float((1 + factor * max(0, day - card.last) / card.stability) ** -_decay())

    def _fsrs(self) -> fsrs.Scheduler:
        return _scheduler(self.retention)


@functools.cache
def _scheduler(retention: float) -> fsrs.Scheduler:
    import fsrs

    return fsrs.Scheduler(
        desired_retention=retention,
        learning_steps=(),
        relearning_steps=(),
        maximum_interval=_LONGEST,
        enable_fuzzing=False,
    )


@functools.cache
def _decay() -> float:
    return float(_scheduler(0.9).parameters[20])


def _noon(day: int) -> datetime:
    return datetime.combine(as_date(day), time(12), tzinfo=UTC)


def _late(name: str, reviews: int, interval: int) -> int:
    return zlib.crc32(f"{name} {reviews}".encode()) % (interval // _SPREAD + 1)
