"""One writer a run directory: a lock that the operating system lets go of when its holder dies, however it dies."""

from __future__ import annotations

import contextlib
import fcntl
import os
from typing import TYPE_CHECKING, Self

from dlterm.errors import DltermError, ExitCode
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAME = ".lock"


class Lock:
    """Held from creation to `release`. Raises DltermError: locked (75) while another process holds it, or 74."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / NAME
        while True:
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                holder = os.read(self._descriptor, 20).decode("ascii", "replace").strip()
                os.close(self._descriptor)
                raise DltermError(
                    f"{safe(str(directory))}: the run is in use by process {holder or 'unknown'}",
                    hint="wait until it ends, or end it",
                    exit_code=ExitCode.LOCKED,
                ) from None
            if self._is_still_there():
                break
            os.close(self._descriptor)
        with self.kept_on_success():
            os.truncate(self._descriptor, 0)
            os.write(self._descriptor, str(os.getpid()).encode())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    @contextlib.contextmanager
    def kept_on_success(self) -> Iterator[None]:
        """Within it, an error lets go of the lock."""
        try:
            yield
        except BaseException:
            with contextlib.suppress(OSError):
                self.release()
            raise

    def release(self) -> None:
        """Let go of it, and remove its file."""
        try:
            self._path.unlink(missing_ok=True)
        finally:
            os.close(self._descriptor)

    def _is_still_there(self) -> bool:
        """Whether the file that was locked is the one of that name: its holder before may just have removed it."""
        try:
            return os.path.samestat(os.fstat(self._descriptor), self._path.stat())
        except FileNotFoundError:
            return False
