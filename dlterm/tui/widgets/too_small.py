"""What is shown instead of the lab on a terminal that is too small for it."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from dlterm.tui.arrangement import LEAST


class TooSmall(Widget):
    """Says how large a terminal the lab needs, and how large this one is."""

    def render(self) -> Content:
        """Return the message."""
        columns, rows = self.app.size
        return Content(
            f"dlterm needs {LEAST[0]} x {LEAST[1]};\nthis is {columns} x {rows}.\nEnlarge the window."
        )
