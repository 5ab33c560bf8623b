"""What a user does in a terminal of 120 by 40, and how long each took to be answered."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.answers import first_shown, key_echoes, p95, settled
from benchmarks.process import at_home, dlterm
from benchmarks.slow_terminal import SlowTerminal
from benchmarks.terminal import Terminal
from benchmarks.visit import LEARNING_RATE, frames
from dlterm.tui.modes import MODES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.terminal import Moment

_PAUSE = 1.5  # seconds from one page to the next
_TYPING = 0.25  # seconds from one letter to the next
_PALETTE, _ESCAPE = b"\x10", b"\x1b"
_SHOWS = {  # words of each page, in the order in which they are gone to
    "lab": "hidden layers",
    "course": "Foundations",
    "experiments": "One neuron, by hand",
    "quiz": "Be asked",
    "progress": "Nothing is answered yet",
    "shelf": "Glossary  History",
    "runs": "dlterm train spirals",
    "home": "In the lab",
}
_KEYS = {mode.id: mode.key.encode() for mode in MODES}
_SEARCHED = "backpropagation"
_LIST_COLUMNS = 40  # of the shelf: what was found, not the page beside it
_PALETTES = 5
_SLOW_START, _SLOW_TRAINING, _SLOW_KEYS = 4.0, 4.0, 60


@dataclass(frozen=True)
class Sitting:
    """Seconds. The first opening of a page is what counts: later ones are faster."""

    first_text: float
    first_trained_frame: float
    opened: Mapping[str, float]
    palettes: tuple[float, ...]
    letters: tuple[float, ...]


def sitting() -> Sitting:
    """Open home, every page, the palette, and search. Raises RuntimeError where something had no answer."""
    with (
        tempfile.TemporaryDirectory() as home,
        Terminal(dlterm(""), at_home(home), directory=home) as terminal,
    ):
        terminal.watch(2.5)
        opened = {}
        for mode in _SHOWS:
            opened[mode] = terminal.press(_KEYS[mode])
            terminal.watch(_PAUSE)
        palettes = []
        for _ in range(_PALETTES):
            palettes.append(terminal.press(_PALETTE))
            terminal.watch(_PAUSE)
            terminal.press(_ESCAPE)
            terminal.watch(_PAUSE)
        terminal.press(_KEYS["shelf"])
        terminal.watch(_PAUSE)
        terminal.press(b"/")
        terminal.watch(_PAUSE)
        letters = []
        for letter in _SEARCHED:
            letters.append(terminal.press(letter.encode()))
            terminal.watch(_TYPING)
    moments = list(terminal.moments())
    return Sitting(
        first_text=first_shown(moments, 0.0, "dlterm"),
        first_trained_frame=first_shown(moments, 0.0, "accuracy: train"),
        opened={
            mode: first_shown(moments, opened[mode], words) - opened[mode] for mode, words in _SHOWS.items()
        },
        palettes=tuple(first_shown(moments, at, "Search for") - at for at in palettes),
        letters=tuple(settled(moments, at, _TYPING, _hits) for at in letters),
    )


@dataclass(frozen=True)
class SlowSitting:
    """In the lab, over a line of 200 kB/s and 300 ms there and back."""

    most_in_flight: int  # bytes
    key_echo_p95: float  # seconds
    pictures_per_second: float


def slow_sitting() -> SlowSitting:
    """Open the lab, let it train, press keys. Raises RuntimeError where a key had no answer."""
    with (
        tempfile.TemporaryDirectory() as home,
        SlowTerminal(dlterm("lab"), at_home(home), directory=home) as terminal,
    ):
        terminal.watch(_SLOW_START)
        begun = terminal.now
        terminal.watch(_SLOW_TRAINING)
        ended = terminal.now
        pressed = []
        for k in range(_SLOW_KEYS):
            pressed.append(terminal.press(b"L" if k % 2 else b"l"))
            terminal.watch(0.4 + k * 0.037 % 0.2)  # so that keys come at every moment between two pictures
        terminal.watch(_PAUSE)
    moments = list(terminal.moments())
    pictures = frames([moment for moment in moments if begun <= moment.seconds < ended])
    return SlowSitting(
        most_in_flight=terminal.most_in_flight,
        key_echo_p95=p95(key_echoes(moments, pressed, LEARNING_RATE)),
        pictures_per_second=(len(pictures) - 1) / _SLOW_TRAINING,
    )


def _hits(moment: Moment) -> object:
    return [line[:_LIST_COLUMNS] for line in moment.lines]
