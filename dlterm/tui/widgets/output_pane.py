"""The output pane: what the network, or one of its neurons, answers over the plane, with the examples."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.message import Message

from dlterm.tui import describe
from dlterm.tui.actions import bindings
from dlterm.tui.themes import ink
from dlterm.tui.widgets.pane import Pane

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from textual.binding import BindingType

    from dlterm.drawing.frame import Label
    from dlterm.drawing.palette import Theme
    from dlterm.training.snapshot import Snapshot
    from dlterm.tui.describe import Neuron
    from dlterm.tui.widgets.raster import Raster

_NEAR = 1.5  # columns: what is pointed at
_MOST_PIXELS = 96  # a side of the field that is computed; the drawing smooths what is larger


class OutputPane(Pane, can_focus=True):
    """Shows the decision boundary, or the map of the chosen neuron; a cursor goes over it where it has the focus."""

    PLACE = "output"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(PLACE)]

    class Sized(Message):
        """The picture has another size, in pixels."""

        def __init__(self, width: int, height: int) -> None:
            super().__init__()
            self.width, self.height = width, height

    class Chosen(Message):
        """An example was chosen by its number, or (None) a place where there is none."""

        def __init__(self, example: int | None) -> None:
            super().__init__()
            self.example = example

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self._snapshot: Snapshot | None = None
        self._neuron: Neuron | None = None
        self._at: tuple[int, int] | None = None
        self._cursor = 0.5, 0.5  # shares of the width and of the height
        self._test_points = True
        self._pixels = 0, 0
        self._axes: tuple[str, ...] = ()

    def heading(self) -> Content:
        """Return the title, and where there is room for them the names of the axes."""
        title = super().heading()
        axes = describe.axes(self._axes, self.room - title.cell_length - 2)
        return Content.assemble(title, "  ", (axes, "$text-muted not bold")) if axes else title

    def show(
        self,
        snapshot: Snapshot,
        neuron: Neuron | None,
        *,
        test_points: bool,
        discretised: bool,
        wrong: bool = False,
        example: int | None = None,
    ) -> None:
        """Draw a snapshot's field, or the chosen neuron's map; `wrong`: with what is misclassified marked."""
        raster = self.raster
        cursor = self._cursor if self.has_focus else None
        if raster is None or not self.is_new(
            snapshot.number, neuron, test_points, discretised, wrong, example, cursor
        ):
            return
        from dlterm.drawing.field import field_frame
        from dlterm.drawing.frame import overlaid

        self._snapshot, self._neuron, self._test_points = snapshot, neuron, test_points
        lens = snapshot.lens
        frame = field_frame(
            self._field(snapshot, discretised=discretised),
            snapshot.points,
            snapshot.domain,
            *raster.size,
            self.picture_theme,
            depth=raster.depth,
            target_range=snapshot.target_range if snapshot.task == "regression" else None,
            test_points=test_points,
            wrong=lens.wrong if wrong and lens else None,
            example=example,
        )
        raster.frame = overlaid(frame, self._cross_hair()) if cursor else frame
        self._name_axes(snapshot.axes)
        self.head("Output" if neuron is None else f"{describe.name(snapshot, neuron)} · esc")
        self._tell()
        self._ask_for((min(raster.size.width, _MOST_PIXELS), min(2 * raster.size.height, _MOST_PIXELS)))

    def _name_axes(self, axes: tuple[str, ...]) -> None:
        if axes != self._axes:
            self._axes = axes
            self._write_frame()

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
        from dlterm.drawing.field import answers

        return answers(field)

    def _cross_hair(self) -> list[Label]:
        from dlterm.drawing.frame import Label

        column, row = self._cell
        ink = self.picture_theme.text
        return [Label(row, column + by, glyph, ink) for by, glyph in ((-1, "╺"), (0, "╋"), (1, "╸"))]

    @property
    def _cell(self) -> tuple[int, int]:
        """The cell of the cursor."""
        assert self.raster is not None, "what is drawn is open"
        width, height = self.raster.size
        return int(self._cursor[0] * width), int(self._cursor[1] * height)

    def action_point(self, across: int, down: int) -> None:
        """Move the cursor by cells."""
        if self.raster is None or not self.raster.size:
            return
        (column, row), (width, height) = self._cell, self.raster.size
        column, row = min(max(column + across, 0), width - 1), min(max(row + down, 0), height - 1)
        self._cursor = (column + 0.5) / width, (row + 0.5) / height
        self._tell()

    def action_choose(self) -> None:
        """Choose the example nearest to the cursor."""
        if self.raster is not None and self.raster.size:
            self.post_message(self.Chosen(self._example_near(*self._cell)))

    def on_focus(self) -> None:
        """Tell what is at the cursor."""
        self._tell()

    def on_blur(self) -> None:
        """Tell what the colours stand for."""
        self._tell()

    def on_raster_clicked(self, message: Raster.Clicked) -> None:
        """Choose the example that was clicked; beside all of them, none."""
        message.stop()
        self.post_message(self.Chosen(self._example_near(message.column, message.row, _NEAR)))

    def _example_near(self, column: int, row: int, most: float = inf) -> int | None:
        """The number of the example that is drawn nearest to a cell, at most so many columns away."""
        if self._snapshot is None or self._snapshot.points is None or self.raster is None:
            return None
        from dlterm.drawing.field_points import nearest

        return nearest(
            self._snapshot.points,
            self._snapshot.domain,
            *self.raster.size,
            (column, row),
            most,
            test_points=self._test_points,
        )

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
        at = self._at or (self._cell if self.has_focus else None)
        if at is None:
            self.tell(self._legend(snapshot))
        else:
            (column, row), (width, height) = at, self.raster.size
            across, down = (column + 0.5) / width, (row + 0.5) / height
            example = self._example_near(column, row, _NEAR)
            self.tell(describe.answer(snapshot, across, down, self._neuron, example))

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
