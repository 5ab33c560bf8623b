"""Activations: without a bend between them, layers add up to one straight border.

Cybenko, Mathematics of Control, Signals and Systems 2, 1989; Glorot, Bordes and Bengio, "Deep sparse rectifier neural
networks", AISTATS 2011.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm.drawing.views import Bars
from dlterm.experiments.experiment import Experiment, Measure, Moment, Prediction
from dlterm.experiments.knobs import Number, Whole
from dlterm.experiments.training import field_of
from dlterm.training.learner import Learner
from dlterm.training.recipe import Recipe

if TYPE_CHECKING:
    from dlterm.drawing.views import View
    from dlterm.experiments.experiment import Measures, Run

NAMES = ("identity", "sigmoid", "tanh", "relu", "gelu")
_FRAMES = 40


class Activations(Experiment):
    """The same layers with five activations, on a disc inside a ring."""

    id = "activations"
    title = "Without a bend, depth is one line"
    question = "A disc inside a ring, two hidden layers: which activations can find the border?"
    chapter = "One neuron to deep"
    order = 50
    lesson = "layers"
    predictions = (
        Prediction("all", "All: two hidden layers are enough for a circle"),
        Prediction("bent", "All but the identity: a sum of sums is one sum"),
        Prediction("smooth", "Only the smooth ones; ReLU has a corner and draws corners"),
        Prediction("modern", "Only ReLU and GELU: sigmoid and tanh do not learn"),
    )
    confirmed = "bent"
    claim = "The identity stays at 65 % or less, every other activation reaches 97 %"
    measures = (
        Measure("identity", "accuracy with no activation", "share", at_most=0.65),
        *(Measure(name, f"accuracy with {name}", "share", at_least=0.97) for name in NAMES[1:]),
    )
    budget = 5.0
    sources = ("cybenko1989", "glorot2011")

    epochs = Whole(80, "passes over the data", low=5, high=400)
    units = Whole(8, "units in each of the two hidden layers", low=1, high=64)
    noise = Number(0.1, "noise on the positions", low=0.0, high=2.0)

    def run(self, seed: int) -> Run:
        learners = {name: self._learner(name, seed) for name in NAMES}
        last = self.epochs * learners["tanh"].steps_per_epoch
        for frame in range(1, _FRAMES + 1):
            for learner in learners.values():
                learner.advance(last * frame // _FRAMES - learner.step)
            epoch = learners["tanh"].epoch
            yield Moment(_views(learners), frame / _FRAMES, f"epoch {epoch} of {self.epochs}", linger=0.1)
        return {name: learner.evaluate().test_accuracy or 0.0 for name, learner in learners.items()}

    def why(self, measures: Measures) -> str:
        worst = min(NAMES[1:], key=lambda name: measures[name])
        return (
            f"With the identity the whole network is one weighted sum, its border one line, which gets "
            f"{measures['identity']:.0%} right; the others bend it, and the worst of them, {worst}, reaches "
            f"{measures[worst]:.0%}."
        )

    def _learner(self, name: str, seed: int) -> Learner:
        hidden = (self.units, self.units)
        recipe = Recipe(
            data="circle", count=1000, test=0.5, noise=self.noise, hidden=hidden, lr=0.01, seed=seed
        )
        return Learner(recipe.with_(activation=name))


def _views(learners: dict[str, Learner]) -> dict[str, View]:
    accuracies = [100 * (learner.evaluate().test_accuracy or 0.0) for learner in learners.values()]
    fields: dict[str, View] = {name: field_of(learner, name) for name, learner in learners.items()}
    return {
        **fields,
        "accuracy": Bars(NAMES, np.array(accuracies), "%", title="accuracy on held-out examples"),
    }
