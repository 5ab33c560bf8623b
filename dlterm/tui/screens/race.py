"""The race: two to four learners side by side, of which one thing differs."""

from __future__ import annotations

import shlex
from functools import lru_cache, partial
from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.app import SystemCommand
from textual.containers import Container, Horizontal
from textual.geometry import clamp
from textual.reactive import var

from dlterm.text import safe
from dlterm.training.contestants import FEWEST, MOST
from dlterm.training.line_ups import OWN, line_ups, own_line_up
from dlterm.tui.actions import page_bindings
from dlterm.tui.race_arrangement import race_arranged
from dlterm.tui.race_player import RacePlayer
from dlterm.tui.screens.driving import Driving
from dlterm.tui.screens.playing import Playing
from dlterm.tui.screens.titled import Titled
from dlterm.tui.widgets.banner import Banner
from dlterm.tui.widgets.race_curves import RaceCurves
from dlterm.tui.widgets.racer_pane import RacerPane
from dlterm.tui.widgets.standings import Standings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.geometry import Size

    from dlterm.drawing.race import RaceChart
    from dlterm.training.line_ups import LineUp
    from dlterm.training.race import RaceSnapshot
    from dlterm.training.recipe import Recipe
    from dlterm.tui.widgets.pane import Pane

    Remember = Callable[[Sequence[str], LineUp | None], None]

_STATUS = {
    "loading": "◌ loading",
    "compiling": "◌ compiling",
    "paused": "‖ paused",
    "over": "‖ all trained",
    "failed": "✖ failed",
}


class RaceScreen(Playing, Titled, Driving):
    """Draws the race's newest snapshot on a timer; lies over the lab, which rests meanwhile."""

    PLACE = "race"
    CSS_PATH = "race.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*page_bindings(PLACE)]
    AUTO_FOCUS = "Standings"
    PICTURES = 30  # as often as there is a new snapshot
    DRAWN_BY = ("dlterm.drawing.race", "dlterm.drawing.draw", "dlterm.tui.widgets.raster")

    player: RacePlayer

    chosen = var(0, init=False)
    chart = var("loss")
    log_axis = var(True)
    test_points = var(True)
    discretised = var(False)

    curves = getters.query_one(RaceCurves)
    standings = getters.query_one(Standings)

    def __init__(
        self,
        base: Recipe,
        lines: Sequence[str] = (),
        own: LineUp | None = None,
        remember: Remember = lambda *_: None,
    ) -> None:
        """Who races is said by `lines`; without any, the first of the ready-made races is run.

        `own` is the reader's race beside the ready-made ones. `remember` is told who raced last, and that race, when
        the page is left.
        """
        super().__init__()
        self._own, self._remember = own, remember
        self.player = RacePlayer(base, lines or line_ups(base)[0].lines)
        self._count = len(self.player.lines)  # of the contestants that are shown
        self._shown: RaceSnapshot | None = None
        self._panes = [*map(RacerPane, range(MOST))]  # everybody's, also of those that may come

    def body(self) -> ComposeResult:
        """The contestants, their curves, the table."""
        yield Banner()
        yield Horizontal(*self._panes, id="racers")
        yield Container(RaceCurves(""), Standings(), id="below")

    def on_mount(self) -> None:
        """Say who will race, and begin once that is painted."""
        self.test_points = self.app.config.test_points
        self.draw()
        self.once_painted(self._begin)

    def on_unmount(self) -> None:
        """Say who raced last."""
        self._keep_own()
        self._remember(self.player.lines, self._own)

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
        return f"term:{_TERMS[self._line_up.id]}"

    def _begin(self) -> None:
        self.player.start()
        self.run_worker(self.open_pictures())

    def panes(self) -> Sequence[Pane]:
        """The contestants, then their curves."""
        return [*self._panes, self.curves]

    def draw(self) -> None:
        """Draw the newest snapshot where it differs from what is shown."""
        if not self.is_seen:
            return
        player, snapshot = self.player, self.player.newest
        status = f"▶ {player.pace.name}" if player.status == "running" else _STATUS[player.status]
        self.title_bar.show(str(player.base), self._progress(), status)
        self.banner.say(*self._news())
        if player.refusal:
            self.tell(player.refusal, "not raced")
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
        self.standings.show(snapshot, chosen, self._line_up.title)

    def validate_chosen(self, chosen: int) -> int:
        """One of those who will race: a pane of those who raced may be clicked until the others are there."""
        return min(chosen, len(self.player.lines) - 1)

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
    def _line_up(self) -> LineUp:
        """The race that is run."""
        return self._offered()[1]

    def _offered(self) -> tuple[list[LineUp], LineUp]:
        """The races to choose from, the reader's own after the ready-made ones; and the one that is run."""
        lines, found = self.player.lines, [*_line_ups(self.player.base)]
        now = next((each for each in found if each.lines == lines), None)
        own = self._own if now else own_line_up(lines)
        if own is not None:
            found.append(own)
        return found, now or found[-1]

    def _keep_own(self) -> None:
        """A race of the reader's own can be come back to until there is another."""
        now = self._line_up
        if now.id == OWN:
            self._own = now

    def _run(self, lines: Sequence[str]) -> None:
        """Race others."""
        self._keep_own()
        self.player.run(lines)
        self._keep_chosen()

    def _keep_chosen(self) -> None:
        """Choose one of those who race: their number may have changed on the player's thread."""
        self.chosen = self.validate_chosen(self.chosen)

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

    # --- actions, as dlterm.tui.actions lists them ----------------------------------------------------------------

    def commands(self) -> Iterable[SystemCommand]:
        """Every ready-made race, and the reader's own."""
        for each in self._offered()[0]:
            yield SystemCommand(f"Race: {each.title}", each.help, partial(self._run, each.lines))

    def action_choose(self, by: int) -> None:
        """The next contestant, or the one before."""
        self.chosen = (self.chosen + by) % len(self.player.lines)

    def action_turn(self, by: int) -> None:
        """The next race, or the one before."""
        found, now = self._offered()
        self._run(found[(found.index(now) + by) % len(found)].lines)

    def action_races(self) -> None:
        """All races to choose from."""
        from dlterm.tui.screens.line_up import LineUpScreen

        self.app.push_screen(LineUpScreen(*self._offered()), self._take_line_up)

    def _take_line_up(self, line_up: LineUp | None) -> None:
        if line_up is not None:
            self._run(line_up.lines)

    def action_write(self) -> None:
        """The chosen contestant by hand."""
        self._keep_chosen()
        self._ask(self.chosen)

    def action_add(self) -> None:
        """One contestant more, by hand."""
        if len(self.player.lines) < MOST:
            self._ask(None)
        else:
            self.tell(f"{MOST} race already: change or remove one", "contestants")

    def action_remove(self) -> None:
        """The race without the chosen contestant."""
        self._keep_chosen()
        lines = list(self.player.lines)
        if len(lines) > FEWEST:
            del lines[self.chosen]
            self._run(lines)
        else:
            self.tell(f"a race has at least {FEWEST}: change one, or add another first", "contestants")

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
            place = len(lines)
            lines.append(line)
        self._run(lines)
        if place is not None:
            self.chosen = place

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
        self.copy(shlex.join(words))

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
    OWN: "hyper-parameter",
}
