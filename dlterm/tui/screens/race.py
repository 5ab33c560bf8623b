"""The race: two to four learners side by side, of which one thing differs."""

from __future__ import annotations

import asyncio
import importlib
import shlex
from functools import lru_cache, partial
from typing import TYPE_CHECKING, ClassVar

from textual import getters, work
from textual.app import SystemCommand
from textual.containers import Container, Horizontal
from textual.geometry import clamp
from textual.reactive import var

from dlterm.text import safe
from dlterm.training.contestants import FEWEST, MOST
from dlterm.training.line_ups import line_ups
from dlterm.tui.actions import page_bindings
from dlterm.tui.page import Page
from dlterm.tui.pictures import Pictures
from dlterm.tui.race_arrangement import race_arranged
from dlterm.tui.race_player import RacePlayer
from dlterm.tui.terminal import is_behind
from dlterm.tui.widgets.banner import Banner
from dlterm.tui.widgets.pane import Pane
from dlterm.tui.widgets.race_curves import RaceCurves
from dlterm.tui.widgets.racer_pane import RacerPane
from dlterm.tui.widgets.standings import Standings
from dlterm.tui.widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.geometry import Size
    from textual.widget import Widget

    from dlterm.drawing.race import RaceChart
    from dlterm.training.line_ups import LineUp
    from dlterm.training.race import RaceSnapshot
    from dlterm.training.recipe import Recipe

    Remember = Callable[[Sequence[str]], None]

_FRAMES = 30  # a second, at most: as often as there is a new snapshot
_STATUS = {
    "loading": "◌ loading",
    "compiling": "◌ compiling",
    "paused": "‖ paused",
    "over": "‖ all trained",
    "failed": "✖ failed",
}


