"""How often a page draws: as often as it likes, up to the user's setting."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from dlterm.tui.terminal import is_behind

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.timer import Timer

    from dlterm.tui.page import Page

_LATE = 32 / 30  # a timer comes late more often than early
_LOOKS = 2  # between two pictures, for a terminal that has not taken the last one when the next is due


class Pictures:
    """Calls `draw` again and again, at most so many times a second, and not while the terminal is behind."""

    def __init__(self, page: Page, draw: Callable[[], None], most: int = 60) -> None:
        self._page, self._draw, self._most = page, draw, most
        self._timer: Timer | None = None
        self._due, self._distance = 0.0, 0.0  # seconds
        page.app.config_changed.subscribe(page, self._follow)
        self._follow("frame_rate")

    def _follow(self, changed: str) -> None:
        if changed == "frame_rate":
            if self._timer is not None:
                self._timer.stop()
            rate = min(self._most, _LATE * self._page.app.config.frame_rate)
            self._distance = (1 - 0.5 / _LOOKS) / rate
            self._timer = self._page.set_interval(1 / (_LOOKS * rate), self._look)

    def _look(self) -> None:
        now = monotonic()
        if now >= self._due and self._page.is_whole and not is_behind(self._page.app):
            self._due = now + self._distance
            self._draw()
