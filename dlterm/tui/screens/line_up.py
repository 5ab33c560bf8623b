"""The ready-made races and one's own, to choose one from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from dlterm.text import safe
from dlterm.tui.screens.choosing import Choosing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dlterm.training.line_ups import LineUp


class LineUpScreen(Choosing["LineUp"]):
    """All of them; the cursor begins at the one that is run."""

    TITLE = "Races"
    SUB_TITLE = "⏎ races · esc leaves it"

    def __init__(self, line_ups: Sequence[LineUp], now: LineUp) -> None:
        super().__init__(line_ups, line_ups.index(now))

    def described(self, item: LineUp) -> Content:
        """Its title, what it shows, who races."""
        lines = " · ".join(line or "as it is" for line in item.lines)
        return Content.assemble(
            (item.title, "bold"), f"  {item.help}\n", (f"  {safe(lines, limit=200)}", "$text-muted")
        )
