"""Delimited text: CSV, TSV, and with semicolons or bars."""

from __future__ import annotations

import csv
import re
from itertools import chain
from typing import TYPE_CHECKING

from dlterm.data.column import is_number
from dlterm.data.records import Rows, empty
from dlterm.data.source import place_name, read_lines
from dlterm.errors import DltermError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlterm.data.records import Record

_DELIMITERS = "\t;|,"  # on a tie the first: a comma may be a decimal comma


def read(source: str) -> Rows:
    """Read a UTF-8 file, or standard input for "-"; what delimits is seen from its first line."""
    place = place_name(source)
    records = _records(source, place)
    line, first = next(records, (0, []))
    if not first:
        raise empty(place)
    if _is_data(first):
        names = [f"column{number}" for number in range(1, len(first) + 1)]
        return Rows(names, f"{place}:{line}", chain([(line, first)], records), named=False)
    return Rows(first, f"{place}:{line}", records)


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
