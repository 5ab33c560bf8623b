"""Watching: a run of another process in the lab's panes, while it trains and after it has ended."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar

from textual import getters

from dlterm.text import safe
from dlterm.training.recipe import Recipe
from dlterm.tui import describe
from dlterm.tui.actions import page_bindings
from dlterm.tui.screens.looking import Looking
from dlterm.tui.watcher import Watcher
from dlterm.tui.widgets.banner import Banner
from dlterm.tui.widgets.run_pane import STATUS, RunPane

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from dlterm.training.run_info import RunInfo
    from dlterm.training.watching import Watched


class WatchScreen(Looking):
    """Lies over the page that it was opened from. What would change the run is not here, and it says why."""

    PLACE = "watch"
    CSS_PATH = "lab.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*page_bindings(PLACE)]
    AUTO_FOCUS = "NetworkPane"
    SIDES: ClassVar[dict[str, str]] = {**Looking.SIDES, "facts": "Run"}

    player: Watcher

    facts = getters.query_one(RunPane)

    def __init__(self, run: RunInfo) -> None:
        super().__init__()
        self.player = Watcher(run, run.recipe or Recipe())

    def body(self) -> ComposeResult:
        """The panes, and beside them what is known of the run."""
        grid = self.grid(RunPane(self.player.run))
        yield Banner()
        yield grid

    def on_screen_suspend(self) -> None:
        """Nothing is read where nobody looks."""
        self.player.rest(resting=True)

    def on_screen_resume(self) -> None:
        """Go on."""
        self.player.rest(resting=False)

    def subject(self) -> str:
        """What the network and its boundary are read from."""
        return "term:checkpoint"

    def draw(self) -> None:
        """Draw what was read last."""
        watched = self.player.watched
        if watched is None or not self.is_seen:
            return
        snapshot = watched.snapshot
        progress = [
            f"epoch {watched.epoch:,} of {snapshot.recipe.epochs:,}",
            *describe.progress(snapshot)[1:],
        ]
        status = "‖ held" if self.player.held else STATUS[watched.status][0]
        self.title_bar.show(str(snapshot.recipe), progress, status)
        self.banner.say(*self._news(watched))
        self.facts.show(watched, time.time())
        if snapshot.field is not None:
            self.show(snapshot)
        elif snapshot.curves is not None:
            self.charts.show(snapshot, self.chart, None, log=self.log_axis)

    def _news(self, watched: Watched) -> tuple[str, bool]:
        """What there is to say, and whether it is alarming."""
        keys, path = self.app.keys, safe(str(self.player.run.path))
        if watched.status == "deleted":
            return (
                f"{path} was deleted; this is what was seen of it last ({keys.first('watch.output')}: back)",
                True,
            )
        if watched.snapshot.message:
            return safe(watched.snapshot.message), False
        if watched.status == "interrupted":
            return f"it ended before its last epoch; dlterm train --resume {path} goes on", False
        if watched.status == "diverged":
            return (
                "it diverged; this is its last finite state. Train again with a smaller learning rate.",
                True,
            )
        return "", False

    # --- what cannot be done here -------------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """Say why, where a key that does nothing here would change the network in the lab."""
        if event.key not in self.active_bindings and self.app.keys.is_of("lab", event.key):
            event.stop()
            self._say_why()

    def on_layer_bar_pressed(self) -> None:
        """Say why the buttons of the diagram change nothing."""
        self._say_why()

    def on_network_pane_opened(self) -> None:
        """Say why no weight can be changed."""
        self._say_why()

    def _say_why(self) -> None:
        key = self.app.keys.first("watch.lab")
        text = f"Another process trains it. {key} opens its recipe in the lab, where all can be changed."
        self.tell(text, "watching only", seconds=4)

    # --- actions, as dlterm.tui.actions lists them --------------------------------------------------------------------

    def action_hold(self) -> None:
        """Keep what is shown, or follow again."""
        self.player.held = not self.player.held

    def action_lab(self) -> None:
        """Its recipe in the lab."""
        self.app.open_in_lab(str(self.player.recipe))

    def action_output(self) -> None:
        """Back from a neuron's map, then from the example, then to where it was opened from."""
        if self.neuron is not None or self.example is not None or self.is_beside_the_network:
            super().action_output()
        elif self.is_active:
            self.dismiss()
