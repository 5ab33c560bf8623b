"""One visit to the course in a terminal of 120 by 40: lessons opened, scrolled and searched; seconds."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.answers import first_shown, key_echoes, p95, settled
from benchmarks.process import at_home, dlterm
from benchmarks.terminal import Terminal

if TYPE_CHECKING:
    from benchmarks.terminal import Moment

_OPENING, _PAUSE = 3.0, 2.5
_COURSE, _READ, _NEXT, _HEADING, _PARAGRAPH, _SEARCH = b"3", b"\r", b"]", b"}", b"j", b"/"
_DOWN, _UP = b"\x1b[B", b"\x1b[A"
_FIRST = "You see at once"
_LESSONS = (
    "How can one sum",
    "One neuron cannot learn XOR",
    "A network has a hundred",
    "A network names every one",
)
_MEANWHILE, _MEANWHILE_MILLISECONDS = 3, 120  # keys while the rest of a lesson follows
_AWAKE = 1.5  # from the heading to a figure that trains
_SCROLLS, _SCROLL_SECONDS = 80, 1 / 40  # as fast as a keyboard repeats
_KEYS = 40
_KEY_MILLISECONDS = [
    66 + k * 7 % 34 for k in range(_KEYS)
]  # so that they come at every moment between two frames
_TYPED, _TYPING = "backprop", 0.25
_BAR = "▎"
_TOP = slice(1, 5)  # rows of the text above the figure
_HITS = slice(2, 22)  # rows of the search: the words, and what is found


@dataclass(frozen=True)
class Reading:
    """What a visit measured."""

    first_opened: float
    opened: tuple[float, ...]
    worst_while_it_follows: float
    pictures_per_second: float
    key_echo_p95: float
    letters: tuple[float, ...]


def reading() -> Reading:
    """Open the course, lesson after lesson, scroll beside a figure that trains, search.

    Raises RuntimeError where something had no answer.
    """
    with (
        tempfile.TemporaryDirectory() as home,
        Terminal(dlterm(""), at_home(home), directory=home) as terminal,
    ):
        terminal.watch(_OPENING)
        course = terminal.press(_COURSE)
        terminal.watch(_PAUSE)
        terminal.press(_READ)
        terminal.watch(_PAUSE)
        lessons, meanwhile = [], []
        for _ in _LESSONS:
            lessons.append(terminal.press(_NEXT))
            for _ in range(_MEANWHILE):
                terminal.watch(_MEANWHILE_MILLISECONDS / 1000)
                meanwhile.append(terminal.press(_PARAGRAPH))
            terminal.watch(_PAUSE)
        terminal.press(_HEADING)
        terminal.watch(_AWAKE)
        begun = terminal.now
        for k in range(_SCROLLS):
            terminal.press(_UP if k % 2 else _DOWN)
            terminal.watch(_SCROLL_SECONDS)
        pictures = terminal.frames(begun, terminal.now) / (terminal.now - begun)
        scrolled = []
        for k, pause in enumerate(_KEY_MILLISECONDS):
            scrolled.append(terminal.press(_UP if k % 2 else _DOWN))
            terminal.watch(pause / 1000)
        terminal.watch(_PAUSE)
        terminal.press(_SEARCH)
        terminal.watch(_PAUSE)
        letters = []
        for letter in _TYPED:
            letters.append(terminal.press(letter.encode()))
            terminal.watch(_TYPING)
    moments = list(terminal.moments())
    return Reading(
        first_opened=first_shown(moments, course, _FIRST) - course,
        opened=tuple(
            first_shown(moments, at, words) - at for at, words in zip(lessons, _LESSONS, strict=True)
        ),
        worst_while_it_follows=max(key_echoes(moments, meanwhile, _bar)),
        pictures_per_second=pictures,
        key_echo_p95=p95(key_echoes(moments, scrolled, _top)),
        letters=tuple(settled(moments, at, _TYPING, _hits) for at in letters),
    )


def _bar(moment: Moment) -> object:
    return [number for number, line in enumerate(moment.lines) if _BAR in line]


def _top(moment: Moment) -> object:
    return moment.lines[_TOP]


def _hits(moment: Moment) -> object:
    return moment.lines[_HITS]
