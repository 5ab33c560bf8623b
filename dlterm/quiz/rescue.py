"""A store that cannot be used: it is set aside whole, and what there is of it elsewhere takes its place."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from dlterm.atomic import write_atomically
from dlterm.quiz.backups import back_up, backups, newest_sound
from dlterm.quiz.database import (
    VERSION,
    DamagedError,
    alone,
    connect,
    connect_to_read,
    create,
    examine,
    migrate,
    require_place,
    told,
)
from dlterm.quiz.exchange import Row
from dlterm.text import safe

if TYPE_CHECKING:
    from pathlib import Path

_WITH = ("-wal", "-shm")  # what SQLite keeps beside its file
_COMMAND = "dlterm progress restore"


def open_store(path: Path) -> tuple[sqlite3.Connection, list[str]]:
    """A sound store at that path, and what is to be told of how it came to be. Raises DltermError."""
    require_place(path)
    notices: list[str] = []
    with alone(path):
        if not path.exists():
            _begin(path, notices)
        try:
            connection = examine(path)
        except DamagedError as error:
            notices.append(_rescue(path, str(error)))
            connection = examine(path)
        _migrate(connection, path, notices)
    return connection, notices


def _begin(path: Path, notices: list[str]) -> None:
    left = [path.with_name(path.name + ending) for ending in _WITH]
    if any(each.exists() for each in left):  # a log without its database would be played into the new one
        _set_aside(path)
    create(path)
    if found := backups(path):
        notices.append(f"{safe(path.name)} was gone; {_COMMAND} brings back that of {found[0].time:%Y-%m-%d}")


def _rescue(path: Path, what: str) -> str:
    """Set a damaged store aside and put the newest backup in its place, or an empty one; what is to be told."""
    aside = _set_aside(path)
    backup = newest_sound(path)
    if backup is None:
        create(path)
    else:
        write_atomically(path, backup.path.read_bytes())
    saved = 0
    with told(path), contextlib.closing(connect(path)) as connection:
        saved = salvage(aside, connection)
    origin = f"restored from the backup of {backup.time:%Y-%m-%d %H:%M}" if backup else "a new one is begun"
    more = f", with {saved:,} answer{'s' * (saved != 1)} that could still be read" if saved else ""
    return f"{what}; it is kept as {safe(aside.name)}; {origin}{more}"


def _set_aside(path: Path) -> Path:
    """Give the store, and what belongs to it, names that nothing has. Raises DltermError."""
    stem = f"{path.name}.damaged-{datetime.now():%Y%m%d-%H%M%S}"
    names = (stem, *(f"{stem}-{number}" for number in range(2, 100)))
    aside = next(each for name in names if not os.path.lexists(each := path.with_name(name)))
    with told(path):
        for ending in ("", *_WITH):
            with contextlib.suppress(FileNotFoundError):
                path.with_name(path.name + ending).rename(aside.with_name(aside.name + ending))
    return aside


def salvage(damaged: Path, into: sqlite3.Connection) -> int:
    """Take over the answers that can be read of a damaged store and are not there; how many there were."""
    known = {row[0] for row in into.execute("SELECT uid FROM answers")}
    found: dict[int, dict[str, Any]] = {}
    with contextlib.suppress(sqlite3.Error), contextlib.closing(connect_to_read(damaged)) as source:
        for direction in ("ASC", "DESC"):  # from both ends to the damaged page
            found |= _readable(source, f"SELECT * FROM answers ORDER BY id {direction}")
    rows = [row for _, row in sorted(found.items()) if row["uid"] not in known]
    into.execute("BEGIN IMMEDIATE")
    for row in rows:
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        into.execute(f"INSERT OR IGNORE INTO answers ({names}) VALUES ({marks})", tuple(row.values()))
    if rows:
        into.execute("INSERT OR REPLACE INTO facts VALUES ('cards', 'stale')")
    into.execute("COMMIT")
    return len(rows)


def _readable(source: sqlite3.Connection, query: str) -> dict[int, dict[str, Any]]:
    """The rows up to the first that cannot be read, by id; what has not the form of an answer is passed over."""
    found: dict[int, dict[str, Any]] = {}
    with contextlib.suppress(sqlite3.Error):
        cursor = source.execute(query)
        names = [column[0] for column in cursor.description]
        for values in cursor:
            row = dict(zip(names, values, strict=True))
            number = row.pop("id", None)
            with contextlib.suppress(msgspec.ValidationError):
                found[int(number)] = msgspec.structs.asdict(msgspec.convert({"what": "answer", **row}, Row))
    return found


def _migrate(connection: sqlite3.Connection, path: Path, notices: list[str]) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == VERSION:
        return
    with told(path):
        back_up(connection, path, datetime.now())
        migrate(connection)
    notices.append(f"{safe(path.name)} is brought to version {VERSION}; a backup of it as it was is kept")
