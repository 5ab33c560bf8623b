"""A page that has one thing: the line at the top says what it is, and news are one line below that, or a notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import getters

from dlterm.text import safe
from dlterm.tui.page import Page
from dlterm.tui.widgets.banner import Banner
from dlterm.tui.widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from textual.widget import Widget


class Titled(Page):
    """Its body has a `Banner`; what its title says can be copied."""

    title_bar = getters.query_one(TitleBar)
    banner = getters.query_one(Banner)

    def head(self) -> Widget:
        """What it is, and how far."""
        return TitleBar()

    def tell(self, text: str, title: str, seconds: float = 5.0) -> None:
        """A notice, in the place of the last one."""
        self.app.clear_notifications()
        self.notify(safe(text, limit=400), title=title, markup=False, timeout=seconds)

    def copy(self, text: str) -> None:
        """To the clipboard, and say so."""
        self.app.copy_to_clipboard(text)
        self.tell(text, "copied")

    def action_copy(self) -> None:
        """What the title says, as it can be opened again."""
        raise NotImplementedError

    def on_title_bar_clicked(self) -> None:
        """Copy it."""
        self.action_copy()
