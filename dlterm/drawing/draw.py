"""Any view as a frame of any size: the one way from what there is to show to the cells that show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlterm.drawing import palette, views
from dlterm.drawing.bars import bars_frame
from dlterm.drawing.curves import curves_frame
from dlterm.drawing.field import field_frame
from dlterm.drawing.flow import flow_frame
from dlterm.drawing.frame import Frame, Label, blank, fitted, overlaid, shortened, stacked
from dlterm.drawing.graph import graph_frame
from dlterm.drawing.heat_map import heat_map_frame
from dlterm.drawing.histograms import histograms_frame
from dlterm.drawing.images import images_frame
from dlterm.drawing.landscape import landscape_frame
from dlterm.drawing.network import network_frame
from dlterm.drawing.table import table_frame
from dlterm.drawing.timeline import timeline_frame
from dlterm.drawing.waveform import waveform_frame
from dlterm.drawing.words import number_frame, text_frame

if TYPE_CHECKING:
    from collections.abc import Callable

    from dlterm.drawing.depth import Depth
    from dlterm.drawing.palette import Theme

    Drawer = Callable[[Any, int, int, Theme, Depth], Frame]


def draw(
    view: views.View, width: int, height: int, theme: Theme = palette.DARK, depth: Depth = "truecolor"
) -> Frame:
    """Return the view in exactly width x height cells, whatever the size and the numbers.

    What there is no room for is cut, counted ("+3 more") or replaced by "too small".
    """
    theme = palette.reduced(theme, depth)
    if width < 1 or height < 1:
        return blank(width, height, theme.background)
    titled = bool(view.title) and height > 1
    with np.errstate(
        all="ignore"
    ):  # numbers may be anything; what overflows is drawn at the edge or not at all
        body = _DRAWN_BY[type(view)](view, width, height - titled, theme, depth)
    body = fitted(body, width, height - titled, theme.background)
    return stacked([_title(view.title, width, theme), body]) if titled else body


def _title(text: str, width: int, theme: Theme) -> Frame:
    return overlaid(blank(width, 1, theme.background), [Label(0, 0, shortened(text, width), theme.text)])


def _field(view: views.Field, width: int, height: int, theme: Theme, depth: Depth) -> Frame:
    values = view.values if view.values is not None and view.values.size else None
    if values is None and view.points is not None and len(view.points.targets):
        kinds = int(np.nan_to_num(view.points.targets).clip(0, len(theme.classes) - 1).max()) + 1
        values = np.zeros(
            (kinds if kinds > 2 else 1, 1, 1), np.float32
        )  # points, on a ground that says nothing
    return field_frame(
        values, view.points, view.domain, width, height, theme, depth=depth, target_range=view.target_range
    )


def _network(view: views.Network, width: int, height: int, theme: Theme, depth: Depth) -> Frame:
    return network_frame(
        view.maps,
        view.weights,
        view.biases,
        width,
        height,
        theme,
        features=view.features,
        classes=view.classes,
        depth=depth,
    ).frame


def _alike(drawer: Callable[[Any, int, int, Theme], Frame]) -> Drawer:
    """Return the drawer of a view whose cells are the same at every depth, colours apart."""
    return lambda view, width, height, theme, _: drawer(view, width, height, theme)


_DRAWN_BY: dict[type[views.View], Drawer] = {
    views.Bars: bars_frame,
    views.Curves: curves_frame,
    views.Field: _field,
    views.Flow: _alike(flow_frame),
    views.Graph: graph_frame,
    views.HeatMap: heat_map_frame,
    views.Histograms: _alike(histograms_frame),
    views.Images: images_frame,
    views.Landscape: landscape_frame,
    views.Network: _network,
    views.Number: _alike(number_frame),
    views.Table: _alike(table_frame),
    views.Text: _alike(text_frame),
    views.Timeline: _alike(timeline_frame),
    views.Waveform: _alike(waveform_frame),
}
