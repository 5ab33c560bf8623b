"""What the lab hands out of its network: a run that is kept, and source of other libraries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlterm.tui.exports import model_offers
from dlterm.tui.page import Page

if TYPE_CHECKING:
    from dlterm.tui.exports import Offer
    from dlterm.tui.player import Player


class Handing(Page):
    """What the lab offers to take out, as `dlterm.tui.actions` lists it."""

    player: Player

    def offers(self) -> list[Offer]:
        """The screen, and the network."""
        return [*super().offers(), *self._of_the_network()]

    def action_save(self) -> None:
        """Keep the network as a run, under the proposed name."""
        self.take_out(self._of_the_network()[0])

    def _of_the_network(self) -> list[Offer]:
        return model_offers(self.player.recipe.data, self.player.stand)
