"""A store's file while it is open: its queries, and its transactions."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING, Any

from dlterm.errors import DltermError, ExitCode
from dlterm.quiz.database import connect, told
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


class Kept:
    """A file, and the connection to it. Every method raises DltermError where the file fails: 74, 75 or 77."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self.connection = connection
        self._place = _place(path)

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with told(self.path):
            return self.connection.execute(query, values).fetchall()

    def row(self, query: str, *values: Any) -> tuple[Any, ...] | None:
        """The first row."""
        with told(self.path):
            found: tuple[Any, ...] | None = self.connection.execute(query, values).fetchone()
            return found

    def value(self, query: str, *values: Any) -> Any:
        """The first value of the first row; None where there is no row."""
        row = self.row(query, *values)
        return None if row is None else row[0]

    def change(self, query: str, *values: Any) -> sqlite3.Cursor:
        """A statement that writes, within a transaction."""
        return self.connection.execute(query, values)

    def change_many(self, query: str, values: Sequence[tuple[Any, ...]]) -> None:
        """The same statement for many rows."""
        self.connection.executemany(query, values)

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """A transaction that has the file to itself from its first moment; where it fails, nothing of it is kept."""
        with told(self.path):
            self._follow()
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    self.connection.execute("ROLLBACK")
                raise

    def _follow(self) -> None:
        """Open the file anew where another instance has put one in its place: what is written to the old one is lost.

        Raises DltermError (74) where it is gone.
        """
        place = _place(self.path)
        if place is None:
            raise DltermError(
                f"{safe(str(self.path))} is gone: somebody has removed it",
                hint="start dlterm again; dlterm progress restore brings back a backup",
                exit_code=ExitCode.INPUT_OUTPUT,
            )
        if place != self._place:
            self.connection.close()
            self.connection, self._place = connect(self.path), place


def _place(path: Path) -> tuple[int, int] | None:
    """Which file it is on the disk."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino
