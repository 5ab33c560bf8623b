"""One column of a table: numbers where every cell is one, categories otherwise."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from dlterm.errors import DltermError
from dlterm.text import safe

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

SEPARATOR = "\0"  # between the cells of a block: no cell holds it

# With these characters alone float() takes no nan, inf, 1_000, hexadecimal or other script's digits.
_NUMBER_CHARACTERS = re.compile(rf"[0-9eE+\-. \t{SEPARATOR}]*")
_LARGEST = float(np.finfo(np.float32).max)
_MISSING = frozenset({"na", "n/a", "nan", "null", "none", "nil", "?", "-", "--", "."})


@dataclass(frozen=True, slots=True, eq=False)
class Categories:
    """A column of text: the distinct texts in order, and each row's number among them."""

    levels: tuple[str, ...]
    codes: NDArray[np.int64]  # [rows]


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """The cells as text, joined in blocks: a tenth of the memory of one string a cell."""

    name: str
    number: int  # from 1
    blocks: Sequence[str]
    lines: array[int]  # the line number of each row
    place: str  # what messages call the source

    def read(self, *, labels: bool = False) -> Numbers | Categories:
        """Give the column's numbers [rows], or its categories if a cell is no number.

        Raises DltermError where a cell is empty, and where a column of numbers holds something else; but
        class labels may be anything.
        """
        numbers = self._numbers()
        if numbers is not None:
            return numbers
        counts = self._counts()
        for cell in counts:
            if not cell.strip():
                raise self._missing(cell)
        if not labels:
            self._refuse_strays(counts)
        return self._categories(counts)

    def read_numbers(self) -> Numbers:
        """Give the numbers [rows]. Raises DltermError for the first cell that is none."""
        numbers = self._numbers()
        if numbers is None:
            raise self._stray(next(cell for cell in self._counts() if _numbers(cell) is None))
        return numbers

    def _cells(self) -> Iterator[list[str]]:
        return (block.split(SEPARATOR) for block in self.blocks)

    def _counts(self) -> Counter[str]:
        """How often each cell occurs, in the order of first occurrence."""
        counts: Counter[str] = Counter()
        for cells in self._cells():
            counts.update(cells)
        return counts

    def _numbers(self) -> Numbers | None:
        parts = []
        for block in self.blocks:
            numbers = _numbers(block)
            if numbers is None:
                return None
            parts.append(numbers)
        return np.concatenate(parts)

    def _categories(self, counts: Counter[str]) -> Categories:
        levels = sorted({cell.strip() for cell in counts})
        numbered = {level: number for number, level in enumerate(levels)}
        code_of = {cell: numbered[cell.strip()] for cell in counts}
        codes = [np.fromiter(map(code_of.__getitem__, cells), np.int64) for cells in self._cells()]
        return Categories(tuple(levels), np.concatenate(codes))

    def _refuse_strays(self, counts: Counter[str]) -> None:
        """Tell a column of numbers with flaws from one of categories, some of which look like numbers."""
        strays = [cell for cell in counts if _numbers(cell) is None]
        few = sum(counts[cell] for cell in strays) * 10 <= counts.total()
        all_flaws = all(_is_missing(cell) or _is_almost_number(cell) for cell in strays)
        if few or (all_flaws and not all(map(_is_missing, counts))):
            raise self._stray(strays[0])

    def _stray(self, cell: str) -> DltermError:
        if _is_missing(cell) or not cell.strip():
            return self._missing(cell)
        return DltermError(
            f'{self._whereabouts(cell)}: "{self.name}" is "{safe(cell, limit=40)}"; a number was expected',
            hint="numbers look like 12, -0.5 or 3e-4: a decimal point, no other separators, at most 3.4e38",
        )

    def _missing(self, cell: str) -> DltermError:
        text = f'"{safe(cell, limit=40)}", a missing value' if cell.strip() else "missing"
        return DltermError(
            f'{self._whereabouts(cell)}: "{self.name}" is {text}',
            hint="fill the value in, or remove the row or the column",
        )

    def _whereabouts(self, cell: str) -> str:
        cells = chain.from_iterable(self._cells())
        row = next(row for row, other in enumerate(cells) if other == cell)
        return f"{self.place}:{self.lines[row]}"


def is_number(cell: str) -> bool:
    """Whether the cell is a finite decimal number that float32 can hold."""
    return _numbers(cell) is not None


def _numbers(block: str) -> Numbers | None:
    """The cells of a block as numbers, or None if one of them is not."""
    if not _NUMBER_CHARACTERS.fullmatch(block):
        return None
    try:
        numbers = np.fromiter(map(float, block.split(SEPARATOR)), np.float64)
    except ValueError:
        return None
    return numbers if np.abs(numbers).max() <= _LARGEST else None


def _is_missing(cell: str) -> bool:
    return cell.strip().lower() in _MISSING


def _is_almost_number(cell: str) -> bool:
    """Whether it means a number in a form that is not read: inf, 1e99, 1_000, 1,82, other digits."""
    try:
        float(cell.replace(",", ""))
    except ValueError:
        return False
    return True
