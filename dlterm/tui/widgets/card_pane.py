"""A card beside a screen: what a word means, while what it is about goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.widgets import Static

from dlterm.course.shelf import shelf
from dlterm.tui.cards import term_card

if TYPE_CHECKING:
    from textual.app import ComposeResult

WIDTHS = 30, 80  # columns, at least and at most
_STEP = 4


class CardPane(VerticalScroll, can_focus=False):
    """Shows the card of a term; opened and closed by its screen."""

    DEFAULT_CSS = """
    CardPane {
        dock: right; width: 40; height: 1fr; display: none;
        padding: 1 2; background: $panel;
        scrollbar-size-vertical: 1; scrollbar-color: $border; scrollbar-background: $panel;
    }
    """

    columns = 40
    _shown = ""

    def compose(self) -> ComposeResult:
        """The card."""
        yield Static(id="beside")

    @property
    def is_open(self) -> bool:
        """Whether it is seen."""
        return bool(self.display)

    def toggle(self) -> None:
        """Open it, or close it."""
        self.display = not self.display

    def widen(self, by: int) -> None:
        """Make it wider (1) or narrower (-1)."""
        self.columns = min(max(self.columns + by * _STEP, WIDTHS[0]), WIDTHS[1])
        self.styles.width = self.columns

    def show(self, term: str) -> None:
        """Show the term of that id."""
        if term != self._shown and term in shelf().terms:
            self._shown = term
            self.query_one(Static).update(term_card(shelf().terms[term]))
            self.scroll_home(animate=False)
