"""The chart of the landscape: what it shows of a snapshot, and what it tells of a place. It knows no Textual."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlterm.drawing import views
from dlterm.drawing.numbers import number_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dlterm.training.snapshot import Landscape, Snapshot

_OF = " of the path"  # which the title says
_ABOVE, _BELOW = 1, 1  # rows of the picture beside the map: its title, its scale
_DIRECTIONS = {  # of the plane
    "principal": "principal ({0}: random)",
    "random": "random ({0}: principal, {1}: new)",
}


def landscape(
    snapshot: Snapshot, cursor: tuple[float, float] | None, keys: Mapping[str, str], *, log: bool
) -> views.View:
    """The loss around the weights; until it is surveyed, that. `keys` of actions are told, by which it is changed."""
    seen = snapshot.landscape
    if seen is None:
        return views.Text((views.Line("surveying …", "muted"),))
    names = [name.removesuffix(_OF) for name in seen.surface.plane.names]
    return views.Landscape(
        seen.surface.losses,
        seen.surface.domain,
        seen.path,
        seen.here,
        (names[0], names[1]),
        log,
        cursor,
        title=_title(seen, keys, log=log),
    )


def told(snapshot: Snapshot, cursor: tuple[float, float] | None) -> str:
    """The loss where the run is; and at a place of the picture (shares of its width and height), how far that is."""
    seen, metrics = snapshot.landscape, snapshot.metrics
    if seen is None or metrics is None:
        return ""
    here = f"loss {number_text(metrics.train_loss)} here"
    if cursor is None:
        return here
    losses = seen.surface.losses
    (height, width), (across, down) = losses.shape, cursor
    loss = losses[min(int(down * height), height - 1), min(int(across * width), width - 1)]
    x0, x1, y0, y1 = seen.surface.domain
    place = f"{x0 + across * (x1 - x0):.2g}, {y1 - down * (y1 - y0):.2g}"
    return f"{here} · {number_text(float(loss))} at {place}"


def moved(cursor: tuple[float, float], across: int, down: int, size: tuple[int, int]) -> tuple[float, float]:
    """The cursor so many cells further on a picture of that size (columns, rows), at most to its edges."""
    columns, rows = max(1, size[0]), max(1, size[1] - _ABOVE - _BELOW)
    column, row = int(cursor[0] * columns) + across, int(cursor[1] * rows) + down
    return (min(max(column, 0), columns - 1) + 0.5) / columns, (min(max(row, 0), rows - 1) + 0.5) / rows


def pointed(column: int, row: int, size: tuple[int, int]) -> tuple[float, float] | None:
    """The place that a cell of the picture shows, as shares of the map; None for one beside the map."""
    columns, rows = size[0], size[1] - _ABOVE - _BELOW
    if not (0 <= column < columns and _ABOVE <= row < _ABOVE + rows):
        return None
    return (column + 0.5) / columns, (row - _ABOVE + 0.5) / rows


def _title(seen: Landscape, keys: Mapping[str, str], *, log: bool) -> str:
    named = (keys.get(action, "") for action in ("lab.landscape", "lab.directions"))
    directions = _DIRECTIONS[seen.wish.directions].format(*named)
    return (
        f"{directions} · {seen.shown:.0%} of path{' · log' if log else ''}"  # fits into 50 cells, as at 80x24
    )
