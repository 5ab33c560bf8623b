"""Views of an experiment side by side and below each other, as the room allows."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.containers import Grid

from dlterm.tui.experiment_arrangement import Shape, rows_of
from dlterm.tui.widgets.view_pane import ViewPane

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.widget import Widget

    from dlterm.drawing.views import View

_SQUARE, _CURVES = Shape("square"), Shape(wanted=(20, 5))  # smaller curves have hardly any ticks
_SHORT, _CHARACTERS = (4, 8), 60  # rows of a text that is short; characters in one of them


class ShownView(ViewPane, can_focus=True):
    """One of them, its title in its frame."""

    topic = "views"
    _given: View | None = None

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self._otherwise = title  # where a view has no title of its own

    def show(self, view: View | None) -> None:
        """Show a view, if it is another one."""
        if view is not self._given and view is not None:
            self._given = view
            self.head(view.title or self._otherwise)
            super().show(replace(view, title=""))


class ViewGrid(Grid):
    """Shows the views of a moment; a row of it for as many of them as have the best of the room so."""

    DEFAULT_CSS = """
    ViewGrid {
        height: 1fr; width: 1fr; grid-gutter: 0 1;
        ShownView {
            background: $surface; border-top: solid $border; border-title-color: $foreground;
            border-title-style: not bold;
        }
        ShownView:focus { border-top: solid $primary; }
        Raster { height: 1fr; background: $surface; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._sheets: dict[Widget, Shape] = {}
        self._shapes: tuple[Shape, ...] = ()
        self._panes: dict[str, ShownView] = {}
        self._arranged: object = None

    def accompany(self, sheets: Mapping[Widget, Shape]) -> None:
        """Have sheets to draw on stand before the first of the views, from when there are any."""
        self._sheets = dict(sheets)

    def show(self, views: Mapping[str, View]) -> None:
        """Show the views of a moment; those of another experiment take the place of the ones before."""
        if [*views] != [*self._panes]:
            self._exchange(views)
        for name, view in views.items():
            self._panes[name].show(view)
        shapes = tuple(map(_shape, views.values()))
        if shapes != self._shapes:
            self._shapes = shapes
            self.arrange_views()

    @property
    def drawn(self) -> bool:
        """Whether every view has its picture."""
        panes = self._panes.values()
        return bool(panes) and all(
            pane.raster is not None and pane.raster.frame is not None for pane in panes
        )

    def on_resize(self) -> None:
        """Share out the new size."""
        self.arrange_views()

    def arrange_views(self) -> None:
        """Give each its place."""
        if not self.is_attached:
            return
        shapes = (*self._sheets.values(), *self._shapes)
        edge = (2, 2) if self.screen.has_class("-framed") else (1, 1)
        rows = rows_of(shapes, *self.size, edge) if self.size and self._panes else ()
        if not rows or (rows, edge) == self._arranged:
            return
        self._arranged = rows, edge
        across = math.lcm(*(row.views for row in rows))
        self.styles.grid_size_columns, self.styles.grid_size_rows = across, len(rows)
        self.styles.grid_rows = " ".join(str(row.rows) for row in rows)
        spans = [across // row.views for row in rows for _ in range(row.views)]
        for widget, span in zip([*self._sheets, *self._panes.values()], spans, strict=True):
            widget.styles.column_span = span

    def _exchange(self, views: Mapping[str, View]) -> None:
        for pane in self._panes.values():
            pane.remove()
        self._panes = {}
        for name in views:
            self._panes[name] = ShownView(name)
        with self.app.batch_update():
            self.mount_all([*(sheet for sheet in self._sheets if not sheet.parent), *self._panes.values()])
        self._arranged, self._shapes = None, ()


def _shape(view: View) -> Shape:
    """What a view has use for."""
    from dlterm.drawing import views

    match view:
        case views.Field() | views.Landscape() | views.Graph() | views.Images():
            return _SQUARE
        case views.Curves():
            return _CURVES
        case views.HeatMap() if view.row_labels:
            return Shape(wanted=(len(view.values[0]) + 3, len(view.row_labels) + bool(view.column_labels)))
        case views.Bars():
            return Shape(rows=len(view.labels) + view.log)
        case views.Number():
            return Shape(rows=2)
        case views.Text():
            lines = sum(1 + len(line.text) // _CHARACTERS for line in view.lines)
            return Shape(rows=next((rows for rows in _SHORT if lines <= rows), 0))
        case views.Waveform():
            return Shape(rows=8)
    return Shape()
