"""The experiments that fit what is seen, to open one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from dlterm.tui.screens.choosing import Choosing

if TYPE_CHECKING:
    from dlterm.experiments.registry import Entry


class FittingScreen(Choosing["Entry"]):
    """The nearest first: a title and a question for each."""

    TITLE = "Experiments that fit"
    SUB_TITLE = "⏎ opens · esc leaves it"

    def described(self, item: Entry) -> Content:
        """Its title and its question."""
        return Content.assemble((item.title, "bold"), (f"\n  {item.question}", "$text-muted"))
