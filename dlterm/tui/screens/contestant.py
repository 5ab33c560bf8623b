"""A contestant, to be written by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlterm.training.classic import CLASSICS
from dlterm.training.contestants import check, contestants
from dlterm.tui.screens.line import LineScreen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dlterm.training.recipe import Recipe


class ContestantScreen(LineScreen[str]):
    """Ends with a contestant's line, or with none; `place` is whose it is, None for one more."""

    HINT = (
        "What differs, such as  lr=0.1  or  hidden=4,4 activation=relu;  nothing for the recipe itself;"
        f"  or a classic model: {', '.join(CLASSICS)}"
    )
    PLACEHOLDER = "lr=0.1"
    MOST = 500
    DEFAULT_CSS = "ContestantScreen { align: center bottom; }"

    def __init__(self, base: Recipe, lines: Sequence[str], place: int | None) -> None:
        if place is None:
            super().__init__("One more contestant", "")
        else:
            super().__init__("Contestant", lines[place])
        self._base, self._lines, self._place = base, list(lines), place

    def meaning(self, text: str) -> str:
        """The line itself. Raises DltermError where it cannot race against the others."""
        lines = self._lines.copy()
        if self._place is None:
            lines.append(text)
        else:
            lines[self._place] = text
        check(contestants(self._base, lines))
        return text
