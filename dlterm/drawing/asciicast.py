"""Recordings of a terminal: asciicast files, version 2, which asciinema and its players show.

A first line of JSON says how large the terminal is; then one line an event: [seconds since the beginning, kind, data],
kind being "o" for output, "r" for a new size ("80x24") and "m" for a marker to jump to. The format is described at
https://docs.asciinema.org/manual/asciicast/v2/.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MOST_BYTES = 64_000_000  # of a file: an hour of the lab at 18 KB a second


class Asciicast:
    """Writes a recording, event by event: what is written is whole at any moment.

    Nothing is recorded beyond `most_bytes`; `full` then says so.
    """

    def __init__(
        self,
        path: Path,
        width: int,
        height: int,
        *,
        title: str = "",
        idle_limit: float | None = None,
        most_bytes: int = MOST_BYTES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin a new file. Players show no pause longer than `idle_limit` seconds. Raises OSError."""
        header: dict[str, Any] = {
            "version": 2,
            "width": width,
            "height": height,
            "timestamp": int(time.time()),
        }
        if title:
            header["title"] = title
        if idle_limit is not None:
            header["idle_time_limit"] = idle_limit
        header["env"] = {"TERM": "xterm-256color"}
        self.full = False
        self._left, self._clock, self._begun = most_bytes, clock, clock()
        self._file = path.open("xb")
        self._write(header)

    def output(self, text: str) -> None:
        """Record what is written to the terminal now."""
        self._event("o", text)

    def resize(self, width: int, height: int) -> None:
        """Record that the terminal has another size from now on."""
        self._event("r", f"{width}x{height}")

    def marker(self, label: str = "") -> None:
        """Record a place to jump to."""
        self._event("m", label)

    @property
    def seconds(self) -> float:
        """How long it has been recorded."""
        return self._clock() - self._begun

    def close(self) -> None:
        """End the recording; again does nothing."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _event(self, kind: str, data: str) -> None:
        self._write([round(self.seconds, 6), kind, data])

    def _write(self, value: Any) -> None:
        """A line in one piece, so that a recording that ends at any moment can be played."""
        line = json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
        content = line.encode("utf-8", "replace") + b"\n"  # a lone surrogate would make the file unreadable
        self._left -= len(content)
        self.full = self.full or self._left < 0
        if not self.full:
            self._file.write(content)
            self._file.flush()
