"""Universal approximation: one hidden layer, if it is wide enough, fits any curve.

Cybenko, Mathematics of Control, Signals and Systems 2, 1989; Hornik, Stinchcombe and White, Neural Networks 2, 1989.

The units begin with their bends spread over the interval. From biases of zero, which put every bend into its middle,
64 units came 19 to 27 times as near as 2 within 40,000 steps; spread, more than 200 times within 6,000.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm import nn
from dlterm.data.dataset import Dataset
from dlterm.drawing.views import Curves, Series
from dlterm.engine import ops
from dlterm.experiments.experiment import Experiment, Measure, Moment, Prediction
from dlterm.experiments.knobs import Choice, Whole
from dlterm.experiments.track import Track
from dlterm.experiments.training import chunks
from dlterm.training.learner import Learner
from dlterm.training.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from dlterm.drawing.views import View
    from dlterm.experiments.experiment import Measures, Run

    Array = NDArray[np.float64]

WIDTHS = (1, 2, 4, 8, 16, 32, 64)
CURVES: dict[str, Callable[[Array], Array]] = {
    "wave": lambda x: np.sin(3 * np.pi * x) + 0.5 * x * np.sin(7 * x + 1),
    "steps": lambda x: np.floor(2.5 * (x + 1)) / 2.5 - 1,
    "peak": lambda x: 2 * np.exp(-80 * (x - 0.2) ** 2) - 0.5 * np.cos(4 * x),
}
_EXAMPLES = 200


class Universal(Experiment):
    """One curve, and networks of one hidden layer from 1 to 64 units, one after the other."""

    id = "universal"
    title = "One hidden layer fits any curve"
    question = "How much nearer does a network come to a curve with 64 hidden units than with 2?"
    chapter = "One neuron to deep"
    order = 60
    lesson = "layers"
    predictions = (
        Prediction("little", "About twice as near; for more it needs more layers"),
        Prediction("width", "About 32 times as near at the most: as many times as it has units"),
        Prediction("far", "More than 20 times as near: enough bends make any curve"),
        Prediction("worse", "Not nearer: so many units do not learn together"),
    )
    confirmed = "far"
    claim = "The error falls at least 20 times from 2 to 64 hidden units"
    measures = (
        Measure("two", "root mean squared error with 2 units"),
        Measure("sixty_four", "root mean squared error with 64 units"),
        Measure("fall", "the former as a multiple of the latter", at_least=20),
    )
    budget = 10.0
    sources = ("cybenko1989", "hornik1989")

    steps = Whole(6000, "training steps of each network", low=100, high=30_000)
    curve = Choice("wave", "the curve", tuple(CURVES))

    def run(self, seed: int) -> Run:
        x = np.linspace(-1, 1, _EXAMPLES)
        y = CURVES[self.curve](x)
        inputs, targets = x.astype(np.float32)[:, None], y.astype(np.float32)
        dataset = Dataset(self.curve, inputs, targets, "regression", ("x",), (), "y")
        recipe = Recipe(
            test=0.0, batch=50, lr=0.01, schedule="cosine", epochs=max(1, self.steps // 4), seed=seed
        )
        track = Track()
        for number, width in enumerate(WIDTHS):
            learner = Learner(recipe, dataset, network=network(width, seed))
            for done in chunks(learner, self.steps):
                fitted = Series(f"{width} units", x, learner.predict(inputs).astype(np.float64))
                news = (
                    f"{width} hidden units: step {learner.step:,}, off by {learner.evaluate().train_rmse:.3g}"
                )
                yield Moment(
                    _views(Series("curve", x, y), fitted, track), (number + done) / len(WIDTHS), news, 0.03
                )
            track.add(width, error=learner.evaluate().train_rmse)
        yield Moment(_views(Series("curve", x, y), fitted, track), 1.0, "all widths")
        errors = dict(zip(WIDTHS, track.values("error"), strict=True))
        return {"two": errors[2], "sixty_four": errors[64], "fall": errors[2] / errors[64]}

    def why(self, measures: Measures) -> str:
        return (
            f"Two units are off by {measures['two']:.2g}, sixty-four by {measures['sixty_four']:.2g}, "
            f"{measures['fall']:.0f} times as little: each unit is one bend, and enough bends make any curve. The "
            f"theorem says that such weights exist; that training finds them is what is seen here, on one curve."
        )


def network(width: int, seed: int) -> nn.Network:
    """From x in -1 to 1, standardised, to one value: tanh units that bend at places all over the interval."""
    rng = np.random.default_rng([seed, width])
    hidden = nn.Linear(1, width, name="hidden1", activation="tanh", seed=seed)
    slopes, places = rng.choice([-1.0, 1.0], width) * rng.uniform(2, 6, width), rng.uniform(-1.8, 1.8, width)
    hidden.weight.initial = slopes[:, None].astype(np.float32)
    hidden.bias.initial = (-slopes * places).astype(np.float32)
    return nn.Network.of(1, [hidden, ops.tanh, nn.Linear(width, 1, name="output", seed=seed)])


def _views(curve: Series, fitted: Series, track: Track) -> dict[str, View]:
    errors = track.curves(
        "hidden units", "root mean squared error", log_x=True, log_y=True, title="error by width"
    )
    return {"fit": Curves((curve, fitted), "x", "y", title="the curve, and the network"), "error": errors}
