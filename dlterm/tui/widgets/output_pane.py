"""The output pane: what the network, or one of its neurons, answers over the plane, with the examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message

from dlterm.tui import describe
from dlterm.tui.themes import ink
from dlterm.tui.widgets.pane import Pane

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dlterm.drawing.palette import Theme
    from dlterm.training.snapshot import Snapshot
    from dlterm.tui.describe import Neuron
    from dlterm.tui.widgets.raster import Raster

_MOST_PIXELS = 96  # a side of the field that is computed; the drawing smooths what is larger


class OutputPane(Pane, can_focus=True):
    """Shows the decision boundary, or the map of the chosen neuron."""

    PLACE = "output"

    class Sized(Message):
        """The picture has another size, in pixels."""

        def __init__(self, width: int, height: int) -> None:
            super().__init__()
            self.width, self.height = width, height

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self._snapshot: Snapshot | None = None
        self._neuron: Neuron | None = None
        self._at: tuple[int, int] | None = None
        self._pixels = 0, 0

    def show(
        self, snapshot: Snapshot, neuron: Neuron | None, *, test_points: bool, discretised: bool
    ) -> None:
        """Draw a snapshot's field, or the chosen neuron's map."""
        raster = self.raster
        if raster is None or not self.is_new(snapshot.number, neuron, test_points, discretised):
            return
        from dlterm.drawing.field import field_frame

        self._snapshot, self._neuron = snapshot, neuron
        raster.frame = field_frame(
            self._field(snapshot, discretised=discretised),
            snapshot.points,
            snapshot.domain,
            *raster.size,
            self.picture_theme,
            depth=raster.depth,
            target_range=snapshot.target_range if snapshot.task == "regression" else None,
            test_points=test_points,
        )
        self.head("Output" if neuron is None else f"{describe.name(snapshot, neuron)} · esc")
        self._tell()
        self._ask_for((min(raster.size.width, _MOST_PIXELS), min(2 * raster.size.height, _MOST_PIXELS)))

    def _ask_for(self, pixels: tuple[int, int]) -> None:
        if pixels != self._pixels:
            self._pixels = pixels
            self.post_message(self.Sized(*pixels))

    def _field(self, snapshot: Snapshot, *, discretised: bool) -> NDArray[np.float32] | None:
        field = snapshot.field
        if self._neuron is not None:
            layer, unit = self._neuron
            return snapshot.maps[layer][unit : unit + 1]
        if field is None or not discretised or snapshot.task == "regression":
            return field
        if len(field) == 1:
            return (2 * (field > 0) - 1).astype("float32")
        return (field == field.max(0)).astype("float32")

    def on_raster_hovered(self, message: Raster.Hovered) -> None:
        """Say the answer under the mouse."""
        message.stop()
        self._at = message.column, message.row
        self._tell()

    def on_raster_left(self, message: Raster.Left) -> None:
        """Say what the colours stand for."""
        message.stop()
        self._at = None
        self._tell()

    def _tell(self) -> None:
        snapshot = self._snapshot
        if snapshot is None or snapshot.field is None or self.raster is None or not self.raster.size:
            return
        if self._at is None:
            self.tell(self._legend(snapshot))
        else:
            (column, row), (width, height) = self._at, self.raster.size
            across, down = (column + 0.5) / width, (row + 0.5) / height
            self.tell(describe.answer(snapshot, across, down, self._neuron))

    def _legend(self, snapshot: Snapshot) -> Content:
        """What the colours stand for; without colours, the letters."""
        from dlterm.drawing.palette import CLASS_GLYPHS, reduced

        assert self.raster is not None
        colourless = self.raster.depth == "none"
        theme = reduced(self.picture_theme, self.raster.depth)
        parts: list[str | tuple[str, str]] = []
        for place, (word, colour) in enumerate(self._meanings(snapshot, theme)):
            glyph = str(CLASS_GLYPHS[place % len(CLASS_GLYPHS)][0]) if colourless else "■"
            parts += [(glyph, ink(colour, theme)), f" {word}  "]
        return Content.assemble(*parts).rstrip()

    def _meanings(self, snapshot: Snapshot, theme: Theme) -> list[tuple[str, int]]:
        if self._neuron is not None:
            return [("−1", theme.ramp[0]), ("+1", theme.ramp[-1])]
        if snapshot.task == "regression":
            low, high = snapshot.target_range
            return [(f"{low:.3g}", theme.ramp[0]), (f"{high:.3g}", theme.ramp[-1])]
        names = [describe.class_name(snapshot, place) for place in range(len(snapshot.classes))]
        colours = (theme.ramp[0], theme.ramp[-1]) if len(names) == 2 else theme.classes
        return [(name, colours[place % len(colours)]) for place, name in enumerate(names)]
