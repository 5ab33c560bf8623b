"""The weights that lead into one neuron, as a list in the place of the settings: to be changed, frozen, set to 0."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from rich.cells import set_cell_size
from rich.segment import Segment
from textual import getters
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from dlterm.tui import describe
from dlterm.tui.actions import bindings
from dlterm.tui.app import DltermApp

if TYPE_CHECKING:
    from textual import events
    from textual.binding import BindingType

    from dlterm.training.snapshot import Snapshot
    from dlterm.tui.describe import Neuron, Weight

_VALUE = 8  # cells
_WIDEST_NAME = 16
_LEAST_STEP = 0.1
_TYPED = set("0123456789.-+e")


class WeightsPane(ScrollView, can_focus=True, inherit_bindings=False):
    """Lists what leads into a neuron; posts `Edited` when a weight is to have another value."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "weights--title",
        "weights--value",
        "weights--mark",
        "weights--cursor",
        "weights--negative",
        "weights--positive",
    }
    PLACE = "weights"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(PLACE)]

    app = getters.app(DltermApp)

    class Edited(Message):
        """A weight is to be set to a value."""

        def __init__(self, weight: Weight, value: float) -> None:
            super().__init__()
            self.weight, self.value = weight, value

    class Closed(Message):
        """The list is no longer wanted."""

    def __init__(self) -> None:
        super().__init__()
        self._neuron: Neuron = (1, 0)
        self._names: list[str] = []
        self._values: list[float] = []
        self._frozen: list[bool] = []
        self._cursor = 0
        self._typed = ""

    def show(self, snapshot: Snapshot, neuron: Neuron) -> None:
        """List the weights of a snapshot's neuron, the bias first."""
        layer, unit = neuron
        values = [float(snapshot.biases[layer - 1][unit]), *map(float, snapshot.weights[layer - 1][unit])]
        frozen = describe.frozen(snapshot, neuron)
        if (neuron, values, frozen) == (self._neuron, self._values, self._frozen):
            return
        if neuron != self._neuron:
            self._cursor, self._typed = 0, ""
        self._neuron, self._values, self._frozen = neuron, values, frozen
        self._names = ["bias", *describe.sources(snapshot, neuron)]
        self._cursor = min(self._cursor, len(values) - 1)
        self.border_title = Content(f"Weights of {describe.name(snapshot, neuron)}")
        self.virtual_size = Size(0, len(values))
        self.refresh()

    def choose(self, source: int | None) -> None:
        """Choose the weight from a unit of the layer before, or the bias (None)."""
        self._cursor, self._typed = 0 if source is None else source + 1, ""
        self.call_after_refresh(self._reveal)

    @property
    def chosen(self) -> Weight:
        """The weight under the cursor."""
        return (*self._neuron, self._cursor - 1 if self._cursor else None)

    @property
    def is_frozen(self) -> bool:
        """Whether the weight under the cursor is."""
        return self._frozen[self._cursor]

    @property
    def value(self) -> float:
        """That of the weight under the cursor."""
        return self._values[self._cursor]

    def render_line(self, y: int) -> Strip:
        """One weight."""
        width, row = self.size.width, y + self.scroll_offset.y
        if row >= len(self._values):
            return Strip.blank(width, self.rich_style)
        base, chosen = self.rich_style, row == self._cursor
        if chosen and self.has_focus:
            base += self.get_component_rich_style("weights--cursor", partial=True)
        title, value, mark, negative, positive = (
            base + self.get_component_rich_style(f"weights--{part}", partial=True)
            for part in ("title", "value", "mark", "negative", "positive")
        )
        number = self._values[row]
        shown = f"{self._typed}▏" if chosen and self._typed else f"{number:+.3f}"
        left, right = _bar(number, max(map(abs, self._values)), self._half)
        line = [
            Segment("▸" if chosen else " ", mark),
            Segment("✱ " if self._frozen[row] else "  ", mark),
            Segment(set_cell_size(self._names[row], self._name_cells), title),
            Segment(f"{shown:>{_VALUE}}  ", value),
            Segment(left, negative),
            Segment("│", title),
            Segment(right, positive),
        ]
        return Strip(line).adjust_cell_length(width, base)

    # --- keys and mouse -----------------------------------------------------------------------------------------------

    def action_move(self, by: int) -> None:
        """Choose the weight above or below."""
        self._cursor, self._typed = (self._cursor + by) % len(self._values), ""
        self._reveal()

    def action_change(self, by: int) -> None:
        """Make the chosen weight larger or smaller."""
        self._set(self.value + by * max(_LEAST_STEP, abs(self.value) / 10))

    def action_zero(self) -> None:
        """Set it to 0."""
        self._set(0.0)

    def on_key(self, event: events.Key) -> None:
        """Take a number that is typed; enter sets it, escape forgets it."""
        key = event.character or ""
        if event.key == "escape":
            if not self._typed:
                self.post_message(self.Closed())
            self._typed = ""
        elif event.key == "backspace" and self._typed:
            self._typed = self._typed[:-1]
        elif event.key == "enter":
            self._take_typed()
        elif key in _TYPED and (self._typed or key in "0123456789.-"):
            self._typed += key
        else:
            return
        event.stop()
        event.prevent_default()
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Choose a weight; a click on its bar sets it to what the bar says there."""
        at = event.get_content_offset(self)
        row = at.y + self.scroll_offset.y if at else -1
        if at is None or not 0 <= row < len(self._values):
            return
        self._cursor, self._typed = row, ""
        self.refresh()
        middle = 3 + self._name_cells + _VALUE + 2 + self._half
        if abs(at.x - middle) <= self._half and self._half:
            self._set(max(map(abs, self._values)) * (at.x - middle) / self._half)

    def on_focus(self) -> None:
        """Show the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Hide the cursor, and forget what was typed."""
        self._typed = ""
        self.refresh()

    def _take_typed(self) -> None:
        try:
            value = float(self._typed)
        except ValueError:
            value = math.nan
        self._typed = ""
        if math.isfinite(value):
            self._set(value)

    def _set(self, value: float) -> None:
        self.post_message(self.Edited(self.chosen, value))

    def _reveal(self) -> None:
        top, height = self.scroll_offset.y, self.size.height
        if height and not top <= self._cursor < top + height:
            self.scroll_to(y=self._cursor if self._cursor < top else self._cursor - height + 1, animate=False)
        self.refresh()

    @property
    def _name_cells(self) -> int:
        """The cells of a name."""
        return min(_WIDEST_NAME, max(9, self.size.width - 3 - _VALUE - 13))

    @property
    def _half(self) -> int:
        """The cells of a bar to either side of 0."""
        return max(0, (self.size.width - 3 - self._name_cells - _VALUE - 4) // 2)


def _bar(value: float, largest: float, half: int) -> tuple[str, str]:
    """What is drawn left and right of 0."""
    if not math.isfinite(value):
        return " " * half, "?".ljust(half)
    length = round(half * abs(value) / largest) if largest > 0 and math.isfinite(largest) else 0
    return ("━" * length if value < 0 else "").rjust(half), ("━" * length if value > 0 else "").ljust(half)
