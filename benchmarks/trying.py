"""An experiment opened from the shell: how soon there is something to see of it that moves, and how soon it is left."""

from __future__ import annotations

import re

from benchmarks.process import dlterm, environment
from benchmarks.terminal import Part, Terminal

_SKIP = b"0"  # runs it without a prediction, as soon as one is asked for
_BACK = b"\x1b"
_LIST = "One neuron to deep"  # what only the list of all says
_LOOK = 0.3  # seconds
_SHOWN = 2.0  # seconds in which the list has to be there
_TRIES, _PAUSE = 100, 0.04  # keys, and seconds between two
_PROGRESS = re.compile(r"[━─]{12,} +(\d+)%")
_VIEWS = Part(range(1, 76), range(3, 36))  # of a terminal of 120 by 40


def first_moving_frame(experiment: str) -> float:
    """Seconds from the start of `dlterm run`, asked for at once, to the first change of what the run has shown first.

    Raises RuntimeError where there is none.
    """
    variables = environment(TERM="xterm-256color", COLORTERM="truecolor")
    with Terminal(dlterm(f"run {experiment}"), variables) as terminal:
        for _ in range(_TRIES):
            terminal.press(_SKIP)
            terminal.watch(_PAUSE)
    begun = next((moment.seconds for moment in terminal.moments() if _PROGRESS.search(moment.text)), None)
    (changes,) = terminal.changes(_VIEWS)
    moved = next(iter([when for when in changes if begun is not None and when > begun][1:]), None)
    if moved is None:
        raise RuntimeError(f"{experiment} does not move: {terminal.tail()}")
    return moved


def leaving(experiment: str, after: float) -> float | None:
    """Seconds from the key that leads back until the list of experiments is shown, `after` seconds of a run.

    None where it had ended by then. Raises RuntimeError where it did not run, or is not left.
    """
    variables = environment(TERM="xterm-256color", COLORTERM="truecolor")
    with Terminal(dlterm(f"run {experiment}"), variables) as terminal:
        _begin(terminal)
        terminal.watch(after)
        pressed = terminal.press(_BACK)
        terminal.watch(_SHOWN)
    *_, last = (moment for moment in terminal.moments() if moment.seconds < pressed)
    share = _PROGRESS.search(last.text)
    if share is None or share[1] == "100":
        return None
    shown = (each.seconds for each in terminal.moments() if each.seconds > pressed and _LIST in each.text)
    listed = next(shown, None)
    if listed is None:
        raise RuntimeError(f"{experiment} was not left: {terminal.tail()}")
    return listed - pressed


def _begin(terminal: Terminal) -> None:
    """Run what asks for a prediction, and wait until it shows how far it is."""
    for _ in range(_TRIES):
        terminal.press(_SKIP)
        terminal.watch(_LOOK)
        *_, last = terminal.moments()
        if _PROGRESS.search(last.text):
            return
    raise RuntimeError(f"it does not run: {terminal.tail()}")
