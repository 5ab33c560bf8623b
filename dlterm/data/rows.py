"""A source's rows -> named columns of cells, whatever the format."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from dlterm.data.column import SEPARATOR, Column
from dlterm.data.source import STANDARD_INPUT, place_name
from dlterm.errors import DltermError
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlterm.data.records import Record, Rows

MAX_COLUMNS = 10_000
MIN_ROWS = 4

_BLOCK_CELLS = 65_536  # read at a time: bounds the memory for cells that are not yet joined
_SHOWN = 5  # rows of another length that are listed


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """The columns of a source, each with as many cells."""

    place: str  # what messages call the source
    columns: tuple[Column, ...]
    has_header: bool


def read_table(source: str, *, to_learn: bool = True) -> Table:
    """Read a file in the format that its name ends with, by default CSV or TSV, or these from stdin for "-".

    To learn from it must have two columns and `MIN_ROWS` rows, to be predicted one of each. Raises DltermError where
    it is not such a table.
    """
    place = place_name(source)
    rows = _rows(source)
    names = _header(rows.names, rows.where, least=2 if to_learn else 1)
    lines, blocks = _collect(rows.records, len(names), place)
    check_height(len(lines), place, least=MIN_ROWS if to_learn else 1)
    columns = [
        Column(name, number, column, lines, place)
        for number, (name, column) in enumerate(zip(names, blocks, strict=True), start=1)
    ]
    return Table(place, tuple(columns), rows.named)


def _rows(source: str) -> Rows:
    ending = "" if source == STANDARD_INPUT else PurePath(source).suffix.lower()
    if ending in (".jsonl", ".ndjson"):
        from dlterm.data import json_lines

        return json_lines.read(source)
    if ending in (".parquet", ".pq"):
        from dlterm.data import parquet

        return parquet.read(source)
    from dlterm.data import delimited

    return delimited.read(source)


def _header(cells: list[str], where: str, *, least: int) -> list[str]:
    _check_width(len(cells), where, least)
    names: dict[str, int] = {}
    for number, cell in enumerate(cells, start=1):
        name = safe(cell.strip())
        if not name:
            raise DltermError(f"{where}: column {number} has no name", hint="name every column")
        if name in names:
            raise DltermError(
                f'{where}: columns {names[name]} and {number} are both named "{name}"',
                hint="give each column a name of its own; without a line of names, add one",
            )
        names[name] = number
    return list(names)


def _check_width(width: int, where: str, least: int) -> None:
    if width < least:
        raise DltermError(
            f"{where}: one column only; a target and at least one feature are needed",
            hint="columns are separated by commas, tabs, semicolons or |",
        )
    if width > MAX_COLUMNS:
        raise DltermError(f"{where}: {width:,} columns; at most {MAX_COLUMNS:,} are read")


def check_height(height: int, place: str, *, least: int = MIN_ROWS) -> None:
    """Raise DltermError where so few examples are left that nothing can be learned."""
    if height < least:
        count = f"{height or 'no'} example{'s' * (height != 1)}"
        raise DltermError(f"{place}: {count}; at least {least} are needed", hint="one line is one example")


def _collect(records: Iterator[Record], width: int, place: str) -> tuple[array[int], list[list[str]]]:
    """Collect each row's line number and each column's blocks."""
    lines, ragged = array("I"), _Ragged(width)
    blocks: list[list[str]] = [[] for _ in range(width)]
    rows: list[list[str]] = []
    height = max(1, _BLOCK_CELLS // width)
    for line, cells in records:
        if len(cells) != width:
            ragged.add(line, len(cells))
            continue
        lines.append(line)
        rows.append(cells)
        if len(rows) == height:
            _flush(rows, blocks)
    if rows:
        _flush(rows, blocks)
    ragged.refuse(place)
    return lines, blocks


def _flush(rows: list[list[str]], blocks: list[list[str]]) -> None:
    for column, cells in zip(blocks, zip(*rows, strict=True), strict=True):
        column.append(SEPARATOR.join(cells))
    rows.clear()


class _Ragged:
    """The rows whose length is not the first row's."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._count = 0
        self._first: list[tuple[int, int]] = []  # line, length

    def add(self, line: int, length: int) -> None:
        self._count += 1
        if self._count <= _SHOWN:
            self._first.append((line, length))

    def refuse(self, place: str) -> None:
        """Raise DltermError if there are any: the first few, and how many."""
        if not self._count:
            return
        (line, length), *others = self._first
        more = ""
        if others:
            listed = ", ".join(f"{line} ({length})" for line, length in others)
            more = f"; lines {listed} differ, too: {self._count:,} in all"
        raise DltermError(
            f"{place}:{line}: {length} field{'s' * (length != 1)}; the first row has {self._width}{more}",
            hint="a field that holds the delimiter is put in quotes",
        )
