"""state.json: what the app remembers between sessions. Nothing that goes wrong with it stops the app.

A damaged file is set aside, never written over; one of a newer dlterm is left as it is, and this session forgets.
Where two sessions end, the last one's memory stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import platformdirs
from msgspec import Meta

from dlterm.errors import DltermError
from dlterm.settings.kept import Kept
from dlterm.settings.places import Place

if TYPE_CHECKING:
    from pathlib import Path

_Name = Annotated[str, Meta(max_length=80)]
VERSION = 3  # raised by every addition to State, so that an older dlterm does not drop what it does not know


class Reading(msgspec.Struct, frozen=True):
    """How far a lesson is read: the place that was at the top, and the share that was ever seen, from 0 to 1."""

    place: Place = Place()
    share: Annotated[float, Meta(ge=0, le=1)] = 0.0

    @property
    def is_done(self) -> bool:
        """Whether its end was seen."""
        return self.share >= 1


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What is remembered."""

    screen: Annotated[str, Meta(max_length=80)] = ""  # the last one; "" before the first session
    recipe: Annotated[str, Meta(max_length=10_000)] = ""  # the lab's, as one line
    reading: Annotated[
        dict[str, Reading], Meta(max_length=10_000)
    ] = {}  # by the lesson's id, the last one last
    predictions: Annotated[
        dict[str, _Name], Meta(max_length=10_000)
    ] = {}  # by the experiment's id, the prediction's


_KEPT = Kept(State, "state", VERSION)


class Memory:
    """The state, and its file. `notice` is one line for the user where it will not be remembered as it should."""

    def __init__(self, path: Path, state: State, notice: str = "", *, kept: bool = True) -> None:
        self.path = path
        self.state = state
        self.notice = notice
        self.kept = kept  # whether `save` writes
        self._saved = state

    @classmethod
    def blank(cls) -> Memory:
        """A memory that keeps nothing."""
        return cls(state_path(), State(), kept=False)

    @classmethod
    def open(cls, path: Path | None = None) -> Memory:
        """Read the file at the path, or the user's. Never raises."""
        path = path or state_path()
        state, notice, kept = _KEPT.take_up(path, "nothing is remembered this time")
        return cls(path, state, notice, kept=kept)

    def change(self, **changes: Any) -> None:
        """Remember that; on the disk only once it is saved."""
        self.state = msgspec.structs.replace(self.state, **changes)

    def read_on(self, lesson: str, place: Place, share: float) -> None:
        """Remember where a lesson is read, and that so much of it was seen."""
        reading = dict(self.state.reading)
        before = reading.pop(lesson, Reading())
        reading[lesson] = Reading(place, min(max(share, before.share), 1.0))
        self.change(reading=reading)

    def save(self) -> str:
        """Write the state, if it has changed. Never raises: returns a notice where that fails, else ""."""
        if not self.kept or self.state == self._saved:
            return ""
        try:
            _KEPT.write(self.path, self.state)
        except DltermError as error:
            self.notice = f"{error.message}; this session is not remembered"
            return self.notice
        self._saved = self.state
        return ""


def state_path() -> Path:
    """Where the user's file is."""
    return platformdirs.user_state_path("dlterm", appauthor=False) / "state.json"


def fault(path: Path) -> str:
    """What is wrong with the file, or "": for a look that changes nothing."""
    return _KEPT.fault(path)
