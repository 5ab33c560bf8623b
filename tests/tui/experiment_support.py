"""The app on an experiment that counts, and short ways to ask it."""

from __future__ import annotations

import numpy as np

from dlterm.drawing import views
from dlterm.experiments.experiment import Measure, Moment, Prediction
from dlterm.experiments.knobs import Canvas, Choice, Number, Whole
from dlterm.tui.experiment_player import ExperimentPlayer, Trial
from tests.experiments.support import Counting
from tests.tui.support import Lab

ENDLESS = 1_000_000
_LINGER = 0.1  # seconds: more pictures than that keep a test busy with drawing them


class Climbing(Counting):
    """Four views, knobs of every kind, three predictions; it lingers so long that one sees it."""

    id = "climbing"
    predictions = (
        Prediction("far", "It gets far"),
        Prediction("near", "It stays near"),
        Prediction("nowhere", "It gets nowhere at all"),
    )
    confirmed = "far"
    claim = "It climbs at least three"
    measures = (
        Measure("count", "how far it climbed", at_least=3),
        Measure("share", "of the way", "share", at_least=0.5),
        Measure("seed", "its seed"),
    )

    steps = Whole(5, "how far it climbs", low=1, high=ENDLESS)
    stride = Number(1.0, "how much at a time", low=0.5, high=2.0, live=True)
    mood = Choice("calm", "how", ("calm", "wild"), live=True)
    drawing = Canvas(8, 8, "what it looks at")

    def run(self, seed):
        count = 0.0
        for step in range(self.steps):
            count += self.stride
            yield Moment(
                self._views(count), (step + 1) / self.steps, f"step {step + 1}: {count:g}", linger=_LINGER
            )
        return {"count": count, "share": 1.0 if count >= 3 else 0.25, "seed": seed}

    def why(self, measures):
        return f"it climbed to {measures['count']:g}, stride by stride"

    def explore(self):
        return self._views(100 * self.stride)

    def _views(self, count):
        x = np.arange(5.0)
        inked = float(self.drawing.sum())
        return {
            "height": views.Number(count, "m", "the height", title="height"),
            "slope": views.Curves((views.Series("slope", x, count * x),), "x", "y", title="slope"),
            "bars": views.Bars(("up", "down"), np.array([count, 1.0]), title="bars"),
            "words": views.Text(
                (views.Line(f"mood {self.mood}"), views.Line(f"ink {inked:.2f}")), title="words"
            ),
        }


class Alone(Lab):
    """The app on the page of one experiment, which stands for the neuron's."""

    def __init__(self, monkeypatch, kind=Climbing, *, opened_from="experiments", then=None, **settings):
        super().__init__(start=opened_from, then=then)
        self.trial = Trial("neuron", 3, {name: str(value) for name, value in settings.items()})
        monkeypatch.setattr("dlterm.experiments.results._computed_with", lambda _: "computed")

        def load(player):
            player.experiment = kind.of(player.trial.settings)
            player.values = dict(player.experiment.values)

        monkeypatch.setattr(ExperimentPlayer, "load", load)

    @property
    def player(self):
        return self.screen.player

    @property
    def said(self):
        return [note.message for note in self.app._notifications]

    async def wait(self, pilot, until, seconds=20):
        """Until something is so."""
        for _ in range(int(50 * seconds)):
            await pilot.pause(0.02)
            if until():
                return
        raise AssertionError(f"it never came ({self.app.failure}):\n{self.text}")

    async def asked(self, pilot):
        """The page, once it asks what is expected."""
        await pilot.pause()
        self.app.open_experiment(self.trial)
        await self.wait(
            pilot, lambda: self.player.newest is not None and self.screen.predictions.option_count
        )

    async def running(self, pilot, key="1"):
        """The page, once its views are drawn."""
        await self.asked(pilot)
        await pilot.press(key)
        await self.wait(pilot, lambda: self.screen.grid.drawn)

    async def ended(self, pilot, key="1"):
        """The page, once the verdict is there."""
        await self.running(pilot, key)
        await self.wait(pilot, lambda: "Verdict" in self.text and self.screen.grid.drawn)
