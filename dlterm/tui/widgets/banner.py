"""A line above the panes, there only when there is something to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Static

if TYPE_CHECKING:
    from textual.content import Content


class Banner(Static):
    """Says what is loading, what went wrong, and what to do."""

    _said: tuple[str | Content, bool] = "", False

    def __init__(self) -> None:
        super().__init__(markup=False, id="banner")

    def say(self, text: str | Content, alarming: bool = False) -> None:
        """Show the text, in alarming colours or calm; hide where it is empty."""
        if (text, alarming) != self._said:
            self._said = text, alarming
            self.set_class(alarming, "-alarming")
            self.set_class(bool(text), "-said")
            self.update(f"✖ {text}" if alarming else text)
