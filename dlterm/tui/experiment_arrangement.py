"""How an experiment's page shares out a terminal: the views among themselves, and what stands beside or below them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from dlterm.tui.arrangement import FRAMED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Form = Literal["square", "wide"]

_BESIDE = 100, 20  # columns and rows from which on words stand beside the views
_WORDS = 40, 64  # columns of words beside the views, the fewest and the most
_SHARE = 0.34  # of the columns, for the words
_WORDS_BELOW, _KNOBS_BELOW = 6, 36  # rows of words below the views; columns of knobs beside them
_VERDICT_BELOW = 0.42, 16  # of the rows, for a verdict below the views, and at the most
_ABOUT = 2  # rows of the knobs' pane that explain the chosen one
_LEAST = 16, 4  # cells of a view
_MOST_ACROSS = 4
_UNWANTED = 3.0  # how much less a place is worth that is too small, as a logarithm
_FLAT = 60  # columns that a view of few rows has use for


@dataclass(frozen=True, slots=True)
class Shape:
    """What a view has use for: `rows` is a height of its own, 0 where more is better.

    In a place of fewer cells than `wanted` it is of little use, of fewer than `least` of none.
    """

    form: Form = "wide"
    rows: int = 0
    wanted: tuple[int, int] = (0, 0)
    least: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class ExperimentArrangement:
    """`words` is the width of what stands beside the views, or where that is not `beside`, the height of it below.

    `knobs` is the height of their pane, below the words; where those are below the views, its width beside them.
    """

    framed: bool
    beside: bool
    words: int
    knobs: int


def experiment_arranged(columns: int, rows: int, knobs: int, *, ended: bool) -> ExperimentArrangement:
    """Return the arrangement of so many columns and rows, with so many knobs, before the verdict and after."""
    framed = columns >= FRAMED[0] and rows >= FRAMED[1] - 6
    if columns >= _BESIDE[0] and rows >= _BESIDE[1]:
        words = min(max(round(_SHARE * columns), _WORDS[0]), _WORDS[1])
        tall = knobs + _ABOUT + (2 if framed else 1)
        return ExperimentArrangement(framed, True, words, min(tall, round(0.45 * rows)) if knobs else 0)
    below = min(round(_VERDICT_BELOW[0] * rows), _VERDICT_BELOW[1]) if ended else _WORDS_BELOW
    wide = min(_KNOBS_BELOW, round(0.42 * columns)) if knobs else 0
    return ExperimentArrangement(framed, False, max(below, _WORDS_BELOW), wide)


@dataclass(frozen=True, slots=True)
class Row:
    """Some views side by side, in so many rows of cells, frames included."""

    views: int
    rows: int


@lru_cache(maxsize=64)
def rows_of(shapes: Sequence[Shape], columns: int, rows: int, frame: tuple[int, int]) -> tuple[Row, ...]:
    """Share out the room among views in their order, so that each has about as much of what it has use for.

    `frame` is the columns and rows that the frame of each takes.
    """
    if not shapes:
        return ()
    ways = (_shared(counts, shapes, rows, frame[1]) for counts in _partitions(len(shapes)))
    return max(ways, key=lambda way: _worth(way, shapes, columns, frame))


def _partitions(count: int) -> Iterator[tuple[int, ...]]:
    """All ways to put so many views into rows, the ways with few rows first."""
    if not count:
        yield ()
    for first in range(min(count, _MOST_ACROSS), 0, -1):
        yield from ((first, *rest) for rest in _partitions(count - first))


def _shared(counts: tuple[int, ...], shapes: Sequence[Shape], rows: int, edge: int) -> tuple[Row, ...]:
    """Rows whose views are all of a height of their own get that; the others share the rest."""
    wanted: list[int] = []
    at = 0
    for count in counts:
        own = [shape.rows for shape in shapes[at : at + count]]
        wanted.append(max(own) + edge if all(own) else 0)
        at += count
    open_rows = wanted.count(0)
    if not open_rows:
        wanted[-1], open_rows = 0, 1
    rest = max(0, rows - sum(wanted))
    each, more = divmod(rest, open_rows)
    found = []
    for count, height in zip(counts, wanted, strict=True):
        found.append(Row(count, height or each + (more > 0)))
        more -= not height
    return tuple(found)


def _worth(way: tuple[Row, ...], shapes: Sequence[Shape], columns: int, frame: tuple[int, int]) -> float:
    """How much the views have of what they have use for; the sum of logarithms asks for an even share."""
    worth, at = 0.0, 0
    for row in way:
        width, height = columns // row.views - frame[0], row.rows - frame[1]
        short = min(0, width - _LEAST[0]) + min(0, height - _LEAST[1])
        for shape in shapes[at : at + row.views]:
            worth += math.log(max(1, _used(shape, width, height)))
            if width < shape.wanted[0] or height < max(shape.wanted[1], shape.rows):
                worth -= _UNWANTED
            if width < shape.least[0] or height < shape.least[1]:
                worth -= 2 * _UNWANTED
        worth += 100 * short
        at += row.views
    return worth


def _used(shape: Shape, width: int, height: int) -> int:
    """The cells of a place that a view has use for; two cells above each other are about as high as wide."""
    if shape.rows:
        return min(width, _FLAT) * min(height, shape.rows)
    flattest, slimmest = (1.6, 1 / 1.6) if shape.form == "square" else (5.0, 1.0)
    return round(min(width, 2 * flattest * height) * min(height, width / (2 * slimmest)))
