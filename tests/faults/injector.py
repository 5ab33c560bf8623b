"""A disk that fails, or a process that dies, at the N-th call by which files are opened, changed or synchronised."""

from __future__ import annotations

import contextlib
import io
import os
import signal
from functools import partial
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_CALLS = (
    "open", "write", "fsync", "link", "replace", "unlink", "truncate", "ftruncate", "mkdir", "close"
)  # fmt: skip


class Injector:
    """Counts the calls; at number `at` it calls `happen(name, call, half)` in the call's place.

    `half` does half of a write, and nothing of another call.
    """

    def __init__(self, at: int = -1, happen: Callable[..., Any] | None = None) -> None:
        self.names: list[str] = []
        self._at = at
        self._happen = happen

    @contextlib.contextmanager
    def at_work(self) -> Iterator[None]:
        """Within it, the calls of `os` and of files opened within it are counted."""
        kept = {name: getattr(os, name) for name in _CALLS}
        opened = io.open
        try:
            for name, call in kept.items():
                setattr(os, name, self._wrapped(name, call))
            io.open = self._opening(opened)
            yield
        finally:
            io.open = opened
            for name, call in kept.items():
                setattr(os, name, call)

    def count(self, name: str, call: Callable[[], Any], half: Callable[[], Any] = lambda: None) -> Any:
        """Do the call, or what happens in its place."""
        self.names.append(name)
        if self._happen is not None and len(self.names) - 1 == self._at:
            return self._happen(name, call, half)
        return call()

    def _wrapped(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*given: Any, **named: Any) -> Any:
            once = partial(call, *given, **named)
            # The operating system closes also where closing fails.
            return self.count(f"os.{name}", once, once if name == "close" else lambda: None)

        return counted

    def _opening(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def opening(file: Any, mode: str = "r", *given: Any, **named: Any) -> Any:
            found = self.count("open", lambda: call(file, mode, *given, **named))
            return found if mode in ("r", "rb") else _File(found, self)

        return opening


class _File:
    """A file whose writes, flushes and closing are counted."""

    def __init__(self, file: Any, injector: Injector) -> None:
        self._file = file
        self._injector = injector

    def write(self, content: bytes) -> int:
        def half() -> None:
            self._file.write(content[: len(content) // 2])
            self._file.flush()

        return self._injector.count("write", lambda: self._file.write(content), half)

    def flush(self) -> None:
        self._injector.count("flush", self._file.flush)

    def close(self) -> None:
        try:
            self._injector.count("close", self._file.close)
        finally:
            self._file.close()  # as the operating system does it, even where closing fails

    def fileno(self) -> int:
        return self._file.fileno()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def fail_with(error: int) -> Callable[..., Any]:
    """What happens on a disk that is full or broken; of a write, half is done."""

    def happen(name: str, call: Callable[[], Any], half: Callable[[], Any]) -> Any:
        half()
        raise OSError(error, os.strerror(error))

    return happen


def die(*, when: str) -> Callable[..., Any]:
    """SIGKILL to this process, before or after the call, or halfway through."""

    def happen(name: str, call: Callable[[], Any], half: Callable[[], Any]) -> None:
        {"before": lambda: None, "halfway": half, "after": call}[when]()
        os.kill(os.getpid(), signal.SIGKILL)

    return happen
