"""Delimited text -> named columns of cells."""

from __future__ import annotations

import csv
import re
from array import array
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from dlterm.data.column import SEPARATOR, Column, is_number
from dlterm.data.source import place_name, read_lines
from dlterm.errors import DltermError
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Iterator

    Record = tuple[int, list[str]]  # the line it begins on, from 1; its cells

MAX_COLUMNS = 10_000
MIN_ROWS = 4

_DELIMITERS = "\t;|,"  # on a tie the first: a comma may be a decimal comma
_BLOCK_CELLS = 65_536  # read at a time: bounds the memory for cells that are not yet joined


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """The columns of a source, at least two, each with at least `MIN_ROWS` cells."""

    place: str  # what messages call the source
    columns: tuple[Column, ...]
    has_header: bool


def read_table(source: str) -> Table:
    """Read a CSV or TSV file, or standard input for "-". Raises DltermError where it is not a table."""
    place = place_name(source)
    records = _records(source, place)
    line, first = next(records, (0, []))
    if not first:
        raise DltermError(f"{place}: empty", hint="a table has a line of column names and a line an example")
    has_header = not _is_data(first)
    if has_header:
        names = _header(first, f"{place}:{line}")
    else:
        names = [f"column{number}" for number in range(1, len(first) + 1)]
        records = chain([(line, first)], records)
    _check_width(len(names), f"{place}:{line}")
    lines, blocks = _collect(records, len(names), place)
    check_height(len(lines), place)
    columns = [
        Column(name, number, column, lines, place)
        for number, (name, column) in enumerate(zip(names, blocks, strict=True), start=1)
    ]
    return Table(place, tuple(columns), has_header)


def _records(source: str, place: str) -> Iterator[Record]:
    """Yield the rows that are not blank, the first included."""
    lines = read_lines(source)
    skipped = 0
    first = next(lines, "")
    while first.isspace():
        skipped += 1
        first = next(lines, "")
    line = skipped + 1
    reader = csv.reader(
        chain([first], lines), delimiter=_delimiter(first), strict=True, skipinitialspace=True
    )
    try:
        for cells in reader:
            if len(cells) > 1 or (cells and cells[0].strip()):
                yield line, cells
            line = skipped + reader.line_num + 1
    except csv.Error as error:
        raise _csv_error(str(error), f"{place}:{line}") from None


def _delimiter(first: str) -> str:
    unquoted = re.sub(r'"[^"]*"?', "", first)
    return max(_DELIMITERS, key=unquoted.count)


def _csv_error(reason: str, where: str) -> DltermError:
    if "end of data" in reason:
        return DltermError(f"{where}: a quote is opened and not closed", hint='close it with another "')
    if "field limit" in reason:
        return DltermError(
            f"{where}: a field is longer than {csv.field_size_limit():,} characters",
            hint="is a quote opened and not closed?",
        )
    return DltermError(
        f"{where}: a field goes on after its closing quote", hint='in a quoted field, write a quote twice: ""'
    )


def _is_data(first: list[str]) -> bool:
    """Whether the first row is an example: all numbers, or one with a decimal point; years may be names."""
    numbers = [cell for cell in first if is_number(cell)]
    return len(numbers) == len(first) or any("." in cell for cell in numbers)


def _header(cells: list[str], where: str) -> list[str]:
    names: dict[str, int] = {}
    for number, cell in enumerate(cells, start=1):
        name = safe(cell.strip())
        if not name:
            raise DltermError(f"{where}: column {number} has no name", hint="name every column on this line")
        if name in names:
            raise DltermError(
                f'{where}: columns {names[name]} and {number} are both named "{name}"',
                hint="give each column a name of its own; without a line of names, add one",
            )
        names[name] = number
    return list(names)


def _check_width(width: int, where: str) -> None:
    if width < 2:
        raise DltermError(
            f"{where}: one column only; a target and at least one feature are needed",
            hint="columns are separated by commas, tabs, semicolons or |",
        )
    if width > MAX_COLUMNS:
        raise DltermError(f"{where}: {width:,} columns; at most {MAX_COLUMNS:,} are read")


def check_height(height: int, place: str) -> None:
    """Raise DltermError where so few examples are left that nothing can be learned."""
    if height < MIN_ROWS:
        count = f"{height or 'no'} example{'s' * (height != 1)}"
        raise DltermError(f"{place}: {count}; at least {MIN_ROWS} are needed", hint="one line is one example")


def _collect(records: Iterator[Record], width: int, place: str) -> tuple[array[int], list[list[str]]]:
    """Collect each row's line number and each column's blocks."""
    lines = array("I")
    blocks: list[list[str]] = [[] for _ in range(width)]
    rows: list[list[str]] = []
    height = max(1, _BLOCK_CELLS // width)
    for line, cells in records:
        if len(cells) != width:
            count = f"{len(cells)} field{'s' * (len(cells) != 1)}"
            raise DltermError(
                f"{place}:{line}: {count}; the first row has {width}",
                hint="a field that holds the delimiter is put in quotes",
            )
        lines.append(line)
        rows.append(cells)
        if len(rows) == height:
            _flush(rows, blocks)
    if rows:
        _flush(rows, blocks)
    return lines, blocks


def _flush(rows: list[list[str]], blocks: list[list[str]]) -> None:
    for column, cells in zip(blocks, zip(*rows, strict=True), strict=True):
        column.append(SEPARATOR.join(cells))
    rows.clear()
