"""Screens that show what a key has changed at once: Textual paints at the next sixtieth of a second."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from textual.screen import Screen, ScreenResultType

if TYPE_CHECKING:
    from textual import events

# Seconds after a key in which all that changes is painted at once: an answer takes some messages.
_HURRY = 0.03


class Echoing(Screen[ScreenResultType]):
    """Beside a network that trains a key was echoed 8 ms later, half the time between two paintings."""

    _until = 0.0

    def hurry(self) -> None:
        """Paint what changes next at once; the app says so at every key and click."""
        self._until = monotonic() + _HURRY

    async def _on_idle(self, event: events.Idle) -> None:
        await super()._on_idle(event)
        changed = self._dirty_widgets or self._repaint_required or self._scroll_required
        waits = self._layout_required or self._recompose_required or self.app._batch_count
        if changed and not waits and self.is_current and monotonic() < self._until:
            self._on_timer_update()
