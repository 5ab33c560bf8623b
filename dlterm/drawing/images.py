"""Images in a grid, as large as they fit, each with its title above."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from rich.cells import cell_len

from dlterm.drawing import palette
from dlterm.drawing.frame import Frame, Label, from_colours, message, overlaid, quantised, rows_of, shortened
from dlterm.drawing.resample import resampled_with_gaps
from dlterm.drawing.words import more

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from dlterm.drawing.depth import Depth
    from dlterm.drawing.palette import Theme
    from dlterm.drawing.views import Images

_LEAST_TILE = 4  # pixels across and down
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)


@dataclass(frozen=True, slots=True)
class _Grid:
    """So many tiles side by side; `scale` pixels for one of an image's; `titles` rows above each tile."""

    across: int
    width: int
    rows: int
    scale: float
    titles: int

    def origin(self, number: int) -> tuple[int, int]:
        """Return the row of a tile, that of its title, and its column."""
        down, across = divmod(number, self.across)
        return down * self.rows, across * (self.width + 1)


def images_frame(view: Images, columns: int, rows: int, theme: Theme, depth: Depth) -> Frame:
    """Return the images at one scale, a pixel or more apart; what has no room is counted in the last row."""
    if not view.images:
        return message("no images yet", columns, rows, theme.muted, theme.background)
    count = _room(columns, rows, len(view.images), titled=bool(view.titles))
    if not count or min(view.images[0].shape[:2]) == 0:
        return message("too small", columns, rows, theme.muted, theme.background)
    grid = _grid(view, count, columns, rows - (count < len(view.images)))
    shares = np.full((2 * rows, columns, 3), np.nan, np.float32)
    for number, image in enumerate(view.images[:count]):
        row, column = grid.origin(number)
        _paste(shares, _shares(image, signed=view.signed), 2 * (row + grid.titles), column, grid)
    frame = (_lettered if depth == "none" else _coloured)(shares, theme, signed=view.signed)
    return overlaid(frame, _titles(view, count, grid, rows, theme))


def _room(columns: int, rows: int, count: int, *, titled: bool) -> int:
    """Return how many images there is room for at the least size; one is drawn in any room but none."""
    across, tall = (columns + 1) // (_LEAST_TILE + 1), _LEAST_TILE // 2 + 1 + titled
    if across * ((rows + 1) // tall) >= count:
        return count
    return max(across * (rows // tall), int(columns > 1 + titled and rows > 1 + titled))


def _grid(view: Images, count: int, columns: int, rows: int) -> _Grid:
    """Return the grid of those possible whose images are largest."""
    height = max(image.shape[0] for image in view.images[:count])
    width = max(image.shape[1] for image in view.images[:count])
    titles = int(bool(view.titles))

    def fitted(across: int) -> _Grid:
        down = -(-count // across)
        room = max(1, (columns + 1) // across - 1), max(1, 2 * ((rows + 1) // down - titles) - 1)
        scale = min(room[0] / width, room[1] / height)
        scale = float(int(scale)) if scale >= 1 else scale
        tile = max(1, round(width * scale)), max(1, round(height * scale))
        return _Grid(across, tile[0], (tile[1] + 2) // 2 + titles, scale, titles)

    if view.columns > 0:
        return fitted(min(view.columns, count))
    return max((fitted(across) for across in range(1, count + 1)), key=lambda grid: (grid.scale, grid.across))


def _shares(image: NDArray[np.floating] | NDArray[np.uint8], *, signed: bool) -> NDArray[np.float32]:
    """Return [height, width, 3] of 0..1, or of -1..1 where signed; NaN is a gap."""
    scale = 255 if np.issubdtype(image.dtype, np.integer) else 1
    shares = np.asarray(image / scale, np.float32)
    shares = np.where(np.isfinite(shares), shares, np.float32(np.nan)).clip(-1 if signed else 0, 1)
    return np.repeat(shares[..., None], 3, axis=2) if shares.ndim == 2 else shares[..., :3]


def _paste(shares: NDArray[np.float32], image: NDArray[np.float32], y: int, x: int, grid: _Grid) -> None:
    if grid.scale >= 1:  # a whole number: pixels stay pixels
        drawn = image.repeat(int(grid.scale), axis=0).repeat(int(grid.scale), axis=1)
    else:
        height, width = (max(1, round(size * grid.scale)) for size in image.shape[:2])
        drawn, gaps = resampled_with_gaps(image.transpose(2, 0, 1), height, width)
        drawn = np.where(gaps, np.nan, drawn).transpose(1, 2, 0)
    height, width = drawn.shape[:2]
    part = shares[y : y + height, x : x + width]
    part[:] = drawn[: part.shape[0], : part.shape[1]]


def _coloured(shares: NDArray[np.float32], theme: Theme, *, signed: bool) -> Frame:
    if signed:
        colours = palette.packed_ramp(theme.ramp, theme.smooth)[palette.levels(shares[..., 0])]
    else:
        colours = quantised(255 * np.nan_to_num(shares))
    return from_colours(np.where(np.isnan(shares).any(axis=2), np.int32(theme.background), colours))


def _lettered(shares: NDArray[np.float32], theme: Theme, *, signed: bool) -> Frame:
    """Return a shade a cell, of its two pixels together."""
    grey = shares[..., 0] if signed else shares @ _LUMA
    upper, lower = grey[0::2], grey[1::2]
    means = np.where(np.isnan(upper), lower, np.where(np.isnan(lower), upper, (upper + lower) / 2))
    shades = palette.SHADES if signed else palette.GREYS
    glyphs = shades[palette.levels(means if signed else 2 * means - 1, len(shades))]
    glyphs[np.isnan(means)] = " "
    cells = np.full(glyphs.shape, theme.text, np.int32), np.full(glyphs.shape, theme.background, np.int32)
    return Frame(rows_of(glyphs), *cells)


def _titles(view: Images, count: int, grid: _Grid, rows: int, theme: Theme) -> Iterator[Label]:
    for number, title in enumerate(view.titles[:count]):
        row, column = grid.origin(number)
        text = shortened(title, grid.width)
        yield Label(row, column + (grid.width - cell_len(text)) // 2, text, theme.muted)
    if count < len(view.images):
        yield Label(rows - 1, 0, more(len(view.images) - count), theme.muted)
