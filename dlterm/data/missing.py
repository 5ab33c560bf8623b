"""Missing values: refused, or on request left out or filled."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from dlterm.data.rows import check_height
from dlterm.errors import DltermError
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from dlterm.data.column import Column

    Mask = NDArray[np.bool_]

Missing = Literal["refuse", "drop", "mean", "median"]


def settle(
    columns: Sequence[Column], missing: Missing, names: Collection[str]
) -> tuple[Sequence[Column], tuple[str, ...]]:
    """Give the columns, the target first, ready to be read, and notes of what was done.

    An empty cell is missing, and one of `names`; without names also the usual words for it (n/a, NULL, ?) in a
    column of numbers. With "drop" the rows that miss a value are left out. With "mean" and "median" only those
    without a target are; else a number becomes NaN, which the scaler fills from the training part, and a text a
    category of its own. Raises DltermError for a missing value where they are refused.
    """
    if missing == "refuse" and not names:
        return columns, ()  # reading refuses them
    found = [column.missing_cells(names) for column in columns]
    if missing == "refuse":
        _refuse(columns, found)
        return columns, ()
    lost = [_mask(column, cells) for column, cells in zip(columns, found, strict=True)]
    columns, notes = _without(columns, np.any(lost if missing == "drop" else lost[:1], axis=0))
    if missing == "drop":
        return columns, notes
    marked = [replace(column, missing=cells) for column, cells in zip(columns, found, strict=True)]
    return marked, (*notes, *_filled(marked, missing))


def _refuse(columns: Sequence[Column], found: Sequence[frozenset[str]]) -> None:
    for column, cells in zip(columns, found, strict=True):
        if cells:
            raise column.first_missing(cells)


def _mask(column: Column, cells: frozenset[str]) -> Mask:
    """Which rows [rows] hold one of the cells."""
    if not cells:
        return np.zeros(len(column.lines), np.bool_)
    return np.fromiter((cell in cells for cell in column.cells()), np.bool_)


def _without(columns: Sequence[Column], dropped: Mask) -> tuple[Sequence[Column], tuple[str, ...]]:
    count, rows = int(dropped.sum()), len(dropped)
    if not count:
        return columns, ()
    place, first = columns[0].place, columns[0].lines[int(dropped.argmax())]
    kept = [column.where(~dropped) for column in columns]
    check_height(rows - count, f"{place}: without the rows that miss a value")
    return kept, (f"missing: {count:,} of {rows:,} rows are left out, the first on line {first:,}",)


def _filled(columns: Sequence[Column], how: str) -> tuple[str, ...]:
    gaps = {column: int(_mask(column, column.missing).sum()) for column in columns if column.missing}
    for column, count in gaps.items():
        if count == len(column.lines):
            raise DltermError(
                f'{column.place}: "{column.name}" has no value in any row',
                hint=f'leave it out: --ignore "{column.name}"',
            )
    listed = ", ".join(f"{column.name} ({count:,})" for column, count in gaps.items() if count)
    if not listed:
        return ()
    return (
        f"missing: {safe(listed)}; numbers become the {how} of the training part, text a category of its own",
    )
