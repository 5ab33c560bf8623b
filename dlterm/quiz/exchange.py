"""A learner's answers as a file that other programs read: a JSON object a line, the first of which says what it is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from msgspec import Meta

from dlterm.errors import DltermError, ExitCode
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dlterm.quiz.store import Store

VERSION = 1
_MOST_LINES = 5_000_000
_Name = Annotated[str, Meta(min_length=1, max_length=100)]
_Day = Annotated[int, Meta(ge=1, le=3_000_000)]


class Head(msgspec.Struct, forbid_unknown_fields=True):
    """The first line."""

    format: Literal["dlterm progress"]
    version: Annotated[int, Meta(ge=1)]
    store: _Name


class Row(msgspec.Struct, forbid_unknown_fields=True, tag_field="what", tag="answer"):
    """An answer."""

    uid: Annotated[str, Meta(pattern=r"^[0-9a-f]{16}$")]
    origin: Annotated[str, Meta(max_length=100)]
    question: _Name
    lesson: _Name
    kind: _Name
    mode: _Name
    session: _Name
    at: int
    zone: Annotated[int, Meta(ge=-2000, le=2000)]
    clock: _Day
    day: _Day
    given: Annotated[str, Meta(max_length=100_000)]
    credit: Annotated[float, Meta(ge=0, le=1)]
    confidence: Literal["", "sure", "unsure"]
    hints: Annotated[int, Meta(ge=0, le=100)]
    seconds: Annotated[float, Meta(ge=0)]
    seed: int
    misconceptions: Annotated[str, Meta(max_length=10_000)]
    rating: Annotated[int, Meta(ge=0, le=4)]
    elapsed: Annotated[int, Meta(ge=0)] | None
    undone: Annotated[int, Meta(ge=0, le=1)]


class DaysOff(msgspec.Struct, forbid_unknown_fields=True, tag_field="what", tag="days off"):
    """A vacation."""

    first: _Day
    last: _Day


class Flag(msgspec.Struct, forbid_unknown_fields=True, tag_field="what", tag="flag"):
    """A flagged question."""

    question: _Name


_HEAD = msgspec.json.Decoder(Head)
_LINE = msgspec.json.Decoder(Row | DaysOff | Flag)


def exported(store: Store) -> Iterator[str]:
    """All that is kept, a line each. Raises DltermError."""
    head = {"format": "dlterm progress", "version": VERSION, "store": identity(store)}
    yield json.dumps(head)
    for row in store.rows():
        row.pop("id")
        yield json.dumps({"what": "answer", **row}, ensure_ascii=False)
    for first, last in store.marks.days_off():
        yield json.dumps({"what": "days off", "first": first, "last": last})
    for question in sorted(store.marks.flags()):
        yield json.dumps({"what": "flag", "question": question})


def taken_over(store: Store, name: str, lines: Iterable[str]) -> int:
    """Take over what an export holds and the store does not; how many answers. Raises DltermError (65): file:line.

    Nothing is taken over where a line is wrong.
    """
    rows: list[dict[str, Any]] = []
    days_off: list[tuple[int, int]] = []
    flags: list[str] = []
    head: Head | None = None
    for number, line in enumerate(lines, start=1):
        if number > _MOST_LINES:
            raise _wrong(name, number, f"more than {_MOST_LINES:,} lines")
        try:
            if head is None:
                head = _HEAD.decode(line)
                if head.version > VERSION:
                    raise _wrong(name, number, "an export of a newer dlterm")
            elif line.strip():
                match _LINE.decode(line):
                    case DaysOff(first, last):
                        days_off.append((first, last))
                    case Flag(question):
                        flags.append(question)
                    case Row() as row:
                        rows.append(_row(row, head.store, identity(store)))
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            raise _wrong(name, number, safe(str(error), limit=120)) from None
    if head is None:
        raise _wrong(name, 1, "the file is empty")
    taken = store.merge(rows)
    for first, last in days_off:
        store.marks.take_off(first, last)
    store.marks.add_flags(flags)
    return taken


def identity(store: Store) -> str:
    """The name by which exports of this store are known."""
    return str(store.kept.value("SELECT value FROM facts WHERE name = 'store'"))


def _row(row: Row, there: str, here: str) -> dict[str, Any]:
    """An answer as it is kept here: its days are believed if it is of another store."""
    origin = row.origin or there
    return {**msgspec.structs.asdict(row), "origin": "" if origin == here else origin}


def _wrong(name: str, line: int, what: str) -> DltermError:
    return DltermError(
        f"{safe(name)}:{line}: {what}",
        hint="nothing was taken over; dlterm progress export writes such files",
        exit_code=ExitCode.BAD_DATA,
    )
