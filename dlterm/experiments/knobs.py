"""What of an experiment can be turned: a number, a choice, a switch, a drawing, each with a line that says what.

A knob stands in the experiment's class and is read from the experiment like any attribute:

    width = Whole(8, "units in the hidden layer", low=1, high=64)
    ... range(self.width) ...
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

T = TypeVar("T")

_WHOLE, _DECIMAL = re.compile(r"[+-]?[0-9]{1,20}"), re.compile(r"[0-9eE+.\-]{1,60}")
_LONGEST_PATH = 4096
_DIGITS, _FULL = re.compile(r"[0-9]{1,1000}"), 9  # of a drawing


class Knob(Generic[T]):
    """The base of all knobs. One that is `live` may be turned while the experiment runs; any other begins it anew."""

    name = ""

    def __init__(self, default: T, text: str, *, live: bool = False) -> None:
        self.default, self.text, self.live = default, text, live
        self.check(default)

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, experiment: None, owner: type) -> Self: ...

    @overload
    def __get__(self, experiment: object, owner: type) -> T: ...

    def __get__(self, experiment: Any, owner: type) -> Self | T:
        """Return the knob of the class; of an experiment, what it stands at."""
        return self if experiment is None else experiment.values[self.name]

    def __set__(self, experiment: object, value: T) -> None:
        """Raise AttributeError: an experiment is made with its values, and tuned."""
        raise AttributeError(f"{self.name} is a knob: give it when the experiment is made, or tune it")

    @property
    def range(self) -> str:
        """What it takes, in words: "a whole number from 1 to 64"."""
        raise NotImplementedError

    @property
    def ends(self) -> Sequence[T]:
        """Its least and its largest value, or all that it can be."""
        raise NotImplementedError

    def check(self, value: object) -> T:
        """The value as the knob holds it. Raises ValueError for one it does not take."""
        raise NotImplementedError

    def read(self, text: str) -> T:
        """The value that a text stands for. Raises ValueError."""
        raise NotImplementedError

    def said(self, value: T) -> object:
        """The value as JSON can hold it; of two that are the same, the same."""
        return value


class Whole(Knob[int]):
    """A whole number from `low` to `high`."""

    def __init__(self, default: int, text: str, *, low: int, high: int, live: bool = False) -> None:
        self.low, self.high = low, high
        super().__init__(default, text, live=live)

    @property
    def range(self) -> str:
        return f"a whole number from {self.low:,} to {self.high:,}"

    @property
    def ends(self) -> Sequence[int]:
        return self.low, self.high

    def check(self, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not self.low <= value <= self.high:
            raise ValueError(self.range)
        return value

    def read(self, text: str) -> int:
        if not _WHOLE.fullmatch(text):
            raise ValueError(self.range)
        return self.check(int(text))


class Number(Knob[float]):
    """A number from `low` to `high`."""

    def __init__(self, default: float, text: str, *, low: float, high: float, live: bool = False) -> None:
        self.low, self.high = low, high
        super().__init__(default, text, live=live)

    @property
    def range(self) -> str:
        return f"a number from {self.low:g} to {self.high:g}"

    @property
    def ends(self) -> Sequence[float]:
        return self.low, self.high

    def check(self, value: object) -> float:
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not number or not math.isfinite(value) or not self.low <= value <= self.high:  # type: ignore[operator, arg-type]
            raise ValueError(self.range)
        return float(value)  # type: ignore[arg-type]

    def read(self, text: str) -> float:
        if not _DECIMAL.fullmatch(text):
            raise ValueError(self.range)
        try:
            return self.check(float(text))
        except ValueError:
            raise ValueError(self.range) from None


class Choice(Knob[str]):
    """One of several words."""

    def __init__(self, default: str, text: str, choices: Sequence[str], *, live: bool = False) -> None:
        self.choices = tuple(choices)
        super().__init__(default, text, live=live)

    @property
    def range(self) -> str:
        return f"one of {', '.join(self.choices)}"

    @property
    def ends(self) -> Sequence[str]:
        return self.choices

    def check(self, value: object) -> str:
        if value not in self.choices:
            raise ValueError(self.range)
        return str(value)

    def read(self, text: str) -> str:
        return self.check(text)


class Source(Choice):
    """One of several data sets, or the path of a table of one's own."""

    @property
    def range(self) -> str:
        return f"one of {', '.join(self.choices)}, or a file's path"

    def check(self, value: object) -> str:
        if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_PATH:
            raise ValueError(self.range)
        return value


class Switch(Knob[bool]):
    """On or off."""

    range = "on or off"
    ends: Sequence[bool] = (False, True)

    def check(self, value: object) -> bool:
        if not isinstance(value, bool):
            raise ValueError(self.range)
        return value

    def read(self, text: str) -> bool:
        if text not in ("on", "off", "true", "false"):
            raise ValueError(self.range)
        return text in ("on", "true")


class Canvas(Knob["NDArray[np.float32]"]):
    """What a learner draws: [rows, columns] of float32 from 0, blank, to 1, in steps of a ninth, read-only.

    As text, and where it is kept, it is its rows of digits 0 to 9 with commas between. It is blank to begin with, and
    live.
    """

    def __init__(self, rows: int, columns: int, text: str) -> None:
        self.rows, self.columns = rows, columns
        super().__init__(self.check([[0] * columns] * rows), text, live=True)

    @property
    def range(self) -> str:
        return f"{self.rows} rows of {self.columns} digits, 0 blank to 9 full, with commas between,"

    @property
    def ends(self) -> Sequence[NDArray[np.float32]]:
        return self.default, self.check([[1] * self.columns] * self.rows)

    def check(self, value: object) -> NDArray[np.float32]:
        """The drawing, copied. Raises ValueError for another shape, and for what is no number from 0 to 1."""
        import numpy as np

        try:
            drawn = np.array(value, np.float64)
        except (TypeError, ValueError):
            raise ValueError(self.range) from None
        if drawn.shape != (self.rows, self.columns) or not ((drawn >= 0) & (drawn <= 1)).all():
            raise ValueError(self.range)
        kept = (np.rint(drawn * _FULL) / _FULL).astype(np.float32)
        kept.flags.writeable = False
        return kept

    def read(self, text: str) -> NDArray[np.float32]:
        rows = text.split(",")
        if not all(_DIGITS.fullmatch(row) for row in rows) or {len(row) for row in rows} != {self.columns}:
            raise ValueError(self.range)
        return self.check([[int(digit) / _FULL for digit in row] for row in rows])

    def said(self, value: NDArray[np.float32]) -> str:
        return ",".join("".join(str(round(pixel * _FULL)) for pixel in row) for row in value.tolist())
