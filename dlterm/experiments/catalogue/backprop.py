"""Backpropagation on a network small enough to write down: every number forwards, every number back.

Rumelhart, Hinton and Williams, "Learning representations by back-propagating errors", Nature 323, 1986. The engine's
gradients are checked against finite differences of a forward pass that is written here, in float64.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm.data.dataset import Dataset
from dlterm.drawing.views import HeatMap, Table
from dlterm.experiments.experiment import Experiment, Measure, Moment, Prediction
from dlterm.experiments.knobs import Choice, Number
from dlterm.experiments.training import network_of
from dlterm.training.learner import Learner
from dlterm.training.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from dlterm.drawing.views import View
    from dlterm.experiments.experiment import Measures, Run

    Array = NDArray[np.float64]
    Weights = Mapping[str, Array]
    Row = tuple[str, str, str]

_SHORT = {"hidden1.weight": "W1", "hidden1.bias": "b1", "output.weight": "W2", "output.bias": "b2"}
_EPSILON = 1e-5
_SECONDS = 1.0  # that a step is worth
_CASES = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)


class Backprop(Experiment):
    """One example through a 2-2-1 network and back, one step at a time."""

    id = "backprop"
    title = "The chain rule, layer by layer"
    question = (
        "How many passes through the network give the slope of the loss along every one of its nine weights?"
    )
    chapter = "One neuron to deep"
    order = 70
    lesson = "how-networks-learn"
    predictions = (
        Prediction("nine", "Nine: each weight is turned a little, and the loss computed again"),
        Prediction("two", "Two: one forwards, one backwards, and the slopes are exact"),
        Prediction("guess", "Two, but the slopes are only estimates"),
        Prediction("layers", "Four: forwards and backwards for each layer"),
    )
    confirmed = "two"
    claim = "All nine slopes of one backward pass agree with finite differences, to a ten-thousandth of the largest"
    measures = (
        Measure(
            "difference",
            "largest difference between a slope and its finite difference, relative",
            at_most=1e-4,
        ),
        Measure("loss", "loss of the example"),
        Measure("after", "loss after one step of gradient descent at a rate of 0.5"),
    )
    budget = 1.0
    needed = 20
    sources = ("rumelhart1986", "werbos1974")

    x1 = Number(1.0, "first input", low=-2.0, high=2.0)
    x2 = Number(0.0, "second input", low=-2.0, high=2.0)
    target = Choice("1", "what the answer should be", ("0", "1"))
    activation = Choice("tanh", "activation of the hidden units", ("tanh", "sigmoid"))

    def run(self, seed: int) -> Run:
        learner = self._learner(seed)
        weights = {name: values.astype(np.float64) for name, values in learner.weights().items()}
        found = {name: values.astype(np.float64) for name, values in learner.gradients(np.array([0])).items()}
        x = learner.encoder.encode(learner.dataset.inputs[:1])[0].astype(np.float64)
        numeric = differences(lambda changed: self._forward(changed, x)["loss"].item(), weights)
        steps = self._steps(weights, found, x)
        for done in range(1, len(steps) + 1):
            views = _views(learner, steps[:done], found, numeric)
            yield Moment(
                views, done / len(steps), f"{steps[done - 1][0]}: {steps[done - 1][2]}", linger=_SECONDS
            )
        stepped = {name: values - 0.5 * found[name] for name, values in weights.items()}
        return {
            "difference": relative(found, numeric),
            "loss": self._forward(weights, x)["loss"].item(),
            "after": self._forward(stepped, x)["loss"].item(),
        }

    def why(self, measures: Measures) -> str:
        return (
            f"One pass forwards keeps every sum, one pass back multiplies slopes on the way, and all nine come out at "
            f"once; the worst of them is {measures['difference']:.0e} from what turning that weight by hand gives. One "
            f"step against them takes the loss from {measures['loss']:.3f} to {measures['after']:.3f}."
        )

    def _learner(self, seed: int) -> Learner:
        """A learner whose first example is the knobs'; the others make it a data set."""
        inputs = np.concatenate([np.array([[self.x1, self.x2]], np.float32), _CASES])
        targets = np.array([int(self.target), 0, 1, 1, 0])
        dataset = Dataset("one", inputs, targets, "classification", ("x1", "x2"), ("0", "1"), "answer")
        return Learner(Recipe(test=0.0, hidden=(2,), seed=seed).with_(activation=self.activation), dataset)

    def _forward(self, weights: Weights, x: Array) -> dict[str, Array]:
        """Every number of the pass forwards, in float64."""
        z = weights["hidden1.weight"] @ x + weights["hidden1.bias"]
        h = np.tanh(z) if self.activation == "tanh" else 1 / (1 + np.exp(-z))
        logit = weights["output.weight"] @ h + weights["output.bias"]
        p = 1 / (1 + np.exp(-logit))
        y = float(self.target)
        return {"z": z, "h": h, "logit": logit, "p": p, "loss": -y * np.log(p) - (1 - y) * np.log(1 - p)}

    def _steps(self, weights: Weights, found: Weights, x: Array) -> list[Row]:
        """What is computed, in order: its name, its formula, its numbers."""
        at = self._forward(weights, x)
        slope = "1 - h²" if self.activation == "tanh" else "h (1 - h)"
        dh = weights["output.weight"][0] * found["output.bias"]
        rows = [
            ("x", "the inputs, standardised", x),
            ("z", "hidden sums: W1 x + b1", at["z"]),
            ("h", f"{self.activation} of them", at["h"]),
            ("logit", "output sum: W2 h + b2", at["logit"]),
            ("p", "its sigmoid: how likely a 1", at["p"]),
            ("loss", f"-log of the chance given to {self.target}", at["loss"]),
            ("dlogit", "p - target", found["output.bias"]),
            ("dW2", "dlogit × h", found["output.weight"]),
            ("dh", "dlogit × W2", dh),
            ("dz", f"dh × ({slope})", found["hidden1.bias"]),
            ("dW1", "dz × x", found["hidden1.weight"]),
        ]
        return [(name, _shown(values), formula) for name, formula, values in rows]


