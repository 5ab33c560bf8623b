"""A line of what can be done here, each with its key; a click on one does it, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.style import Style
from textual import getters
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from dlterm.tui.app import DltermApp

if TYPE_CHECKING:
    from collections.abc import Iterable


class Ways(Static):
    """Shows actions of the table by their ids, in words that suit the place."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Ways {
        height: auto; padding: 0 3; link-style-hover: bold; link-background-hover: $primary 30%;
    }
    """

    app = getters.app(DltermApp)

    @property
    def link_style(self) -> Style:
        """Nothing: a key looks like a key, and its words like words."""
        return Style.null()

    class Pressed(Message):
        """One of them was clicked: `action` is its name, without its place."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    def show(self, ways: Iterable[tuple[str, str]]) -> None:
        """Show them: an action's id, and words for it."""
        parts = []
        for action, words in ways:
            name = action.partition(".")[2]
            key = self.app.key_to_press(action)
            press = f"@click=press('{name}')"
            parts.append(
                Content.assemble((f" {key} ", f"bold $accent {press}"), (f"{words} ", f"$foreground {press}"))
            )
        self.update(Content("  ").join(parts))

    def action_press(self, name: str) -> None:
        """Tell of it."""
        self.post_message(self.Pressed(name))
