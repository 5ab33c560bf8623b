"""Graphs: nodes in the colours and shapes of their classes, edges as thin lines below them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rich.cells import cell_len

from dlterm.drawing import palette
from dlterm.drawing.braille import ACROSS, DOWN, braille
from dlterm.drawing.frame import Frame, Label, message, overlaid, rows_of, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from dlterm.drawing.depth import Depth
    from dlterm.drawing.palette import Theme
    from dlterm.drawing.views import Graph

_LEAST = 3, 2  # cells
_NODE = "●"
_LABEL = 12  # cells of a label, at most


def graph_frame(view: Graph, columns: int, rows: int, theme: Theme, depth: Depth) -> Frame:
    """Return the graph, stretched over the cells; nodes whose place is no number are left out, with their edges."""
    if columns < _LEAST[0] or rows < _LEAST[1]:
        return message("too small", columns, rows, theme.muted, theme.background)
    positions = np.asarray(view.positions, np.float64).reshape(-1, 2)
    given = np.asarray(np.isfinite(positions).all(axis=1), np.bool_)
    if not given.any():
        return message("no nodes yet", columns, rows, theme.muted, theme.background)
    shares = _shares(positions, given)
    frame = _edges(shares, given, np.asarray(view.edges, np.intp).reshape(-1, 2), columns, rows, theme)
    places = np.rint(shares * [columns - 1, rows - 1])
    cells = [(number, *places[number].astype(int).tolist()) for number in np.flatnonzero(given).tolist()]
    frame = overlaid(frame, _names(view, cells, columns, theme))
    return overlaid(frame, _nodes(view, cells, theme, lettered=depth == "none"))


def _shares(positions: NDArray[np.float64], given: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the positions as shares of the width and, from the top, of the height."""
    halved = np.where(given[:, None], positions, 0) / 2  # so that no span overflows
    low, high = halved[given].min(axis=0), halved[given].max(axis=0)
    span = np.where(high > low, high - low, 1)
    shares = np.where(high > low, (halved - low) / span, 0.5).clip(0, 1)
    return np.stack([shares[:, 0], 1 - shares[:, 1]], axis=1)


def _edges(
    shares: NDArray[np.float64],
    given: NDArray[np.bool_],
    edges: NDArray[np.intp],
    columns: int,
    rows: int,
    theme: Theme,
) -> Frame:
    dots = np.zeros((DOWN * rows, ACROSS * columns), np.bool_)
    inside = ((edges >= 0) & (edges < len(shares))).all(axis=1)
    edges = edges[inside]
    edges = edges[given[edges].all(axis=1)]
    size = np.array([dots.shape[1] - 1, dots.shape[0] - 1])
    along = np.linspace(0, 1, max(dots.shape))[:, None]
    for start, end in shares[edges]:
        x, y = np.rint((start + (end - start) * along) * size).astype(np.intp).T
        dots[y, x] = True
    glyphs = braille(dots)
    cells = np.full(glyphs.shape, theme.muted, np.int32), np.full(glyphs.shape, theme.background, np.int32)
    return Frame(rows_of(glyphs), *cells)


def _nodes(
    view: Graph, cells: list[tuple[int, int, int]], theme: Theme, *, lettered: bool
) -> Iterator[Label]:
    inks = theme.class_points[0]
    for number, column, row in cells:
        kind = _class(view, number)
        glyph = palette.CLASS_GLYPHS[kind % len(palette.CLASS_GLYPHS), 0] if lettered else _NODE
        yield Label(row, column, str(glyph), inks[kind % len(inks)])


def _names(view: Graph, cells: list[tuple[int, int, int]], columns: int, theme: Theme) -> Iterator[Label]:
    """Yield the labels beside their nodes: at the right, or where that is the edge at the left."""
    for number, column, row in cells:
        if number < len(view.labels):
            text = shortened(view.labels[number], min(_LABEL, columns - 2))
            if column + 2 + cell_len(text) <= columns:
                yield Label(row, column + 1, f" {text}", theme.text)
            else:
                yield Label(row, column - cell_len(text) - 1, f"{text} ", theme.text)


def _class(view: Graph, number: int) -> int:
    return int(view.classes[number]) if view.classes is not None and number < len(view.classes) else 0
