"""An experiment: predict what will come out, watch it run while its knobs are turned, see the verdict."""

from __future__ import annotations

import asyncio
import shlex
from typing import TYPE_CHECKING, ClassVar

from textual import getters, work
from textual.containers import Container, Vertical
from textual.widgets import Static

from dlterm.course.library import lessons
from dlterm.errors import DltermError
from dlterm.experiments.knobs import Canvas
from dlterm.experiments.registry import entries, entry
from dlterm.text import safe
from dlterm.tui.actions import page_bindings
from dlterm.tui.experiment_arrangement import Shape, experiment_arranged
from dlterm.tui.experiment_player import ExperimentPlayer, Trial
from dlterm.tui.screens.playing import Playing
from dlterm.tui.screens.titled import Titled
from dlterm.tui.widgets.banner import Banner
from dlterm.tui.widgets.canvas import CanvasPane
from dlterm.tui.widgets.knobs_pane import KnobsPane
from dlterm.tui.widgets.predictions import Predictions
from dlterm.tui.widgets.progress_line import ProgressLine
from dlterm.tui.widgets.verdict_pane import VerdictPane
from dlterm.tui.widgets.view_grid import ViewGrid

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.geometry import Size
    from textual.widgets import OptionList

    from dlterm.experiments.experiment import Experiment
    from dlterm.experiments.runner import State

_TIGHT = 26  # rows below which the question stands without air
_ASKING = {"choose", "skip", "expect"}  # what can be done before there is a prediction, and not after
_RUNNING = {"play", "step", "again", "reseed"}  # and the other way round
_STATUS = {
    "loading": "◌ loading",
    "beginning": "◌ beginning",
    "compiling": "◌ compiling",
    "running": "▶ running",
    "paused": "‖ paused",
    "failed": "✖ failed",
}