def differences(loss: Callable[[Weights], float], weights: Weights) -> dict[str, Array]:
    """The slope of a loss along every weight, from the loss a little to both sides of it."""
    slopes = {name: np.zeros_like(values) for name, values in weights.items()}
    for name, values in weights.items():
        for place in np.ndindex(values.shape):
            ends = []
            for turn in (_EPSILON, -_EPSILON):
                turned = values.copy()
                turned[place] += turn
                ends.append(loss({**weights, name: turned}))
            slopes[name][place] = (ends[0] - ends[1]) / (2 * _EPSILON)
    return slopes


def relative(found: Weights, numeric: Weights) -> float:
    """The largest difference between two sets of slopes, as a share of the largest slope in its parameter."""
    return max(
        float(np.abs(found[name] - slopes).max() / max(np.abs(slopes).max(), 1e-12))
        for name, slopes in numeric.items()
    )


def _views(learner: Learner, steps: list[Row], found: Weights, numeric: Weights) -> dict[str, View]:
    rows = tuple(
        (f"{_SHORT[name]}{list(place)}", float(values[place]), float(numeric[name][place]))
        for name, values in found.items()
        for place in np.ndindex(values.shape)
    )
    gradient = np.concatenate([found["hidden1.weight"], found["hidden1.bias"][:, None]], axis=1)
    return {
        "numbers": Table(("", "numbers", "how"), tuple(steps), title="forwards, then back"),
        "network": network_of(learner, "the network"),
        "check": Table(("weight", "back", "by turning"), rows, title="every slope, both ways"),
        "gradient": HeatMap(
            gradient, ("unit 1", "unit 2"), ("x1", "x2", "bias"), title="slopes of the hidden layer"
        ),
    }


def _shown(values: Array) -> str:
    return "  ".join(f"{value:.3f}" for value in np.ravel(values))
