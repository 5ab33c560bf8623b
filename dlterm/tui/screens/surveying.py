"""The lab's way to look at the landscape: which plane is surveyed, and that it is only while it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.reactive import var

from dlterm.training.snapshot import Wish
from dlterm.tui.screens.looking import Looking

if TYPE_CHECKING:
    from dlterm.training.snapshot import Snapshot
    from dlterm.tui.player import Player

_CHART = "landscape"


class Surveying(Looking):
    """What the lab does with the chart of the landscape, as `dlterm.tui.actions` lists it."""

    player: Player

    wish = var(Wish())

    def look(self, snapshot: Snapshot) -> None:
        """Have the landscape surveyed while its chart is shown."""
        super().look(snapshot)
        self.player.survey(self.wish if self.charts.topic == _CHART else None)

    def action_landscape(self) -> None:
        """Show the chart; where it is shown, over the other kind of directions."""
        if self.chart == _CHART:
            is_own = self.wish.directions == "principal"
            self.wish = Wish("random" if is_own else "principal", self.wish.seed)
        self._go()

    def action_directions(self) -> None:
        """Show the chart over random directions; where it is shown, over others."""
        again = self.chart == _CHART and self.wish.directions == "random"
        self.wish = Wish("random", self.wish.seed + again)
        self._go()

    def _go(self) -> None:
        if self.chart != _CHART:
            self.chart = _CHART
            self.charts.focus()