class RaceScreen(Page):
    """Draws the race's newest snapshot on a timer; lies over the lab, which rests meanwhile."""

    PLACE = "race"
    CSS_PATH = "race.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*page_bindings(PLACE)]
    AUTO_FOCUS = "Standings"

    chosen = var(0, init=False)
    chart = var("loss")
    log_axis = var(True)
    test_points = var(True)
    discretised = var(False)

    title_bar = getters.query_one(TitleBar)
    banner = getters.query_one(Banner)
    curves = getters.query_one(RaceCurves)
    standings = getters.query_one(Standings)

    def __init__(self, base: Recipe, lines: Sequence[str] = (), remember: Remember = lambda _: None) -> None:
        """Who races is said by `lines`; without any, the first of the ready-made races is run.

        `remember` is told who raced last, when the page is left.
        """
        super().__init__()
        self._remember = remember
        self.player = RacePlayer(base, lines or line_ups(base)[0].lines)
        self._count = len(self.player.lines)  # of the contestants that are shown
        self._shown: RaceSnapshot | None = None
        self._panes = [*map(RacerPane, range(MOST))]  # everybody's, also of those that may come

    def head(self) -> Widget:
        """The recipe that all have in common, and how far they are."""
        return TitleBar()

    def body(self) -> ComposeResult:
        """The contestants, their curves, the table."""
        yield Banner()
        yield Horizontal(*self._panes, id="racers")
        yield Container(RaceCurves(""), Standings(), id="below")

    def on_mount(self) -> None:
        """Say who will race, and begin once that is painted."""
        self.test_points = self.app.config.test_points
        self._tick()
        self.call_after_refresh(self._begin)

    def on_unmount(self) -> None:
        """End the race."""
        self._remember(self.player.lines)
        self.player.close()

    def lay_out(self, size: Size) -> None:
        """Share out what the card leaves."""
        count = clamp(self._count, FEWEST, MOST)
        arrangement = race_arranged(size.width, size.height - 2, count)
        self.set_class(arrangement.framed, "-framed")
        self.set_class(not arrangement.beside, "-stacked")
        self.query_one("#racers").styles.height = arrangement.top
        self.standings.styles.height = "1fr" if arrangement.beside else arrangement.table
        self.standings.styles.width = arrangement.beside or "1fr"
        for place, pane in enumerate(self._panes):
            pane.display = place < count

    def subject(self) -> str:
        """The term for what differs, where the glossary has it."""
        line_up = self._line_up
        return f"term:{_TERMS[line_up.id] if line_up else 'hyper-parameter'}"

    def _begin(self) -> None:
        self.player.start()
        self._open_panes()

    @work
    async def _open_panes(self) -> None:
        """Load what draws beside the event loop, so that keys are answered meanwhile; then draw at a rate."""
        for module in ("dlterm.drawing.race", "dlterm.drawing.draw", "dlterm.tui.widgets.raster"):
            await asyncio.to_thread(importlib.import_module, module)
        for pane in self.query(Pane):
            if self.is_running:  # the page may be left while all that is loaded
                await pane.open()
        if self.is_running:
            Pictures(self, self._tick, _FRAMES)

    def _tick(self) -> None:
        """Draw the newest snapshot where it differs from what is shown.

        Not where the terminal is slow, nor below another screen, where Textual calls a page current, too.
        """
        if is_behind(self.app) or not self.is_active:
            return
        player, snapshot = self.player, self.player.newest
        status = f"▶ {player.pace.name}" if player.status == "running" else _STATUS[player.status]
        self.title_bar.show(str(player.base), self._progress(), status)
        self.banner.say(*self._news())
        if player.refusal:
            self._say(player.refusal, "not raced")
            player.refusal = ""
            self._keep_chosen()
        if snapshot is None or self.curves.raster is None:
            return
        self._shown = snapshot
        if len(snapshot.standings) != self._count:
            self._count = len(snapshot.standings)
            self.share_out(self.app.size)
        for pane in self._panes[: len(snapshot.standings)]:
            pane.show(snapshot, test_points=self.test_points, discretised=self.discretised)
        self.player.look(*self._panes[0].pixels)
        self.curves.show_race(snapshot, self._chart, log=self.log_axis)
        self._show_words(snapshot)

    def _show_words(self, snapshot: RaceSnapshot) -> None:
        """Names and the table: what a key changes is seen before the next pictures are."""
        from dlterm.drawing import race

        lead, chosen = race.leaders(snapshot), min(self.chosen, len(snapshot.standings) - 1)
        for place, pane in enumerate(self._panes[: len(snapshot.standings)]):
            pane.introduce(snapshot, chosen=place == chosen, leads=place in lead)
        line_up = self._line_up
        self.standings.show(snapshot, chosen, line_up.title if line_up else "Standings")

    def watch_chosen(self) -> None:
        """Show who is chosen, also where the line is too slow for pictures."""
        if self._shown is not None and self.is_active:
            self._show_words(self._shown)

    def _progress(self) -> list[str]:
        snapshot = self.player.newest
        if snapshot is None:
            return []
        epochs = max(standing.epochs for standing in snapshot.standings)
        return [f"epoch {epochs:,.0f}"] if epochs else []

    def _news(self) -> tuple[str, bool]:
        """How far loading is; what went wrong, and what to do about it."""
        player = self.player
        if player.status == "failed":
            keys = self.app.keys
            ways = f"{keys.first('race.next')} for a ready-made race, {keys.first('race.back')} for the lab"
            return f"{safe(player.message, limit=300)}: press {ways}", True
        return (player.message, False) if player.status == "compiling" else ("", False)

    @property
    def _chart(self) -> RaceChart:
        from dlterm.drawing.race import CHARTS

        return next(chart for chart in CHARTS if chart.id == self.chart)

    @property
    def _line_up(self) -> LineUp | None:
        """The ready-made race that is run; None for one of the reader's own."""
        return next((each for each in self._line_ups if each.lines == self.player.lines), None)

    @property
    def _line_ups(self) -> Sequence[LineUp]:
        return _line_ups(self.player.base)

    def _run(self, lines: Sequence[str]) -> None:
        """Race others."""
        self.player.run(lines)
        self._keep_chosen()

    def _keep_chosen(self) -> None:
        self.chosen = min(self.chosen, len(self.player.lines) - 1)

    def _say(self, text: str, title: str) -> None:
        """One line of news, in the place of the last one."""
        self.app.clear_notifications()
        self.notify(safe(text, limit=400), title=title, markup=False, timeout=5)

    # --- what the panes tell ------------------------------------------------------------------------------------------

    def on_racer_pane_chosen(self, message: RacerPane.Chosen) -> None:
        """Choose the contestant that was gone to."""
        self.chosen = message.place

    def on_standings_chosen(self, message: Standings.Chosen) -> None:
        """Choose the contestant that was clicked; the second time, change it."""
        self.chosen = message.place
        if message.again:
            self.action_write()

    async def on_standings_asked(self, message: Standings.Asked) -> None:
        """Do what was clicked."""
        await self.run_action(message.action)

    def on_race_curves_chosen(self, message: RaceCurves.Chosen) -> None:
        """Show the chart whose name was clicked."""
        self.chart = message.chart

    def on_title_bar_clicked(self) -> None:
        """Copy the race."""
        self.action_copy()

    # --- actions, as dlterm.tui.actions lists them ----------------------------------------------------------------

    def commands(self) -> Iterable[SystemCommand]:
        """Every ready-made race."""
        for each in self._line_ups:
            yield SystemCommand(f"Race: {each.title}", each.help, partial(self._run, each.lines))

    def action_play(self) -> None:
        """Race, or pause."""
        self.player.toggle()

    def action_faster(self) -> None:
        """The next faster pace."""
        self.player.faster(1)

    def action_slower(self) -> None:
        """The next slower pace."""
        self.player.faster(-1)

    def action_reset(self) -> None:
        """The same race again."""
        self.player.reset()

    def action_reseed(self) -> None:
        """The race with the next seed."""
        self.player.reseed()

    def action_choose(self, by: int) -> None:
        """The next contestant, or the one before."""
        self.chosen = (self.chosen + by) % len(self.player.lines)

    def action_turn(self, by: int) -> None:
        """The next ready-made race, or the one before."""
        found, now = self._line_ups, self._line_up
        at = found.index(now) + by if now else 0 if by > 0 else -1
        self._run(found[at % len(found)].lines)

    def action_races(self) -> None:
        """All ready-made races."""
        from dlterm.tui.screens.line_up import LineUpScreen

        self.app.push_screen(LineUpScreen(self._line_ups, self._line_up), self._take_line_up)

    def _take_line_up(self, line_up: LineUp | None) -> None:
        if line_up is not None:
            self._run(line_up.lines)

    def action_write(self) -> None:
        """The chosen contestant by hand."""
        self._ask(self.chosen)

    def action_add(self) -> None:
        """One contestant more, by hand."""
        if len(self.player.lines) < MOST:
            self._ask(None)
        else:
            self._say(f"{MOST} race already: change or remove one", "contestants")

    def action_remove(self) -> None:
        """The race without the chosen contestant."""
        lines = list(self.player.lines)
        if len(lines) > FEWEST:
            del lines[self.chosen]
            self._run(lines)
        else:
            self._say(f"a race has at least {FEWEST}: change one, or add another first", "contestants")

    def _ask(self, place: int | None) -> None:
        from dlterm.tui.screens.contestant import ContestantScreen

        screen = ContestantScreen(self.player.base, self.player.lines, place)
        self.app.push_screen(screen, partial(self._take_line, place))

    def _take_line(self, place: int | None, line: str | None) -> None:
        lines = list(self.player.lines)
        if line is None:
            return
        if place is not None and place < len(lines):
            lines[place] = line
        elif place is None and len(lines) < MOST:
            lines.append(line)
            self.chosen = len(lines) - 1
        self._run(lines)

    def action_chart(self, by: int) -> None:
        """The next chart, or the one before."""
        from dlterm.drawing.race import CHARTS

        names = [chart.id for chart in CHARTS]
        self.chart = names[(names.index(self.chart) + by) % len(names)]

    def action_log(self) -> None:
        """A logarithmic or a linear scale."""
        self.log_axis = not self.log_axis

    def action_test_points(self) -> None:
        """Show or hide what is held out."""
        self.test_points = not self.test_points

    def action_discretise(self) -> None:
        """The answer alone, or how sure each is."""
        self.discretised = not self.discretised

    def action_copy(self) -> None:
        """What a shell takes to run this race."""
        words = ["dlterm", "race", str(self.player.base)]
        for line in self.player.lines:
            words += ["--with", line]
        command = shlex.join(words)
        self.app.copy_to_clipboard(command)
        self._say(command, "copied")

    def action_back(self) -> None:
        """To the lab; where one pane has the whole screen, first to all panes."""
        if self.maximized is not None:
            self.action_zoom()
        elif self.is_active:
            self.app.pop_screen()


_line_ups = lru_cache(maxsize=2)(line_ups)  # a recipe's: asked for at every picture
_TERMS = {
    "rates": "learning-rate",
    "optimizers": "optimiser",
    "activations": "activation",
    "widths": "hidden-layer",
    "depths": "hidden-layer",
    "batches": "batch",
    "inits": "initialisation",
    "penalties": "l2",
    "classic": "svm",
    "trees": "decision-tree",
}
