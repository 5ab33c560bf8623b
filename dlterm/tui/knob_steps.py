"""How an experiment's knobs turn: through round numbers, from one end to the other. It knows no Textual."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from dlterm.experiments.knobs import Canvas, Choice, Number, Switch, Whole
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dlterm.experiments.knobs import Knob

_FEW = 24  # whole numbers that are gone through one by one
_STEPS = 40  # from one end to the other, about, where they are even
_GROUPED = 10_000  # from which on digits are grouped: years are not
_WIDE = 50  # times that the larger end is the smaller, from which on steps are 1, 2, 5, 10, ...


def turned(knob: Knob[Any], value: Any, by: int) -> Any:
    """The value after so many steps up, or down where `by` is negative; at an end the same."""
    found = steps(knob)
    if not found:
        return value
    if isinstance(knob, (Choice, Switch)):
        at = (
            found.index(value) if value in found else -1 if by > 0 else len(found)
        )  # a file of one's own is none of them
        return found[min(max(at + by, 0), len(found) - 1)]
    beyond = [each for each in found if (each > value if by > 0 else each < value)]
    if not beyond:
        return value
    return beyond[min(by, len(beyond)) - 1] if by > 0 else beyond[max(by, -len(beyond))]


def steps(knob: Knob[Any]) -> Sequence[Any]:
    """All values that it is turned through, ascending, its default among them; none of what is drawn on."""
    match knob:
        case Switch() | Choice():
            return tuple(knob.ends)
        case Whole():
            low, high = knob.ends
            if high - low <= _FEW:
                return range(low, high + 1)
            found = {round(each) for each in _numbers(max(low, 1) if low >= 0 else low, high)}
            return sorted({each for each in found if low <= each <= high} | {low, high, knob.default})
        case Number():
            between = {each for each in _numbers(knob.low, knob.high) if knob.low <= each <= knob.high}
            return sorted(between | {knob.low, knob.high, knob.default})
    return ()


def shown(knob: Knob[Any], value: Any) -> str:
    """A value in a few characters."""
    if isinstance(knob, Switch):
        return "on" if value else "off"
    if isinstance(knob, Whole):
        return f"{value:,}" if abs(value) >= _GROUPED else str(value)
    if isinstance(knob, Number):
        return f"{value:.4g}"
    if isinstance(knob, Canvas):
        return "drawn" if value.any() else "blank"
    return safe(str(value), limit=60)


def _numbers(low: float, high: float) -> Iterator[float]:
    """Round numbers from one end to the other, some of them beyond."""
    if low > 0 and high / low >= _WIDE:
        for power in range(math.floor(math.log10(low)), math.floor(math.log10(high)) + 1):
            yield from (float(f"{digit}e{power}") for digit in (1, 2, 5))
    else:
        unit = _round((high - low) / _STEPS)
        for each in range(math.ceil(low / unit), math.floor(high / unit) + 1):
            yield float(f"{each * unit:.10g}")


def _round(size: float) -> float:
    """The largest of 1, 2, 5, 10, ... times a power of ten that is not above a size."""
    power = math.floor(math.log10(size))
    return max(each for each in (digit * 10.0**power for digit in (1, 2, 5)) if each <= size * (1 + 1e-9))
