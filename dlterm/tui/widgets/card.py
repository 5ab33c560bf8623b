"""One card: a term, an event or a text of the course; a link on it is told, not followed."""

from __future__ import annotations

from textual import getters
from textual.message import Message
from textual.widgets import Static

from dlterm.tui.app import DltermApp
from dlterm.tui.cards import card


class Card(Static):
    """Shows a place of the course, `kind:id`."""

    class Followed(Message):
        """A link to another place was clicked."""

        def __init__(self, card: Card, place: str) -> None:
            super().__init__()
            self.card, self.place = card, place

    app = getters.app(DltermApp)
    place = ""

    def show(self, place: str) -> None:
        """Show the card of a place, one that there is."""
        self.place = place
        self.update(card(place, self.app.keys.first("app.fitting")))

    def action_open(self, place: str) -> None:
        """Tell of the link."""
        self.post_message(self.Followed(self, place))
