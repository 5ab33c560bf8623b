"""How soon the course answers: a lesson is there, the rest follows, scrolling beside a network that trains, search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.measure import Row, at_least, at_most, turns
from benchmarks.process import run_dlterm
from benchmarks.reading import reading
from benchmarks.shell import heavy_modules

if TYPE_CHECKING:
    from collections.abc import Iterator

_VISITS = 5
_READ = "read overfitting"
_HEAVY = ("textual", "numba")


def rows() -> Iterator[Row]:
    """Every measurement, one after the other."""
    reading()
    visits = [reading() for _ in range(_VISITS)]
    first = tuple(1e3 * visit.first_opened for visit in visits)
    yield Row("the course opens the first time: a lesson's first screenful", "ms", at_most(150), first)
    opened = tuple(1e3 * seconds for visit in visits for seconds in visit.opened)
    yield Row("another lesson opens: its first screenful", "ms", at_most(150), opened)
    stalls = tuple(1e3 * visit.worst_while_it_follows for visit in visits)
    yield Row("the rest follows: the slowest answer to a key meanwhile", "ms", at_most(100), stalls)
    pictures = tuple(visit.pictures_per_second for visit in visits)
    yield Row("scrolling with a figure that trains: frames", "/s", at_least(30), pictures)
    echoes = tuple(1e3 * visit.key_echo_p95 for visit in visits)
    yield Row("scrolling with a figure that trains: key echo, p95 of 60", "ms", at_most(30), echoes)
    letters = tuple(1e3 * seconds for visit in visits for seconds in visit.letters)
    yield Row("search answers a letter", "ms", at_most(20), letters)
    taken = turns({_READ: lambda: run_dlterm(_READ).seconds})[_READ]
    yield Row(f"dlterm {_READ}, piped", "s", at_most(0.4), tuple(taken))
    loaded = float(len(heavy_modules(_READ, _HEAVY)))
    yield Row(f"dlterm {_READ}: of {' and '.join(_HEAVY)}, loaded", "", at_most(0), (loaded,))
