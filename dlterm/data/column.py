"""One column of a table: numbers where every cell is one, categories otherwise."""

from __future__ import annotations

import re
import shlex
from array import array
from collections import Counter
from dataclasses import dataclass, replace
from itertools import chain, compress, islice
from typing import TYPE_CHECKING

import numpy as np

from dlterm.data.dates import is_date
from dlterm.errors import DltermError
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

SEPARATOR = "\0"  # between the cells of a block: no cell holds it

# With these characters alone float() takes no nan, inf, 1_000, hexadecimal or other script's digits.
_NUMBER_CHARACTERS = re.compile(rf"[0-9eE+\-. \t{SEPARATOR}]*")
_SAMPLE = 1000  # distinct cells that are looked at for dates
_LARGEST = float(np.finfo(np.float32).max)
_MISSING = frozenset({"na", "n/a", "nan", "null", "none", "nil", "?", "-", "--", "."})
_NUMBER_HINT = "numbers look like 12, -0.5 or 3e-4: a decimal point, no other separators, at most 3.4e38"
_STRAY_HINT = "if it means a missing value: --na {} --missing drop"


@dataclass(frozen=True, slots=True, eq=False)
class Categories:
    """A column of text: the distinct texts in order, and each row's number among them."""

    levels: tuple[str, ...]  # "" for a missing value
    codes: NDArray[np.int64]  # [rows]


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """The cells as text, joined in blocks: a tenth of the memory of one string a cell."""

    name: str
    number: int  # from 1
    blocks: Sequence[str]
    lines: array[int]  # the line number of each row
    place: str  # what messages call the source
    missing: frozenset[str] = frozenset()  # the cells that are read as NaN, or as the category ""

    def cells(self) -> Iterator[str]:
        """Yield the cells, row by row."""
        return chain.from_iterable(self._cells())

    def where(self, kept: NDArray[np.bool_]) -> Column:
        """The column with only the rows that are kept [rows]."""
        begin, blocks = 0, []
        for cells in self._cells():
            chosen = list(compress(cells, kept[begin : begin + len(cells)]))
            begin += len(cells)
            if chosen:
                blocks.append(SEPARATOR.join(chosen))
        return replace(self, blocks=blocks, lines=array("I", compress(self.lines, kept)))

    def missing_cells(self, names: Collection[str]) -> frozenset[str]:
        """The distinct cells that stand for a missing value.

        The empty ones and the named; without names also the usual words for one, in a column of numbers.
        """
        if not names and self._numbers() is not None:
            return frozenset()
        counts = self._counts()
        found = {cell for cell in counts if not cell.strip() or cell.strip() in names}
        words = {cell for cell in counts if _is_missing(cell)} - found
        if words and not names:
            others = Counter({cell: count for cell, count in counts.items() if cell not in found})
            if _mean_numbers(others, [cell for cell in others if not is_number(cell)]):
                found |= words
        return frozenset(found)

    def first_missing(self, cells: Collection[str]) -> DltermError:
        """The error that refuses the first of such cells."""
        return self._missing(next(cell for cell in self.cells() if cell in cells))

    def read(self, *, labels: bool = False) -> Numbers | Categories:
        """Give the column's numbers [rows], or its categories if a cell is no number.

        Raises DltermError where a cell is empty, where a column of numbers holds something else, and for dates;
        but class labels may be anything.
        """
        numbers = self._numbers()
        if numbers is not None:
            return numbers
        counts = self._counts()
        for cell in counts:
            if not cell.strip() and cell not in self.missing:
                raise self._missing(cell)
        if not labels:
            self._refuse_strays(counts)
            self._refuse_dates(counts)
        return self._categories(counts)

    def read_numbers(self) -> Numbers:
        """Give the numbers [rows]. Raises DltermError for the first cell that is none."""
        numbers = self._numbers()
        if numbers is None:
            raise self._stray(next(cell for cell in self._counts() if not self._is_read(cell)))
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
            numbers = self._gapped(block) if self.missing else _numbers(block)
            if numbers is None:
                return None
            parts.append(numbers)
        return np.concatenate(parts)

    def _gapped(self, block: str) -> Numbers | None:
        """The cells of a block as numbers, NaN where one is missing."""
        cells = block.split(SEPARATOR)
        there = np.fromiter((cell not in self.missing for cell in cells), np.bool_)
        numbers = np.full(len(cells), np.nan)
        if there.any():
            known = _numbers(SEPARATOR.join(compress(cells, there)))
            if known is None:
                return None
            numbers[there] = known
        return numbers

    def _is_read(self, cell: str) -> bool:
        return cell in self.missing or is_number(cell)

    def _categories(self, counts: Counter[str]) -> Categories:
        level_of = {cell: "" if cell in self.missing else cell.strip() for cell in counts}
        levels = sorted(set(level_of.values()))
        numbered = {level: number for number, level in enumerate(levels)}
        code_of = {cell: numbered[level] for cell, level in level_of.items()}
        codes = [np.fromiter(map(code_of.__getitem__, cells), np.int64) for cells in self._cells()]
        return Categories(tuple(levels), np.concatenate(codes))

    def _refuse_strays(self, counts: Counter[str]) -> None:
        """Tell a column of numbers with flaws from one of categories, some of which look like numbers."""
        known = Counter({cell: count for cell, count in counts.items() if cell not in self.missing})
        strays = [cell for cell in known if not is_number(cell)]
        if _mean_numbers(known, strays):
            raise self._stray(strays[0])

    def _refuse_dates(self, counts: Counter[str]) -> None:
        some = [cell for cell in islice(counts, _SAMPLE) if cell not in self.missing]
        dates = [cell for cell in some if is_date(cell)]
        if 2 * len(dates) > len(some):
            raise DltermError(
                f'{self._whereabouts(dates[0])}: "{self.name}" is "{safe(dates[0].strip(), limit=40)}", a date',
                hint="turn it into a number, such as days since a date, or leave it out: "
                f"--ignore {shlex.quote(self.name)}",
            )

    def _stray(self, cell: str) -> DltermError:
        if _is_missing(cell) or not cell.strip():
            return self._missing(cell)
        shown = safe(cell.strip(), limit=40)
        return DltermError(
            f'{self._whereabouts(cell)}: "{self.name}" is "{shown}"; a number was expected',
            hint=_NUMBER_HINT if _is_almost_number(cell) else _STRAY_HINT.format(shlex.quote(shown)),
        )

    def _missing(self, cell: str) -> DltermError:
        text = f'"{safe(cell, limit=40)}", a missing value' if cell.strip() else "missing"
        return DltermError(
            f'{self._whereabouts(cell)}: "{self.name}" is {text}',
            hint="--missing drop leaves such rows out, --missing mean or median fills the gaps",
        )

    def _whereabouts(self, cell: str) -> str:
        row = next(row for row, other in enumerate(self.cells()) if other == cell)
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


def _mean_numbers(counts: Counter[str], strays: Sequence[str]) -> bool:
    """Whether cells that are no numbers are few, or all flaws, so that the column is one of numbers."""
    few = sum(counts[cell] for cell in strays) * 10 <= counts.total()
    all_flaws = all(_is_missing(cell) or _is_almost_number(cell) for cell in strays)
    return few or (all_flaws and not all(map(_is_missing, counts)))


def _is_missing(cell: str) -> bool:
    return cell.strip().lower() in _MISSING


def _is_almost_number(cell: str) -> bool:
    """Whether it means a number in a form that is not read: inf, 1e99, 1_000, 1,82, other digits."""
    try:
        float(cell.replace(",", ""))
    except ValueError:
        return False
    return True
