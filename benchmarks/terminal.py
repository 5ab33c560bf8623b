"""A program on a pseudo-terminal that answers like a real one, and what its screen showed when.

While the program runs its output is only kept, with the time of every piece; an emulator reads it afterwards, so that
watching costs the program nothing of the processor. POSIX; needs pyte.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

import pyte

from benchmarks.process import MEGABYTE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_REPLIES = {
    b"\x1b[c": b"\x1b[?62;22c",  # DA1: a VT220 with colours
    b"\x1b[6n": b"\x1b[1;1R",  # where the cursor is
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",  # synchronised updates: known
    b"\x1b[?2048$p": b"\x1b[?2048;0$y",  # resizes in band: not known
    b"\x1b[>q": b"\x1bP>|benchmark(1)\x1b\\",  # XTVERSION
    b"\x1b[?u": b"\x1b[?0u",  # kitty's keyboard protocol: no flags set
    b"\x1b]10;?": b"\x1b]10;rgb:ffff/ffff/ffff\x1b\\",  # foreground
    b"\x1b]11;?": b"\x1b]11;rgb:0000/0000/0000\x1b\\",  # background
}
_QUERY = re.compile(b"|".join(map(re.escape, _REPLIES)))
_LONGEST_QUERY = max(map(len, _REPLIES))
_FRAME = b"\x1b[?2026h"  # a synchronised update begins; Textual makes one of each frame
_FRAME_END = b"\x1b[?2026l"
_MODE = re.compile(rb"\x1b\[\?(\d+)([hl])")
_KEPT = {b"25", b"7"}  # modes that are on before and after: the cursor, wrapping
_PATIENCE = 3.0  # seconds before a program that was asked to end is killed


@dataclass(frozen=True)
class Moment:
    """A piece of output: when it came (seconds after the start), and the lines on the screen after it."""

    seconds: float
    lines: Sequence[str]

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines)


@dataclass(frozen=True)
class Part:
    """A part of the screen, in cells."""

    columns: range
    rows: range


class Terminal:
    """A program that runs in a directory, and its terminal; a context manager that ends the program."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        columns: int = 120,
        rows: int = 40,
        directory: str = ".",
    ) -> None:
        self.peak_megabytes = 0.0  # known once it has ended, as is
        self.exit_code: int | None = None
        self.is_restored = False  # whether it left the terminal as it was
        self._size = columns, rows
        self._pieces: list[tuple[float, bytes]] = []
        self._tail = b""  # what may be the beginning of a query
        self._begun = time.perf_counter()
        self._process, self._file = pty.fork()
        if self._process == 0:
            try:
                _resize(0, columns, rows)
                os.chdir(directory)
                os.execvpe(command[0], list(command), dict(environment))
            finally:
                os._exit(127)
        _resize(self._file, columns, rows)
        self._settings = termios.tcgetattr(self._file)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for number in (signal.SIGTERM, signal.SIGKILL):
            if self.exit_code is not None:
                break
            os.kill(self._process, number)
            self.leave(_PATIENCE)
        os.close(self._file)

    def leave(self, patience: float, key: bytes = b"") -> None:
        """Press a key that ends the program, and wait for that."""
        if key:
            self.press(key)
        if self._has_ended(patience):
            modes = dict(_MODE.findall(b"".join(data for _, data in self._pieces)))
            are_off = all(modes[number] == (b"h" if number in _KEPT else b"l") for number in modes)
            self.is_restored = are_off and termios.tcgetattr(self._file) == self._settings

    @property
    def now(self) -> float:
        """Seconds after the start."""
        return time.perf_counter() - self._begun

    def watch(self, seconds: float) -> None:
        """Keep what comes for so long. Raises RuntimeError where the program ends."""
        end = self.now + seconds
        while (left := end - self.now) > 0:
            if not self._read(left):
                raise RuntimeError(f"the program ended: {self.tail()}")

    def press(self, key: bytes) -> float:
        """Send a key; when."""
        sent = self.now
        self._send(key)
        return sent

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size, and tell the program."""
        self._size = columns, rows
        _resize(self._file, columns, rows)

    def frames(self, begin: float, end: float) -> int:
        """How many synchronised updates came between two times."""
        return b"".join(data for seconds, data in self._pieces if begin <= seconds < end).count(_FRAME)

    def forget(self) -> None:
        """Keep nothing of what came up to now: for programs that are watched for an hour."""
        self._pieces.clear()

    def moments(self) -> Iterator[Moment]:
        """What the screen showed, after every piece of output."""
        screen = pyte.Screen(*self._size)
        stream = pyte.ByteStream(screen)
        for seconds, data in self._pieces:
            stream.feed(data)
            yield Moment(seconds, _lines(screen))

    def changes(self, *parts: Part) -> list[list[float]]:
        """For each part of the screen, which synchronised updates changed what it showed, colours included: when."""
        screen = pyte.Screen(*self._size)
        stream = pyte.ByteStream(screen)
        seen: list[object] = [None] * len(parts)
        found: list[list[float]] = [[] for _ in parts]
        for seconds, data in self._pieces:
            *ended, rest = data.split(_FRAME_END)  # an end that is cut in two counts with the next
            for update in ended:
                stream.feed(update + _FRAME_END)
                for number, part in enumerate(parts):
                    cells = [screen.buffer[y][x] for y in part.rows for x in part.columns]
                    if cells != seen[number]:
                        seen[number] = cells
                        found[number].append(seconds)
            stream.feed(rest)
        return found

    @property
    def resident_megabytes(self) -> float:
        """What the program has in memory now. Linux."""
        pages = int(Path(f"/proc/{self._process}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    @property
    def processor_seconds(self) -> float:
        """What the program has computed up to now, on all processors. Linux."""
        after_name = Path(f"/proc/{self._process}/stat").read_text().rpartition(")")[2].split()
        return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")

    def tail(self) -> str:
        """The last words on the screen."""
        screen = pyte.Screen(*self._size)
        pyte.ByteStream(screen).feed(b"".join(data for _, data in self._pieces))
        return " ".join(" ".join(_lines(screen)).split())[-200:]

    def _read(self, timeout: float) -> bool:
        """Wait for output and keep it; False where there will be no more."""
        if not select.select([self._file], [], [], timeout)[0]:
            return True
        try:
            data = os.read(self._file, 1 << 16)
        except OSError:  # how Linux says that nobody is left at the other end
            return False
        self._take(data)
        return bool(data)

    def _take(self, data: bytes) -> None:
        """Keep what the program has written; answer what it asks."""
        self._pieces.append((self.now, data))
        self._answer(data)

    def _send(self, data: bytes) -> None:
        with suppress(OSError):  # nobody is left to read it
            os.write(self._file, data)

    def _answer(self, data: bytes) -> None:
        text, answered = self._tail + data, 0
        for query in _QUERY.finditer(text):
            self._send(_REPLIES[query.group()])
            answered = query.end()
        self._tail = text[max(answered, len(text) - _LONGEST_QUERY + 1) :]

    def _has_ended(self, patience: float) -> bool:
        end = self.now + patience
        while self.now < end:
            process, status, usage = os.wait4(self._process, os.WNOHANG)
            if process:
                self.exit_code = os.waitstatus_to_exitcode(status)
                self._read(0)
                self.peak_megabytes = usage.ru_maxrss / MEGABYTE
                return True
            if not self._read(0.01):
                time.sleep(0.01)
        return False


def _lines(screen: pyte.Screen) -> list[str]:
    """What is shown; pyte's own `display` fails where half of a wide character is left."""
    return ["".join(screen.buffer[y][x].data for x in range(screen.columns)) for y in range(screen.lines)]


def _resize(file: int, columns: int, rows: int) -> None:
    fcntl.ioctl(file, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
