"""Histograms side by side: upright bars, an eighth of a cell exact."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rich.cells import cell_len

from dlterm.drawing.frame import Frame, Label, blank, message, overlaid, shortened
from dlterm.drawing.numbers import number_text
from dlterm.drawing.words import more

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from dlterm.drawing.palette import Theme
    from dlterm.drawing.views import Histogram, Histograms

_NARROWEST, _WIDEST, _LOWEST = 13, 49, 3  # cells of one: across, and down with its name and its ends
_GAP = 3  # columns between two
_EIGHTHS = " ▁▂▃▄▅▆▇█"


def histograms_frame(view: Histograms, columns: int, rows: int, theme: Theme) -> Frame:
    """Return the histograms from left to right, in as few rows of them as hold all; what has no room is counted."""
    count = len(view.histograms)
    if not count:
        return message("nothing to count yet", columns, rows, theme.muted, theme.background)
    if columns < _NARROWEST or rows < _LOWEST:
        return message("too small", columns, rows, theme.muted, theme.background)
    across, down, shown = _grid(count, columns, rows)
    width = min(_WIDEST, (columns + _GAP) // across - _GAP)
    width -= 1 - width % 2  # an odd number: the middle column is around 0
    height = (rows - (shown < count)) // down
    marks = [
        mark
        for place, histogram in enumerate(view.histograms[:shown])
        for mark in _one(
            histogram, place // across * height, place % across * (width + _GAP), width, height, theme
        )
    ]
    if shown < count:
        marks.append(Label(rows - 1, 0, more(count - shown), theme.muted))
    return overlaid(blank(columns, rows, theme.background), marks)


def _grid(count: int, columns: int, rows: int) -> tuple[int, int, int]:
    """Return how many stand side by side, how many one above the other, and how many are shown at all."""
    across = min(count, (columns + _GAP) // (_NARROWEST + _GAP))
    down = min(-(-count // across), rows // _LOWEST)
    if across * down < count:  # a row says how many more there are
        down = max(1, (rows - 1) // _LOWEST)
        return across, down, across * down if rows > _LOWEST else max(1, across * down)
    return -(-count // down), down, count


def _one(histogram: Histogram, top: int, left: int, width: int, height: int, theme: Theme) -> Iterator[Label]:
    """Yield its name and note, its bars, and where they begin and end."""
    name = shortened(histogram.name, width)
    yield Label(top, left, name, theme.text)
    at = cell_len(name) + 2
    note = next((note for note in (histogram.note, histogram.brief) if cell_len(note) <= width - at), "")
    if note:
        yield Label(top, left + at, shortened(note, width - at), theme.muted)
    edges = np.asarray(histogram.edges, np.float64)
    if len(edges) < 2 or not np.isfinite(edges).all():
        return
    bins = len(edges) - 1
    width = (
        width // bins * bins or width
    )  # a bin has whole columns, where there are enough: two numbers are two bars
    yield from _bars(edges, histogram.counts, top + 1, left, width, height - 2, theme)
    yield from _ends(edges, top + height - 1, left, width, theme)


def _bars(
    edges: NDArray[np.float64],
    counts: NDArray[np.integer],
    top: int,
    left: int,
    width: int,
    height: int,
    theme: Theme,
) -> Iterator[Label]:
    at = np.linspace(edges[0], edges[-1], width + 1)
    eighths = _heights(edges, counts, at, 8 * height)
    slack = (edges[-1] - edges[0]) / (2 * width)
    for column, (middle, size) in enumerate(zip((at[:-1] + at[1:]) / 2, eighths, strict=True)):
        ink = theme.muted if abs(middle) < slack / 2 else theme.negative if middle < 0 else theme.positive
        for row in range(height):
            part = min(max(size - 8 * (height - 1 - row), 0), 8)
            if part:
                yield Label(top + row, left + column, _EIGHTHS[part], ink)


def _heights(
    edges: NDArray[np.float64], counts: NDArray[np.integer], at: NDArray[np.float64], most: int
) -> list[int]:
    """Return the bars between other edges, the highest of them `most` high; where there is a number, at least 1."""
    below = np.concatenate([[0.0], np.cumsum(np.maximum(counts, 0), dtype=np.float64)])
    inside = np.diff(np.interp(at, edges, below))
    highest = float(inside.max(initial=0.0))
    if highest <= 0:
        return [0] * len(inside)
    return (
        np.where(inside > 1e-9 * highest, np.rint(inside * (most / highest)).clip(1), 0).astype(int).tolist()
    )


def _ends(edges: NDArray[np.float64], row: int, left: int, width: int, theme: Theme) -> Iterator[Label]:
    """Yield the least and the greatest number, and 0 between them where there is room."""
    low, high = (number_text(float(f"{edge:.3g}")) for edge in (edges[0], edges[-1]))
    if len(low) + len(high) + 1 > width:
        return
    yield Label(row, left, low, theme.muted)
    yield Label(row, left + width - len(high), high, theme.muted)
    if edges[0] < 0 < edges[-1]:
        middle = int(-edges[0] / (edges[-1] - edges[0]) * width)
        if len(low) < middle < width - len(high) - 1:
            yield Label(row, left + middle, "0", theme.muted)
