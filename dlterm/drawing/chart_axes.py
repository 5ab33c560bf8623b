"""Where an axis begins and ends, and its ticks: round numbers, few enough to read."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dlterm.drawing.numbers import COMMA_FROM, plain, scientific

if TYPE_CHECKING:
    from numpy.typing import NDArray

_POWERS = 1e-4, 1e6  # an axis with a tick beyond them has powers of ten
_MARGIN = 0.04  # of the range, free above and below
_FROM_ZERO = 0.4  # an axis begins at 0 where the least value is below this share of the greatest


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis from `low` to `high`, never equal, and the positions and labels of its ticks."""

    low: float
    high: float
    positions: list[float]
    labels: list[str]

    def shares(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return where values are on the axis, 0..1; what is beyond it, -inf too, is at its end."""
        return np.asarray(((values - self.low) / (self.high - self.low)).clip(0, 1), np.float64)


def logarithms(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return base-10 logarithms; of what is not above 0, -inf, which is below every axis."""
    return np.log10(values, out=np.full_like(values, -np.inf), where=values > 0)


def value_limits(values: NDArray[np.float64], *, log: bool) -> tuple[float, float]:
    """Return the axis' limits for these values, never equal; `log` says that they are logarithms.

    At least one is finite; a logarithm of what is not above 0 (-inf) has no say.
    """
    values = values[np.isfinite(values)]
    low, high = float(values.min()), float(values.max())
    if low == high == 0:
        return (-0.5, 0.5) if log else (0.0, 1.0)
    if not log and 0 <= low < _FROM_ZERO * high:
        low = 0.0
    spread = high - low or abs(high) * 0.5
    bottom = low - (0.0 if low == 0 else _MARGIN * spread)
    return bottom, high + _MARGIN * spread


def nice_ticks(low: float, high: float, count: int, *, whole: bool = False) -> tuple[list[float], list[str]]:
    """Return about so many positions at steps of 1, 2 or 5 times a power of ten, and their labels."""
    rough = math.log10((high - low) / max(1, count))
    power = math.floor(rough)
    factor = min((1, 2, 5, 10), key=lambda factor: abs(power + math.log10(factor) - rough))
    step = factor * 10.0**power
    if whole:
        step = max(1.0, step)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    positions = [number * step for number in range(first, last + 1)]
    return positions, labels(positions)


def log_ticks(low: float, high: float, count: int) -> tuple[list[float], list[str]]:
    """Return ticks of an axis whose values are base-10 logarithms; the labels are the numbers themselves.

    Powers of ten, with 2 and 5 between them or not all of them, as there is room; round numbers where the
    axis is shorter than that.
    """
    apart = (high - low) / max(1, count)
    factors = (1, 2, 5) if apart < math.log10(2) else (1,)
    decades = range(math.floor(low), math.ceil(high) + 1)[:: max(1, math.ceil(apart))]
    values = [factor * 10.0**decade for decade in decades for factor in factors]
    values = [value for value in values if low <= math.log10(value) <= high]
    if len(values) < 2:
        values = [value for value in nice_ticks(10**low, 10**high, count)[0] if value > 0]
    return [math.log10(value) for value in values], labels(values)


def labels(values: list[float]) -> list[str]:
    """Return the values as they are read; all in one way: 10⁰ where another is 10⁶, 5,000 where another is 10,000."""
    least, largest = _POWERS
    if any(value and not least <= abs(value) < largest for value in values):
        return [scientific(value, 6) if value else "0" for value in values]
    comma_from = COMMA_FROM if all(abs(value) < COMMA_FROM for value in values) else 0
    return [plain(value, 6, comma_from) for value in values]
