"""The app with a race over its lab, short ways to ask it, and a snapshot that is always the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dlterm.training.contestants import contestants, names
from dlterm.training.race import RaceSnapshot
from dlterm.training.racers import Standing
from dlterm.training.recipe import Recipe
from dlterm.tui.race_player import RacePlayer
from dlterm.tui.widgets.standings import Standings
from tests.tui.support import Lab, snapshot


class Racing(Lab):
    """The app on a race of its own."""

    def __init__(self, *lines, recipe=None):
        lines = lines or ("lr=0.001", "lr=0.1")
        super().__init__(recipe or Recipe(data="moons", noise=0.5), then=lambda app: app.race(lines))

    @property
    def player(self):
        return self.screen.player

    async def wait(self, pilot, until, seconds=20):
        """Until something is so; whether it came."""
        for _ in range(int(50 * seconds)):
            await pilot.pause(0.02)
            if until():
                return
        raise AssertionError("it never came")

    async def begun(self, pilot):
        """Wait until the first picture is there."""
        await self.wait(pilot, lambda: self.screen.query(Standings) and self.drawn)

    @property
    def drawn(self):
        """The contestants whose names are on the screen."""
        screen, newest = self.screen, self.player.newest
        if newest is None or screen.curves.raster is None or screen.curves.raster.frame is None:
            return []
        panes = [pane for pane in screen._panes if pane.display and pane.raster.frame is not None]
        return [pane.heading().plain for pane in panes] if len(panes) == len(newest.standings) else []

    @property
    def said(self):
        return [note.message for note in self.app._notifications]


class StillPlayer(RacePlayer):
    """Races nobody: what is shown is always the same."""

    def start(self):
        self.status, self.newest = "paused", race_snapshot(self.base, self.lines)


def race_snapshot(base=None, lines=("lr=0.001", "lr=0.01", "lr=0.1", "svm"), **changed):
    """A race of which every contestant has learned something else, and the last has diverged, if it is a network."""
    base = base or Recipe(data="moons")
    entries = contestants(base, lines)
    lab = snapshot()
    standings = []
    for k, (name, entry) in enumerate(zip(names(entries, "classification"), entries, strict=True)):
        network = isinstance(entry, Recipe)
        curves = lab.curves
        curves = replace(
            curves, train_loss=curves.train_loss * (1 + k / 2), test_loss=curves.test_loss * (1 + k / 2)
        )
        standings.append(
            Standing(
                name,
                base,
                "network" if network else entry.name,
                "parameters" if network else "support vectors",
                "training" if network else "trained",
                epochs=60.0 if network else 0.0,
                seconds=0.0123 * (k + 1),
                size=105 if network else 87,
                train_quality=0.97 - k / 50,
                test_quality=0.9 + k / 40,
                curves=curves if network else None,
                field=np.roll(lab.field, 5 * k, axis=2),
            )
        )
    return replace(
        RaceSnapshot(1, "classification", ("0", "1"), lab.domain, (0.0, 1.0), lab.points, tuple(standings)),
        **changed,
    )
