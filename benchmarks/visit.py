"""One visit to the lab, and what it measured."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from benchmarks.answers import key_echoes, match, p95
from benchmarks.process import dlterm, environment
from benchmarks.terminal import Moment, Part, Terminal
from dlterm.tui.arrangement import arranged

if TYPE_CHECKING:
    from collections.abc import Sequence

_OPENING, _WARM_UP, _TRAINING = 1.0, 2.5, 4.0  # seconds
FASTER = 10 * b"f"  # more often than there are paces: the fastest is flat out
_KEYS = 60
_KEY_MILLISECONDS = [
    66 + k * 7 % 34 for k in range(_KEYS)
]  # so that keys come at every moment between two frames
_EPOCH = re.compile(r"epoch ([\d,]+)")
LEARNING_RATE = match(r"learning rate\s+\S\s+([\d.]+)")
_UP, _DOWN = b"l", b"L"  # keys that turn the learning rate up and down


@dataclass(frozen=True)
class Visit:
    """What a visit measured, from the start of the process on, training flat out on the default recipe."""

    first_text: float  # seconds
    first_page: float
    first_trained_frame: float  # seconds
    epochs_per_second: float
    networks_per_second: float  # pictures that differ from the one before, colours included
    boundaries_per_second: float
    curves_per_second: float
    key_echo_p95: float  # seconds from a key to its answer on the screen
    peak_megabytes: float


def visit(columns: int = 120, rows: int = 40, recipe: str = "") -> Visit:
    """Open the lab, train, press keys, leave. Raises RuntimeError where it ends, does not train, does not answer."""
    variables = environment(TERM="xterm-256color", COLORTERM="truecolor")
    with Terminal(dlterm(f"lab {recipe}"), variables, columns=columns, rows=rows) as terminal:
        terminal.watch(_OPENING)
        terminal.press(FASTER)
        terminal.watch(_WARM_UP)
        begun = terminal.now
        terminal.watch(_TRAINING)
        ended = terminal.now
        pressed = []
        for k, pause in enumerate(_KEY_MILLISECONDS):
            pressed.append(terminal.press(_DOWN if k % 2 else _UP))
            terminal.watch(pause / 1000)
        terminal.watch(1.0)
    moments = list(terminal.moments())
    shown = frames([moment for moment in moments if begun <= moment.seconds < ended])
    if len(shown) < 2:
        raise RuntimeError(f"the lab does not train: {terminal.tail()}")
    (first, first_epoch), *_, (last, last_epoch) = shown
    network, boundary, curves = (
        sum(begun <= when < ended for when in times) / (ended - begun)
        for times in terminal.changes(*panes(columns, rows))
    )
    return Visit(
        first_text=next(moment.seconds for moment in moments if "dlterm" in moment.text),
        first_page=next(moment.seconds for moment in moments if LEARNING_RATE(moment)),
        first_trained_frame=next(seconds for seconds, epoch in frames(moments) if epoch > 0),
        epochs_per_second=(last_epoch - first_epoch) / (last - first),
        networks_per_second=network,
        boundaries_per_second=boundary,
        curves_per_second=curves,
        key_echo_p95=p95(key_echoes(moments, pressed, LEARNING_RATE)),
        peak_megabytes=terminal.peak_megabytes,
    )


def panes(columns: int, rows: int) -> tuple[Part, Part, Part]:
    """Where network, output and charts are in a lab of this size, without their frames, where news stand."""
    arrangement = arranged(columns, rows - 3)
    left, bottom = range(1, columns - arrangement.right - 2), range(arrangement.top + 2, rows - 4)
    upper = range(2, arrangement.top)
    return Part(left, upper), Part(range(left.stop + 3, columns - 1), upper), Part(left, bottom)


def frames(moments: Sequence[Moment]) -> list[tuple[float, int]]:
    """When the screen first showed an epoch, and which."""
    found = [(moment.seconds, _EPOCH.search(moment.text)) for moment in moments]
    epochs = [(seconds, int(epoch[1].replace(",", ""))) for seconds, epoch in found if epoch]
    return [after for before, after in pairwise([(0.0, -1), *epochs]) if after[1] != before[1]]
