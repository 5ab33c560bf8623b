"""The decision boundary: what the network answers over the plane, and the examples on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm.drawing import palette
from dlterm.drawing.frame import Frame, from_colours, message, rows_of
from dlterm.drawing.resample import resampled_with_gaps

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dlterm.drawing.depth import Depth
    from dlterm.drawing.palette import Theme
    from dlterm.training.snapshot import Points

_LEAST = 4, 2  # cells

Domain = tuple[float, float, float, float]


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
) -> Frame:
    """Return the field and the points as a frame of columns x rows cells; x grows rightwards, y upwards.

    `field` is [1, height, width] in -1..1 or [classes, height, width] of probabilities, its first row the top
    of the domain (x0, x1, y0, y1); what is not finite is left blank. `target_range` is the values that -1 and 1
    stand for in a regression, None in a classification. Test points are paler than training points (in a light
    theme darker), or left out. Six classes have colours of their own; then these repeat. Too small a frame, or
    no field, gives a message.
    """
    if field is None or columns < _LEAST[0] or rows < _LEAST[1]:
        text = "no field yet" if field is None else "too small"
        return message(text, columns, rows, theme.muted, theme.background)
    if points is not None and not test_points:
        points = _training(points)
    if depth == "none":
        return _lettered(field, points, domain, columns, rows, theme, target_range)
    theme = palette.reduced(theme, depth)
    values, gaps = resampled_with_gaps(field, 2 * rows, columns)
    colours = _field_colours(values, theme)
    colours[gaps.any(axis=0)] = theme.background
    if points is not None:
        _dot(colours, points, domain, len(field), theme, target_range)
    return from_colours(colours)


def _training(points: Points) -> Points:
    kept = ~points.held_out
    return type(points)(points.inputs[kept], points.targets[kept], points.held_out[kept])


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


def _dot(
    colours: NDArray[np.int32],
    points: Points,
    domain: Domain,
    outputs: int,
    theme: Theme,
    target_range: tuple[float, float] | None,
) -> None:
    """Colour the pixel of each point, in place; test points come last, over training points."""
    down, across, shown = _cells(points, domain, *colours.shape)
    targets, held_out = points.targets[shown], points.held_out[shown]
    dots = np.where(
        held_out,
        _point_colours(targets, outputs, theme, target_range, test=True),
        _point_colours(targets, outputs, theme, target_range, test=False),
    )
    order = np.argsort(held_out, kind="stable")
    colours[down[order], across[order]] = dots[order]


def _cells(
    points: Points, domain: Domain, rows: int, columns: int
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Return the row and the column of each point inside the domain, and which points these are."""
    x0, x1, y0, y1 = domain
    x, y = points.inputs[:, 0], points.inputs[:, 1]
    shown = np.flatnonzero((x >= x0) & (x <= x1) & (y >= y0) & (y <= y1))
    across = (x[shown] - x0) / ((x1 - x0) or 1.0) * columns
    down = (y1 - y[shown]) / ((y1 - y0) or 1.0) * rows
    return down.astype(np.intp).clip(0, rows - 1), across.astype(np.intp).clip(0, columns - 1), shown


def _point_colours(
    targets: NDArray[np.float32],
    outputs: int,
    theme: Theme,
    target_range: tuple[float, float] | None,
    *,
    test: bool,
) -> NDArray[np.int32]:
    if outputs == 1:
        ramp = palette.packed_ramp(theme.point_ramps[test], theme.smooth)
        return ramp[palette.levels(_signed(targets, target_range))]
    inks = np.array(theme.class_points[test], np.int32)
    return inks[targets.astype(np.intp) % len(inks)]


def _signed(targets: NDArray[np.float32], target_range: tuple[float, float] | None) -> NDArray[np.float32]:
    """Return targets as the field has them: -1..1."""
    low, high = target_range or (0.0, 1.0)
    return (targets - low) * (2 / ((high - low) or 1.0)) - 1


def _lettered(
    field: NDArray[np.float32],
    points: Points | None,
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
    if points is not None:
        down, across, shown = _cells(points, domain, rows, columns)
        targets, held_out = points.targets[shown], points.held_out[shown]
        kinds = targets if len(field) > 1 else _signed(targets, target_range) > 0
        glyphs[down, across] = palette.CLASS_GLYPHS[
            kinds.astype(np.intp) % len(palette.CLASS_GLYPHS), held_out.astype(np.intp)
        ]
    cells = np.full(glyphs.shape, theme.text, np.int32), np.full(glyphs.shape, theme.background, np.int32)
    return Frame(rows_of(glyphs), *cells)