class ExperimentScreen(Playing, Titled):
    """Lies over the page of all experiments. `expected` is the prediction's id, "" for none, None before it is made."""

    PLACE = "experiment"
    CSS_PATH = "experiment.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*page_bindings(PLACE)]
    AUTO_FOCUS = "Predictions"
    PICTURES = 30
    DRAWN_BY = ("dlterm.drawing.draw", "dlterm.drawing.canvas", "dlterm.tui.widgets.raster")

    player: ExperimentPlayer

    predictions = getters.query_one(Predictions)
    grid = getters.query_one(ViewGrid)
    verdict = getters.query_one(VerdictPane)
    knobs = getters.query_one(KnobsPane)
    progress = getters.query_one(ProgressLine)

    def __init__(self, trial: Trial, opened_from: str = "experiments") -> None:
        """`opened_from` is the mode to which one goes back."""
        super().__init__()
        self.player = ExperimentPlayer(trial)
        self.expected: str | None = None
        self._opened_from = opened_from
        self._entry = entry(trial.id)
        self._problem = ""
        self._seen: State | None = None
        self._ended = False

    def body(self) -> ComposeResult:
        """What is asked first; what is seen then."""
        about = self._entry
        yield Banner()
        yield Static(about.question, id="question", markup=False)
        with Container(id="ask"), Vertical(id="asked") as asked:
            asked.border_title = "Predict first"
            asked.border_subtitle = f"{self.app.keys.first('experiment.choose')} takes it"
            yield Static(about.title, classes="title", markup=False)
            yield Static(about.question, classes="about", markup=False)
            yield Static("What do you expect?", classes="prompt", markup=False)
            yield Predictions()
        with Container(id="run"):
            yield ViewGrid()
            with Container(id="words"):
                yield VerdictPane()
                yield KnobsPane()
        yield ProgressLine()

    def on_mount(self) -> None:
        """Ask, and get ready meanwhile."""
        super().on_mount()
        self.set_class(True, "-asking")
        self.draw()
        self._load()

    def lay_out(self, size: Size) -> None:
        """Share out what the card leaves."""
        self.set_class(size.height < _TIGHT, "-tight")
        if not self.query(KnobsPane):  # a size may come before all is there
            return
        answered = self._ended and size.height < _TIGHT  # the verdict says what there was to know
        self.set_class(answered, "-answered")
        asked = 0 if answered else self.query_one("#question", Static).region.height or 1
        count = self.knobs.count
        found = experiment_arranged(size.width, size.height - 3 - asked, count, ended=self._ended)
        self.set_class(found.framed, "-framed")
        self.set_class(found.beside, "-beside")
        words = self.query_one("#words")
        words.styles.width, words.styles.height = (
            (found.words, "1fr") if found.beside else ("1fr", found.words)
        )
        self.knobs.display = bool(found.knobs)
        self.knobs.styles.height = found.knobs if found.beside else "1fr"
        self.knobs.styles.width = "1fr" if found.beside else found.knobs
        if not self.has_class("-asking"):
            self.call_after_refresh(self.grid.arrange_views)

    def subject(self) -> str:
        """The lesson that it belongs to."""
        return f"lesson:{self._entry.lesson}" if self._entry.lesson in lessons() else ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Before there is a prediction nothing runs; afterwards none is made."""
        asking = self.expected is None
        if action in (_RUNNING if asking else _ASKING):
            return False
        return super().check_action(action, parameters)

    # --- getting ready ------------------------------------------------------------------------------------------------

    @work
    async def _load(self) -> None:
        """Import what runs and what draws beside the event loop, and have the first moment ready."""
        try:
            await asyncio.to_thread(self.player.load)
        except DltermError as error:
            self._problem = error.message + (f" ({error.hint})" if error.hint else "")
            self.draw()
            return
        experiment = self.player.experiment
        if experiment is None or not self.is_running:
            return
        self.player.prepare()
        self._set_up(experiment)
        await self.open_pictures()
        if self.is_running:
            self.draw()

    def _set_up(self, experiment: Experiment) -> None:
        """The knobs, a sheet for each canvas among them, what may be expected."""
        knobs = experiment.knobs
        self.knobs.show(knobs, self.player.values, ())
        canvases = [knob for knob in knobs.values() if isinstance(knob, Canvas)]
        self.grid.accompany({CanvasPane(knob): _sheet(knob) for knob in canvases})
        self.share_out(self.app.size)
        expected = self.app.memory.state.predictions.get(self._entry.id, "")
        self.predictions.list_choices(experiment.predictions, expected)

    # --- what is seen -------------------------------------------------------------------------------------------------

    def draw(self) -> None:
        """Draw the newest state where it differs from what is shown."""
        if not self.is_seen:
            return
        player = self.player
        asking = self.expected is None
        state = None if asking else player.newest
        self.title_bar.show(self._entry.title, [f"seed {player.seed}"], self._status())
        self.banner.say(*self._news())
        experiment = player.experiment
        if experiment is None or asking:
            return
        self.knobs.show(experiment.knobs, player.values, player.pending)
        result = state.result if state else None
        if (result is not None) != self._ended:
            self._end(ended=result is not None, live=any(knob.live for knob in experiment.knobs.values()))
        self.verdict.show(experiment, self.expected or "", result)
        if state is None or state is self._seen:
            return
        self._seen = state
        if state.moment is not None:
            colour = "$success" if result and result.holds else "$error" if result else "$primary"
            self.progress.show(state.moment.progress if result is None else 1.0, state.moment.news, colour)
            self.grid.show(state.moment.views)
        else:
            self.progress.show(0.0, state.message)

    def _end(self, *, ended: bool, live: bool) -> None:
        """Give the verdict its room, and the keys of a reader where there is nothing left to turn at once."""
        self._ended = ended
        self.share_out(self.app.size)
        if ended and self.focused is self.knobs and not live:
            self.verdict.focus()

    def _status(self) -> str:
        """How the run stands, in a word."""
        if self._problem:
            return _STATUS["failed"]
        if self.expected is None:
            return "? predict"
        newest = self.player.newest
        if newest is not None and newest.result is not None:
            return "✔ holds" if newest.result.holds else "✖ does not hold"
        status = self.player.status
        return _STATUS["running" if status == "paused" and self.player.playing else status]

    def _news(self) -> tuple[str, bool]:
        """What went wrong, and what to do about it; what is compiled, where somebody waits for it."""
        newest, keys = self.player.newest, self.app.keys
        if self._problem:
            return f"{safe(self._problem, limit=300)}: {keys.first('experiment.back')} leads back", True
        if newest is not None and newest.status == "failed":
            ways = (
                f"{keys.first('experiment.again')} runs it again, {keys.first('experiment.back')} leads back"
            )
            return f"{safe(newest.message, limit=300)}: {ways}", self.expected is not None
        return (newest.message, False) if newest and newest.status == "compiling" else ("", False)

    # --- the prediction -----------------------------------------------------------------------------------------------

    def _predict(self, expected: str) -> None:
        """Take a prediction by its id, and run."""
        if not self.predictions.option_count or self.expected is not None:
            return
        self.expected = expected
        if expected:
            known = self.app.memory.state.predictions
            self.app.memory.change(predictions={**known, self._entry.id: expected})
        self.set_class(False, "-asking")
        self.share_out(self.app.size)
        (self.knobs if self.knobs.display else self.verdict).focus()
        self.refresh_bindings()
        self.player.play()
        self.call_after_refresh(self.draw)

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Take the one that was clicked."""
        message.stop()
        self.action_expect(int(message.option_id or 0))

    def action_expect(self, number: int) -> None:
        """Expect one of them by its number; beyond the last, nothing."""
        experiment = self.player.experiment
        if experiment is not None:
            choices = experiment.predictions
            if number <= len(choices):
                self._predict(choices[number].id if number < len(choices) else "")

    def action_choose(self) -> None:
        """Expect what is under the cursor."""
        self.action_expect(self.predictions.number)

    def action_skip(self) -> None:
        """Run it without a prediction."""
        self._predict("")

    # --- actions, as dlterm.tui.actions lists them --------------------------------------------------------------------

    def on_knobs_pane_turned(self, message: KnobsPane.Turned) -> None:
        """Turn a knob."""
        self.player.turn(message.name, message.value)
        self.draw()

    def on_canvas_pane_drawn(self, message: CanvasPane.Drawn) -> None:
        """Have what is drawn be looked at."""
        self.player.turn(message.name, message.pixels)

    def action_play(self) -> None:
        """Run, or pause; after the end, run again."""
        self.player.toggle()

    def action_step(self) -> None:
        """On to the next picture."""
        self.player.step()

    def action_again(self) -> None:
        """Run anew."""
        self.player.again()

    def action_reseed(self) -> None:
        """Run anew on the next seed."""
        self.player.reseed()

    def action_turn(self, by: int) -> None:
        """The next experiment, or the one before."""
        ids = [each.id for each in entries()]
        name = ids[(ids.index(self._entry.id) + by) % len(ids)]
        self.app.open_experiment(Trial(name), self._opened_from)

    def action_lesson(self) -> None:
        """Read its lesson."""
        if self._entry.lesson in lessons():
            self.app.read(self._entry.lesson)

    def action_copy(self) -> None:
        """What a shell takes to run it so."""
        words = ["dlterm", "run", self._entry.id, "--seed", str(self.player.seed)]
        for name, value in self.player.changed.items():
            words += ["--set", f"{name}={str(value).lower() if isinstance(value, bool) else value}"]
        self.copy(shlex.join(words))

    def action_back(self) -> None:
        """To all panes, where one has the whole screen; else to where it was opened from."""
        if self.maximized is not None:
            self.action_zoom()
        elif self.is_active:
            self.app.go(self._opened_from)


def _sheet(knob: Canvas) -> Shape:
    """What a canvas has use for: two cells for every pixel, so that a mouse can point at each."""
    return Shape("square", wanted=(2 * knob.columns, knob.rows))
