"""Files that are whole at every instant: their old content or their new, even after a power cut.

The new content is written under a temporary name beside the file, forced to the disk, and renamed over it.
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from dlterm.errors import DltermError, ExitCode
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEMPORARY = ".*.tmp"  # what temporary names look like


def write_atomically(path: Path, content: bytes) -> None:
    """Put a file in place. Raises DltermError (74) where the disk is full or fails, or the directory is gone."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with naming(path):
        try:
            with temporary.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
        _sync_directory(path.parent)


def write_new(path: Path, content: bytes) -> None:
    """Put a file in place where none is. Raises DltermError: cannot create (73) where one is, or 74."""
    with creating(path, "name another file"):
        path.open("xb").close()  # from here on the name is this file's
    write_atomically(path, content)


def free(path: Path) -> Path:
    """The path, or with -2, -3, ... before its suffix the first that is not taken."""
    number, found = 2, path
    while found.exists():
        found, number = path.with_name(f"{path.stem}-{number}{path.suffix}"), number + 1
    return found


def keep_as(path: Path, copy: Path) -> None:
    """Give a file a second name, which keeps its content when the first one is written anew; none if there is none.

    Raises DltermError (74).
    """
    temporary = copy.with_name(f".{copy.name}.{os.getpid()}.tmp")
    if not path.is_file():
        return
    with naming(copy):
        temporary.unlink(missing_ok=True)
        try:
            os.link(path, temporary)
        except OSError:  # a file system without links: then a copy, of a file that is whole
            temporary.write_bytes(path.read_bytes())
        temporary.replace(copy)


def remove_temporary(directory: Path) -> None:
    """Remove what writers that were killed have left; only for one who knows that nobody writes now."""
    for path in directory.glob(TEMPORARY):
        with contextlib.suppress(OSError):
            path.unlink()


@contextlib.contextmanager
def creating(path: Path, hint: str) -> Iterator[None]:
    """Turn an operating system's refusal of a new file into an error that says why (73)."""
    try:
        yield
    except OSError as error:
        taken = isinstance(error, FileExistsError)
        raise DltermError(
            f"{safe(str(path))}: {'there is such a file' if taken else error.strerror or error}",
            hint=hint,
            exit_code=ExitCode.CANNOT_CREATE,
        ) from None


@contextlib.contextmanager
def naming(path: Path) -> Iterator[None]:
    """Turn an operating system's error into one that names the file and what to do (74)."""
    try:
        yield
    except OSError as error:
        raise DltermError(
            f"{safe(str(path))}: {error.strerror or error}",
            hint="make room or check the disk, then try again",
            exit_code=ExitCode.INPUT_OUTPUT,
        ) from None


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
