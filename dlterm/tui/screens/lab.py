"""The lab: a network that trains while its settings are changed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.app import SystemCommand

from dlterm.errors import DltermError
from dlterm.text import safe
from dlterm.training.recipe import Recipe
from dlterm.tui import describe, past
from dlterm.tui.actions import page_bindings
from dlterm.tui.arrangement import SCRUBBED
from dlterm.tui.player import Player
from dlterm.tui.screens.driving import Driving
from dlterm.tui.screens.handing import Handing
from dlterm.tui.screens.looking import Looking
from dlterm.tui.screens.operating import Operating
from dlterm.tui.screens.racing import Racing
from dlterm.tui.screens.surveying import Surveying
from dlterm.tui.screens.teaching import Teaching
from dlterm.tui.screens.travelling import Travelling
from dlterm.tui.settings import BY_ID, term, turned
from dlterm.tui.turning import Known, layers_turned, units_turned
from dlterm.tui.widgets.banner import Banner
from dlterm.tui.widgets.scrubber import Scrubber
from dlterm.tui.widgets.settings_pane import SettingsPane
from dlterm.tui.widgets.weights_pane import WeightsPane

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.content import Content
    from textual.geometry import Size
    from textual.widget import Widget

    from dlterm.training.snapshot import Snapshot
    from dlterm.tui.player import MakeSession
    from dlterm.tui.settings import Setting
    from dlterm.tui.widgets.layer_bar import LayerBar


class LabScreen(Surveying, Driving, Travelling, Operating, Racing, Teaching, Handing):
    """Draws the player's newest snapshot on a timer, and turns what the user does into commands for it."""

    PLACE = "lab"
    CSS_PATH = "lab.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*page_bindings(PLACE)]
    AUTO_FOCUS = "SettingsPane"
    SIDES: ClassVar[dict[str, str]] = {**Looking.SIDES, "settings": "Settings"}

    player: Player

    settings = getters.query_one(SettingsPane)

    def __init__(self, recipe: Recipe, make_session: MakeSession, *, playing: bool = True) -> None:
        super().__init__()
        self.player = Player(recipe, make_session, playing=playing)
        self._known = Known()

    def body(self) -> ComposeResult:
        """The panes, the settings beside them, the past below."""
        grid = self.grid(SettingsPane(self.player.recipe), WeightsPane())
        yield Banner()
        yield grid
        yield Scrubber()

    def on_mount(self) -> None:
        """Say what will be trained."""
        self.draw()

    def share_panes(self, grid: Widget, size: Size) -> None:
        """Leave the scrubber its row, where there is room for it."""
        scrubbed = size.height >= SCRUBBED
        self.set_class(scrubbed, "-scrubbed")
        super().share_panes(grid, size - (0, scrubbed))

    def subject(self) -> str:
        """The term for the setting that is chosen; in another pane, for what that is about."""
        elsewhere = "" if self.settings.has_focus else super().subject()
        return elsewhere or f"term:{term(self.settings.chosen, self.player.recipe)}"

    def draw(self) -> None:
        """Draw the newest snapshot where it differs from what is shown."""
        if not self.is_seen:
            return
        player, snapshot = self.player, self.player.newest
        pace = f" {player.pace.name}" if player.status == "running" else ""
        status = past.status(snapshot, describe.STATUS[player.status] + pace)
        if player.follow():
            self._show_recipe()
        self.title_bar.show(str(player.recipe), past.progress(snapshot), status)
        self.banner.say(*self._news(snapshot))
        if snapshot is None or snapshot.field is None:
            return
        self.show(snapshot)
        self.show_weights(snapshot)
        self.show_past(snapshot)

    def _news(self, snapshot: Snapshot | None) -> tuple[str | Content, bool]:
        """What the session has to say; else, for a while, what the preset is for."""
        told = describe.advice(snapshot)
        return told if told[0] else (self.note, False)

    def _turn(self, setting: Setting, by: int) -> None:
        self._known = self._known.seen(self.player.recipe, self.player.newest)
        self._change(turned(setting, self._known)(self.player.recipe, by))

    def _change(self, recipe: Recipe) -> None:
        self.forget_undone()
        self.player.change(recipe)
        self._show_recipe()

    def _show_recipe(self) -> None:
        recipe = self.player.recipe
        self.settings.show(recipe)
        self.app.memory.change(recipe=str(recipe))

    def open(self, text: str) -> None:
        """Begin with another recipe."""
        self._begin_with(Recipe.parse(text))

    def _begin_with(self, recipe: Recipe | None) -> None:
        if recipe is not None:
            self.player.begin(recipe)
            self._show_recipe()

    # --- what the panes tell --------------------------------------------------------------------------------------

    def on_layer_bar_pressed(self, message: LayerBar.Pressed) -> None:
        """Change the number of layers, or of a layer's neurons."""
        turn = layers_turned if message.layer is None else units_turned(message.layer)
        self._change(turn(self.player.recipe, message.by))

    def on_settings_pane_turned(self, message: SettingsPane.Turned) -> None:
        """Change a setting."""
        self._turn(message.setting, message.by)

    def on_settings_pane_chosen(self) -> None:
        """Say what it means."""
        self.explain()

    # --- actions, as dlterm.tui.actions lists them ----------------------------------------------------------------

    def commands(self) -> Iterable[SystemCommand]:
        """Every race, every preset."""
        yield from super().commands()
        for number, preset in enumerate(self.presets):
            yield SystemCommand(f"Preset: {preset.title}", preset.note, partial(self.open_preset, number))

    def action_turn(self, setting: str, by: int) -> None:
        """Turn a setting by its id."""
        self._turn(BY_ID[setting], by)

    def action_step(self) -> None:
        """One batch."""
        self.player.step()

    def action_epoch(self) -> None:
        """To the end of the epoch."""
        self.player.epoch()

    def action_output(self) -> None:
        """Back from the list of weights, a preset's note, a neuron's map, the example; then to the network."""
        if not self.close_weights() and not self.hide_note():
            super().action_output()

    def action_hide_settings(self) -> None:
        """Give their room to the network; again, show them."""
        if self.has_class("-few"):
            self.side = "network" if self.side == "settings" else "settings"
            return
        self.toggle_class("-hiding")
        if self.has_class("-hiding") and self.settings.has_focus:
            self.network.focus()
        self.share_out(self.app.size)

    def action_write(self) -> None:
        """The recipe, by hand."""
        from dlterm.tui.screens.recipe import RecipeScreen

        self.app.push_screen(RecipeScreen(self.player.recipe), self._begin_with)

    def on_paste(self, event: events.Paste) -> None:
        """A recipe that is pasted is opened."""
        from dlterm.tui.screens.recipe import recipe_of

        try:
            self._begin_with(recipe_of(event.text.strip()))
        except DltermError as error:
            self.notify(safe(error.message), title="not a recipe", severity="warning", markup=False)
