"""A surface from above, with the way that was walked on it: heights as colours in steps, as on a map."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from rich.cells import cell_len

from dlterm.drawing import palette
from dlterm.drawing.braille import ACROSS, DOWN, braille
from dlterm.drawing.frame import Frame, Label, blank, from_colours, message, overlaid, rows_of, stacked
from dlterm.drawing.numbers import number_text
from dlterm.drawing.resample import resampled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from dlterm.drawing.depth import Depth
    from dlterm.drawing.palette import Theme
    from dlterm.drawing.views import Landscape

_LEAST = 8, 3  # cells
_BANDS = 14  # steps of height
_STRENGTH = 0.75  # of a ramp: over its ends the way has a contrast of 2.2, here 3
_SMALLEST = 1e-9  # of the highest: lower ones are as low, on a logarithmic scale
_BEGIN, _HERE = "○", "●"
_OUTSIDE = -1.0  # as a share: far enough for a line that leaves the map
_SCALE = 10  # cells of the scale below the map


def landscape_frame(view: Landscape, columns: int, rows: int, theme: Theme, depth: Depth) -> Frame:
    """Return the map, low places blue and high ones orange, and below it what the colours stand for."""
    if columns < _LEAST[0] or rows < _LEAST[1]:
        return message("too small", columns, rows, theme.muted, theme.background)
    if view.values.ndim != 2 or not view.values.size:
        return message("no values yet", columns, rows, theme.muted, theme.background)
    heights = _heights(view)
    ground = _ground(heights, columns, rows - 1, theme, depth)
    frame = overlaid(ground, _marks(view, ground, theme))
    return stacked([frame, _legend(view, columns, theme, depth)])


def _heights(view: Landscape) -> NDArray[np.float64]:
    """Return the values from -1, the lowest, to 1, the highest; what is not finite is as high as the highest."""
    values = np.asarray(view.values, np.float64)
    low, high = _span(view)
    values = np.clip(np.where(np.isfinite(values), values, high), low, high)
    if view.log:
        values, low, high = np.log(values), np.log(low), np.log(high)
    return 2 * (values - low) / ((high - low) or 1.0) - 1


def _span(view: Landscape) -> tuple[float, float]:
    """Return the lowest and the highest value that are told apart."""
    finite = view.values[np.isfinite(view.values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    if not view.log:
        return low, high
    high = max(high, np.finfo(float).tiny)
    return max(low, high * _SMALLEST, np.finfo(float).tiny), high


def _ground(heights: NDArray[np.float64], columns: int, rows: int, theme: Theme, depth: Depth) -> Frame:
    down = rows if depth == "none" else 2 * rows
    steps = _stepped(resampled(heights.astype(np.float32), down, columns))
    if depth != "none":
        return from_colours(_colours(steps, theme))
    glyphs = palette.GREYS[palette.levels(steps, len(palette.GREYS))]
    return Frame(
        rows_of(glyphs), *(np.full(glyphs.shape, ink, np.int32) for ink in (theme.muted, theme.background))
    )


def _stepped(heights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the middle of the step that each height is on."""
    step = np.clip(np.floor((heights + 1) / 2 * _BANDS), 0, _BANDS - 1)
    return np.asarray(2 * step / (_BANDS - 1) - 1, np.float32)


def _colours(steps: NDArray[np.float32], theme: Theme) -> NDArray[np.int32]:
    return palette.packed_ramp(theme.ramp, theme.smooth)[palette.levels(_STRENGTH * steps)]


def _marks(view: Landscape, ground: Frame, theme: Theme) -> Iterator[Label]:
    """Yield the path, where it begins, where one is, and the cursor."""
    rows, columns = ground.rows, ground.columns
    if len(view.path):
        lines = braille(_dots(_shares(view, np.vstack([view.path, view.here])), rows, columns))
        for row, column in np.argwhere(lines != " ").tolist():
            yield Label(row, column, str(lines[row, column]), theme.text, _paper(ground, row, column))
        yield from _at(_shares(view, view.path[:1]), _BEGIN, ground, theme)
    yield from _at(_shares(view, view.here[None]), _HERE, ground, theme)
    if view.cursor is not None:
        column, row = int(view.cursor[0] * columns), int(view.cursor[1] * rows)
        for by, glyph in ((-1, "╺"), (0, "╋"), (1, "╸")):
            yield Label(row, column + by, glyph, theme.text)


def _at(shares: NDArray[np.float64], glyph: str, ground: Frame, theme: Theme) -> Iterator[Label]:
    column, row = (shares[0] * (ground.columns, ground.rows)).astype(int).tolist()
    if 0 <= row < ground.rows and 0 <= column < ground.columns:
        yield Label(row, column, glyph, theme.text, _paper(ground, row, column))


def _paper(ground: Frame, row: int, column: int) -> int:
    """Return one colour for a cell that has two."""
    return int(ground.background[row, column])


def _shares(view: Landscape, places: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return places as shares of the width from the left and of the height from the top: [k, 2]."""
    x0, x1, y0, y1 = view.domain
    shares = (places - (x0, y1)) / ((x1 - x0) or 1.0, (y0 - y1) or -1.0)
    return np.clip(np.nan_to_num(shares, nan=_OUTSIDE), _OUTSIDE, 1 - _OUTSIDE)


def _dots(shares: NDArray[np.float64], rows: int, columns: int) -> NDArray[np.bool_]:
    """Return the dots of a line through the places: [rows * 4, columns * 2]."""
    size = np.array([columns * ACROSS, rows * DOWN])
    ends = shares * size
    dots = np.zeros(size[::-1], np.bool_)
    for begin, end in pairwise(ends):
        steps = int(np.abs(end - begin).max()) + 2
        across, down = np.linspace(begin, end, steps).astype(int).T
        inside = (across >= 0) & (across < size[0]) & (down >= 0) & (down < size[1])
        dots[down[inside], across[inside]] = True
    return dots


def _legend(view: Landscape, columns: int, theme: Theme, depth: Depth) -> Frame:
    """Return a line: the scale with its ends, then the signs, then the axes, as much as there is room for."""
    low, high = map(number_text, _span(view))
    scale = _stepped(np.linspace(-1, 1, _SCALE, dtype=np.float32))
    labels = [Label(0, 0, low, theme.muted)]
    start = cell_len(low) + 1
    colours = _colours(scale, theme).tolist()
    greys = palette.GREYS[palette.levels(scale, len(palette.GREYS))].tolist()
    for column, (colour, grey) in enumerate(zip(colours, greys, strict=True), start):
        labels.append(Label(0, column, grey if depth == "none" else " ", theme.muted, colour))
    labels.append(Label(0, start + _SCALE + 1, high, theme.muted))
    used = start + _SCALE + 1 + cell_len(high)
    names = f"→ {view.names[0]}  ↑ {view.names[1]}" if any(view.names) else ""
    for text in (f"{_BEGIN} begin  {_HERE} now", names):
        if text and used + 3 + cell_len(text) <= columns:
            labels.append(Label(0, used + 3, text, theme.muted))
            used += 3 + cell_len(text)
    return overlaid(blank(columns, 1, theme.background), labels)
