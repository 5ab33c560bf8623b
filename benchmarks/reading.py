"""One visit to the course in a terminal of 120 by 40: lessons opened, scrolled and searched; seconds."""

from __future__ import annotations

import statistics
import tempfile
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from benchmarks.process import at_home, dlterm
from benchmarks.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Sequence

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
        first_opened=_shown(moments, course, _FIRST),
        opened=tuple(_shown(moments, *each) for each in zip(lessons, _LESSONS, strict=True)),
        worst_while_it_follows=max(_echoes(moments, meanwhile, _bar)),
        pictures_per_second=pictures,
        key_echo_p95=statistics.quantiles(_echoes(moments, scrolled, _top), n=20)[-1],
        letters=tuple(_last_change(moments, at) for at in letters),
    )


def _shown(moments: Sequence[Moment], pressed: float, words: str) -> float:
    """From a key to the first screen with these words."""
    found = [moment.seconds for moment in moments if moment.seconds > pressed and words in moment.text]
    if not found:
        raise RuntimeError(f"never shown: {words}")
    return found[0] - pressed


def _bar(moment: Moment) -> object:
    return [number for number, line in enumerate(moment.lines) if _BAR in line]


def _top(moment: Moment) -> object:
    return moment.lines[_TOP]


def _echoes(moments: Sequence[Moment], pressed: Sequence[float], what: object) -> list[float]:
    """From every key to the first change of what it changes."""
    assert callable(what)
    shown = [(moment.seconds, what(moment)) for moment in moments]
    changes = [when for (_, before), (when, after) in pairwise(shown) if after != before]
    echoes = [next((when - sent for when in changes if when > sent), None) for sent in pressed]
    if None in echoes:
        raise RuntimeError("a key had no answer")
    return [echo for echo in echoes if echo is not None]


def _last_change(moments: Sequence[Moment], typed: float) -> float:
    """From a letter to when what was found last changed, up to the next letter."""
    lists = [(moment.seconds, moment.lines[_HITS]) for moment in moments if moment.seconds < typed + _TYPING]
    changed = [when for (_, before), (when, after) in pairwise(lists) if when > typed and after != before]
    if not changed:
        raise RuntimeError("a letter had no answer")
    return changed[-1] - typed
