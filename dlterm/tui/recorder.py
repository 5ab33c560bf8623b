"""The recorder: what the terminal is sent becomes an asciicast, written on a thread of its own. It knows no Textual."""

from __future__ import annotations

import queue
import threading
import time
from typing import TYPE_CHECKING

from dlterm.drawing.asciicast import Asciicast

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RECORDING = "● rec"  # the mark on screen
_CLEAR = "\x1b[?25l\x1b[0m\x1b[2J"  # no cursor, no colours, nothing on the screen
_LONGEST_PAUSE = 3.0  # seconds that a player waits, however long nothing happened
_CLOSING_SECONDS = 2.0

Size = tuple[int, int]


class Recorder:
    """Records from `begin` to `end`. `ended` is called, on the writer's thread, where it ends by itself.

    That is when the file is as long as it may be (""), or cannot be written (then why).
    """

    def __init__(self, ended: Callable[[str], None]) -> None:
        self.path: Path | None = None
        self._is_on = False
        self._ended = ended
        self._events: queue.SimpleQueue[tuple[float, str, Size] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    @property
    def is_on(self) -> bool:
        """Whether it records."""
        return self._is_on

    def begin(self, path: Path, size: Size, screen: str, title: str) -> None:
        """Begin a new file with the whole screen. Raises OSError."""
        self.end()
        cast = _Cast(path, size, title)
        self.path, self._events = path, queue.SimpleQueue()
        self._thread = threading.Thread(
            target=self._write, args=(cast, self._events), name="dlterm-recorder", daemon=True
        )
        self._is_on = True
        self._thread.start()
        self.take(_CLEAR + screen, size)

    def take(self, text: str, size: Size) -> None:
        """Record what is sent now to a terminal of that size."""
        self._events.put((time.monotonic(), text, size))

    def end(self) -> None:
        """End the file; again does nothing."""
        self._is_on = False
        self._events.put(None)
        if self._thread is not None:
            self._thread.join(_CLOSING_SECONDS)
            self._thread = None

    def _write(self, cast: _Cast, events: queue.SimpleQueue[tuple[float, str, Size] | None]) -> None:
        try:
            with cast.file:
                while (event := events.get()) is not None:
                    cast.take(*event)
                    if cast.file.full:
                        self._stop("")
                        break
        except OSError as error:
            self._stop(error.strerror or str(error))

    def _stop(self, why: str) -> None:
        self._is_on = False
        self._ended(why)


class _Cast:
    """An asciicast whose events happened when they were taken, not when they are written."""

    def __init__(self, path: Path, size: Size, title: str) -> None:
        self._now, self._size = time.monotonic(), size
        self.file = Asciicast(path, *size, title=title, idle_limit=_LONGEST_PAUSE, clock=lambda: self._now)

    def take(self, now: float, text: str, size: Size) -> None:
        self._now = now
        if size != self._size:
            self._size = size
            self.file.resize(*size)
        self.file.output(text)
