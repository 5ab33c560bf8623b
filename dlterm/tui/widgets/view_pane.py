"""A pane that shows any view, at the size that it has."""

from __future__ import annotations

import asyncio
import importlib
from typing import TYPE_CHECKING

from dlterm.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from dlterm.drawing.views import View


class ViewPane(Pane):
    """Draws its view again when it is given another, another size or another theme.

    Charts take 10 to 30 ms: all views are drawn on a thread, one at a time, and only the newest is. The first view
    opens the pane.
    """

    view: View | None = None
    _drawing = False

    def show(self, view: View | None) -> None:
        """Show a view, which is never changed afterwards; None leaves the pane empty."""
        self.view = view
        self._draw_again()

    async def open(self) -> None:
        """Put the picture in, and draw."""
        await super().open()
        self.watch(self.app, "theme", self._draw_again, init=False)
        self.call_after_refresh(self._draw_again)

    def on_resize(self) -> None:
        """Draw in the new size."""
        super().on_resize()
        self.call_after_refresh(self._draw_again)

    def _draw_again(self) -> None:
        if self.is_mounted and not self._drawing and (self.raster is not None or self.view is not None):
            self._drawing = True
            self.run_worker(self._draw_newest(), group="drawing")

    async def _draw_newest(self) -> None:
        try:
            if self.raster is None:
                await asyncio.to_thread(importlib.import_module, "dlterm.drawing.draw")
                await self.open()
            while self.is_new(self.view):
                await self._draw()
        finally:
            self._drawing = False

    async def _draw(self) -> None:
        raster, view = self.raster, self.view
        assert raster is not None, "only an open pane draws"
        if view is None:
            raster.frame = None
        else:
            from dlterm.drawing.draw import draw

            raster.frame = await asyncio.to_thread(draw, view, *raster.size, self.picture_theme, raster.depth)
