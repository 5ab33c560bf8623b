"""The curves of all contestants together: one of four charts, whose names stand in the upper edge."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message

from dlterm.tui.widgets.view_pane import ViewPane

if TYPE_CHECKING:
    from dlterm.drawing.race import RaceChart
    from dlterm.training.race import RaceSnapshot

_SECONDS = 0.2  # between two pictures of one race
_CORNERS = 2  # cells of the upper edge that the names cannot have
_SAMPLE = 6  # cells of the legend for each name beside it


class RaceCurves(ViewPane, can_focus=True):
    """Draws a race's curves some times a second."""

    topic = "curves"

    class Chosen(Message):
        """Another chart is to be shown."""

        def __init__(self, chart: str) -> None:
            super().__init__()
            self.chart = chart

    _due = 0.0
    _shown: tuple[object, ...] = ()
    _chart: RaceChart | None = None
    _learned = "classification"

    def show_race(self, snapshot: RaceSnapshot, chart: RaceChart, *, log: bool) -> None:
        """Draw a chart of a snapshot, unless the last one is too young."""
        from dlterm.drawing import race

        if (chart, snapshot.task) != (self._chart, self._learned):
            self._chart, self._learned, self._due = chart, snapshot.task, 0.0
            self._write_frame()
        if monotonic() < self._due or self.raster is None or not self.raster.size:
            return
        seen = snapshot, chart, log, self.raster.size
        if seen != self._shown:
            self._shown, self._due = seen, monotonic() + _SECONDS
            names = sum(len(standing.name) + 2 + _SAMPLE for standing in snapshot.standings)
            self.show(race.curves(snapshot, chart, log=log, letters=names > self.raster.size.width))

    def heading(self) -> Content:
        """Return the names of the charts."""
        from dlterm.drawing.race import CHARTS

        names = [chart.name(self._learned) for chart in CHARTS]
        gap = "  "
        if sum(map(len, names)) + len(gap) * len(names) > self.size.width - _CORNERS:
            names, gap = [chart.name(self._learned, short=True) for chart in CHARTS], " "
        links = (
            Content.styled(
                name, f"{'bold $foreground' if chart is self._chart else ''} @click=choose('{chart.id}')"
            )
            for name, chart in zip(names, CHARTS, strict=True)
        )
        return Content(gap).join(links)

    def action_choose(self, chart: str) -> None:
        """Ask for a chart by its id."""
        self.post_message(self.Chosen(chart))
