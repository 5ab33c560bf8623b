"""Matrices as blocks of colour with their numbers in them: confusion, attention, weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from rich.cells import cell_len

from dlterm.drawing import palette
from dlterm.drawing.depth import DEFAULT
from dlterm.drawing.frame import Frame, Label, blank, from_colours, message, overlaid, rows_of, shortened
from dlterm.drawing.resample import resampled_with_gaps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from dlterm.drawing.depth import Depth
    from dlterm.drawing.palette import Theme
    from dlterm.drawing.views import HeatMap

_LABEL_SHARE = 3  # row labels take at most a third of the columns
_WIDEST = 9  # cells of a block
_WIDEST_NAMED = 16  # of one that makes room for the name of its column


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the first block is, and the size of each, in cells; 0 x 0 where blocks are smaller than a cell."""

    left: int
    top: int
    width: int
    height: int


def heat_map_frame(view: HeatMap, columns: int, rows: int, theme: Theme, depth: Depth) -> Frame:
    """Return the matrix as blocks with labels, or where it has more rows or columns than cells as a picture."""
    values = np.asarray(view.values, np.float64)
    values = np.where(np.isfinite(values), values, np.nan)
    if values.ndim != 2 or not values.size:
        return message("no values yet", columns, rows, theme.muted, theme.background)
    down, across = values.shape
    layout = _layout(view, down, across, columns, rows)
    largest = float(np.nanmax(np.abs(values), initial=0)) or 1.0
    shares = (values / largest).astype(np.float32)
    if not layout.width:
        return _picture(shares, columns, rows, theme, depth)
    frame = blank(columns, rows, theme.background)
    frame = overlaid(frame, _blocks(shares, values, layout, theme, depth))
    return overlaid(frame, _labels(view, down, across, layout, theme))


def _layout(view: HeatMap, down: int, across: int, columns: int, rows: int) -> _Layout:
    """Return the largest blocks, about as high as wide; labels are given up before blocks are."""
    widest = max((cell_len(label) for label in view.row_labels), default=-1)
    left, top = min(widest + 1, columns // _LABEL_SHARE), int(bool(view.column_labels))
    named = max((cell_len(label) for label in view.column_labels), default=0) + 2
    for margin, head in ((left, top), (0, 0)):
        width = min(max(_WIDEST, min(named, _WIDEST_NAMED) if head else 0), (columns - margin) // across)
        height = (rows - head) // down
        if width and height:
            return _Layout(margin, head, width, min(height, max(1, min(width, _WIDEST) // 2)))
    return _Layout(0, 0, 0, 0)


def _picture(shares: NDArray[np.float32], columns: int, rows: int, theme: Theme, depth: Depth) -> Frame:
    height = rows if depth == "none" else 2 * rows
    drawn, gaps = resampled_with_gaps(shares, height, columns)
    if depth == "none":
        glyphs = _shade(np.where(gaps, np.nan, drawn), signed=bool((shares < 0).any()))
        cells = np.full(glyphs.shape, theme.text, np.int32), np.full(glyphs.shape, theme.background, np.int32)
        return Frame(rows_of(glyphs), *cells)
    return from_colours(_colours(np.where(gaps, np.nan, drawn), theme))


def _blocks(
    shares: NDArray[np.float32], values: NDArray[np.float64], layout: _Layout, theme: Theme, depth: Depth
) -> Iterator[Label]:
    """Yield each block a row at a time, its number in the middle one."""
    texts = _texts(values, layout.width)
    glyphs = _shade(shares, signed=bool((shares < 0).any()))
    colours = _colours(shares, theme)
    for row, column in np.ndindex(values.shape):
        paper = int(colours[row, column])
        number = texts[row][column].center(layout.width) if texts else ""
        shade = " " if depth != "none" or texts else str(glyphs[row, column])
        for line in range(layout.height):
            text = number if number and line == (layout.height - 1) // 2 else shade * layout.width
            yield Label(
                layout.top + row * layout.height + line,
                layout.left + column * layout.width,
                text,
                _ink(paper),
                paper,
            )


def _texts(values: NDArray[np.float64], width: int) -> list[list[str]]:
    """Return the numbers as short as they are read, or nothing where one does not fit into a block."""
    whole = bool((np.isnan(values) | (values == np.rint(values))).all())
    texts = [
        ["" if np.isnan(value) else f"{value:.0f}" if whole else f"{value:.2f}" for value in row]
        for row in values.tolist()
    ]
    return texts if max(len(text) for row in texts for text in row) < width else []


def _colours(shares: NDArray[np.float32], theme: Theme) -> NDArray[np.int32]:
    colours = palette.packed_ramp(theme.ramp, theme.smooth)[palette.levels(shares)]
    return np.where(np.isnan(shares), np.int32(theme.background), colours)


def _shade(shares: NDArray[np.float32], *, signed: bool) -> NDArray[np.str_]:
    shades = palette.SHADES if signed else palette.GREYS
    glyphs = shades[palette.levels(shares if signed else 2 * shares - 1, len(shades))]
    return np.where(np.isnan(shares), " ", glyphs)


def _ink(paper: int) -> int:
    """Return black or white, whichever is read more easily on a colour; on the terminal's ground, its own ink."""
    if paper == DEFAULT:
        return DEFAULT
    red, green, blue = palette.channels(paper).tolist()
    return 0x000000 if 0.299 * red + 0.587 * green + 0.114 * blue > 128 else 0xFFFFFF


def _labels(view: HeatMap, down: int, across: int, layout: _Layout, theme: Theme) -> Iterator[Label]:
    for row, label in enumerate(view.row_labels[:down]):
        text = shortened(label, layout.left - 1)
        place = layout.top + row * layout.height + (layout.height - 1) // 2
        yield Label(place, layout.left - 1 - cell_len(text), text, theme.text)
    for column, label in enumerate(view.column_labels[:across] if layout.top else ()):
        text = shortened(label, max(1, layout.width - 1))
        start = layout.left + column * layout.width
        yield Label(0, start + (layout.width - cell_len(text)) // 2, text, theme.text)
