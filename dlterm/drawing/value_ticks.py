"""The ticks of an upright axis, also of a low one: two at least, near its ends, each on a row of its own."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from dlterm.drawing.chart_axes import Axis, labels, log_ticks, nice_ticks

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROWS_A_TICK = 3.5  # where steps are even
_APART = 2  # rows between two of several ticks
_MORE = 16  # ticks to choose two from, however low the axis
_FACTORS = (1, 2, 5), (1, 3), tuple(range(1, 10))
_STRIDES = 1, 2, 3, 5, 10, 20, 50, 100  # from one power of ten to the next that is named
_SHORT = 2.0  # powers of ten: only on a shorter axis are even steps far enough apart
_LARGEST = 300.0  # the power of ten that float64 holds


def value_axis(low: float, high: float, rows: int, *, log: bool) -> Axis:
    """Return an upright axis of so many rows; with `log` its values are base-10 logarithms."""
    for ticks in (_log_offers if log else _offers)(low, high, rows):
        axis = Axis(low, high, ticks, labels([10**tick for tick in ticks] if log else ticks))
        if _is_spread(axis, rows):
            return axis
    if log:
        return Axis(low, high, *log_ticks(low, high, max(rows // 2, 2)))
    return Axis(low, high, *nice_ticks(low, high, _usual(rows)))


def _usual(rows: int) -> int:
    return max(1, round(rows / _ROWS_A_TICK))


def _is_spread(axis: Axis, rows: int) -> bool:
    """Whether there are ticks in the lower and in the upper third, far from each other, that can be told apart."""
    if len(axis.positions) < 2 or len(set(axis.labels)) < len(axis.labels):
        return False
    at = np.rint(axis.shares(np.array(axis.positions)) * (rows - 1))
    wide = at[0] <= (rows - 1) / 3 and at[-1] >= (rows - 1) * 2 / 3 and at[-1] - at[0] >= (rows - 1) / 2
    return bool(wide and np.diff(at).min() >= min(_APART, max(1, rows - 1)))


def _offers(low: float, high: float, rows: int) -> Iterator[list[float]]:
    """Yield even steps, from wide to narrow; then the ends of them alone."""
    counts = range(_usual(rows), 2 * rows + _MORE)
    for count in counts:
        yield nice_ticks(low, high, count)[0]
    for count in counts:
        yield _ends(nice_ticks(low, high, count)[0])


def _log_offers(low: float, high: float, rows: int) -> Iterator[list[float]]:
    """Yield powers of ten and what is between them, from many to few; then the ends of what is closer together."""
    decades = _multiples(low, high, (1,))
    yield _multiples(low, high, _FACTORS[0])
    yield from (decades[::stride] for stride in _STRIDES)
    yield _ends(decades)
    yield from (_multiples(low, high, factors) for factors in _FACTORS)
    yield from (_ends(_multiples(low, high, factors)) for factors in _FACTORS)
    if high - low < _SHORT and high < _LARGEST:
        for ticks in _offers(10**low, 10**high, rows):
            yield [math.log10(tick) for tick in ticks if tick > 0]


def _multiples(low: float, high: float, factors: tuple[int, ...]) -> list[float]:
    """Return the logarithms of these multiples of powers of ten that are on the axis."""
    decades = range(math.floor(low), math.floor(high) + 1)
    ticks = [decade + math.log10(factor) for decade in decades for factor in factors]
    return [tick for tick in ticks if low <= tick <= high and abs(tick) <= _LARGEST]


def _ends(ticks: list[float]) -> list[float]:
    return [ticks[0], ticks[-1]] if len(ticks) > 2 else ticks
