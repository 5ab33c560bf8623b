"""An experiment opened from the shell: how soon there is something to see of it that moves."""

from __future__ import annotations

import re

from benchmarks.process import dlterm, environment
from benchmarks.terminal import Part, Terminal

_SKIP = b"0"  # runs it without a prediction, as soon as one is asked for
_TRIES, _PAUSE = 100, 0.04  # keys, and seconds between two
_PROGRESS = re.compile(r"[━─]{12,} +\d+%")
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
