"""The lab: a network that trains while its settings are changed."""

from __future__ import annotations

import asyncio
import importlib
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import getters, work
from textual.app import SystemCommand
from textual.containers import Horizontal, Vertical
from textual.geometry import Size
from textual.reactive import var
from textual.screen import Screen
from textual.widgets import Footer

from dlterm.text import safe
from dlterm.training.recipe import Recipe
from dlterm.tui import describe
from dlterm.tui.actions import ACTIONS, bindings
from dlterm.tui.arrangement import LEAST, arranged
from dlterm.tui.player import Player
from dlterm.tui.settings import BY_ID, SETS, choice, term, units_turned
from dlterm.tui.terminal import is_behind
from dlterm.tui.themes import DARK, LIGHT
from dlterm.tui.widgets.banner import Banner
from dlterm.tui.widgets.card_pane import CardPane
from dlterm.tui.widgets.loss_pane import LossPane
from dlterm.tui.widgets.network_pane import NetworkPane
from dlterm.tui.widgets.output_pane import OutputPane
from dlterm.tui.widgets.settings_pane import SettingsPane
from dlterm.tui.widgets.title_bar import TitleBar
from dlterm.tui.widgets.too_small import TooSmall

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.widget import Widget

    from dlterm.tui.describe import Neuron
    from dlterm.tui.player import MakeSession
    from dlterm.tui.settings import Setting
    from dlterm.tui.widgets.layer_bar import LayerBar

_PICTURES_A_SECOND = 32


