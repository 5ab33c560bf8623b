"""notes.json: the user's bookmarks in the course, and what the user has written at them.

Every change is written at once, to what the file holds by then: another dlterm may have written to it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import msgspec
import platformdirs
from msgspec import Meta

from dlterm.errors import DltermError
from dlterm.settings.kept import Kept
from dlterm.settings.places import Place

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

VERSION = 1
LONGEST = 20_000  # characters of a note


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """A bookmark at a place of a lesson; with a `text`, a note. `made` is when it was last written, in UTC."""

    lesson: Annotated[str, Meta(max_length=80)]
    place: Place
    text: Annotated[str, Meta(max_length=LONGEST)] = ""
    made: Annotated[str, Meta(max_length=40)] = ""

    def is_at(self, lesson: str, place: Place) -> bool:
        """Whether it is the one of that place."""
        return self.lesson == lesson and self.place == place


class _Notes(msgspec.Struct, frozen=True):
    notes: Annotated[tuple[Note, ...], Meta(max_length=10_000)] = ()


_KEPT = Kept(_Notes, "own", VERSION)


class Notes:
    """All of them, one a place, in the order in which they were made; without a path they are kept nowhere."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self.notice = ""  # what is wrong with the file
        self.all: tuple[Note, ...] = ()
        self._kept = path is not None
        self._read()

    def of(self, lesson: str) -> list[Note]:
        """Those of a lesson."""
        return [note for note in self.all if note.lesson == lesson]

    def at(self, lesson: str, place: Place) -> Note | None:
        """The one at a place."""
        return next((note for note in self.all if note.is_at(lesson, place)), None)

    def put(self, lesson: str, place: Place, text: str = "") -> str:
        """Make a bookmark or a note, or write it anew; return what to say where it could not be kept, or ""."""
        made = datetime.now(UTC).isoformat(timespec="seconds")
        note = Note(lesson=lesson, place=place, text=text.strip()[:LONGEST], made=made)
        self._read()
        if self.at(lesson, place) is None:
            return self._write((*self.all, note))
        return self._write(note if each.is_at(lesson, place) else each for each in self.all)

    def remove(self, lesson: str, place: Place) -> str:
        """Remove what is at a place; return what to say where that could not be kept, or ""."""
        self._read()
        return self._write(each for each in self.all if not each.is_at(lesson, place))

    def _read(self) -> None:
        if self.path is not None and self._kept:
            found, self.notice, self._kept = _KEPT.take_up(self.path, "notes are not kept this time")
            self.all = found.notes

    def _write(self, notes: Iterable[Note]) -> str:
        self.all = tuple(notes)
        if self.path is None or not self._kept:
            return self.notice
        try:
            _KEPT.write(self.path, _Notes(self.all))
        except DltermError as error:
            return f"{error.message}; the note is not kept"
        return ""


def notes_path() -> Path:
    """Where the user's file is."""
    return platformdirs.user_data_path("dlterm", appauthor=False) / "notes.json"


def fault(path: Path) -> str:
    """What is wrong with the file, or "": for a look that changes nothing."""
    return _KEPT.fault(path)
