"""The chart pane: one of several charts, whose names stand in its upper edge."""

from __future__ import annotations

import asyncio
import importlib
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.content import Content
from textual.message import Message

from dlterm.tui import describe, outlook
from dlterm.tui.actions import bindings
from dlterm.tui.app import DltermApp
from dlterm.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.binding import BindingType

    from dlterm.training.snapshot import Snapshot
    from dlterm.tui.charts import Chart, Choices
    from dlterm.tui.describe import Neuron
    from dlterm.tui.widgets.raster import Raster

_SECONDS = 0.15  # between two charts of one run


class ChartPane(Pane, can_focus=True):
    """Shows a chart. One takes 10 to 30 ms, so it is drawn on a thread: keys are answered meanwhile."""

    PLACE = "charts"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(PLACE)]

    app = getters.app(DltermApp)

    class Chosen(Message):
        """Another chart is to be shown."""

        def __init__(self, chart: str) -> None:
            super().__init__()
            self.chart = chart

    def __init__(self, title: str, *, named: bool = True) -> None:
        """Without names in its upper edge (`named`) it has a title, and its news are another's to tell."""
        super().__init__(title)
        self._named = named
        self._due = 0.0
        self._drawing = False
        self._charts: Sequence[Chart] = ()
        self._shown: Chart | None = None
        self._first = 0, 0
        self._cursor: tuple[float, float] | None = None  # shares of the width and of the height
        self._hovered: tuple[float, float] | None = None

    async def open(self) -> None:
        """Load what draws beside the event loop, and put the picture in."""
        for module in ("dlterm.tui.charts", "dlterm.drawing.draw"):
            await asyncio.to_thread(importlib.import_module, module)
        await super().open()

    @property
    def topic(self) -> str:
        """The help that explains the chart shown."""
        return self._shown.id if self._shown else ""

    def show(self, snapshot: Snapshot, chart: str, neuron: Neuron | None, *, log: bool) -> None:
        """Draw a chart of a snapshot, unless the last one is too young; where it says nothing here, the first."""
        from dlterm.tui.charts import NAMED, Choices, fitting

        self._choose(fitting(snapshot), chart)
        assert self._shown is not None, "it was chosen"
        is_due = monotonic() >= self._due
        if self._named and (is_due or self._shown.tell is not None):
            self.tell(self._told(snapshot))
        if self._drawing or not is_due:
            return
        keys = {action: self.app.keys.first(action) for action in NAMED}
        choices = Choices(log, neuron, self._first, keys, self._pointed)
        if self.is_new(snapshot.number, self._shown, choices):
            self._due, self._drawing = monotonic() + _SECONDS, True
            self.run_worker(self._draw(self._shown, snapshot, choices))

    def neighbour(self, chart: str, by: int) -> str:
        """Return the chart so many places after another; where that is not here, after the one shown."""
        charts = [chart.id for chart in self._charts]
        if not charts:
            return chart
        return charts[(charts.index(chart if chart in charts else self.topic) + by) % len(charts)]

    @property
    def needs_lens(self) -> bool:
        """Whether the chart shown is made of what the lens tells."""
        return self._shown is not None and self._shown.lens

    def action_show(self, chart: str) -> None:
        """Ask for a chart by its id."""
        self.post_message(self.Chosen(chart))

    def action_scroll(self, down: int, across: int) -> None:
        """Leave out more rows and layers before those in sight, or fewer; or move the cursor, where there is one."""
        self._due = 0.0
        if self._shown is not None and self._shown.tell is not None and self.raster is not None:
            self._hovered = None
            self._cursor = outlook.moved(self._cursor or (0.5, 0.5), across, down, self.raster.size)
            return
        self._first = max(0, self._first[0] + down), max(0, self._first[1] + across)

    def on_raster_hovered(self, message: Raster.Hovered) -> None:
        """Tell of the place that the mouse points at."""
        if self.raster is not None:
            self._hovered = outlook.pointed(message.column, message.row, self.raster.size)

    def on_raster_left(self) -> None:
        """Tell of it no more."""
        self._hovered = None

    def _told(self, snapshot: Snapshot) -> str:
        """What is told of the place under the cursor; else how good the network is."""
        if self._shown is not None and self._shown.tell is not None:
            return self._shown.tell(snapshot, self._hovered or self._pointed)
        return describe.quality(snapshot, short=not self.framed)

    @property
    def _pointed(self) -> tuple[float, float] | None:
        """Where the cursor is, where there is one."""
        shown = self._shown is not None and self._shown.tell is not None and self.has_focus
        return self._cursor if shown else None

    def _choose(self, charts: Sequence[Chart], wanted: str) -> None:
        shown = next((chart for chart in charts if chart.id == wanted), charts[0])
        if (shown, len(charts)) != (self._shown, len(self._charts)):
            self._due, self._first = 0.0, (0, 0)
            self._charts, self._shown = charts, shown
            self._write_frame()

    async def _draw(self, chart: Chart, snapshot: Snapshot, choices: Choices) -> None:
        raster = self.raster
        assert raster is not None, "what is new has a size"
        from dlterm.drawing.draw import draw
        from dlterm.tui.charts import drawable

        size, theme, depth = raster.size, self.picture_theme, raster.depth
        raster.frame = await asyncio.to_thread(
            lambda: draw(drawable(chart, snapshot, choices), *size, theme, depth)
        )
        self._drawing = False

    # --- the upper edge -----------------------------------------------------------------------------------------------

    def heading(self) -> Content:
        """Return the names of the charts; where there is no room for all, those around the one shown."""
        if self._shown is None or not self._named:
            return super().heading()
        room = self.room
        widths = [len(chart.title) for chart in self._charts]
        gap = next((gap for gap in (2, 1) if sum(widths) + gap * (len(widths) - 1) <= room), 0)
        first, last = (0, len(widths)) if gap else _in_sight(widths, self._charts.index(self._shown), room)
        names = [
            _link(chart.title, chart.id, "bold $foreground" if chart is self._shown else "")
            for chart in self._charts[first:last]
        ]
        if first:
            names.insert(0, _link("‹", self.neighbour(self.topic, -1)))
        if last < len(widths):
            names.append(_link("›", self.neighbour(self.topic, 1)))
        return Content(" " * (gap or 2)).join(names)


def _in_sight(widths: list[int], shown: int, room: int) -> tuple[int, int]:
    """Return the first and the last (excluded) of the names that fit with an arrow at each end, the one shown first."""
    first, last, room = shown, shown + 1, room - widths[shown] - 6
    while True:
        if last < len(widths) and widths[last] + 2 <= room:
            room -= widths[last] + 2
            last += 1
        elif first and widths[first - 1] + 2 <= room:
            first -= 1
            room -= widths[first] + 2
        else:
            return first, last


def _link(text: str, chart: str, style: str = "") -> Content:
    return Content.styled(text, f"{style} @click=show('{chart}')")