class LabScreen(Screen[None]):
    """Draws the player's newest snapshot on a timer, and turns what the user does into commands for it."""

    CSS_PATH = "lab.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings()]
    AUTO_FOCUS = "SettingsPane"

    neuron: var[Neuron | None] = var(None)
    test_points = var(True)
    discretised = var(False)
    log_axis = var(True)

    title_bar = getters.query_one(TitleBar)
    banner = getters.query_one(Banner)
    network = getters.query_one(NetworkPane)
    output = getters.query_one(OutputPane)
    loss = getters.query_one(LossPane)
    settings = getters.query_one(SettingsPane)
    card = getters.query_one(CardPane)

    def __init__(self, recipe: Recipe, make_session: MakeSession) -> None:
        super().__init__()
        self.player = Player(recipe, make_session)
        self._sets = SETS if recipe.data in SETS else (recipe.data, *SETS)  # a file can be returned to

    def compose(self) -> ComposeResult:
        """The title, the panes, the keys; pictures come after the first paint."""
        network, output = NetworkPane("Network"), OutputPane("Output")
        left = Vertical(network, LossPane("Loss"), id="left")
        right = Vertical(output, SettingsPane(self.player.recipe), id="right")
        self._arrange(self.app.size, right, network, output)  # once, before the first layout
        yield TitleBar()
        yield Banner()
        yield TooSmall()
        yield CardPane()
        yield Horizontal(left, right, id="lab")
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """Say what will be trained; wait for the app, which paints nothing before it handles messages."""
        self._tick()
        self.app.call_later(self._paint_then_begin)

    def on_unmount(self) -> None:
        """End the session."""
        self.player.close()

    def on_resize(self, event: events.Resize) -> None:
        """Share out the new size."""
        self._share_out(event.size)

    def _share_out(self, size: Size) -> None:
        """Arrange the panes in what the card leaves; a card that leaves too little is closed."""
        if self.card.is_open and size.width - self.card.columns < LEAST[0]:
            self.card.toggle()
        beside = self.card.columns if self.card.is_open else 0
        self._arrange(
            Size(size.width - beside, size.height), self.query_one("#right"), self.network, self.output
        )

    def _arrange(self, size: Size, right: Widget, *upper: Widget) -> None:
        columns, rows = size
        arrangement = arranged(columns, rows - 2)
        self.set_class(columns < LEAST[0] or rows < LEAST[1], "-too-small")
        self.set_class(arrangement.framed, "-framed")
        right.styles.width = arrangement.right
        for pane in upper:
            pane.styles.height = arrangement.top

    def _paint_then_begin(self) -> None:
        self.refresh()
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self.player.start()
        self._open_panes()

    @work
    async def _open_panes(self) -> None:
        """Load what draws beside the event loop, so that keys are answered meanwhile; then draw at a rate."""
        await asyncio.to_thread(importlib.import_module, "dlterm.tui.widgets.raster")
        for pane in (self.output, self.network, self.loss):
            await pane.open()
        self.set_interval(1 / _PICTURES_A_SECOND, self._tick)

    def _tick(self) -> None:
        """Draw the newest snapshot where it differs from what is shown.

        Not where the terminal is slow, nor below a page: what shines through one takes 80 ms to draw.
        """
        if is_behind(self.app) or not self.is_current:
            return
        player, snapshot = self.player, self.player.newest
        pace = f" {player.pace.name}" if player.status == "running" else ""
        status = describe.STATUS[player.status] + pace
        self.title_bar.show(str(player.recipe), describe.progress(snapshot), status)
        self.banner.say(*describe.advice(snapshot))
        if snapshot is None or snapshot.field is None:
            return
        if self.neuron is not None and not describe.exists(snapshot, self.neuron):
            self.neuron = None
        self.network.show(snapshot, self.neuron)
        self.output.show(snapshot, self.neuron, test_points=self.test_points, discretised=self.discretised)
        self.loss.show(snapshot, log=self.log_axis)

    def _turn(self, setting: Setting, by: int) -> None:
        turned = choice("data", self._sets) if setting.id == "data" else setting.turned
        self._change(turned(self.player.recipe, by))

    def _change(self, recipe: Recipe) -> None:
        self.player.change(recipe)
        self.settings.show(recipe)

    def open(self, text: str) -> None:
        """Begin with another recipe."""
        self._change(Recipe.parse(text))
        self.player.reset()

    # --- what the panes tell --------------------------------------------------------------------------------------

    def on_output_pane_sized(self, message: OutputPane.Sized) -> None:
        """Have the field computed in the size it is drawn in."""
        self.player.look(message.width, message.height)

    def on_network_pane_chosen(self, message: NetworkPane.Chosen) -> None:
        """Show the neuron's map in place of the output."""
        self.neuron = message.neuron

    def on_raster_clicked(self) -> None:
        """Back from a neuron's map to the output, on a click on the picture."""
        self.neuron = None

    def on_layer_bar_pressed(self, message: LayerBar.Pressed) -> None:
        """Change the number of layers, or of a layer's neurons."""
        turned = BY_ID["layers"].turned if message.layer is None else units_turned(message.layer)
        self._change(turned(self.player.recipe, message.by))

    def on_settings_pane_turned(self, message: SettingsPane.Turned) -> None:
        """Change a setting."""
        self._turn(message.setting, message.by)

    def on_settings_pane_chosen(self) -> None:
        """Say what it means."""
        if self.card.is_open:
            self.card.show(term(self.settings.chosen, self.player.recipe))

    def on_title_bar_clicked(self) -> None:
        """Copy the recipe."""
        self.do_copy()

    # --- actions, as dlterm.tui.actions lists them ----------------------------------------------------------------

    def commands(self) -> Iterable[SystemCommand]:
        """Every action and every preset, for the command palette."""
        from dlterm.course.content import presets

        for action in ACTIONS:
            run = partial(self.action_do, action.id)
            yield SystemCommand(f"{action.title}  ({action.key})", action.help, run)
        for preset in presets():
            yield SystemCommand(f"Preset: {preset.title}", preset.note, partial(self.open, preset.recipe))

    def action_do(self, name: str) -> None:
        """Carry out an action of the table by its id."""
        if name[-1] in "+-":
            self._turn(BY_ID[name[:-1]], 1 if name[-1] == "+" else -1)
        else:
            getattr(self, f"do_{name}")()

    def do_play(self) -> None:
        """Train, or pause."""
        self.player.toggle()

    def do_step(self) -> None:
        """One batch."""
        self.player.step()

    def do_epoch(self) -> None:
        """To the end of the epoch."""
        self.player.epoch()

    def do_faster(self) -> None:
        """The next faster pace."""
        self.player.faster(1)

    def do_slower(self) -> None:
        """The next slower pace."""
        self.player.faster(-1)

    def do_reset(self) -> None:
        """Begin again."""
        self.player.reset()

    def do_reseed(self) -> None:
        """Begin again with the next seed."""
        self.player.reseed()

    def do_test_points(self) -> None:
        """Show or hide what is held out."""
        self.test_points = not self.test_points

    def do_discretise(self) -> None:
        """The answer alone, or how sure the network is."""
        self.discretised = not self.discretised

    def do_log(self) -> None:
        """A logarithmic or a linear scale."""
        self.log_axis = not self.log_axis

    def do_next_neuron(self) -> None:
        """Enlarge the next neuron's map."""
        self.neuron = self.network.neuron_after(self.neuron, 1)

    def do_previous_neuron(self) -> None:
        """Enlarge the map of the neuron before."""
        self.neuron = self.network.neuron_after(self.neuron, -1)

    def do_output(self) -> None:
        """Back from a neuron's map."""
        self.neuron = None

    def do_copy(self) -> None:
        """The recipe to the clipboard."""
        recipe = str(self.player.recipe)
        self.app.copy_to_clipboard(recipe)
        self.notify(safe(recipe), title="copied", markup=False, timeout=3)

    def do_card(self) -> None:
        """A card beside the panes."""
        if not self.card.is_open and self.app.size.width - self.card.columns < LEAST[0]:
            self.notify(f"a card beside the lab needs {LEAST[0] + self.card.columns} columns", timeout=4)
            return
        self.card.toggle()
        self.on_settings_pane_chosen()
        self._share_out(self.app.size)

    def do_wider(self) -> None:
        """More room for the card."""
        self._widen(1)

    def do_narrower(self) -> None:
        """Less room for it."""
        self._widen(-1)

    def _widen(self, by: int) -> None:
        self.card.widen(by)
        self._share_out(self.app.size)

    def action_open(self, place: str) -> None:
        """Follow a link on the card."""
        self.card.show(place.partition(":")[2])

    def do_theme(self) -> None:
        """The other theme."""
        self.app.theme = LIGHT.name if self.app.current_theme.dark else DARK.name

    def do_help(self) -> None:
        """What the panes show, and every key."""
        from dlterm.tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen())

    def do_quit(self) -> None:
        """Leave."""
        self.app.exit()
