"""What a learner draws, and the brush: every pixel a square, as large as there is room for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm.drawing import palette
from dlterm.drawing.depth import DEFAULT
from dlterm.drawing.frame import Frame, Label, blank, fitted, from_colours, overlaid, quantised, rows_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dlterm.drawing.depth import Depth
    from dlterm.drawing.palette import Theme

_INK_ON_DEFAULT = 0xC0C0C0
_PAPER = 0.09  # how far an empty pixel is from the ground towards the ink, so that the sheet is seen


def canvas_scale(shape: tuple[int, int], columns: int, rows: int) -> int:
    """Return the half cells that a side of a pixel takes, the most there is room for; 0 where there is none."""
    down, across = shape
    return min(columns // across, 2 * rows // down)


def canvas_frame(
    pixels: NDArray[np.float32],
    brush: tuple[int, int] | None,
    columns: int,
    rows: int,
    theme: Theme,
    depth: Depth = "truecolor",
) -> Frame:
    """Return pixels [rows, columns] of 0..1 from the upper left on, that under the brush (row, column) told apart."""
    theme = palette.reduced(theme, depth)
    scale = canvas_scale(pixels.shape, columns, rows)
    if scale < 1:
        return blank(columns, rows, theme.background)
    if depth == "none":
        return _lettered(pixels, brush, scale, columns, rows, theme)
    colours = _colours(pixels, theme)
    if brush is not None:
        colours[brush] = theme.positive if pixels[brush] < 0.5 else theme.negative
    drawn = colours.repeat(scale, axis=0).repeat(scale, axis=1)
    if len(drawn) % 2:
        drawn = np.concatenate([drawn, np.full_like(drawn[:1], theme.background)])
    return fitted(from_colours(drawn), columns, rows, theme.background)


def _colours(pixels: NDArray[np.float32], theme: Theme) -> NDArray[np.int32]:
    """Return 0xRRGGBB of each pixel, between paper and ink."""
    ink = palette.channels(_INK_ON_DEFAULT if theme.text == DEFAULT else theme.text)
    ground = palette.channels(0 if theme.background == DEFAULT else theme.background)
    share = (_PAPER + (1 - _PAPER) * pixels)[..., None]
    return quantised(ground + share * (ink - ground))


def _lettered(
    pixels: NDArray[np.float32],
    brush: tuple[int, int] | None,
    scale: int,
    columns: int,
    rows: int,
    theme: Theme,
) -> Frame:
    """Return shades, where there are no colours: a row of cells for two halves."""
    halves = pixels.repeat(scale, axis=0).repeat(scale, axis=1)
    if len(halves) % 2:
        halves = np.concatenate([halves, halves[-1:]])
    shades = (halves[0::2] + halves[1::2]) / 2
    glyphs = palette.GREYS[palette.levels(2 * shades - 1, len(palette.GREYS))]
    glyphs = np.where(shades > 0, glyphs, "·")
    cells = np.full(glyphs.shape, theme.text, np.int32), np.full(glyphs.shape, theme.background, np.int32)
    frame = Frame(rows_of(glyphs), *cells)
    if brush is not None:
        frame = overlaid(frame, [Label(brush[0] * scale // 2, brush[1] * scale, "+", theme.text)])
    return fitted(frame, columns, rows, theme.background)
