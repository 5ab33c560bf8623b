"""state.json: what the app remembers between sessions. Nothing that goes wrong with it stops the app.

A damaged file is set aside, never written over; one of a newer dlterm is left as it is, and this session forgets.
Where two sessions end, the last one's memory stays.
"""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import platformdirs
from msgspec import Meta

from dlterm.errors import DltermError
from dlterm.text import safe

if TYPE_CHECKING:
    from pathlib import Path

VERSION = 1  # raised by every change of State, so that an older dlterm does not drop what it does not know
_LARGEST = 4_000_000  # bytes
_Line = Annotated[int, Meta(ge=0)]


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What is remembered; a lesson's place is the line that was at the top."""

    screen: Annotated[str, Meta(max_length=80)] = ""  # the last one; "" before the first session
    recipe: Annotated[str, Meta(max_length=10_000)] = ""  # the lab's, as one line
    places: Annotated[dict[str, _Line], Meta(max_length=10_000)] = {}  # by the lesson's id
    welcomed: bool = False  # whether the first visit is over


class _Head(msgspec.Struct):
    version: Annotated[int, Meta(ge=1)]


class _File(_Head):
    state: State


class _DamagedError(Exception):
    pass


class _NewerError(Exception):
    pass


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
        try:
            return cls(path, _read(path))
        except _DamagedError as error:
            aside = _set_aside(path)
            if aside is None:
                return cls(path, State(), f"{error}; nothing is remembered this time", kept=False)
            return cls(path, State(), f"{error}; it is kept as {safe(aside.name)}, and a new one begun")
        except (_NewerError, OSError) as error:
            why = f"{safe(str(path))}: {error.strerror}" if isinstance(error, OSError) else str(error)
            return cls(path, State(), f"{why}; nothing is remembered this time", kept=False)

    def change(self, **changes: Any) -> None:
        """Remember that; on the disk only once it is saved."""
        self.state = msgspec.structs.replace(self.state, **changes)

    def save(self) -> str:
        """Write the state, if it has changed. Never raises: returns a notice where that fails, else ""."""
        if not self.kept or self.state == self._saved:
            return ""
        from dlterm.atomic import naming, write_atomically

        try:
            content = msgspec.json.encode(_File(version=VERSION, state=self.state))
            with naming(self.path):
                self.path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self.path, content)
        except (DltermError, UnicodeEncodeError) as error:  # the second: a name that is no text
            why = error.message if isinstance(error, DltermError) else safe(f"{self.path}: {error.reason}")
            self.notice = f"{why}; this session is not remembered"
            return self.notice
        self._saved = self.state
        return ""


def state_path() -> Path:
    """Where the user's file is."""
    return platformdirs.user_state_path("dlterm", appauthor=False) / "state.json"


def fault(path: Path) -> str:
    """What is wrong with the file, or "": for a look that changes nothing."""
    try:
        _read(path)
    except OSError as error:
        return f"{safe(str(path))}: {error.strerror}"
    except (_DamagedError, _NewerError) as error:
        return str(error)
    return ""


def _read(path: Path) -> State:
    """The state; a new one where there is no file. Raises _DamagedError, _NewerError, OSError."""
    shown = safe(str(path))
    if not path.exists():
        return State()
    if not path.is_file():
        raise _DamagedError(f"{shown} is not a file")
    with path.open("rb") as file:
        content = file.read(_LARGEST + 1)
    try:
        version = msgspec.json.decode(content, type=_Head).version
        if version > VERSION:
            raise _NewerError(f"{shown} is of a newer dlterm")
        return msgspec.json.decode(content, type=_File).state
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        raise _DamagedError(f"{shown} is damaged") from None


def _set_aside(path: Path) -> Path | None:
    """Give the file a name that nothing has; None where that cannot be done."""
    stem = f"{path.name}.damaged-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    names = (stem, *(f"{stem}-{number}" for number in range(2, 100)))
    with contextlib.suppress(OSError):
        for name in names:
            aside = path.with_name(name)
            if not aside.exists():
                return path.rename(aside)
    return None
