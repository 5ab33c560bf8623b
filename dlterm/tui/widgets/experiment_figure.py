"""An experiment in a lesson: it runs when it is first seen, or asked for, and rests where nobody sees it."""

from __future__ import annotations

import asyncio
import importlib
from typing import TYPE_CHECKING, ClassVar

from textual import getters, work
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from dlterm.errors import DltermError
from dlterm.experiments.registry import entry
from dlterm.text import safe
from dlterm.tui.actions import bindings
from dlterm.tui.app import DltermApp
from dlterm.tui.experiment_player import ExperimentPlayer, Trial
from dlterm.tui.terminal import is_behind
from dlterm.tui.widgets.progress_line import ProgressLine
from dlterm.tui.widgets.view_grid import ViewGrid

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from dlterm.course.figures import Experiment
    from dlterm.experiments.runner import State

_PICTURES_A_SECOND = 20
_UNASKED = 10.0  # seconds: what may take longer begins when it is asked for, not whenever one reads past it


class ExperimentFigure(Vertical, can_focus=True):
    """Shows all views of the experiment, or those that the figure names; to predict and turn knobs, it is opened."""

    PLACE = "inline"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(PLACE)]
    DEFAULT_CSS = """
    ExperimentFigure {
        height: 19; width: 100%; max-width: 92;
        .name { text-style: bold; color: $foreground; height: 1; }
        ProgressLine { background: $surface; padding: 0; }
        .waiting { display: none; height: auto; }
        &.-waiting { height: auto; }
        &.-waiting .waiting { display: block; }
        &.-waiting ViewGrid, &.-waiting ProgressLine { display: none; }
    }
    ExperimentFigure:focus .name { color: $accent; }
    """

    app = getters.app(DltermApp)

    def __init__(self, figure: Experiment) -> None:
        super().__init__()
        self._figure, self._entry = figure, entry(figure.id)
        self._grid, self._progress = ViewGrid(), ProgressLine()
        self._player: ExperimentPlayer | None = None
        self._seen, self._rests = False, False
        self.set_class(self._entry.budget > _UNASKED, "-waiting")
        self._shown: State | None = None

    def compose(self) -> ComposeResult:
        """A title, the views, how far it is."""
        yield Static(self._entry.title, classes="name", markup=False)
        yield Static(self._waiting(), classes="waiting", markup=False)
        yield self._grid
        yield self._progress

    def on_unmount(self) -> None:
        """End the run."""
        if self._player is not None:
            self._player.close()

    def see(self, *, seen: bool) -> None:
        """Begin when it is first seen, if that is soon over; rest while it is not seen."""
        if seen and self._player is None and not self.has_class("-waiting"):
            self._start()
        elif self._player is not None and not seen and self._player.playing:
            self._player.rest()
            self._rests = True
        elif self._player is not None and seen and self._rests:
            self._player.play()
            self._rests = False
        self._seen = seen

    def _waiting(self) -> Content:
        """What it asks, and how it is begun."""
        how = f" or a click runs it, for {self._entry.budget:.0f} seconds at the most"
        return Content.assemble(
            f"{self._entry.question}\n", (self.app.keys.first("inline.play"), "$accent"), how
        )

    def _start(self) -> None:
        if self._player is None:
            self.set_class(False, "-waiting")
            self._player = ExperimentPlayer(Trial(self._figure.id))
            self._begin(self._player)

    @work
    async def _begin(self, player: ExperimentPlayer) -> None:
        try:
            await asyncio.to_thread(player.load)
            for module in ("dlterm.drawing.draw", "dlterm.tui.widgets.raster"):
                await asyncio.to_thread(importlib.import_module, module)
        except DltermError as error:
            self._progress.show(0.0, safe(error.message))
            return
        if self.is_running:
            player.prepare()
            self._rests = True
            self.see(seen=self._seen)
            self.set_interval(1 / _PICTURES_A_SECOND, self._draw)

    def _draw(self) -> None:
        player = self._player
        if player is None or not self._seen or not self.is_attached:
            return
        state = player.newest
        if state is None or state is self._shown or is_behind(self.app) or not self.screen.is_active:
            return
        self._shown = state
        result = state.result
        if state.moment is None or state.message:
            self._progress.show(0.0, state.message)
        elif result is None:
            self._progress.show(state.moment.progress, state.moment.news)
        else:
            said = "✔ the claim holds" if result.holds else "✖ the claim does not hold on this seed"
            self._progress.show(1.0, f"{said}: {result.why}", "$success" if result.holds else "$error")
        if state.moment is not None:
            views = state.moment.views
            self._grid.show({name: views[name] for name in self._figure.views if name in views} or views)

    def on_click(self) -> None:
        """Begin, where it waits for that."""
        self._start()

    def action_play(self) -> None:
        """Run, or pause; after the end, run again."""
        if self._player is None:
            self._start()
        else:
            self._player.toggle()

    def action_again(self) -> None:
        """Run anew."""
        if self._player is None:
            self._start()
        else:
            self._player.again()

    def action_open(self) -> None:
        """Open the experiment."""
        self.app.open_experiment(Trial(self._figure.id))
