"""A widget that shows a frame of cells as fast as the terminal takes it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from rich.segment import Segment
from textual import getters
from textual.cache import FIFOCache
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from dlterm.drawing.encode import ansi_lines, segments
from dlterm.drawing.frame import fitted
from dlterm.tui.appearance import Appearance
from dlterm.tui.themes import packed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual import events
    from textual.geometry import Region

    from dlterm.drawing.depth import Depth
    from dlterm.drawing.frame import Frame


class _Forgetful(FIFOCache[Any, Any]):
    """Keeps nothing: a strip of a picture lives for a thirtieth of a second, and is seldom cut twice in one way."""

    def __setitem__(self, key: Any, value: Any) -> None:
        pass


_CACHE = _Forgetful(0)


class _EncodedStrip(Strip):
    """A strip that already is escape codes; its segments are made only if something cuts or tints it.

    It is made without `Strip.__init__`, whose seven caches took 5 % of a picture.
    """

    __slots__ = ["_made", "_row", "_rows"]

    def __init__(self, line: str, width: int, rows: Callable[[], list[list[Segment]]], row: int) -> None:
        self._rows, self._row = rows, row
        self._made: list[Segment] | None = None
        self._render_cache, self._link_ids = line, None
        self._cell_length = self._cell_count = width
        self._divide_cache = self._crop_cache = self._style_cache = self._filter_cache = _CACHE
        self._line_length_cache = self._crop_extend_cache = self._offsets_cache = _CACHE

    @property
    def _segments(self) -> list[Segment]:
        if self._made is None:
            self._made = self._rows()[self._row]
        return self._made

    @_segments.setter
    def _segments(self, segments: list[Segment]) -> None:
        self._made = segments


class _RasterMessage(Message):
    def __init__(self, raster: Raster) -> None:
        super().__init__()
        self.raster = raster

    @property
    def control(self) -> Raster:
        """The widget that sent it, for handlers with a selector."""
        return self.raster


class _CellMessage(_RasterMessage):
    def __init__(self, raster: Raster, column: int, row: int) -> None:
        super().__init__(raster)
        self.column, self.row = column, row


class Raster(Widget):
    """Shows `frame`; a frame of another size is cut or padded. It has no border or padding of its own.

    A frame's lines go to the terminal as they are; Textual's path of styles and filters takes about ten times
    as long. Frames should be drawn for `depth`.
    """

    ALLOW_SELECT = False
    app = getters.app(Appearance)

    class Hovered(_CellMessage):
        """The mouse is over a cell."""

    class Clicked(_CellMessage):
        """A cell was clicked."""

    class Left(_RasterMessage):
        """The mouse is no longer over the frame."""

    _frame: Frame | None = None
    _look: object = None  # all that the strips were made from
    _strips: Sequence[Strip] = ()

    @property
    def frame(self) -> Frame | None:
        """The frame shown; setting it redraws."""
        return self._frame

    @frame.setter
    def frame(self, frame: Frame | None) -> None:
        self._frame = frame
        self.refresh()

    @property
    def depth(self) -> Depth:
        """The colour depth to draw frames for."""
        return self.app.depth

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the strips of a region, ready for the terminal; they are encoded anew only after a change."""
        look = self._frame, self.size, self.depth, self.background_colors[1], self.visual_style
        if look != self._look:
            self._look, self._strips = look, self._encoded()
        shown = list(self._strips[crop.y : crop.bottom])
        return shown if crop.width == self.size.width else [strip.crop(crop.x, crop.right) for strip in shown]

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Tell which cell the mouse is over."""
        self.post_message(self.Hovered(self, event.x, event.y))

    def on_leave(self, event: events.Leave) -> None:
        """Tell that the mouse is over none."""
        if event.node is self:
            self.post_message(self.Left(self))

    def on_click(self, event: events.Click) -> None:
        """Tell which cell was clicked."""
        self.post_message(self.Clicked(self, event.x, event.y))

    def _encoded(self) -> list[Strip]:
        width, height = self.size
        style = self.visual_style.rich_style
        if self._frame is None:
            return self._filtered([Strip.blank(width, style)] * height)
        frame = fitted(self._frame, width, height, packed(self.background_colors[1]))
        if self.depth == "none":
            return self._filtered(
                [Strip([Segment(text, style)], width) for text in ansi_lines(frame, "none")]
            )
        depth = self.depth
        rows = cache(lambda: segments(frame, depth))
        return [_EncodedStrip(line, width, rows, row) for row, line in enumerate(ansi_lines(frame, depth))]

    def _filtered(self, strips: list[Strip]) -> list[Strip]:
        """Do to ordinary strips what Textual does to those of other widgets, as under NO_COLOR."""
        background = self.background_colors[1]
        for line_filter in self.get_line_filters():
            strips = [strip.apply_filter(line_filter, background) for strip in strips]
        return strips
