"""Marked places of a chart: upright lines, points, and their words where these hide nothing and mislead no one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rich.cells import cell_len

from dlterm.drawing import palette
from dlterm.drawing.frame import Frame, Label, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from dlterm.drawing.palette import Theme

    Place = tuple[float, float | None, str]  # the share of the width, that of the height from below, the word

_MARK = "◆"
_BETWEEN = 0.01  # cells: plotext has put a point on the other side of an edge 0.0013 away
_UPRIGHT_ROWS = 3  # in which the word of an upright line may be
_APART = 2  # cells between a word and the points that it is not about: one more than from its own


def marked(frame: Frame, places: Sequence[Place], theme: Theme) -> Iterator[Label]:
    """Yield the marks over a plotted frame, whose axes cross at its only corner; the first have their words first.

    A word covers curves, but no point, no axis and no other word, and keeps away from other points: where there is
    no room beside its mark it is left out.
    """
    corners = [(row, line.index("└")) for row, line in enumerate(frame.glyphs) if "└" in line]
    if not corners:
        return
    bottom, left = corners[-1]
    points = np.array([[glyph in palette.POINTS for glyph in line] for line in frame.glyphs], np.bool_)
    covered = np.zeros_like(points)  # by axes and words
    covered[bottom:], covered[:, : left + 2] = True, True
    words = []
    for across, up, word in places:
        row, column = _cell(frame, across, up, bottom, left)
        if row is None:
            yield from _upright(frame, column, bottom, theme)
            covered[:bottom, column] = True
        else:
            yield from _point(frame, column, row, theme)
            points[row, column] = True
        words.append((column, row, shortened(word, (frame.columns - left) // 2)))
    for column, row, text in words:
        spot = _spot(points, covered, column, row, cell_len(text))
        if text and spot is not None:
            yield Label(*spot, text, theme.text)
            covered[spot[0], max(0, spot[1] - 1) : spot[1] + cell_len(text) + 1] = True


def _cell(frame: Frame, across: float, up: float | None, bottom: int, left: int) -> tuple[int | None, int]:
    """Return the row, if it has one, and the column of a place: where its point is, if a series has it."""
    columns = [left + 1 + column for column in _nearest(across, frame.columns - left - 1)]
    if up is None:
        return None, columns[0]
    cells = [(bottom - 1 - row, column) for row in _nearest(up, bottom) for column in columns]
    return next((cell for cell in cells if frame.glyphs[cell[0]][cell[1]] in palette.POINTS), cells[0])


def _nearest(share: float, count: int) -> list[int]:
    """Return the cell nearest to a share; both where it is on their edge, for plotext may have taken either."""
    at = share * (count - 1)
    return sorted({round(at - _BETWEEN), round(at + _BETWEEN)})


def _upright(frame: Frame, column: int, bottom: int, theme: Theme) -> Iterator[Label]:
    for row in range(bottom):
        if frame.glyphs[row][column] in " ⠀":
            yield Label(row, column, "┊", theme.muted)


def _point(frame: Frame, column: int, row: int, theme: Theme) -> Iterator[Label]:
    """Yield the sign of a marked point, where none of a series is."""
    if frame.glyphs[row][column] not in palette.POINTS:
        yield Label(row, column, _MARK, theme.text)


def _spot(
    points: NDArray[np.bool_], covered: NDArray[np.bool_], column: int, row: int | None, width: int
) -> tuple[int, int] | None:
    """Return the row and the column of a word: beside its mark, else right above or below it."""
    right, left = column + 2, column - 1 - width
    if row is None:
        spots = [(line, start) for line in range(_UPRIGHT_ROWS) for start in (right, left)]
    else:
        spots = [(row, right), (row, left)]
        overlapping = column - width // 2, column, column + 1 - width
        spots += [(line, start) for start in overlapping for line in (row - 1, row + 1)]
    for line, start in spots:
        if not (0 <= line < len(points) and start >= 0 and start + width <= points.shape[1]):
            continue
        near = points[line, max(0, start - _APART) : start + width + _APART].sum()
        if row is not None and line != row:  # a word between two rows of points could be about either
            beyond = 2 * line - row
            near += points[beyond, start : start + width].sum() if 0 <= beyond < len(points) else 0
        own = int(line == row)  # at the distance of a word from its own mark
        if near <= own and not covered[line, start : start + width].any():
            return line, start
    return None
