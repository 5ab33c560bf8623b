"""What a reader of one format gives, and what is the same for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dlterm.errors import DltermError

if TYPE_CHECKING:
    from collections.abc import Iterator

Record = tuple[int, list[str]]  # the line it begins on, or the row's number, from 1; its cells


class Rows(NamedTuple):
    """The columns' names as they are written, and the rows, one by one; reading may fail at any of them."""

    names: list[str]
    where: str  # where the names are: "people.csv:1"
    records: Iterator[Record]
    named: bool = True  # False: the source has no names, these are column1, column2, ...


def empty(place: str) -> DltermError:
    """The error for a source without anything in it."""
    return DltermError(f"{place}: empty", hint="a table has a line of column names and a line an example")
