"""Bars from left to right, an eighth of a cell exact."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len

from dlterm.drawing.chart_axes import log_ticks
from dlterm.drawing.depth import DEFAULT
from dlterm.drawing.frame import Frame, Label, blank, message, overlaid, shortened
from dlterm.drawing.numbers import number_text
from dlterm.drawing.words import more

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlterm.drawing.depth import Depth
    from dlterm.drawing.palette import Theme
    from dlterm.drawing.views import Bars

_LEAST = 4  # columns
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_LABEL_SHARE = 3  # labels take at most a third of the columns, values too


@dataclass(frozen=True, slots=True)
class _Scale:
    """The column where bars begin, the column of the first cell, and how much one cell stands for."""

    left: int
    zero: int
    width: int
    least: float  # the logarithm where bars begin
    unit: float
    log: bool

    def eighths(self, value: float) -> int:
        """Return a bar's length in eighths of a cell; what is not nothing is seen."""
        if value == 0 or (self.log and value < 0):
            return 0
        size = math.log10(value) - self.least if self.log else abs(value)
        room = self.zero - self.left if value < 0 else self.left + self.width - self.zero
        return int(min(max(1.0, 8 * (size / self.unit)), 8 * room))


def bars_frame(view: Bars, columns: int, rows: int, theme: Theme, depth: Depth) -> Frame:
    """Return a row a bar: its label, its bar, its value; negative bars go left from where the others begin.

    Where there is room, bars are a row apart.
    """
    count = min(len(view.labels), len(view.values))
    if not count:
        return message("no bars yet", columns, rows, theme.muted, theme.background)
    if columns < _LEAST:
        return message("too small", columns, rows, theme.muted, theme.background)
    shown = count if count <= rows else rows - 1
    values = [float(value) for value in view.values[:count]]
    texts = [shortened(number_text(value, view.unit), columns // _LABEL_SHARE) for value in values]
    labels = [shortened(label, columns // _LABEL_SHARE) for label in view.labels[:count]]
    scale = _scale(values, max(map(cell_len, labels)), max(map(cell_len, texts)), columns, log=view.log)
    plain = depth == "none" or theme.background == DEFAULT  # nothing is written in the terminal's ground
    apart = 2 if 2 * count - 1 + view.log <= rows else 1
    marks = [
        mark
        for number in range(shown)
        for mark in _row(
            apart * number,
            labels[number],
            values[number],
            texts[number],
            scale,
            theme,
            plain=plain,
        )
    ]
    if view.log and shown == count < rows:
        marks += _ticks(apart * (shown - 1) + 1, scale, theme)
    if shown < count:
        marks.append(Label(rows - 1, 0, more(count - shown), theme.muted))
    return overlaid(blank(columns, rows, theme.background), marks)


def _scale(values: list[float], label: int, text: int, columns: int, *, log: bool) -> _Scale:
    left, width = label + 1, max(1, columns - label - text - 2)
    finite = [value for value in values if math.isfinite(value) and (value > 0 or not log)] or [1.0]
    low, high = min(0.0, *finite), max(0.0, *finite)
    if log:
        least = math.ceil(math.log10(min(finite))) - 1.0  # the least has a bar, of a decade at the most
        return _Scale(left, left, width, least, (math.log10(high) - least) / width, log)
    below = round(width * (low / 2) / ((low / 2 - high / 2) or 1.0))  # halves: their difference is finite
    below = max(below, 1) if low < 0 else 0
    below = min(below, width - 1) if high > 0 else below
    unit = max(-low / max(1, below), high / max(1, width - below))
    return _Scale(left, left + below, width, 0.0, unit or 1.0, log)


def _row(
    row: int, label: str, value: float, text: str, scale: _Scale, theme: Theme, *, plain: bool
) -> Iterator[Label]:
    yield Label(row, scale.left - 1 - cell_len(label), label, theme.text)
    whole, part = divmod(scale.eighths(value), 8) if math.isfinite(value) else (0, 0)
    if value < 0:
        yield from _leftwards(row, scale.zero, whole, part, theme, plain=plain)
        yield Label(row, scale.zero + 1, text, theme.muted)
    else:
        glyphs = "█" * whole + (_EIGHTHS[part] if part else "")
        yield Label(row, scale.zero, glyphs, theme.positive)
        yield Label(row, scale.zero + len(glyphs) + 1, text, theme.muted)


def _ticks(row: int, scale: _Scale, theme: Theme) -> Iterator[Label]:
    """Yield the values along a logarithmic scale, as many as there is room for."""
    positions, texts = log_ticks(scale.least, scale.least + scale.unit * scale.width, scale.width // 10)
    free = 0
    for position, text in zip(positions, texts, strict=True):
        column = scale.left + round((position - scale.least) / scale.unit) - len(text) // 2
        if column >= free:
            yield Label(row, column, text, theme.muted)
            free = column + len(text) + 2


def _leftwards(row: int, zero: int, whole: int, part: int, theme: Theme, *, plain: bool) -> Iterator[Label]:
    """Yield a bar to the left of zero: blocks grow from the left, so that its end is one with its colours changed."""
    if plain:
        whole, part = whole + (part >= 4 or not whole), 0
    if part:
        yield Label(row, zero - whole - 1, _EIGHTHS[8 - part], theme.background, theme.negative)
    yield Label(row, zero - whole, "█" * whole, theme.negative)
