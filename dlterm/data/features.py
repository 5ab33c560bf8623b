"""Columns -> the inputs of a network: numbers as they are, categories one-hot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dlterm.data.column import Categories
from dlterm.data.dataset import SourceColumn
from dlterm.errors import DltermError
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dlterm.data.column import Column

MAX_LEVELS = 64
MAX_VALUES = 2**28  # of all inputs: 1 GiB


class Encoded(NamedTuple):
    """Inputs [examples, features], their names, what they are made of, and a note of what was one-hot encoded."""

    inputs: NDArray[np.float32]
    features: tuple[str, ...]
    sources: tuple[SourceColumn, ...]
    notes: tuple[str, ...]


def encode(columns: Sequence[Column]) -> Encoded:
    """Give the inputs of a network: numbers as they are, a text as 1 for its level and 0 for the others.

    Raises DltermError for a column with too many categories, and where all would not fit in memory.
    """
    read = [_read(column) for column in columns]
    names = [_names(column, cells) for column, cells in zip(columns, read, strict=True)]
    features = tuple(name for group in names for name in group)
    examples = len(columns[0].lines)
    if examples * len(features) > MAX_VALUES:
        raise DltermError(
            f"{columns[0].place}: {examples:,} examples of {len(features):,} features are too many",
            hint="train on a sample of its rows, or remove columns of text",
        )
    sources = tuple(
        SourceColumn(column.name, cells.levels if isinstance(cells, Categories) else None)
        for column, cells in zip(columns, read, strict=True)
    )
    codes = [cells.codes if isinstance(cells, Categories) else cells for cells in read]
    return Encoded(spread(codes, sources), features, sources, _notes(columns, read))


def spread(cells: Sequence[NDArray[Any]], sources: Sequence[SourceColumn]) -> NDArray[np.float32]:
    """The inputs [examples, features] of each column's numbers, or of its levels' numbers from 0."""
    widths = [1 if source.levels is None else len(source.levels) for source in sources]
    examples, first = len(cells[0]), 0
    inputs = np.zeros((examples, sum(widths)), np.float32)
    for values, source, width in zip(cells, sources, widths, strict=True):
        if source.levels is None:
            inputs[:, first] = values
        else:
            inputs[np.arange(examples), first + values] = 1
        first += width
    return inputs


def _read(column: Column) -> NDArray[np.float32] | Categories:
    cells = column.read()
    if not isinstance(cells, Categories):
        return cells.astype(np.float32)
    if len(cells.levels) > MAX_LEVELS:
        raise DltermError(
            f'{column.place}: "{column.name}" is text with {len(cells.levels):,} different values; '
            f"at most {MAX_LEVELS} are one-hot encoded",
            hint="remove the column, or group its values",
        )
    return cells


def _names(column: Column, cells: NDArray[np.float32] | Categories) -> list[str]:
    if isinstance(cells, Categories):
        return [safe(f"{column.name}={level or '(missing)'}") for level in cells.levels]
    return [column.name]


def _notes(columns: Sequence[Column], read: Sequence[NDArray[np.float32] | Categories]) -> tuple[str, ...]:
    encoded = [
        f"{column.name} ({len(cells.levels)})"
        for column, cells in zip(columns, read, strict=True)
        if isinstance(cells, Categories)
    ]
    return (f"one-hot encoded: {safe(', '.join(encoded))}",) if encoded else ()
