"""A random walk through the app: keys, clicks, the wheel, and terminals of every size."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.process import at_home, dlterm
from benchmarks.terminal import Terminal

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

_LARGEST = 300, 100
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 +-=/:?<>[],."
_KEYS = [
    *(letter.encode() for letter in _LETTERS),
    *(
        b"\x1b[A",
        b"\x1b[B",
        b"\x1b[C",
        b"\x1b[D",
        b"\x1b[5~",
        b"\x1b[6~",
        b"\x1b[H",
        b"\x1b[F",
    ),  # arrows, pages, ends
    *(b"\t", b"\x1b[Z", b"\r", b"\x7f", b"\x1b", b"\x1bOP"),  # tab and back, enter, backspace, escape, F1
    *(b"\x10", b"\x0f", b"\x05"),  # the palette, jumping, recording
]
_BURST = 25  # events between two pauses
_PAUSE = 0.2  # seconds in which what was asked for happens
_STEP = 0.02  # seconds between two events: faster than anybody types
_START, _LEAVE = 2.0, 60.0  # seconds; a busy machine is behind with the keys that came before the last one
_QUIT = b"\x11"
_REPORT_LINES = 30


@dataclass(frozen=True)
class Walk:
    """How a walk ended. The walker may find Quit in the palette and begins again; that is no crash."""

    events: int
    crashes: int
    unrestored: int  # how often the terminal was not left as it was
    last_words: str  # of all that crashed; an exit code of None is one that did not end when asked to


def walk(events: int, choose: random.Random, command: str = "") -> Walk:
    """Walk so many events in as many sittings as that takes, each begun by a command."""
    steps = _steps(choose)
    walked = crashes = unrestored = 0
    last_words: list[str] = []
    with tempfile.TemporaryDirectory() as home:
        while walked < events:
            with Terminal(dlterm(command), at_home(home), columns=100, rows=30, directory=home) as terminal:
                walked += _sitting(terminal, steps, events - walked)
            if terminal.exit_code != 0:
                crashes += 1
                last_words.append(f"exit code {terminal.exit_code}: {_report(Path(home)) or terminal.tail()}")
            unrestored += not terminal.is_restored
    return Walk(walked, crashes, unrestored, "\n\n".join(last_words))


def _report(home: Path) -> str:
    """Take away the crash report that was written, if one was; its end."""
    found = ""
    for report in home.rglob("crash-*.txt"):
        found = "\n".join(report.read_text().splitlines()[-_REPORT_LINES:])
        report.unlink()
    return found


def _sitting(terminal: Terminal, steps: Iterator[bytes | tuple[int, int]], most: int) -> int:
    """Walk until enough is walked or the program ends; how many events that were."""
    walked = 0
    try:
        terminal.watch(_START)
        while walked < most:
            step = next(steps)
            if isinstance(step, bytes):
                terminal.press(step)
            else:
                terminal.resize(*step)
            walked += 1
            terminal.watch(_PAUSE if walked % _BURST == 0 else _STEP)
        terminal.resize(100, 30)
        terminal.leave(_LEAVE, _QUIT)
    except RuntimeError:  # it has ended
        terminal.leave(_LEAVE)
    return max(walked, 1)


def _steps(choose: random.Random) -> Iterator[bytes | tuple[int, int]]:
    while True:
        kind = choose.random()
        if kind < 0.7:
            yield choose.choice(_KEYS)
        elif kind < 0.93:
            yield _mouse(choose)
        else:
            yield choose.randint(1, _LARGEST[0]), choose.randint(1, _LARGEST[1])


def _mouse(choose: random.Random) -> bytes:
    """A click, a turn of the wheel, or a move."""
    at = f"{choose.randint(1, 130)};{choose.randint(1, 45)}"
    kind = choose.choice(["click", "click", "wheel", "move"])
    if kind == "click":
        return f"\x1b[<0;{at}M\x1b[<0;{at}m".encode()
    return f"\x1b[<{choose.choice([64, 65]) if kind == 'wheel' else 35};{at}M".encode()
