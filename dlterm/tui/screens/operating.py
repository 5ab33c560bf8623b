"""The lab's surgery: a neuron knocked out or frozen, its weights listed and changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import getters

from dlterm.tui import describe
from dlterm.tui.page import Page
from dlterm.tui.widgets.network_pane import NetworkPane
from dlterm.tui.widgets.weights_pane import WeightsPane

if TYPE_CHECKING:
    from textual.reactive import var

    from dlterm.training.snapshot import Snapshot
    from dlterm.tui.describe import Neuron, Weight
    from dlterm.tui.player import Player

_NONE_CHOSEN = "choose a neuron first: m, or a click on it"


class Operating(Page):
    """What the lab does to neurons and weights, as `dlterm.tui.actions` lists it."""

    player: Player
    neuron: var[Neuron | None]
    operated: var[Neuron | None]
    weights = getters.query_one(WeightsPane)

    def show_weights(self, snapshot: Snapshot) -> None:
        """Keep the list to the chosen neuron; without one it closes."""
        if not self.weights.display:
            return
        if self.neuron is None or not self.neuron[0]:
            self.close_weights()
        else:
            self.weights.show(snapshot, self.neuron)

    def open_weights(self, weight: Weight) -> None:
        """List the weights of a neuron, and choose one."""
        snapshot, neuron = self.player.newest, weight[:2]
        if snapshot is None or not describe.exists(snapshot, neuron):
            return
        self.neuron = neuron
        self.operated = neuron
        self.weights.show(snapshot, neuron)
        self.weights.choose(weight[2])
        self.minimize()  # where one pane had the whole screen, the list would not be seen
        self.set_class(True, "-weights")
        self.weights.focus()
        self.share_out(self.app.size)

    def close_weights(self) -> bool:
        """Show the settings again; whether the list was open."""
        if not self.has_class("-weights"):
            return False
        self.minimize()
        self.set_class(False, "-weights")
        self.query_one(NetworkPane).focus()
        self.share_out(self.app.size)
        return True

    def on_network_pane_opened(self, message: NetworkPane.Opened) -> None:
        """List a neuron's weights."""
        self.open_weights(message.weight)

    def on_weights_pane_closed(self) -> None:
        """Close the list."""
        self.close_weights()

    def on_weights_pane_edited(self, message: WeightsPane.Edited) -> None:
        """Set a weight."""
        self.player.session.edit_weight(*message.weight, message.value)

    def action_knock_out(self) -> None:
        """The chosen neuron, or the chosen weight where the list is in focus; or back."""
        if self.weights.has_focus:
            self._knock_out_weight()
            return
        chosen = self._operable()
        if chosen is not None:
            snapshot, neuron = chosen
            self.player.session.knock_out(*neuron, on=not describe.knocked_out(snapshot, neuron))

    def action_freeze(self) -> None:
        """The chosen neuron, or the chosen weight where the list is in focus; or let it go."""
        if self.weights.has_focus:
            self.player.session.freeze_weight(*self.weights.chosen, on=not self.weights.is_frozen)
            return
        chosen = self._operable()
        if chosen is not None:
            snapshot, neuron = chosen
            self.player.session.freeze(*neuron, on=not all(describe.frozen(snapshot, neuron)))

    def _knock_out_weight(self) -> None:
        """Hold it at 0; where it is held, let it go."""
        weight, session = self.weights.chosen, self.player.session
        is_out = self.weights.is_frozen and self.weights.value == 0
        if not is_out:
            session.edit_weight(*weight, 0.0)
        session.freeze_weight(*weight, on=not is_out)

    def _operable(self) -> tuple[Snapshot, Neuron] | None:
        """The newest snapshot and the neuron that is chosen on it; it is said where there is none to operate on."""
        snapshot, neuron = self.player.newest, self.neuron
        if snapshot is not None and neuron is not None and neuron[0] and describe.exists(snapshot, neuron):
            self.operated = neuron
            return snapshot, neuron
        self.notify(_NONE_CHOSEN, title="no neuron", markup=False, timeout=3)
        return None
