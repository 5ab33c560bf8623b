"""The decision boundary: what the network answers over the plane, and the examples on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm.drawing import palette
from dlterm.drawing.field_points import Seen, brackets, cells, crosses, point_colours, signed, some
from dlterm.drawing.frame import Frame, from_colours, message, overlaid, rows_of
from dlterm.drawing.resample import resampled_with_gaps

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dlterm.drawing.depth import Depth
    from dlterm.drawing.field_points import Domain
    from dlterm.drawing.palette import Theme
    from dlterm.training.snapshot import Points

_LEAST = 4, 2  # cells


def field_frame(
    field: NDArray[np.float32] | None,
    points: Points | None,
    domain: Domain,
    columns: int,
    rows: int,
    theme: Theme,
    *,
    depth: Depth = "truecolor",
    target_range: tuple[float, float] | None = None,
    test_points: bool = True,
    wrong: NDArray[np.bool_] | None = None,
    example: int | None = None,
) -> Frame:
    """Return the field and the points as a frame of columns x rows cells; x grows rightwards, y upwards.

    `field` is [1, height, width] in -1..1 or [classes, height, width] of probabilities, its first row the top
    of the domain (x0, x1, y0, y1); what is not finite is left blank. `target_range` is the values that -1 and 1
    stand for in a regression, None in a classification. Test points are paler than training points (in a light
    theme darker), or left out. Six classes have colours of their own; then these repeat. The points that are
    `wrong` [examples] are crosses (without colours: letters with an exclamation mark), the point with the number
    `example` stands in brackets. Too small a frame, or no field, gives a message.
    """
    if field is None or columns < _LEAST[0] or rows < _LEAST[1]:
        text = "no field yet" if field is None else "too small"
        return message(text, columns, rows, theme.muted, theme.background)
    theme = palette.reduced(theme, depth)
    seen = Seen.of(points, wrong, test_points=test_points)
    draw = _lettered if depth == "none" else _coloured
    frame = draw(field, seen, domain, columns, rows, theme, target_range)
    if points is None or example is None:
        return frame
    return overlaid(frame, brackets(some(points, [example]), domain, columns, rows, theme))


def answers(field: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a classifier's field with the answer alone, without how sure it is."""
    if len(field) == 1:
        return (2 * (field > 0) - 1).astype(np.float32)
    return (field == field.max(0)).astype(np.float32)


def _coloured(
    field: NDArray[np.float32],
    seen: Seen | None,
    domain: Domain,
    columns: int,
    rows: int,
    theme: Theme,
    target_range: tuple[float, float] | None,
) -> Frame:
    values, gaps = resampled_with_gaps(field, 2 * rows, columns)
    colours = _field_colours(values, theme)
    colours[gaps.any(axis=0)] = theme.background
    if seen is None:
        return from_colours(colours)
    paper = colours[1::2].copy()
    dots, marked = (
        point_colours(points, len(field), theme, target_range) for points in (seen.dots, seen.crosses)
    )
    _dot(colours, seen.dots, domain, dots)
    frame = from_colours(colours)
    if not len(marked):
        return frame
    return overlaid(frame, crosses(seen.crosses, marked, paper, domain))


def _field_colours(values: NDArray[np.float32], theme: Theme) -> NDArray[np.int32]:
    if len(values) == 1:
        return palette.packed_ramp(theme.ramp, theme.smooth)[palette.levels(values[0])]
    best, lead = _answers(values)
    middle = theme.ramp[len(theme.ramp) // 2]
    ramps = np.stack([palette.packed_ramp((middle, colour), theme.smooth) for colour in theme.classes])
    return ramps[best % len(ramps), palette.levels(2 * lead - 1)]


def _answers(probabilities: NDArray[np.float32]) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Return the likeliest class and its lead over the second (0..1)."""
    first, second = np.partition(probabilities, -2, axis=0)[:-3:-1]
    return probabilities.argmax(axis=0), first - second


def _dot(colours: NDArray[np.int32], points: Points, domain: Domain, dots: NDArray[np.int32]) -> None:
    """Colour the pixel of each point, in place; test points come last, over training points."""
    down, across, shown = cells(points, domain, *colours.shape)
    order = np.argsort(points.held_out[shown], kind="stable")
    colours[down[order], across[order]] = dots[shown[order]]


def _lettered(
    field: NDArray[np.float32],
    seen: Seen | None,
    domain: Domain,
    columns: int,
    rows: int,
    theme: Theme,
    target_range: tuple[float, float] | None,
) -> Frame:
    """Return the field in shades or textures and the points as letters, for where there are no colours."""
    values, gaps = resampled_with_gaps(field, rows, columns)
    if len(field) == 1:
        glyphs = palette.SHADES[palette.levels(values[0], len(palette.SHADES))]
    else:
        glyphs = palette.TEXTURES[values.argmax(axis=0) % len(palette.TEXTURES)]
    glyphs[gaps.any(axis=0)] = " "
    for points, marked in ((seen.dots, False), (seen.crosses, True)) if seen else ():
        down, across, shown = cells(points, domain, rows, columns)
        targets, held_out = points.targets[shown], points.held_out[shown]
        kinds = targets if len(field) > 1 else signed(targets, target_range) > 0
        glyphs[down, across] = palette.CLASS_GLYPHS[
            kinds.astype(np.intp) % len(palette.CLASS_GLYPHS), held_out.astype(np.intp)
        ]
        if marked:
            glyphs[down, np.where(across + 1 < columns, across + 1, across - 1)] = "!"
    colours = np.full(glyphs.shape, theme.text, np.int32), np.full(glyphs.shape, theme.background, np.int32)
    return Frame(rows_of(glyphs), *colours)
