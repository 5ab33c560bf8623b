"""A command in a pseudo-terminal of the tests' own, which may answer questions, late or never."""

from __future__ import annotations

import os
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections import deque
from fcntl import ioctl
from functools import partial

import pyte

# What Textual turns on and must turn off again: alternate screen, mouse, focus, bracketed paste; the cursor.
MODES = re.compile(rb"\x1b\[\?(\d+)([hl])")
KEPT_ON = {b"25", b"7"}  # cursor, line wrap: these must be on in the end
NO_MODE = {b"2026"}  # the marks of an update
UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[<>=][\d;]*u|\x1b\[\?[\d;]*\$p|\x1b\][^\x07]*\x07")
BEGUN = re.compile(rb"\x1b(\[[<>=?\d;]*\$?|\][^\x07]*)?\Z")  # a sequence whose end has not come yet
QUESTION, ANSWER = b"\x1b[6n", b"\x1b[1;1R"


class Terminal:
    """A command in a terminal that stays open when the command ends, so that it can be looked at.

    `delay` is how many seconds after a question its answer comes; None: never. A terminal that is not the command's
    `own` sends it no SIGHUP.
    """

    def __init__(self, command, size, environment, *, delay=None, own=True):
        self.output = b""
        self._shown = 0  # bytes of the output that the screen has
        self.answers = deque()  # when each is due
        self._delay, self._asked = delay, 0
        self._descriptor, self._inner = os.openpty()
        self.resize(*size)
        self.settings = termios.tcgetattr(self._inner)
        self.process = subprocess.Popen(
            command,
            env={**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **environment},
            preexec_fn=partial(_take_terminal, self._inner, own=own),  # noqa: PLW1509 - a terminal of its own
        )

    def read_until(self, text, seconds=30):
        """Read until the screen shows the text."""
        self.wait(lambda: text in self.text, f"{text!r} on the screen", seconds)

    def wait(self, happened, what, seconds=30):
        """Read until something has happened."""
        until = time.monotonic() + seconds
        while not happened():
            assert time.monotonic() < until, f"no {what} in {seconds} s:\n{self.text}"
            self._read()

    def read_until_it_rests(self, still=0.5, seconds=30):
        """Read until nothing has come for so many seconds."""
        until, last, length = time.monotonic() + seconds, time.monotonic(), len(self.output)
        while time.monotonic() - last < still:
            assert time.monotonic() < until, f"something new still comes after {seconds} s:\n{self.text}"
            self._read()
            if len(self.output) != length:
                last, length = time.monotonic(), len(self.output)

    def read_to_the_end(self, seconds=20):
        """Read until the command has ended, and return its exit code."""
        self.wait(lambda: self.process.poll() is not None, "end", seconds)
        self._read()
        return self.process.returncode

    def type(self, keys):
        os.write(self._descriptor, keys)

    def resize(self, columns, rows):
        self.size = columns, rows
        ioctl(self._inner, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self._clear()

    def turn_page(self):
        """Have `text` forget what was shown up to now."""
        self._read()
        self._shown = len(self.output)
        self._clear()

    @property
    def text(self):
        begun = BEGUN.search(self.output, self._shown)
        end = begun.start() if begun else len(self.output)
        self._stream.feed(UNKNOWN_TO_PYTE.sub(b"", self.output[self._shown : end]))
        self._shown = end
        return "\n".join(self._screen.display)

    def pixels(self, columns, rows):
        """The two colours of each cell of a picture made of half blocks: rows of (red, green, blue), twice as many."""
        self.text  # noqa: B018 - has the screen take what has come
        lines = []
        for row in rows:
            cells = [self._screen.buffer[row][column] for column in columns]
            lines.append([_colour(cell.fg if cell.data == "▀" else cell.bg) for cell in cells])
            lines.append([_colour(cell.bg) for cell in cells])
        return lines

    def _clear(self):
        self._screen = pyte.Screen(*self.size)
        self._stream = pyte.ByteStream(self._screen)

    @property
    def modes_are_off(self):
        """Whether every mode that was turned on is off again."""
        modes = {number: on == b"h" for number, on in MODES.findall(self.output) if number not in NO_MODE}
        return all(on is (number in KEPT_ON) for number, on in modes.items())

    @property
    def is_left_as_it_was(self):
        """Whether, besides, the line settings are those of before."""
        return self.modes_are_off and termios.tcgetattr(self._inner) == self.settings

    @property
    def echoes_lines(self):
        """Whether the line settings are such as shells leave them to commands."""
        flags = termios.ECHO | termios.ICANON | termios.ISIG
        return termios.tcgetattr(self._inner)[3] & flags == flags

    def hang_up(self):
        for descriptor in {self._inner, self._descriptor}:
            if descriptor >= 0:
                os.close(descriptor)
        self._inner = self._descriptor = -1

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.hang_up()

    def _read(self):
        if select.select([self._descriptor], [], [], 0.02)[0]:
            self.output += os.read(self._descriptor, 1 << 16)
        if self._delay is not None:
            asked = self.output.count(QUESTION)
            self.answers.extend([time.monotonic() + self._delay] * (asked - self._asked))
            self._asked = asked
        while self.answers and self.answers[0] <= time.monotonic():
            self.answers.popleft()
            self.type(ANSWER)


def _colour(name):
    return (
        tuple(int(name[k : k + 2], 16) for k in (0, 2, 4)) if len(name) == 6 else (0, 0, 0)
    )  # else one by its name


def _take_terminal(descriptor, *, own):
    """Keep SIGHUP deadly also where the tests run under nohup."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    os.setsid()
    if own:
        ioctl(descriptor, termios.TIOCSCTTY, 0)
    for stream in range(3):
        os.dup2(descriptor, stream)
