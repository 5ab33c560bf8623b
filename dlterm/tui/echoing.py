"""Screens that show what a key has changed at once: Textual paints at the next sixtieth of a second."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar

from textual.screen import Screen, ScreenResultType

from dlterm.tui.compositor import PartCompositor

if TYPE_CHECKING:
    from textual import events

# Seconds after a key in which all that changes is painted at once: an answer takes some messages.
HURRY = 0.03


class Echoing(Screen[ScreenResultType]):
    """Beside a network that trains a key was echoed 8 ms later, half the time between two paintings."""

    LAYS_OUT_AT_ONCE: ClassVar[bool] = False  # a page is laid out once all of it is there
    _until = 0.0

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._compositor = PartCompositor()

    def hurry(self) -> None:
        """Paint what changes next at once; the app says so at every key and click."""
        self._until = monotonic() + HURRY

    @property
    def hurries(self) -> bool:
        """Whether a key has just come, and what it changes is to be painted first."""
        return monotonic() < self._until

    async def _on_idle(self, event: events.Idle) -> None:
        await super()._on_idle(event)
        changed = self._dirty_widgets or self._repaint_required or self._scroll_required
        moves = self._layout_required and not self.LAYS_OUT_AT_ONCE
        waits = moves or self._recompose_required or self.app._batch_count
        if (changed or self._layout_required) and not waits and self.is_current and self.hurries:
            self._on_timer_update()
