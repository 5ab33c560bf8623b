"""A canvas: what is drawn on it with the mouse, or with the arrows and a brush, is told as it grows."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.message import Message

from dlterm.tui.actions import bindings
from dlterm.tui.app import DltermApp
from dlterm.tui.widgets.pane import Pane

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from textual import events
    from textual.binding import BindingType

    from dlterm.experiments.knobs import Canvas

_SOFT = 0.45  # of the ink, on the pixels beside a stroke
_BESIDE = ((-1, 0), (1, 0), (0, -1), (0, 1))


class CanvasPane(Pane, can_focus=True):
    """Shows a drawing and has it drawn upon: the left button and space paint, the right button rubs out."""

    ALLOW_SELECT = False
    PLACE = "canvas"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(PLACE)]
    DEFAULT_CSS = """
    CanvasPane { background: $surface; border-top: solid $border; border-title-color: $foreground; }
    CanvasPane:focus { border-top: solid $primary; }
    CanvasPane Raster { height: 1fr; background: $surface; }
    """

    app = getters.app(DltermApp)

    class Drawn(Message):
        """The drawing of a knob has changed."""

        def __init__(self, name: str, pixels: NDArray[np.float32]) -> None:
            super().__init__()
            self.name, self.pixels = name, pixels

    def __init__(self, knob: Canvas) -> None:
        super().__init__("Draw here")
        self._knob = knob
        self._pixels: NDArray[np.float32] = knob.default.copy()
        self._brush = knob.rows // 2, knob.columns // 2
        self._last: tuple[int, int] | None = None  # where the mouse was, while a button is down
        self._ink = 1.0
        self._tall = 1  # pixels that a cell holds: the mouse cannot tell them apart

    async def on_mount(self) -> None:
        """Put the picture in."""
        await self.open()
        self.watch(self.app, "theme", self._draw, init=False)
        self._draw()
        keys = self.app.keys
        words = (("canvas.paint", "paints"), ("canvas.clear", "clears"))
        self.tell(", ".join(f"{keys.first(key)} {word}" for key, word in words))

    def show(self, pixels: NDArray[np.float32]) -> None:
        """Show another drawing."""
        self._pixels = pixels.copy()
        self._draw()

    def on_resize(self) -> None:
        """Draw in the new size."""
        super().on_resize()
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        if self.raster is None or not self.raster.size:
            return
        from dlterm.drawing.canvas import canvas_frame

        brush = self._brush if self.has_focus else None
        raster = self.raster
        raster.frame = canvas_frame(self._pixels, brush, *raster.size, self.picture_theme, raster.depth)

    # --- by mouse -----------------------------------------------------------------------------------------------------

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Begin a stroke."""
        at = self._pixel(event)
        if at is not None:
            self.focus()
            self.capture_mouse()
            self._ink = 0.0 if event.button != 1 else 1.0
            self._stroke(at, at)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Draw on, also where the mouse went between two reports of it."""
        at = self._pixel(event)
        if self._last is not None and at is not None and at != self._last:
            self._stroke(self._last, at)

    def on_mouse_up(self) -> None:
        """End the stroke."""
        if self._last is not None:
            self.release_mouse()

    def on_mouse_release(self) -> None:
        """The stroke has ended, also where another screen came over it meanwhile."""
        self._last = None

    def _pixel(self, event: events.MouseEvent) -> tuple[int, int] | None:
        """The pixel under the mouse."""
        from dlterm.drawing.canvas import canvas_scale

        if self.raster is None:
            return None
        at = event.screen_offset - self.raster.region.offset
        scale = canvas_scale(self._pixels.shape, *self.raster.size)
        if scale < 1 or at.x < 0 or at.y < 0:
            return None
        row, column = 2 * at.y // scale, at.x // scale
        self._tall = 2 if scale == 1 else 1
        return (row, column) if row < self._knob.rows and column < self._knob.columns else None

    def _stroke(self, begin: tuple[int, int], end: tuple[int, int]) -> None:
        """Paint from one pixel to another."""
        long = max(abs(end[0] - begin[0]), abs(end[1] - begin[1]), 1)
        for k in range(long + 1):
            row, column = (round(a + (b - a) * k / long) for a, b in zip(begin, end, strict=True))
            self._dab(row, column)
        self._last, self._brush = end, end
        self._tell()

    def _dab(self, row: int, column: int) -> None:
        """Ink on a pixel, and a little beside it; or none any more."""
        self._pixels[row : row + self._tall, column] = self._ink
        for down, across in _BESIDE:
            y, x = row + down, column + across
            if self._ink and 0 <= y < self._knob.rows and 0 <= x < self._knob.columns:
                self._pixels[y, x] = max(self._pixels[y, x], _SOFT)

    def _tell(self) -> None:
        self._draw()
        self.post_message(self.Drawn(self._knob.name, self._pixels.copy()))

    # --- by key -------------------------------------------------------------------------------------------------------

    def action_move(self, down: int, across: int) -> None:
        """Move the brush."""
        row, column = self._brush
        self._brush = (row + down) % self._knob.rows, (column + across) % self._knob.columns
        self._draw()

    def action_paint(self) -> None:
        """Paint where the brush is, or rub out."""
        self._ink = 0.0 if self._pixels[self._brush] >= 1 else 1.0
        self._tall = 1
        self._dab(*self._brush)
        self._tell()

    def action_clear(self) -> None:
        """Rub out all."""
        self._pixels[:] = 0
        self._tell()

    def on_focus(self) -> None:
        """Show the brush."""
        self._draw()

    def on_blur(self) -> None:
        """Hide it."""
        self._draw()
