"""The lab: a network trains, and everything about it is drawn as it does."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import SystemCommand
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Footer, Static

from dlterm.text import safe
from dlterm.tui.actions import ACTIONS, bindings
from dlterm.tui.settings import BY_ID, Setting
from dlterm.tui.themes import DARK, LIGHT
from dlterm.tui.widgets.settings_pane import SettingsPane

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from dlterm.training.recipe import Recipe
    from dlterm.training.session import Session
    from dlterm.training.snapshot import Snapshot
    from dlterm.tui.widgets.pictures import Pictures
    from dlterm.tui.widgets.raster import Raster

_FRAME_SECONDS = 1 / 30
_FIRST_PACE = 4  # of session.PACES: slow enough to see it learn
_LEAST_SIZE = 60, 20
_HINT = "space pauses   f trains faster   d takes other data   F1 explains everything"
_ALARMS = {
    "diverged": "press r to begin again, L for a smaller learning rate",
    "failed": "press d for other data",
}


class LabScreen(Screen[None]):
    """Sends commands to a session and draws its newest snapshot; `recipe` is the one source of the settings."""

    CSS_PATH = "lab.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings()]
    AUTO_FOCUS = "#settings"

    def __init__(self, recipe: Recipe) -> None:
        super().__init__()
        self.recipe = recipe
        self.newest: Snapshot | None = None
        self._drawn = 0
        self._hint = _HINT
        self._wants_to_play = True
        self._session: Session | None = None
        self._looked_for = (0, 0)
        self._pace = _FIRST_PACE
        self._pictures: Pictures | None = None

    def compose(self) -> ComposeResult:
        """Text first: pictures come when what draws them is loaded."""
        yield Static(id="status", markup=False)
        yield Static(self._hint, id="banner", markup=False)
        with Horizontal(id="top"):
            yield Vertical(id="network-pane", classes="pane")
            yield Vertical(id="output-pane", classes="pane")
        with Horizontal(id="bottom"):
            yield Vertical(id="loss-pane", classes="pane")
            settings = SettingsPane(self.recipe)
            settings.add_class("pane")
            yield settings
        yield Static("dlterm needs 60 columns and 20 rows:\nenlarge the window", id="tiny", markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Title the panes; start everything that is slow to load after the first paint."""
        titles = {
            "#network-pane": "network",
            "#output-pane": "output",
            "#loss-pane": "loss",
            "#settings": "settings",
        }
        for selector, title in titles.items():
            self.query_one(selector).border_title = title
        self._show_status()
        self.call_after_refresh(self._begin)

    def on_unmount(self) -> None:
        """Stop the session's thread."""
        if self._session is not None:
            self._session.close()

    def on_resize(self) -> None:
        """Keep the output about square, and say so when there is no room at all."""
        width, height = self.app.size
        self.set_class(width < _LEAST_SIZE[0] or height < _LEAST_SIZE[1], "-tiny")
        rows = (height - 3) * 5 // 8 - 2
        self.query_one("#output-pane").styles.width = max(24, min(2 * rows + 2, width * 45 // 100))
        self.query_one("#settings").styles.width = max(34, min(44, width * 36 // 100))

    def on_key(self) -> None:
        """The hint has done its work."""
        self._hint = ""

    async def _begin(self) -> None:
        from dlterm.training.session import PACES, Session

        self._session = Session(self.recipe, self._publish)
        self._session.start()
        self._session.pace(PACES[self._pace])
        self._session.play()
        from dlterm.tui.widgets.pictures import Pictures

        self._pictures = Pictures(self)
        await self._pictures.mount()
        self.set_interval(_FRAME_SECONDS, self._draw)

    def _publish(self, snapshot: Snapshot) -> None:
        """Called by the session's thread: the newest snapshot is all that is kept."""
        self.newest = snapshot

    def _draw(self) -> None:
        """Draw the newest snapshot, unless it is drawn already or the terminal is behind."""
        snapshot, pictures = self.newest, self._pictures
        if (
            snapshot is None
            or pictures is None
            or snapshot.number == self._drawn
            or self._terminal_is_behind()
        ):
            return
        self._drawn = snapshot.number
        self._show_status()
        pictures.draw(snapshot, time.perf_counter())
        if self._session is not None and pictures.field_size != self._looked_for:
            self._looked_for = pictures.field_size
            self._session.look(*self._looked_for)

    def _terminal_is_behind(self) -> bool:
        writer = getattr(self.app._driver, "_writer_thread", None)
        waiting = getattr(writer, "_queue", None)
        return waiting is not None and waiting.qsize() > 2

    def redraw(self) -> None:
        """Draw again, because how it is drawn has changed."""
        self._drawn = 0
        if self._pictures is not None:
            self._pictures.forget()

    def _show_status(self) -> None:
        snapshot = self.newest
        status = snapshot.status if snapshot is not None else "loading"
        message = snapshot.message if snapshot is not None else ""
        alarm = _ALARMS.get(status)
        banner = self.query_one("#banner", Static)
        text = f"{message}: {alarm}" if alarm else message if status == "compiling" else self._hint or message
        banner.update(safe(text, limit=400))
        banner.set_class(alarm is not None, "-alarm")
        banner.display = bool(text)
        self.query_one("#status", Static).update(self._status_line(snapshot, status))

    def _status_line(self, snapshot: Snapshot | None, status: str) -> str:
        """What it does, the recipe, and as many figures as there is room for."""
        width = self.app.size.width
        mark = {"running": "▶", "paused": "⏸", "compiling": "…", "loading": "…"}.get(status, "■")
        left = f" dlterm  {mark} {status}   {safe(str(self.recipe))}   "
        figures = []
        if snapshot is not None and snapshot.metrics is not None:
            figures = [
                f"epoch {snapshot.epoch:,}",
                f"step {snapshot.step:,}",
                _rate(snapshot.examples_per_second),
            ]
            figures = [*filter(None, figures), f"{snapshot.parameters} parameters"]
        while figures and len(left) + len("  ".join(figures)) + 1 > width:
            figures.pop()
        return left + ("  ".join(figures) + " ").rjust(width - len(left))

    # --- actions --------------------------------------------------------------------------------------------------

    def commands(self) -> Iterable[SystemCommand]:
        """Every action, for the command palette."""
        for action in ACTIONS:
            yield SystemCommand(
                f"lab: {action.title.lower()}", action.help, lambda chosen=action.id: self.action_do(chosen)
            )

    def action_do(self, name: str) -> None:
        """Carry out an action of the table by its id."""
        self._hint = ""
        if name[-1] in "+-":
            self.turn(BY_ID[name[:-1]], 1 if name[-1] == "+" else -1)
        else:
            getattr(self, f"do_{name}")()

    @on(SettingsPane.Turned)
    def _turned(self, event: SettingsPane.Turned) -> None:
        self._hint = ""
        self.turn(event.setting, event.by)

    def turn(self, setting: Setting, by: int) -> None:
        """Turn a setting; the session goes on with the new recipe."""
        recipe = setting.turned(self.recipe, by)
        if recipe == self.recipe:
            return
        self.recipe = recipe
        self.query_one(SettingsPane).show(recipe)
        if self._session is not None:
            self._session.change(recipe)
            if self._wants_to_play:
                self._session.play()

    def do_play(self) -> None:
        """Train, or pause."""
        self._wants_to_play = not self._wants_to_play
        if self._session is not None:
            (self._session.play if self._wants_to_play else self._session.pause)()

    def do_step(self) -> None:
        """One batch."""
        self._wants_to_play = False
        if self._session is not None:
            self._session.step()

    def do_epoch(self) -> None:
        """To the end of the epoch."""
        self._wants_to_play = False
        if self._session is not None:
            self._session.epoch()

    def do_faster(self) -> None:
        """The next faster pace."""
        self._set_pace(self._pace + 1)

    def do_slower(self) -> None:
        """The next slower pace."""
        self._set_pace(self._pace - 1)

    def _set_pace(self, pace: int) -> None:
        from dlterm.training.session import PACES

        self._pace = max(0, min(pace, len(PACES) - 1))
        if self._session is not None:
            self._session.pace(PACES[self._pace])
        self.notify(PACES[self._pace].name, timeout=1)

    def do_reset(self) -> None:
        """Begin again."""
        if self._session is not None:
            self._session.reset()
            if self._wants_to_play:
                self._session.play()

    def do_reseed(self) -> None:
        """Begin again with the next seed."""
        self.recipe = self.recipe.with_(seed=self.recipe.seed + 1)
        if self._session is not None:
            self._session.reset(self.recipe.seed)
            if self._wants_to_play:
                self._session.play()

    def do_test_points(self) -> None:
        """Show or hide what is held out."""
        self._toggle("test_points")

    def do_discretise(self) -> None:
        """The answer alone, or how sure the network is."""
        self._toggle("discretise")

    def do_log(self) -> None:
        """A logarithmic or a linear scale."""
        self._toggle("log")

    def do_next_neuron(self) -> None:
        """Enlarge the next neuron's map."""
        self._enlarge(1)

    def do_previous_neuron(self) -> None:
        """Enlarge the map of the neuron before."""
        self._enlarge(-1)

    def do_output(self) -> None:
        """Back from a neuron's map."""
        self._enlarge(0)

    def _enlarge(self, by: int) -> None:
        if self._pictures is not None and self.newest is not None:
            self._pictures.choose(self.newest, by)
            self.redraw()

    def on_raster_clicked(self, event: Raster.Clicked) -> None:
        """A neuron of the diagram: enlarge its map; the output: back to it."""
        if self._pictures is not None:
            self._pictures.click(event.raster, event.column, event.row)
            self.redraw()

    def _toggle(self, name: str) -> None:
        if self._pictures is not None:
            setattr(self._pictures, name, not getattr(self._pictures, name))
            self.redraw()

    def do_copy(self) -> None:
        """The recipe to the clipboard."""
        self.app.copy_to_clipboard(str(self.recipe))
        self.notify(str(self.recipe), title="copied", markup=False, timeout=3)

    def do_theme(self) -> None:
        """The other theme."""
        self.app.theme = LIGHT.name if self.app.current_theme.dark else DARK.name
        self.call_after_refresh(self.redraw)

    def do_help(self) -> None:
        """What the panes show, and every key."""
        from dlterm.tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen())

    def do_quit(self) -> None:
        """Leave."""
        self.app.exit(return_code=0)


def _rate(rate: float) -> str:
    """Examples a second, in three figures."""
    if rate <= 0:
        return ""
    return f"{rate / 1e6:.1f} M examples/s" if rate >= 1e6 else f"{rate / 1e3:.0f} k examples/s"
