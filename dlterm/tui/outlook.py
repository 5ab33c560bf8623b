"""The chart of the landscape: what it shows of a snapshot, and what it tells of a place. It knows no Textual."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlterm.drawing import views
from dlterm.drawing.numbers import number_text

if TYPE_CHECKING:
    from dlterm.training.snapshot import Landscape, Snapshot

_ABOVE, _BELOW = 1, 1  # rows of the picture beside the map: its title, its scale
_DIRECTIONS = {"principal": "the run's own directions", "random": "random directions"}


def landscape(snapshot: Snapshot, cursor: tuple[float, float] | None, keys: str, *, log: bool) -> views.View:
    """The loss around the weights; until it is surveyed, that. `keys` say how other directions are chosen."""
    seen = snapshot.landscape
    if seen is None:
        return views.Text((views.Line("surveying …", "muted"),))
    return views.Landscape(
        seen.surface.losses,
        seen.surface.domain,
        seen.path,
        seen.here,
        seen.surface.plane.names,
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


def _title(seen: Landscape, keys: str, *, log: bool) -> str:
    scale = "log loss" if log else "loss"
    directions = _DIRECTIONS[seen.wish.directions]
    return f"{scale} · {directions} ({keys}) · {seen.shown:.0%} of the path lies in this plane"
