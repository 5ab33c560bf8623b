"""Study days: local days that begin at four in the morning, counted as whole numbers, in spite of wrong clocks.

What is said of a day by a clock is kept, and what day it was is derived from all that the clock has said: days that
were lived through come one after the other.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

BEGINS = 4  # o'clock: who learns past midnight has not begun a new day


def clock_day(now: datetime, begins: int = BEGINS) -> int:
    """The study day that a clock shows, in its own time zone, as `date.toordinal` counts."""
    return (now.replace(tzinfo=None) - timedelta(hours=begins)).date().toordinal()


def as_date(day: int) -> date:
    """The date of a study day."""
    return date.fromordinal(min(max(day, 1), date.max.toordinal()))


def true_days(clock: Sequence[int]) -> list[int]:
    """What days they were, from what a clock said on each, in the order in which they were lived through.

    The longest run of days that never goes back is believed, of two the one with the latest word; what a clock said
    otherwise, ahead or behind, becomes the nearest day that it can have been.
    """
    believed = set(_longest_run(clock))
    next_believed: list[int | None] = []
    for at in range(len(clock) - 1, -1, -1):
        later = next_believed[-1] if next_believed else None
        next_believed.append(clock[at] if at in believed else later)
    days: list[int] = []
    for said, upper in zip(clock, reversed(next_believed), strict=True):
        lower = days[-1] if days else said
        days.append(lower if upper is None else min(max(said, lower), upper) if days else min(said, upper))
    return days


def _longest_run(values: Sequence[int]) -> list[int]:
    """The places of a longest part that never falls: patience sorting."""
    tails: list[int] = []  # the smallest last value of a part of each length
    places: list[int] = []  # where it is
    links: list[int] = []  # the place before, for each
    for place, value in enumerate(values):
        at = bisect_right(tails, value)
        tails[at : at + 1], places[at : at + 1] = [value], [place]
        links.append(places[at - 1] if at else -1)
    run = []
    place = places[-1] if places else -1
    while place >= 0:
        run.append(place)
        place = links[place]
    return run[::-1]
