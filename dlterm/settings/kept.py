"""Files that the app keeps for the user, as JSON with a version: read without trusting them, never lost.

A damaged file is set aside, never written over; one of a newer dlterm is left as it is.
"""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Generic, TypeVar

import msgspec
from msgspec import Meta

from dlterm.errors import DltermError
from dlterm.text import safe

if TYPE_CHECKING:
    from pathlib import Path

_LARGEST = 4_000_000  # bytes

Form = TypeVar("Form", bound=msgspec.Struct)


class DamagedError(Exception):
    """What is no such file."""


class NewerError(Exception):
    """A file that a newer dlterm has written."""


class _Head(msgspec.Struct):
    version: Annotated[int, Meta(ge=1)]


class Kept(Generic[Form]):
    """How a form is kept: in which version, under which name in the file. The form has a default for every field."""

    def __init__(self, form: type[Form], name: str, version: int) -> None:
        self.form, self.version = form, version
        self._name = name
        self._file = msgspec.defstruct("File", [("version", int), (name, form)])

    def read(self, path: Path) -> Form:
        """What is in the file; a new one where there is none. Raises DamagedError, NewerError, OSError."""
        shown = safe(str(path))
        if not path.exists():
            return self.form()
        if not path.is_file():
            raise DamagedError(f"{shown} is not a file")
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
        try:
            version = msgspec.json.decode(content, type=_Head).version
            if version > self.version:
                raise NewerError(f"{shown} is of a newer dlterm")
            found: Form = getattr(msgspec.json.decode(content, type=self._file), self._name)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
            raise DamagedError(f"{shown} is damaged") from None
        return found

    def write(self, path: Path, value: Form) -> None:
        """Put it in the file, whole. Raises DltermError (74)."""
        from dlterm.atomic import naming, write_atomically

        try:
            content = msgspec.json.encode(self._file(version=self.version, **{self._name: value}))
        except UnicodeEncodeError as error:  # a name that is no text
            raise DltermError(safe(f"{path}: {error.reason}")) from None
        with naming(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, content)

    def fault(self, path: Path) -> str:
        """What is wrong with the file, or "": for a look that changes nothing."""
        try:
            self.read(path)
        except OSError as error:
            return f"{safe(str(path))}: {error.strerror}"
        except (DamagedError, NewerError) as error:
            return str(error)
        return ""

    def take_up(self, path: Path, otherwise: str) -> tuple[Form, str, bool]:
        """What is in the file, what is to be said of it, and whether it may be written. Never raises.

        `otherwise` is said where it may not be.
        """
        try:
            return self.read(path), "", True
        except DamagedError as error:
            aside = _set_aside(path)
            if aside is None:
                return self.form(), f"{error}; {otherwise}", False
            return self.form(), f"{error}; it is kept as {safe(aside.name)}, and a new one begun", True
        except (NewerError, OSError) as error:
            why = f"{safe(str(path))}: {error.strerror}" if isinstance(error, OSError) else str(error)
            return self.form(), f"{why}; {otherwise}", False


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
