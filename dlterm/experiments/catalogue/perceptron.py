"""The perceptron's rule: of every mistake, the input is added to the weights or taken from them.

Rosenblatt, "The perceptron", Psychological Review 65, 1958. Novikoff, "On convergence proofs on perceptrons", 1962:
with all inputs within R of the origin, and a border that passes all of them at a distance of g or more, the rule makes
(R/g)^2 mistakes at most, in whatever order they come.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm.drawing.views import Bars, Field
from dlterm.experiments.experiment import Experiment, Measure, Moment, Prediction
from dlterm.experiments.knobs import Number, Whole
from dlterm.training.snapshot import Points

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from dlterm.drawing.views import View
    from dlterm.experiments.experiment import Measures, Run

    Array = NDArray[np.float64]

_RADIUS = 4.0
_DOMAIN = (-4.5, 4.5, -4.5, 4.5)
_PIXELS = 48


class Perceptron(Experiment):
    """Two classes that a line parts, and the line as it turns, mistake by mistake."""

    id = "perceptron"
    title = "The perceptron learns from its mistakes"
    question = "Two classes that a line can part: will the perceptron's rule find such a line, and when?"
    chapter = "One neuron to deep"
    order = 30
    lesson = "neuron"
    predictions = (
        Prediction("always", "Always, after so many mistakes at most as the gap between the classes allows"),
        Prediction("mostly", "Mostly; where the first weights are bad it circles for ever"),
        Prediction("nearly", "It comes ever nearer, but a few examples stay wrong"),
    )
    confirmed = "always"
    claim = "All examples right in the end, with no more mistakes than Novikoff's bound (R/g)^2"
    measures = (
        Measure("accuracy", "examples on their side of the line in the end", "share", at_least=1.0),
        Measure("mistakes", "mistakes on the way"),
        Measure("bound", "Novikoff's bound on them"),
        Measure("used", "mistakes, as a share of the bound", "share", at_most=1.0),
    )
    budget = 2.0
    needed = 20
    sources = ("rosenblatt1958", "novikoff1962")

    count = Whole(60, "examples", low=4, high=400)
    gap = Number(0.1, "distance of the nearest examples from the true border, at least", low=0.05, high=1.5)

    def run(self, seed: int) -> Run:
        inputs, sides, truth = separable(self.count, self.gap, seed)
        bound = novikoff(inputs, sides, truth)
        mistakes, weights = 0, np.zeros(3)
        for mistakes, weights in enumerate(corrections(inputs, sides), start=1):
            views = _views(inputs, sides, weights, mistakes, bound)
            share = _right(inputs, sides, weights)
            yield Moment(views, share, f"mistake {mistakes}: {share:.0%} are right", linger=0.15)
        return {
            "accuracy": _right(inputs, sides, weights),
            "mistakes": mistakes,
            "bound": bound,
            "used": mistakes / bound,
        }

    def why(self, measures: Measures) -> str:
        return (
            f"After {measures['mistakes']:.0f} mistakes {measures['accuracy']:.0%} are right; the theorem allows "
            f"{measures['bound']:.0f}. Each mistake turns the line towards the example that it got wrong, and only so "
            f"many turns are possible where there is a gap. Without one it would never end: see the experiment xor."
        )


def separable(count: int, gap: float, seed: int) -> tuple[Array, Array, Array]:
    """Inputs [count, 3] in a disc, the last number 1 for the bias; their sides -1 or 1; a true border's weights."""
    rng = np.random.default_rng(seed)
    angle = rng.uniform(0, 2 * np.pi)
    truth = np.array([np.cos(angle), np.sin(angle), rng.uniform(-1, 1)])
    found: list[Array] = []
    sides = np.where(np.arange(count) % 2, 1.0, -1.0)
    while len(found) < count:
        place = rng.uniform(-_RADIUS, _RADIUS, 2)
        distance = place @ truth[:2] + truth[2]
        if np.hypot(*place) <= _RADIUS and distance * sides[len(found)] >= gap:
            found.append(np.array([*place, 1.0]))
    return np.stack(found), sides, truth


def novikoff(inputs: Array, sides: Array, truth: Array) -> float:
    """The bound (R/g)^2 that a border with these weights proves."""
    reach = np.sqrt((inputs**2).sum(1)).max()
    margin = (sides * (inputs @ truth)).min() / np.sqrt((truth**2).sum())
    return float((reach / margin) ** 2)


def corrections(inputs: Array, sides: Array) -> Iterator[Array]:
    """The weights [3] after every mistake, until a whole pass makes none."""
    weights, wrong = np.zeros(3), True
    while wrong:
        wrong = False
        for x, side in zip(inputs, sides, strict=True):
            if side * (x @ weights) <= 0:
                weights, wrong = weights + side * x, True
                yield weights


def _right(inputs: Array, sides: Array, weights: Array) -> float:
    return float(np.mean(sides * (inputs @ weights) > 0))


def _views(inputs: Array, sides: Array, weights: Array, mistakes: int, bound: float) -> dict[str, View]:
    x0, x1, y0, y1 = _DOMAIN
    places = (np.arange(_PIXELS) + 0.5) / _PIXELS
    x, y = np.meshgrid(x0 + (x1 - x0) * places, y1 - (y1 - y0) * places)
    answers = np.sign(weights[0] * x + weights[1] * y + weights[2])
    points = Points(
        inputs[:, :2].astype(np.float32), (sides > 0).astype(np.float32), np.zeros(len(sides), np.bool_)
    )
    line = Field((0.6 * answers).astype(np.float32)[None], _DOMAIN, points, title="what it answers")
    counts = Bars(
        ("mistakes", "bound"), np.array([mistakes, bound]), title="mistakes, and what the theorem allows"
    )
    return {"line": line, "mistakes": counts}
