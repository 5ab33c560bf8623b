"""A page that plays something: pictures of the newest there is, begun once the page is painted, again and again."""

from __future__ import annotations

import asyncio
import importlib
from typing import TYPE_CHECKING, ClassVar, Protocol

from dlterm.tui.page import Page
from dlterm.tui.pictures import Pictures
from dlterm.tui.terminal import is_behind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from dlterm.tui.widgets.pane import Pane


class Played(Protocol):
    """What is played, on a thread of its own."""

    def close(self) -> None:
        """End it."""


class Playing(Page):
    """Draws what its player has, and ends it when the page is left."""

    PICTURES: ClassVar[int] = 60  # a second, at most
    DRAWN_BY: ClassVar[tuple[str, ...]] = (
        "dlterm.tui.widgets.raster",
    )  # modules that the first picture needs

    player: Played

    def draw(self) -> None:
        """Draw the newest where it differs from what is shown."""
        raise NotImplementedError

    def panes(self) -> Iterable[Pane]:
        """Those to be opened before the first picture, in this order."""
        return ()

    @property
    def is_seen(self) -> bool:
        """Whether to draw: not where the terminal is slow, nor below another screen, where Textual calls it current.

        What shines through a dialog would be drawn for nobody, and takes up to 80 ms.
        """
        return self.is_active and not is_behind(self.app)

    def once_painted(self, begin: Callable[[], object]) -> None:
        """Wait for the first paint; and for the app before it, which paints nothing until it handles messages."""
        self.app.call_later(self._paint_then, begin)

    def _paint_then(self, begin: Callable[[], object]) -> None:
        self.refresh()
        self.call_after_refresh(begin)

    async def open_pictures(self) -> None:
        """Load what draws beside the event loop, so that keys are answered meanwhile; then draw at a rate."""
        for module in self.DRAWN_BY:
            await asyncio.to_thread(importlib.import_module, module)
        for pane in self.panes():
            if self.is_running:  # the page may be left while all that is loaded
                await pane.open()
        if self.is_running:
            Pictures(self, self.draw, self.PICTURES)

    def on_unmount(self) -> None:
        """End what is played."""
        self.player.close()
