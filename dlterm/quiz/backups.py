"""Copies of the store: one a day at the most, thinned with age, each whole."""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from dlterm.errors import DltermError
from dlterm.quiz.database import DamagedError, connect_to_read, examine, told

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_FORM, _TIME = "%Y%m%d-%H%M%S", r"\d{8}-\d{6}"
_OFTEN = timedelta(hours=20)
_DAILY, _WEEKLY, _MONTHLY = 7, 5, 12  # how many of each are kept


@dataclass(frozen=True, order=True)
class Backup:
    """A copy, and when it was made."""

    time: datetime
    path: Path


def directory_of(store: Path) -> Path:
    """Where a store's backups are."""
    return store.with_name("backups")


def backups(store: Path) -> list[Backup]:
    """Those that are there, the newest first."""
    form = re.compile(rf"{re.escape(store.stem)}-(?P<time>{_TIME})\.sqlite3\Z")
    found = []
    with contextlib.suppress(OSError):
        for path in directory_of(store).iterdir():
            if match := form.match(path.name):
                with contextlib.suppress(ValueError):  # digits that are no date
                    found.append(Backup(datetime.strptime(match["time"], _FORM), path))
    return sorted(found, reverse=True)


def back_up(connection: sqlite3.Connection, store: Path, now: datetime) -> Path:
    """Copy the store, and thin the copies. Raises DltermError (73 to 77)."""
    path = _path(store, now)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with told(path):
        path.parent.mkdir(exist_ok=True)
        try:
            with contextlib.closing(sqlite3.connect(temporary)) as copy:
                connection.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")
            _to_the_disk(temporary)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        for old in superfluous([backup.time for backup in backups(store)]):
            _path(store, old).unlink(missing_ok=True)
    return path


def is_due(store: Path, now: datetime) -> bool:
    """Whether the newest backup is of another day."""
    found = backups(store)
    return not found or abs(now.replace(tzinfo=None) - found[0].time) > _OFTEN


def superfluous(times: Sequence[datetime]) -> list[datetime]:
    """Which of these copies go: kept are the latest of seven days, of five weeks and of twelve months."""
    kept: set[datetime] = set()
    for count, form in ((_DAILY, "%Y-%m-%d"), (_WEEKLY, "%G-%V"), (_MONTHLY, "%Y-%m")):
        latest = {time.strftime(form): time for time in sorted(times)}
        kept.update(sorted(latest.values())[-count:])
    return sorted(set(times) - kept)


def newest_sound(store: Path) -> Backup | None:
    """The newest backup that is whole."""
    for backup in backups(store):
        with contextlib.suppress(DamagedError, DltermError):
            examine(backup.path, connect_to_read).close()
            return backup
    return None


def _path(store: Path, time: datetime) -> Path:
    return directory_of(store) / f"{store.stem}-{time.strftime(_FORM)}.sqlite3"


def _to_the_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
