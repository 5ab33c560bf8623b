"""Measuring on a noisy machine: contestants take turns, and ratios are taken turn by turn."""

from __future__ import annotations

import math
import statistics
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

REPETITIONS = 9
_TURN_SECONDS = 0.06


@dataclass(frozen=True)
class Bar:
    """What a median must reach."""

    kind: Literal["at least", "at most"]
    value: float

    def is_met(self, measured: float) -> bool:
        """Whether it is."""
        return measured >= self.value if self.kind == "at least" else measured <= self.value


@dataclass(frozen=True)
class Row:
    """One line of a table: samples of a quantity in a unit, or the reason why there are none."""

    measured: str
    unit: str
    bar: Bar | None = None
    samples: tuple[float, ...] = ()
    skipped: str = ""

    @property
    def median(self) -> float:
        """The middle of the samples."""
        return statistics.median(self.samples)

    @property
    def verdict(self) -> str:
        """`ok`, `MISSED`, `skipped`, or nothing where there is no bar."""
        if self.skipped:
            return "skipped"
        if self.bar is None:
            return ""
        return "ok" if self.bar.is_met(self.median) else "MISSED"

    def as_json(self) -> dict[str, Any]:
        """All of it, with the median, as JSON's types."""
        median = None if self.skipped else self.median
        return asdict(self) | {"median": median, "verdict": self.verdict}


def at_least(value: float) -> Bar:
    """More is better."""
    return Bar("at least", value)


def at_most(value: float) -> Bar:
    """Less is better."""
    return Bar("at most", value)


def turns(contestants: Mapping[str, Callable[[], float]], count: int = REPETITIONS) -> dict[str, list[float]]:
    """Let the contestants measure themselves in turn, after one turn that does not count; what each measured."""
    samples: dict[str, list[float]] = {name: [] for name in contestants}
    for turn in range(count + 1):
        for name, measure in contestants.items():
            value = measure()
            if turn > 0:
                samples[name].append(value)
    return samples


def ratios(above: Sequence[float], below: Sequence[float]) -> tuple[float, ...]:
    """One ratio a turn, so that what slows the machine for a while slows both sides of it."""
    return tuple(a / b for a, b in zip(above, below, strict=True))


def seconds(call: Callable[[], object]) -> float:
    """How long a call takes."""
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def seconds_each(run: Callable[[int], object]) -> Callable[[], float]:
    """A measurement by the clock of `run(count)`, at a count that takes long enough to time: seconds for one."""

    def took(count: int) -> float:
        return seconds(lambda: run(count))

    count, turn = 1, took(1)
    while turn < _TURN_SECONDS:
        count = math.ceil(count * min(10.0, 1.3 * _TURN_SECONDS / turn))
        turn = took(count)
    return lambda: took(count) / count


def table(rows: Sequence[Row]) -> Iterator[str]:
    """The lines of a table for people."""
    lines = [("measured", "median", "min..max", "bar", ""), *map(cells, rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        yield "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()


def cells(row: Row) -> tuple[str, str, str, str, str]:
    """The words of its line in a table."""
    bar = f"{row.bar.kind} {_number(row.bar.value)} {row.unit}" if row.bar else ""
    if row.skipped:
        return row.measured, "", "", bar, f"skipped: {row.skipped}"
    spread = f"{_number(min(row.samples))}..{_number(max(row.samples))}"
    return row.measured, f"{_number(row.median)} {row.unit}", spread, bar, row.verdict


def _number(value: float) -> str:
    """Three significant digits, without an exponent."""
    digits = 2 - math.floor(math.log10(abs(value))) if value else 0
    return f"{value:,.{max(0, min(digits, 4))}f}"
