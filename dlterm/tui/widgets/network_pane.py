"""The network pane: the diagram, whose neurons can be chosen, and a bar that adds and removes neurons."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.message import Message

from dlterm.tui import describe
from dlterm.tui.actions import bindings
from dlterm.tui.widgets.layer_bar import LayerBar
from dlterm.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from textual.binding import BindingType

    from dlterm.drawing.frame import Frame
    from dlterm.drawing.network import Network
    from dlterm.training.snapshot import Snapshot
    from dlterm.tui.describe import Neuron, Weight
    from dlterm.tui.widgets.raster import Raster


class NetworkPane(Pane, can_focus=True):
    """Shows the network; a click or the arrows choose a neuron."""

    PLACE = "network"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(PLACE)]

    class Chosen(Message):
        """A neuron was chosen, or (None) the whole network."""

        def __init__(self, neuron: Neuron | None) -> None:
            super().__init__()
            self.neuron = neuron

    class Opened(Message):
        """The weights into a neuron are to be listed, with that of one source chosen, or the bias (None)."""

        def __init__(self, weight: Weight) -> None:
            super().__init__()
            self.weight = weight

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self._snapshot: Snapshot | None = None
        self._network: Network | None = None
        self._neuron: Neuron | None = None
        self._hovered: Neuron | None = None
        self._pointed: Weight | None = None  # the line under the mouse

    async def open(self) -> None:
        """Put in the bar and the picture."""
        await self.mount(LayerBar())
        await super().open()

    def show(self, snapshot: Snapshot, neuron: Neuron | None) -> None:
        """Draw the network of a snapshot, with a mark around the chosen neuron."""
        raster = self.raster
        if raster is None or not self.is_new(snapshot.number, neuron):
            return
        from dlterm.drawing.network import network_frame

        if neuron != self._neuron:  # chosen by a key: what the mouse rests on is not looked at any more
            self._hovered = self._pointed = None
        self._snapshot, self._neuron = snapshot, neuron
        theme = self.picture_theme
        self._network = network_frame(
            snapshot.maps,
            snapshot.weights,
            snapshot.biases,
            *raster.size,
            theme,
            features=snapshot.features,
            classes=snapshot.classes,
            marks=snapshot.marks,
            depth=raster.depth,
        )
        raster.frame = self._marked(self._network)
        self.query_one(LayerBar).show(self._network.boxes, snapshot.recipe.hidden, neuron)
        self._tell()

    def neuron_after(self, neuron: Neuron | None, by: int) -> Neuron | None:
        """Return the neuron so many places further on, counted from the first hidden layer's first."""
        maps = self._snapshot.maps if self._snapshot else ()
        neurons = [(layer, unit) for layer in range(1, len(maps)) for unit in range(len(maps[layer]))]
        if neuron in neurons:
            return neurons[(neurons.index(neuron) + by) % len(neurons)]
        return neurons[0 if by > 0 else -1] if neurons else None

    def action_walk(self, across: int, down: int) -> None:
        """Choose the neuron beside the chosen one; the first time, the output."""
        if self._snapshot is None or not self._snapshot.maps:
            return
        sizes = [len(units) for units in self._snapshot.maps]
        if self._neuron is None:
            layer, unit = len(sizes) - 1, 0
        else:
            layer = min(max(self._neuron[0] + across, 0), len(sizes) - 1)
            unit = min(max(self._neuron[1] + down, 0), sizes[layer] - 1)
        self.post_message(self.Chosen((layer, unit)))

    def on_raster_clicked(self, message: Raster.Clicked) -> None:
        """Choose the neuron that was clicked, the second time list its weights; those of a line; beside all, none."""
        message.stop()
        neuron, weight = (
            self._neuron_at(message.column, message.row),
            self._weight_at(message.column, message.row),
        )
        if neuron is not None and neuron == self._neuron and neuron[0]:
            self.post_message(self.Opened((*neuron, None)))
        elif neuron is None and weight is not None:
            self.post_message(self.Opened(weight))
        else:
            self.post_message(self.Chosen(neuron))

    def action_weights(self) -> None:
        """List the weights of the chosen neuron."""
        if self._neuron is not None and self._neuron[0]:
            self.post_message(self.Opened((*self._neuron, None)))
        else:
            self.tell("choose a neuron behind the inputs: its weights are listed then")

    def on_raster_hovered(self, message: Raster.Hovered) -> None:
        """Say the numbers of the neuron or of the weight under the mouse."""
        message.stop()
        self._hovered = self._neuron_at(message.column, message.row)
        self._pointed = None if self._hovered else self._weight_at(message.column, message.row)
        self._tell()

    def on_raster_left(self, message: Raster.Left) -> None:
        """Say the numbers of the chosen neuron again."""
        message.stop()
        self._hovered = self._pointed = None
        self._tell()

    def _weight_at(self, column: int, row: int) -> Weight | None:
        return self._network.weight_at(column, row) if self._network else None

    def _neuron_at(self, column: int, row: int) -> Neuron | None:
        return self._network.neuron_at(column, row) if self._network else None

    def _tell(self) -> None:
        neuron, snapshot = self._hovered or self._neuron, self._snapshot
        if snapshot is None or not snapshot.maps:
            return
        if self._pointed and describe.exists(snapshot, self._pointed[:2]):
            self.tell(describe.weight(snapshot, self._pointed))
        elif neuron is not None and describe.exists(snapshot, neuron):
            self.tell(describe.numbers(snapshot, neuron))
        else:
            self.tell(describe.example(snapshot) or f"{snapshot.parameters:,} parameters")

    def _marked(self, network: Network) -> Frame:
        from dlterm.drawing.frame import Label, overlaid
        from dlterm.drawing.network_marks import lens_marks
        from dlterm.drawing.palette import reduced

        boxes = [box for box in network.boxes if (box.layer, box.unit) == self._neuron]
        colour = self.picture_theme.text
        marks = [
            Label(row, column, glyph, colour)
            for box in boxes
            for row in range(box.row, box.row + box.rows)
            for column, glyph in ((box.column - 1, "▐"), (box.column + box.columns, "▌"))
        ]
        if self._snapshot and self._snapshot.lens and self.raster:
            theme = reduced(self.picture_theme, self.raster.depth)
            marks += lens_marks(self._snapshot.lens, network, theme)
        return overlaid(network.frame, marks)
