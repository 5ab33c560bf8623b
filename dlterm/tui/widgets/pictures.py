"""The lab's three pictures: network, output and loss, each a raster in its pane, drawn from a snapshot.

Imported after the first paint, since it loads NumPy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm.drawing.chart import loss_chart
from dlterm.drawing.field import field_frame
from dlterm.drawing.network import Network, network_frame
from dlterm.text import safe
from dlterm.tui.themes import drawing_theme
from dlterm.tui.widgets.raster import Raster

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from textual.screen import Screen

    from dlterm.drawing.palette import Theme
    from dlterm.training.snapshot import Curves, Snapshot

_CHART_SECONDS = 0.15  # a chart takes 10 ms to build
_DECADE = 10.0
_MOST_PIXELS = 96  # a side of the field that the session computes; the drawing smooths what is larger


class Pictures:
    """Draws snapshots into the screen's panes. Its switches: test points, discretise, log, one neuron's map."""

    def __init__(self, screen: Screen[None]) -> None:
        self._screen = screen
        self.network, self.output, self.loss = Raster(id="network"), Raster(id="output"), Raster(id="loss")
        self.test_points = True
        self.discretise = False
        self.log = True
        self.neuron: tuple[int, int] | None = None
        self.diagram: Network | None = None
        self._chart_due = 0.0

    async def mount(self) -> None:
        """Put the rasters into their panes."""
        for raster in (self.network, self.output, self.loss):
            await self._screen.query_one(f"#{raster.id}-pane").mount(raster)

    @property
    def field_size(self) -> tuple[int, int]:
        """How many pixels of the field can be seen."""
        columns, rows = self.output.size
        return max(2, min(columns, _MOST_PIXELS)), max(2, min(2 * rows, _MOST_PIXELS))

    def forget(self) -> None:
        """Draw the chart too, next time."""
        self._chart_due = 0.0

    def choose(self, snapshot: Snapshot, by: int) -> None:
        """The neuron `by` places further on (0: none, the output), counted from the first hidden layer's first."""
        neurons = [
            (layer, unit)
            for layer in range(1, len(snapshot.maps))
            for unit in range(len(snapshot.maps[layer]))
        ]
        if by == 0 or not neurons:
            self.neuron = None
        elif self.neuron in neurons:
            self.neuron = neurons[(neurons.index(self.neuron) + by) % len(neurons)]
        else:
            self.neuron = neurons[0 if by > 0 else -1]

    def click(self, raster: Raster, column: int, row: int) -> None:
        """A click on a neuron chooses it; one anywhere else goes back to the output."""
        found = (
            self.diagram.neuron_at(column, row)
            if self.diagram is not None and raster is self.network
            else None
        )
        self.neuron = found if found != self.neuron else None

    def draw(self, snapshot: Snapshot, now: float) -> None:
        """Draw what the snapshot knows; the chart a few times a second only."""
        if snapshot.field is None:
            return
        red, green, blue = self._screen.background_colors[1].rgb
        theme = drawing_theme(self._screen.app, (red, green, blue))
        self._draw_network(snapshot, theme)
        self._draw_output(snapshot, theme)
        if now >= self._chart_due or snapshot.status != "running":
            self._chart_due = now + _CHART_SECONDS
            self._draw_loss(snapshot, theme)

    def _draw_network(self, snapshot: Snapshot, theme: Theme) -> None:
        columns, rows = self.network.size
        self.diagram = network_frame(
            snapshot.maps,
            snapshot.weights,
            snapshot.biases,
            columns,
            rows,
            theme,
            features=snapshot.features,
            classes=snapshot.classes,
            depth=self.network.depth,
        )
        self.network.frame = self.diagram.frame

    def _draw_output(self, snapshot: Snapshot, theme: Theme) -> None:
        columns, rows = self.output.size
        self.output.frame = field_frame(
            self._field(snapshot),
            snapshot.points,
            snapshot.domain,
            columns,
            rows,
            theme,
            depth=self.output.depth,
            target_range=snapshot.target_range if snapshot.task == "regression" else None,
            test_points=self.test_points,
        )
        pane = self._screen.query_one("#output-pane")
        pane.border_title = self._title(snapshot)
        pane.border_subtitle = _quality(snapshot)

    def _draw_loss(self, snapshot: Snapshot, theme: Theme) -> None:
        if snapshot.curves is None:
            return
        columns, rows = self.loss.size
        name = "RMSE" if snapshot.task == "regression" else "accuracy"
        self.loss.frame = loss_chart(
            snapshot.curves,
            columns,
            rows,
            theme,
            name,
            log=self._is_log(snapshot.curves),
            depth=self.loss.depth,
        )

    def _is_log(self, curves: Curves) -> bool:
        """A logarithmic scale, once the loss has fallen far enough for one to help."""
        losses = curves.train_loss[np.isfinite(curves.train_loss) & (curves.train_loss > 0)]
        return self.log and len(losses) > 0 and bool(losses.max() > _DECADE * losses.min())

    def _field(self, snapshot: Snapshot) -> NDArray[np.float32] | None:
        """The network's answer, or one neuron's."""
        field = snapshot.field
        if self._neuron_of(snapshot) is not None:
            layer, unit = self._neuron_of(snapshot) or (0, 0)
            field = snapshot.maps[layer][unit : unit + 1]
        elif field is not None and self.discretise and snapshot.task == "classification":
            field = np.sign(field) if len(field) == 1 else (field == field.max(0)).astype(np.float32)
        return field

    def _neuron_of(self, snapshot: Snapshot) -> tuple[int, int] | None:
        """The chosen neuron, where this network has it."""
        if self.neuron is None:
            return None
        layer, unit = self.neuron
        return self.neuron if layer < len(snapshot.maps) and unit < len(snapshot.maps[layer]) else None

    def _title(self, snapshot: Snapshot) -> str:
        neuron = self._neuron_of(snapshot)
        if neuron is None:
            return "output"
        return f"{neuron_name(snapshot, *neuron)} (escape: output)"


def neuron_name(snapshot: Snapshot, layer: int, unit: int) -> str:
    """What a neuron is called: a feature, "layer 2, neuron 3", or "output"."""
    if layer == 0:
        return (
            safe(snapshot.features[unit], limit=24) if unit < len(snapshot.features) else f"input {unit + 1}"
        )
    if layer == len(snapshot.maps) - 1:
        return "output" if len(snapshot.maps[layer]) == 1 else f"output {unit + 1}"
    return f"layer {layer}, neuron {unit + 1}"


def _quality(snapshot: Snapshot) -> str:
    metrics = snapshot.metrics
    if metrics is None:
        return ""
    if metrics.train_accuracy is not None:
        held_out = f"  test {metrics.test_accuracy:.1%}" if metrics.test_accuracy is not None else ""
        return f"accuracy: train {metrics.train_accuracy:.1%}{held_out}"
    held_out = f"  test {metrics.test_rmse:.3g}" if metrics.test_rmse is not None else ""
    return f"RMSE: train {metrics.train_rmse:.3g}{held_out}"
