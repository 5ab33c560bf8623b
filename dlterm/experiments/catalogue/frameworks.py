"""Frameworks: one network as the source of three of them, run by those that are installed, and the answers compared."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dlterm.drawing.views import Line, Table, Text
from dlterm.experiments.elsewhere import ask, shown
from dlterm.experiments.experiment import Experiment, Measure, Moment, Prediction
from dlterm.experiments.knobs import Choice, Whole
from dlterm.experiments.training import chunks, network_of
from dlterm.training.learner import Learner
from dlterm.training.model_file import Trained
from dlterm.training.recipe import Recipe
from dlterm.training.source import FRAMEWORKS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from numpy.typing import NDArray

    from dlterm.drawing.views import Cell, View
    from dlterm.experiments.experiment import Measures, Run

    Array = NDArray[np.floating[Any]]

ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "gelu": np.vectorize(lambda z: z / 2 * (1 + math.erf(z / math.sqrt(2)))),
}
NUMPY = "NumPy, float64"
TITLES = {name: writer.TITLE for name, writer in FRAMEWORKS.items()}
_TRAINING = 0.3  # of the progress


class Frameworks(Experiment):
    """The lab's network, written as source for each framework and run with the same weights."""

    id = "frameworks"
    title = "The same network everywhere"
    question = "One network, the same weights, in dlterm, PyTorch, Keras and scikit-learn: how do the answers differ?"
    chapter = "Why now"
    order = 40
    lesson = "frameworks"
    predictions = (
        Prediction("digits", "In the last digits that a float32 has, and no more"),
        Prediction("points", "By a few hundredths: each framework computes in its own way"),
        Prediction("better", "The better framework gives the surer answers"),
        Prediction("chance", "By more or less, as each begins with weights of its own"),
    )
    confirmed = "digits"
    claim = "All that could be run answer alike, to a hundred-thousandth: frameworks here, and plain NumPy in float64"
    measures = (
        Measure("difference", "largest difference between any of them and dlterm", at_most=1e-5),
        Measure("numpy", "the same of plain NumPy in float64", at_most=1e-5),
        Measure("compared", "frameworks that were run"),
        Measure("missing", "frameworks that are not installed, or could not be run"),
        Measure("accuracy", "held-out examples that the network names rightly", "share"),
    )
    budget = 20.0
    needed = 20
    sources = ("paszke2019", "keras2025", "pedregosa2011")

    data = Choice("moons", "the data", ("moons", "circle", "xor", "spirals"))
    units = Whole(4, "units in each hidden layer", low=1, high=16)
    layers = Whole(1, "hidden layers", low=1, high=4)
    activation = Choice("tanh", "the activation", ("tanh", "relu", "sigmoid", "gelu"))
    epochs = Whole(100, "passes over the data", low=1, high=1000)

    def run(self, seed: int) -> Run:
        recipe = Recipe.of(
            data=self.data,
            noise=0.2,
            hidden=(self.units,) * self.layers,
            activation=self.activation,
            lr=0.03,
            seed=seed,
        )
        learner, rows = Learner(recipe), list[Row]()
        ours: Array = np.empty((0, 2))
        for done in chunks(learner, self.epochs * learner.steps_per_epoch):
            yield Moment(
                _views(learner, rows, ours), _TRAINING * done, f"training: epoch {learner.epoch}", 0.02
            )
        inputs, trained = learner.dataset.inputs, Trained.of(learner)
        ours = learner.predict(inputs)
        rows += [Row("dlterm", ours), Row(NUMPY, plain(learner, inputs))]
        for number, name in enumerate(FRAMEWORKS):
            done, news = _TRAINING + number / len(FRAMEWORKS) * (1 - _TRAINING), f"asking {TITLES[name]}"
            answer = yield from ask(name, trained, inputs, Moment(_views(learner, rows, ours), done, news))
            rows.append(Row(TITLES[name], answer.answers, answer.said))
        yield Moment(_views(learner, rows, ours), 1.0, "all that there are")
        found = [furthest(row.answers, ours) for row in rows[1:] if row.answers is not None]
        return {
            "difference": max(found),
            "numpy": found[0],
            "compared": len(found) - 1,
            "missing": len(FRAMEWORKS) - len(found) + 1,
            "accuracy": learner.evaluate().test_accuracy or 0.0,
        }

    def why(self, measures: Measures) -> str:
        count, lacking = round(measures["compared"]), round(measures["missing"])
        asked = (
            "No framework could be run" if not count else f"{count} of {count + lacking} frameworks were run"
        )
        return (
            f"{asked}; of the rest, if any, nothing is claimed. The answers differ by {measures['difference']:.0e} at "
            f"most, those of plain NumPy in float64 by {measures['numpy']:.0e}: the same sums, rounded here and there. "
            f"What differs is what one has to write, and what is assumed where one says nothing."
        )


class Row(NamedTuple):
    """What answered, [examples, classes], and its version; or why it did not."""

    name: str
    answers: Array | None
    said: str = ""

    def cells(self, ours: Array) -> tuple[Cell, ...]:
        """As the table shows it, beside what dlterm answered."""
        if self.answers is None:
            return self.name, "", "", self.said
        off = "" if self.answers is ours else f"{furthest(self.answers, ours):.1e}"
        return self.name, f"{self.answers[0, 1]:.7f}", off, self.said


def plain(learner: Learner, inputs: Array) -> Array:
    """The network in plain NumPy and float64, from the weights alone: the probabilities of two classes."""
    weights = {name: array.astype(np.float64) for name, array in learner.weights().items()}
    x = (inputs.astype(np.float64) - learner.scaler.mean) / learner.scaler.std
    for number in range(1, learner.recipe.layers + 1):
        layer = f"hidden{number}"
        z = x @ weights[f"{layer}.weight"].T + weights[f"{layer}.bias"]
        x = ACTIVATIONS[str(learner.recipe.activation)](z)
    p = 1 / (1 + np.exp(-(x @ weights["output.weight"].T + weights["output.bias"])))
    return np.concatenate([1 - p, p], axis=1)


def furthest(answers: Array, ours: Array) -> float:
    """The largest difference."""
    return float(np.abs(answers.astype(np.float64) - ours).max())


def _views(learner: Learner, rows: Sequence[Row], ours: Array) -> dict[str, View]:
    cells = tuple(row.cells(ours) for row in rows)
    trained = Trained.of(learner)
    return {
        "answers": Table(("", "says", "off by", ""), cells, title="one example, and the furthest of all"),
        **{
            name: Text(tuple(map(Line, shown(name, trained))), title=f"in {title}")
            for name, title in TITLES.items()
        },
        "network": network_of(learner, "in the lab"),
    }
