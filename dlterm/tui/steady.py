"""Screens that keys and clicks do not break while they come and go: both arrive faster than screens are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.events import Mount, Resize, ScreenResume, ScreenSuspend
from textual.screen import ScreenResultType

from dlterm.tui.echoing import Echoing

if TYPE_CHECKING:
    from textual import events
    from textual.await_remove import AwaitRemove
    from textual.geometry import Offset
    from textual.widget import Widget


class Steady(Echoing[ScreenResultType]):
    """Does nothing before it is whole or after it is taken away, and selects no text of what is gone already."""

    _is_leaving = False
    _is_in_front = _was_in_front = False

    @property
    def is_whole(self) -> bool:
        """Whether its widgets are there, and stay for now."""
        return self.is_mounted and self.is_attached and not self._is_leaving and self.app.is_running

    def remove(self) -> AwaitRemove:
        """Take it away."""
        self._is_leaving = True
        return super().remove()

    async def on_event(self, event: events.Event) -> None:
        """Textual tells a screen, too, that was taken away before it had its widgets that it has them.

        And a screen that is laid out tells itself its size: with two sizes on their way it would go from one to the
        other for ever.
        """
        is_late = isinstance(event, Mount) and (self._is_leaving or not self.is_attached)
        is_old = isinstance(event, Resize) and event.size != self.app.size
        if isinstance(event, ScreenResume):
            await self._come(event)
        elif not (is_late or is_old):
            self._is_in_front &= not isinstance(event, ScreenSuspend)
            await super().on_event(event)

    async def _on_resize(self, event: Resize) -> None:
        """Lay out what is not of that size yet: Textual lays out a page that comes twice, and what lies below it."""
        event.prevent_default()
        event.stop()
        for screen in (self, *self.app._background_screens):
            if screen._compositor.size != event.size:
                screen._screen_resized(event.size)

    async def _come(self, event: ScreenResume) -> None:
        """A mode's first screen is told twice that it comes, and has its styles already when it is new."""
        if self.is_attached and not self._is_in_front:
            event.refresh_styles = self._was_in_front
            self._is_in_front = self._was_in_front = True
            await super().on_event(event)

    def _compositor_refresh(self) -> None:
        """Paint; while a page is opened, Textual holds its paints back for 50 ms: it would draw them and drop them."""
        if not self.app._batch_count:
            super()._compositor_refresh()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Textual hands keys to a screen whose widgets are not there yet, or no longer."""
        return self.is_whole and super().check_action(action, parameters)

    def get_widget_and_offset_at(self, x: int, y: int) -> tuple[Widget | None, Offset | None]:
        """Textual takes for granted that what was drawn last still has a parent."""
        widget, offset = super().get_widget_and_offset_at(x, y)
        return (widget, offset) if widget is None or widget.is_attached else (None, None)
