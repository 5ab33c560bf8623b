"""A race of four learners in a terminal: frames, keys, and what a slow line has on its way."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.answers import key_echoes, match, p95
from benchmarks.measure import Row, at_most
from benchmarks.process import at_home, dlterm
from benchmarks.slow_terminal import SlowTerminal
from benchmarks.terminal import Part, Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

_RACE = "race spirals --with lr=0.001 --with lr=0.005 --with lr=0.02 --with lr=0.1"
_OPENING, _TRAINING = 5.0, 4.0  # seconds
_FASTER = 5 * b"f"  # more often than there are paces: the fastest is flat out
_KEYS = 60
_DOWN = b"\x1b[B"
_CHOSEN = match(r"▸[▲ ] ([A-D])")  # a row of the table
_RACERS = Part(range(1, 119), range(2, 10))  # of the screen
_VISITS, _SLOW_VISITS = 5, 3


@dataclass(frozen=True)
class RaceVisit:
    """What a visit to a race measured."""

    pictures_per_second: float
    key_echo_p95: float  # seconds
    most_in_flight: int = 0  # bytes, on a slow line


def rows() -> Iterator[Row]:
    """Keys while four learners race flat out; the same over a slow line, at the pace that a race begins with."""
    visits = [race_visit(120, 40) for _ in range(_VISITS)]
    what = "racing four learners flat out"
    echoes = tuple(1e3 * each.key_echo_p95 for each in visits)
    yield Row(f"{what}: key echo, p95 of {_KEYS}", "ms", at_most(50), echoes)
    yield Row(f"{what}: pictures", "/s", None, tuple(each.pictures_per_second for each in visits))
    slow = [slow_race_visit() for _ in range(_SLOW_VISITS)]
    line = "200 kB/s, 300 ms, racing four learners"
    yield Row(
        f"{line}: most in flight", "KB", at_most(20), tuple(each.most_in_flight / 1024 for each in slow)
    )
    yield Row(f"{line}: key echo, p95", "ms", at_most(400), tuple(1e3 * each.key_echo_p95 for each in slow))


def race_visit(columns: int, lines: int) -> RaceVisit:
    """Race flat out, press keys. Raises RuntimeError where a key had no answer."""
    with (
        tempfile.TemporaryDirectory() as home,
        Terminal(dlterm(_RACE), at_home(home), columns=columns, rows=lines, directory=home) as terminal,
    ):
        terminal.watch(_OPENING)
        terminal.press(_FASTER)
        return _visited(terminal, 0.066, 0.034)


def slow_race_visit() -> RaceVisit:
    """Race over a line of 200 kB/s and 300 ms there and back, press keys."""
    with (
        tempfile.TemporaryDirectory() as home,
        SlowTerminal(dlterm(_RACE), at_home(home), directory=home) as terminal,
    ):
        terminal.watch(_OPENING)
        found = _visited(terminal, 0.4, 0.2)
        return RaceVisit(found.pictures_per_second, found.key_echo_p95, terminal.most_in_flight)


def _visited(terminal: Terminal, pause: float, more: float) -> RaceVisit:
    """Watch it train; press keys, `pause` to `pause + more` seconds apart."""
    begun = terminal.now
    terminal.watch(_TRAINING)
    ended = terminal.now
    pressed = []
    for k in range(_KEYS):
        pressed.append(terminal.press(_DOWN))
        terminal.watch(pause + k * 0.037 % more)  # so that keys come at every moment between two pictures
    terminal.watch(1.0)
    moments = list(terminal.moments())
    (changed,) = terminal.changes(_RACERS)
    pictures = sum(begun <= when < ended for when in changed) / (ended - begun)
    return RaceVisit(pictures, p95(key_echoes(moments, pressed, _CHOSEN)))
