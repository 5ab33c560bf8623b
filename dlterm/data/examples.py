"""Examples to predict: a table's columns, read as those that a network was trained on were."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from dlterm.data.features import spread
from dlterm.data.rows import read_table
from dlterm.data.target import find
from dlterm.errors import DltermError
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from dlterm.data.column import Column
    from dlterm.data.dataset import SourceColumn


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Inputs [examples, features] in the data's own units, NaN where a number is missing; and the target, if known."""

    inputs: NDArray[np.float32]
    targets: tuple[str, ...] | None  # the cells as they are written


def read_examples(
    source: str,
    sources: Sequence[SourceColumn],
    *,
    target: str,
    gaps: bool = False,
    na: Collection[str] = (),
) -> Examples:
    """Read the columns of these names from a file, or from standard input for "-"; others are left alone.

    `gaps`: missing values are allowed, for the network knows what to put there; `na` are cells that mean one. Raises
    DltermError, with the line, for a column that is not there, and for a cell that the network cannot know.
    """
    table = read_table(source, to_learn=False)
    names = {name.strip() for name in na}
    cells = [_read(find(table, wanted.name), wanted, gaps=gaps, na=names) for wanted in sources]
    known = {column.name: column for column in table.columns}
    targets = tuple(cell.strip() for cell in known[target].cells()) if target in known else None
    return Examples(spread(cells, sources), targets)


def _read(
    column: Column, wanted: SourceColumn, *, gaps: bool, na: Collection[str]
) -> NDArray[np.float64] | NDArray[np.int64]:
    missing = column.missing_cells(na)
    if missing and not (gaps if wanted.levels is None else "" in wanted.levels):
        problem = column.first_missing(missing)
        raise DltermError(
            problem.message,
            hint="fill it in, or predict with a run that was trained with --missing mean or median",
        )
    column = replace(column, missing=missing)
    if wanted.levels is not None:
        return _codes(column, wanted.levels)
    try:
        return column.read_numbers()
    except DltermError as error:  # its hint names options of training
        raise DltermError(error.message, hint="the network was trained on numbers there") from None


def _codes(column: Column, levels: Sequence[str]) -> NDArray[np.int64]:
    known = {level: number for number, level in enumerate(levels)}
    codes = np.empty(len(column.lines), np.int64)
    for row, cell in enumerate(column.cells()):
        level = "" if cell in column.missing else cell.strip()
        if level not in known:
            raise DltermError(
                f'{column.place}:{column.lines[row]}: "{column.name}" is "{safe(level, limit=40)}", '
                "which the network never saw",
                hint=safe(f"it knows {', '.join(known)}"),
            )
        codes[row] = known[level]
    return codes
