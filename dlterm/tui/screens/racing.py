"""The lab's ways to the race, to experiments and back; the lab rests meanwhile."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.app import SystemCommand

from dlterm.tui.page import Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.reactive import Reactive

    from dlterm.experiments.registry import Entry
    from dlterm.training.line_ups import LineUp
    from dlterm.tui.player import Player


class Racing(Page):
    """Opens the race over the lab, with the lab's recipe and those who raced last; and the experiments that fit."""

    player: Player
    chart: Reactive[str]
    _raced: Sequence[str] = ()
    _own_race: LineUp | None = None
    _resting = False

    def open_race(self, lines: Sequence[str] = ()) -> None:
        """Race; without `lines` those who raced last, and the first time the first of the ready-made races."""
        from dlterm.tui.screens.race import RaceScreen

        if not self.is_active:
            return
        self._rest()
        screen = RaceScreen(self.player.recipe, lines or self._raced, self._own_race, self._remember)
        self.app.push_screen(screen)

    def _rest(self) -> None:
        self._resting = self.player.playing
        if self._resting:
            self.player.rest(resting=True)

    def _remember(self, lines: Sequence[str], own: LineUp | None) -> None:
        self._raced, self._own_race = lines, own

    def on_screen_resume(self) -> None:
        """Train on after a race or an experiment, if the user wants it."""
        if not self.is_active:  # what lay over it has given way to something else
            return
        if self._resting and self.player.playing:
            self.player.rest(resting=False)
        self._resting = False

    def commands(self) -> Iterable[SystemCommand]:
        """Every ready-made race with this recipe."""
        from dlterm.training.line_ups import line_ups

        for each in line_ups(self.player.recipe):
            yield SystemCommand(f"Race: {each.title}", each.help, partial(self.open_race, each.lines))

    def action_race(self) -> None:
        """Race those who raced last."""
        self.open_race()

    def fitting(self) -> list[Entry]:
        """The experiments that fit what the lab shows, after those of an open card."""
        from dlterm.tui.fitting import experiments_on, lab_terms

        of_card = super().fitting() if self.app.beside.is_open else []
        shown = experiments_on([*lab_terms(self.player.recipe, self.chart), self.subject().partition(":")[2]])
        return list({each.id: each for each in (*of_card, *shown)}.values())

    def open_experiment(self, name: str) -> None:
        """Open an experiment by its id, while nothing trains here; it leads back here."""
        self._rest()
        super().open_experiment(name)
