"""What a page shows of a run beyond its pictures: a chart, one example, what is wrong; mostly through the lens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import getters
from textual.reactive import var

from dlterm.tui.page import Page
from dlterm.tui.widgets.chart_pane import ChartPane

if TYPE_CHECKING:
    from dlterm.training.snapshot import Points, Snapshot
    from dlterm.tui.describe import Neuron
    from dlterm.tui.player import Player
    from dlterm.tui.widgets.output_pane import OutputPane


class Looking(Page):
    """Chooses the chart and the example; the session looks through its lens only while something shown needs it."""

    player: Player

    neuron: var[Neuron | None] = var(None)
    chart = var("loss")
    example: var[int | None] = var(None)
    wrong_marked = var(False)

    charts = getters.query_one(ChartPane)

    def __init__(self) -> None:
        super().__init__()
        self._chosen_place: list[float] = []

    def look(self, snapshot: Snapshot) -> None:
        """Let go of an example that is not there any more; ask for what the things shown need."""
        if self.example is not None and self._place(snapshot.points, self.example) != self._chosen_place:
            self.example = None
        needed = self.charts.needs_lens or self.wrong_marked or self.example is not None
        self.player.inspect(needed, self.example)

    def _place(self, points: Points | None, example: int) -> list[float]:
        """Where an example is, by which it is known again in other data."""
        if points is None or example >= len(points.inputs):
            return []
        return [*points.inputs[example].tolist(), float(points.targets[example])]

    def on_chart_pane_chosen(self, message: ChartPane.Chosen) -> None:
        """Show the chart whose name was clicked."""
        self.chart = message.chart

    def on_output_pane_chosen(self, message: OutputPane.Chosen) -> None:
        """See the example on its way through the network; on a click beside all of them, go back."""
        snapshot = self.player.newest
        if message.example is None:
            self.action_output()
        elif snapshot is not None:
            self.example = message.example
            self._chosen_place = self._place(snapshot.points, message.example)

    def action_output(self) -> None:
        """Back from a neuron's map; then let go of the example."""
        if self.neuron is not None:
            self.neuron = None
        else:
            self.example = None

    def action_next_chart(self) -> None:
        """The next chart."""
        self.chart = self.charts.neighbour(self.chart, 1)

    def action_previous_chart(self) -> None:
        """The chart before."""
        self.chart = self.charts.neighbour(self.chart, -1)

    def action_wrong(self) -> None:
        """Mark what is misclassified, or no more."""
        self.wrong_marked = not self.wrong_marked
