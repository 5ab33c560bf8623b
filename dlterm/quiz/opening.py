"""A learner's store and situation, by the user's settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlterm.quiz.bank import bank
from dlterm.quiz.modes import Situation
from dlterm.quiz.scheduling import Scheduler
from dlterm.quiz.store import Store

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from dlterm.settings.config import Config


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
