"""A learner's store, situation and sessions, by the user's settings."""

from __future__ import annotations

import secrets
import shlex
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dlterm.quiz.bank import bank
from dlterm.quiz.days import as_date
from dlterm.quiz.modes import MODES, Situation
from dlterm.quiz.scheduling import Scheduler
from dlterm.quiz.session import Session
from dlterm.quiz.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from dlterm.quiz.modes import Mode, Name
    from dlterm.settings.config import Config

    Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Wish:
    """What a learner wants to be asked: all that there is where nothing is said."""

    mode: Name = "review"
    topics: tuple[str, ...] = ()
    count: int | None = None
    seed: int | None = None
    seconds: float | None = None  # all the time there is


def open_store(config: Config, path: Path | None = None) -> Store:
    """The user's store, or that at a path. Raises DltermError."""
    return Store.open(path, scheduler=Scheduler(config.retention / 100), begins=config.day_begins)


def situation(
    store: Store, config: Config, now: datetime, *, topics: tuple[str, ...] = (), seed: int = 0
) -> Situation:
    """What there is to ask at that moment. Raises DltermError."""
    day = store.today(now)
    begun, reviewed = store.begun_on(day), store.reviewed_on(day)
    return Situation(
        bank(),
        store.cards.all(),
        day,
        store.scheduler,
        new_left=config.new_per_day - begun,
        reviews_left=config.reviews_per_day - (reviewed - begun),
        off=store.marks.is_off(day),
        topics=topics,
        seed=seed,
    )


def begin(store: Store, config: Config, clock: Clock, wish: Wish) -> tuple[Session, str]:
    """A session as it is wished for, and where it has no question, why. Raises DltermError."""
    seed = secrets.randbelow(2**32) if wish.seed is None else wish.seed
    wish, mode = as_set(wish, config), MODES[wish.mode]
    there = situation(store, config, clock(), topics=wish.topics, seed=seed)
    chosen = mode.choose(there, wish.count)
    session = Session(chosen, mode, store, clock=clock, seed=seed, seconds=wish.seconds)
    return session, "" if chosen else why_nothing(mode, there)


def as_set(wish: Wish, config: Config) -> Wish:
    """The wish; an exam is as long as it is set, unless it is said how many questions it has."""
    if wish.mode != "exam" or wish.count is not None:
        return wish
    seconds = 60.0 * config.exam_minutes or None if wish.seconds is None else wish.seconds
    return replace(wish, count=config.exam_questions, seconds=seconds)


def why_nothing(mode: Mode, there: Situation) -> str:
    """Why there is nothing to ask."""
    if mode.name != "review":
        return _not_in(mode, there)
    if there.off:
        return "This is a day of your vacation: nothing is due. dlterm progress vacation --end ends it."
    waiting = [card.due for entry in there.bank if (card := there.cards.get(entry.id)) is not None]
    later = [day for day in waiting if day > there.day]
    due = f" The next question is due on {as_date(min(later))}." if later else ""
    return f"Nothing more is due today.{due}"


def _not_in(mode: Mode, there: Situation) -> str:
    """What a mode asks, that this is not among it, and what asks it anyway."""
    about = " ".join(map(shlex.quote, there.topics))
    only, rest = (
        ("predictions", "there are none")
        if mode.name == "marathon"
        else ("what is answered without a run", "there are only predictions and challenges")
    )
    on = f" on {about}" if about else ""
    anyway = f" dlterm quiz {about}, or Topic in the app, asks what there is." if about else ""
    return f"The mode {mode.name} asks only {only}: {rest}{on}.{anyway}"


def due_now(there: Situation) -> tuple[int, int]:
    """How many questions come back now, and how many new ones may be begun."""
    if there.off:
        return 0, 0
    known = [entry for entry in there.bank if entry.scheduled]
    cards = [card for entry in known if (card := there.cards.get(entry.id)) is not None]
    due = sum(card.is_due(there.day) for card in cards)
    return min(due, max(0, there.reviews_left)), min(len(known) - len(cards), max(0, there.new_left))


def get_ready() -> None:
    """Load what the first feedback needs: 60 ms of FSRS, 40 ms of sources."""
    import fsrs  # noqa: F401

    from dlterm.course.shelf import sources

    sources()
