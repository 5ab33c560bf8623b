"""Views outside a screen: for a Rich console (and its recorder's SVG), as plain text, as JSON."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dlterm.drawing import views
from dlterm.drawing.depth import console_depth
from dlterm.drawing.draw import draw
from dlterm.drawing.flow import flow_height
from dlterm.drawing.frame import fitted
from dlterm.drawing.palette import DARK
from dlterm.drawing.words import text_height

if TYPE_CHECKING:
    from rich.console import Console

    from dlterm.drawing.depth import Depth
    from dlterm.drawing.frame import Frame
    from dlterm.drawing.palette import Theme

_PICTURE = 18  # rows of a view that has no height of its own
_WAVEFORM = 8
_TALLEST = 500  # rows: what is longer is counted
_WIDEST = 500  # columns: COLUMNS may say anything


def as_rich(view: views.View, console: Console, *, height: int | None = None, theme: Theme = DARK) -> Frame:
    """Return the view as wide as the console and as colourful as it shows, to be printed by it."""
    return _drawn(view, min(console.width, _WIDEST), height, theme, console_depth(console))


def as_text(view: views.View, width: int = 80, height: int | None = None) -> str:
    """Return the view as lines without colours and without blanks at their ends."""
    frame = _drawn(view, width, height, DARK, "none")
    return "\n".join(line.rstrip() for line in str(frame).split("\n"))


def as_json(view: views.View) -> dict[str, Any]:
    """Return the view's data for `json.dumps`: its kind as "view"; arrays as lists, None for what is not finite."""
    return {"view": type(view).__name__, **_plain(view)}


def natural_height(view: views.View, width: int) -> int:
    """Return rows enough to show the whole view at a width, its title's among them."""
    return max(1, min(_TALLEST, _body(view, width) + bool(view.title)))


def _drawn(view: views.View, width: int, height: int | None, theme: Theme, depth: Depth) -> Frame:
    """Return the view in the height asked for, or in its own: without empty rows at its end."""
    if height is not None:
        return draw(view, width, height, theme, depth)
    frame = draw(view, width, natural_height(view, width), theme, depth)
    empty = (frame.background == theme.background).all(axis=1)
    empty &= np.array([row.isspace() for row in frame.glyphs])
    return fitted(frame, width, max(1, len(empty) - int(empty[::-1].argmin())), theme.background)


def _body(view: views.View, width: int) -> int:
    match view:
        case views.Text():
            return text_height(view, width)
        case views.Table():
            return len(view.rows) + 1
        case views.Timeline():
            return len(view.events)
        case views.Flow():
            return flow_height(view, width)
        case views.Bars():
            return len(view.labels) + view.log
        case views.Number():
            return 1 + bool(view.label)
        case views.HeatMap() if len(view.values) > _PICTURE // 2:
            return len(view.values) + bool(view.column_labels)
        case views.Waveform():
            return _WAVEFORM
    return _PICTURE


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, (tuple, list)):
        return [_plain(part) for part in value]
    if isinstance(value, np.generic | np.ndarray):
        return _plain(value.tolist())
    return None if isinstance(value, float) and not np.isfinite(value) else value
