"""The examples on a field: where they are, their colours, and marks on those that are worth a look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dlterm.drawing import palette
from dlterm.drawing.frame import Label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from dlterm.drawing.palette import Theme
    from dlterm.training.snapshot import Points

Domain = tuple[float, float, float, float]


def cells(
    points: Points, domain: Domain, rows: int, columns: int
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Return the row and the column of each point inside the domain, and which points these are."""
    x0, x1, y0, y1 = domain
    x, y = points.inputs[:, 0], points.inputs[:, 1]
    shown = np.flatnonzero((x >= x0) & (x <= x1) & (y >= y0) & (y <= y1))
    across = (x[shown] - x0) / ((x1 - x0) or 1.0) * columns
    down = (y1 - y[shown]) / ((y1 - y0) or 1.0) * rows
    return down.astype(np.intp).clip(0, rows - 1), across.astype(np.intp).clip(0, columns - 1), shown


def point_colours(
    points: Points, outputs: int, theme: Theme, target_range: tuple[float, float] | None
) -> NDArray[np.int32]:
    """Return each point's colour: by its class or value, and by whether it is held out."""
    train, test = (
        _colours(points.targets, outputs, theme, target_range, test=test) for test in (False, True)
    )
    return np.where(points.held_out, test, train)


def _colours(
    targets: NDArray[np.float32],
    outputs: int,
    theme: Theme,
    target_range: tuple[float, float] | None,
    *,
    test: bool,
) -> NDArray[np.int32]:
    if outputs == 1:
        ramp = palette.packed_ramp(theme.point_ramps[test], theme.smooth)
        return ramp[palette.levels(signed(targets, target_range))]
    inks = np.array(theme.class_points[test], np.int32)
    return inks[targets.astype(np.intp) % len(inks)]


def signed(targets: NDArray[np.float32], target_range: tuple[float, float] | None) -> NDArray[np.float32]:
    """Return targets as the field has them: -1..1."""
    low, high = target_range or (0.0, 1.0)
    return (targets - low) * (2 / ((high - low) or 1.0)) - 1


def some(points: Points, kept: NDArray[np.bool_] | list[int]) -> Points:
    """Return some of the points."""
    return type(points)(points.inputs[kept], points.targets[kept], points.held_out[kept])


@dataclass(frozen=True, slots=True)
class Seen:
    """The points that are drawn as such, and those that are crossed."""

    dots: Points
    crosses: Points

    @classmethod
    def of(cls, points: Points | None, wrong: NDArray[np.bool_] | None, *, test_points: bool) -> Seen | None:
        """All points or only those trained on; those that are `wrong` are crossed."""
        if points is None:
            return None
        shown = np.ones_like(points.held_out) if test_points else ~points.held_out
        crossed = np.zeros_like(shown) if wrong is None else wrong
        return cls(some(points, shown & ~crossed), some(points, shown & crossed))


def crosses(
    points: Points, colours: NDArray[np.int32], paper: NDArray[np.int32], domain: Domain
) -> Iterator[Label]:
    """Yield a cross for each point, in its colour, over the field's colours [rows, columns]."""
    down, across, shown = cells(points, domain, *paper.shape)
    for row, column, number in zip(down.tolist(), across.tolist(), shown.tolist(), strict=True):
        yield Label(row, column, "╳", int(colours[number]), int(paper[row, column]))


def brackets(points: Points, domain: Domain, columns: int, rows: int, theme: Theme) -> Iterator[Label]:
    """Yield brackets to both sides of the points."""
    down, across, _ = cells(points, domain, rows, columns)
    for row, column in zip(down.tolist(), across.tolist(), strict=True):
        yield Label(row, column - 1, "[", theme.text, theme.background)
        yield Label(row, column + 1, "]", theme.text, theme.background)


def nearest(
    points: Points,
    domain: Domain,
    columns: int,
    rows: int,
    cell: tuple[int, int],
    most: float,
    *,
    test_points: bool = True,
) -> int | None:
    """Return the number of the point drawn nearest to the middle of a cell (column, row), at most so many columns away.

    A row counts as two columns. None where there is no such point; test points may be left out.
    """
    x0, x1, y0, y1 = domain
    across = (points.inputs[:, 0] - x0) / ((x1 - x0) or 1.0) * columns - (cell[0] + 0.5)
    down = (y1 - points.inputs[:, 1]) / ((y1 - y0) or 1.0) * rows - (cell[1] + 0.5)
    distance = np.nan_to_num(np.hypot(across, 2 * down), nan=np.inf)
    if not test_points:
        distance[points.held_out] = np.inf
    if not len(distance):
        return None
    number = int(distance.argmin())
    return number if distance[number] <= most and np.isfinite(distance[number]) else None
