"""How soon a screen answers, by what it showed when; in seconds. What was never shown raises RuntimeError."""

from __future__ import annotations

import re
import statistics
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from benchmarks.terminal import Moment

    Shown = Callable[[Moment], object]  # what is looked at, or None where it is not there


def first_shown(moments: Sequence[Moment], after: float, words: str) -> float:
    """When the screen had these words first, after a time."""
    for moment in moments:
        if moment.seconds > after and words in moment.text:
            return moment.seconds
    raise RuntimeError(f"never shown: {words}")


def match(pattern: str) -> Shown:
    """Look at the first group of a pattern."""
    compiled = re.compile(pattern)

    def shown(moment: Moment) -> str | None:
        found = compiled.search(moment.text)
        return found[1] if found else None

    return shown


def key_echoes(moments: Sequence[Moment], pressed: Sequence[float], shown: Shown) -> list[float]:
    """From every key to the first change of what it changes."""
    changes = list(_changes(moments, shown))
    return [_first(when - sent for when in changes if when > sent) for sent in pressed]


def p95(seconds: Sequence[float]) -> float:
    """What 19 of 20 are below."""
    return statistics.quantiles(seconds, n=20)[-1]


def settled(moments: Sequence[Moment], typed: float, within: float, shown: Shown) -> float:
    """From a letter to the last change of what it changes, where the next letter comes so long after."""
    changes = list(_changes(moments, shown))
    return _first(when - typed for when in reversed(changes) if typed < when < typed + within)


def _changes(moments: Sequence[Moment], shown: Shown) -> Iterator[float]:
    looks = [(moment.seconds, seen) for moment in moments if (seen := shown(moment)) is not None]
    return (when for (_, before), (when, after) in pairwise(looks) if after != before)


def _first(answers: Iterator[float]) -> float:
    for answer in answers:
        return answer
    raise RuntimeError("a key had no answer")
