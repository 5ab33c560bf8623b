"""What is read by scrolling: a line at a time, at once."""

from __future__ import annotations

from textual.actions import SkipAction
from textual.containers import VerticalScroll


class Scroll(VerticalScroll):
    """Textual animates also the scroll of a single line: it was seen 20 ms after its key."""

    def action_scroll_down(self) -> None:
        """A line further down."""
        self._scroll_line(1)

    def action_scroll_up(self) -> None:
        """A line further up."""
        self._scroll_line(-1)

    def _scroll_line(self, by: int) -> None:
        if not self.allow_vertical_scroll:
            raise SkipAction
        self.scroll_relative(y=by, animate=False)
