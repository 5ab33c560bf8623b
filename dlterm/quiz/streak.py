"""Days in a row on which something was answered. A vacation breaks no row, nor does a day that is not over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence


@dataclass(frozen=True)
class Streak:
    """Days in a row until now, and in the longest row ever."""

    now: int
    longest: int


def streak(learned: Iterable[int], off: Sequence[tuple[int, int]], today: int) -> Streak:
    """Count the rows of study days; `off` are the first and last days of vacations."""
    days = sorted(day for day in set(learned) if day <= today)
    free = {day for first, last in off for day in range(first, min(last, today) + 1)}
    length, longest, before = 0, 0, None
    for day in days:
        length = length + 1 if before is not None and _joined(before, day, free) else 1
        longest, before = max(longest, length), day
    alive = before is not None and _joined(before, today, free)
    return Streak(length if alive else 0, longest)


def _joined(before: int, day: int, free: Container[int]) -> bool:
    """Whether nothing but vacation lies between two days."""
    return all(between in free for between in range(before + 1, day))
