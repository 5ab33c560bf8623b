"""A figure that trains: a network in the text, which begins when it is first seen."""

from __future__ import annotations

import asyncio
import importlib
from typing import TYPE_CHECKING, ClassVar

from textual import getters, work
from textual.containers import Vertical

from dlterm.training.recipe import Recipe
from dlterm.tui import describe
from dlterm.tui.actions import bindings
from dlterm.tui.app import DltermApp
from dlterm.tui.player import Player
from dlterm.tui.settings import SETTINGS
from dlterm.tui.terminal import is_behind
from dlterm.tui.widgets.chart_pane import ChartPane
from dlterm.tui.widgets.network_pane import NetworkPane
from dlterm.tui.widgets.output_pane import OutputPane

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from dlterm.course.figures import Lab
    from dlterm.tui.player import MakeSession
    from dlterm.tui.settings import Setting
    from dlterm.tui.widgets.pane import Pane

_PICTURES_A_SECOND = 30
_CORNERS = 2  # columns of an edge that hold no words
_PANES: dict[str, Callable[[str], Pane]] = {
    "output": OutputPane,
    "network": NetworkPane,
    "loss": lambda title: ChartPane(title, named=False),
}
_TURNED_BY = {
    "hidden": ("layers", "units")
}  # fields of a recipe and the settings that turn them, of other names
_LEFT_AS_IT_IS = {"axes", "epochs", "test", "classes"}  # a figure is about something else


class LabFigure(Vertical, can_focus=True):
    """Shows what the figure asks for; it trains for its seconds, and then when it is told to, as long as it is seen."""

    PLACE = "figure"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(PLACE)]
    DEFAULT_CSS = """
    LabFigure { height: 19; width: 48; max-width: 100%; }
    LabFigure.-network, LabFigure.-loss { width: 76; }
    LabFigure > Pane {
        height: 1fr; border-top: solid $border; border-bottom: solid $border; background: $surface;
        border-title-color: $foreground; border-subtitle-color: $text-muted; border-subtitle-align: left;
    }
    LabFigure:focus > Pane { border-top: solid $primary; border-bottom: solid $primary; }
    LabFigure Raster { height: 1fr; background: $surface; }
    """

    app = getters.app(DltermApp)

    def __init__(self, figure: Lab, make_session: MakeSession) -> None:
        super().__init__(classes=f"-{figure.show}")
        self._figure = figure
        self._make_session = make_session
        self._knobs = _knobs(figure.recipe)
        self._knob = 0
        self._pane = _PANES[figure.show](figure.recipe)
        self._pane.can_focus = False
        self._pane.add_class("-framed")
        self._player: Player | None = None
        self._seen = False

    def compose(self) -> ComposeResult:
        """A frame, whose picture comes when it is seen."""
        yield self._pane

    def on_unmount(self) -> None:
        """End the session."""
        if self._player is not None:
            self._player.close()

    def see(self, *, seen: bool) -> None:
        """Begin when it is first seen; rest while it is not."""
        if seen and self._player is None:
            self._player = Player(Recipe.parse(self._figure.recipe), self._make_session)
            self._player.start()
            self._open()
        elif self._player is not None and seen != self._seen and self._player.playing:
            self._player.rest(resting=not seen)
        self._seen = seen

    @work
    async def _open(self) -> None:
        await asyncio.to_thread(importlib.import_module, "dlterm.tui.widgets.raster")
        await self._pane.open()
        self.set_interval(1 / _PICTURES_A_SECOND, self._draw)
        if self._figure.seconds:
            self.set_timer(self._figure.seconds, self._pause)
        else:  # Textual divides by a timer's seconds
            self._pause()

    def _pause(self) -> None:
        if self._player is not None and self._player.playing:
            self._player.toggle()

    def _draw(self) -> None:
        player, pane = self._player, self._pane
        if player is None or not self._seen or not self.is_attached:
            return
        if is_behind(self.app) or not self.screen.is_active:
            return
        snapshot = player.newest
        if snapshot is None or snapshot.field is None:
            return
        if isinstance(pane, OutputPane):
            pane.show(snapshot, None, test_points=True, discretised=False)
        elif isinstance(pane, NetworkPane):
            pane.show(snapshot, None)
        elif isinstance(pane, ChartPane):
            pane.show(snapshot, "loss", None, log=False)
        pane.head(self._heading(player))
        quality = describe.quality(snapshot)
        news = " · ".join([*describe.progress(snapshot)[:1], quality])
        pane.tell(news if len(news) <= self.size.width - _CORNERS else quality)

    def _heading(self, player: Player) -> str:
        """The recipe; of a figure that has the focus, the setting that can be turned."""
        state = "" if player.playing else "‖  "  # first, for most recipes are cut
        if not self.has_focus or not self._knobs:
            return f"{state}{player.recipe}"
        knob = self._knobs[self._knob]
        return f"{state}{knob.title.strip()} ‹ {knob.value(player.recipe) or 'none'} ›"

    def on_output_pane_sized(self, message: OutputPane.Sized) -> None:
        """Have the field computed in the size it is drawn in."""
        if self._player is not None:
            self._player.look(message.width, message.height)

    def action_play(self) -> None:
        """Train, or pause."""
        if self._player is not None:
            self._player.toggle()

    def action_reset(self) -> None:
        """Begin again."""
        if self._player is not None:
            self._player.reset()

    def action_lab(self) -> None:
        """Change it in the lab."""
        self.app.open_in_lab(str(self._player.recipe) if self._player else self._figure.recipe)

    def action_turn(self, by: int) -> None:
        """Turn a setting, and see what comes of it."""
        if self._player is not None and self._knobs:
            self._player.change(self._knobs[self._knob].turned(self._player.recipe, by))
            if not self._player.playing:
                self._player.toggle()

    def action_knob(self) -> None:
        """Have the next of its settings to turn."""
        if self._knobs:
            self._knob = (self._knob + 1) % len(self._knobs)


def _knobs(recipe: str) -> list[Setting]:
    """The settings that turn what a recipe names, in its order: what the figure is about."""
    named = [field.partition("=")[0] for field in recipe.partition("?")[2].split("&")]
    ids = [name for field in named for name in _TURNED_BY.get(field, (field,))]
    found = {setting.id: setting for setting in SETTINGS}
    return [found[name] for name in ids if name in found and name not in _LEFT_AS_IT_IS]
