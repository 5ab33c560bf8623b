"""The bar above the network: over each hidden layer its number of neurons, with buttons for one less or more."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message
from textual.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual import events

    from dlterm.drawing.network import Box
    from dlterm.tui.describe import Neuron

_LAYERS = -1  # stands for the number of layers itself


@dataclass(frozen=True, slots=True)
class _Button:
    """`− 8 +` at a column; `layer` is the hidden layer from 0, or _LAYERS."""

    column: int
    layer: int
    label: str

    @property
    def end(self) -> int:
        return self.column + len(self.label) + 4


class LayerBar(Widget):
    """One row over the diagram. A click on a minus or a plus is told; the bar changes nothing itself."""

    ALLOW_SELECT = False

    class Pressed(Message):
        """One less (-1) or one more (+1): neurons of a hidden layer, or layers where `layer` is None."""

        def __init__(self, layer: int | None, by: int) -> None:
            super().__init__()
            self.layer, self.by = layer, by

    _buttons: tuple[_Button, ...] = ()
    _chosen: int | None = None

    def show(self, boxes: Sequence[Box], hidden: Sequence[int], neuron: Neuron | None) -> None:
        """Stand over the layers where they are drawn."""
        buttons = tuple(_placed(boxes, hidden))
        chosen = neuron[0] - 1 if neuron and neuron[0] > 0 else None
        if (buttons, chosen) != (self._buttons, self._chosen):
            self._buttons, self._chosen = buttons, chosen
            self.refresh()

    def render(self) -> Content:
        """Return the row."""
        parts: list[str | tuple[str, str]] = []
        column = 0
        for button in self._buttons:
            middle = "bold $foreground" if button.layer == self._chosen else "$text-muted"
            parts += [" " * (button.column - column), ("−", "bold $primary"), (f" {button.label} ", middle)]
            parts += [("+", "bold $secondary")]
            column = button.end
        return Content.assemble(*parts)

    def on_click(self, event: events.Click) -> None:
        """Tell which button was pressed; a label's halves belong to the button beside them."""
        for button in self._buttons:
            if button.column <= event.x < button.end:
                by = -1 if event.x < (button.column + button.end) / 2 else 1
                layer = None if button.layer == _LAYERS else button.layer
                self.post_message(self.Pressed(layer, by))


def _placed(boxes: Sequence[Box], hidden: Sequence[int]) -> Iterator[_Button]:
    """Yield the buttons that fit, from left to right: the layers', then one over each layer drawn."""
    first = _Button(1, _LAYERS, f"{len(hidden)} layer" + ("s" if len(hidden) != 1 else ""))
    over = []
    for number, units in groupby(boxes, attrgetter("layer")):
        box = next(units)
        if 1 <= number <= len(hidden):
            label = str(hidden[number - 1])
            column = box.column + (box.columns - len(label) - 4) // 2
            over.append(_Button(max(0, column), number - 1, label))
    if not over or first.end < over[0].column:
        yield first
    end = 0
    for button in over:
        if button.column > end or end == 0:
            yield button
            end = button.end
