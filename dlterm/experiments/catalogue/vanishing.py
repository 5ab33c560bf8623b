"""Vanishing gradients: what twelve sigmoid layers leave of the error, and what better first weights and ReLU changed.

Hochreiter, diploma thesis, TU Munich, 1991; Glorot and Bengio, "Understanding the difficulty of training deep
feedforward neural networks", AISTATS 2010, whose standard heuristic of small uniform weights the sigmoid network has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm.drawing.views import Curves, Series
from dlterm.experiments.experiment import Experiment, Measure, Moment, Prediction
from dlterm.experiments.knobs import Number, Whole
from dlterm.experiments.track import Track
from dlterm.experiments.training import field_of
from dlterm.training.learner import Learner
from dlterm.training.recipe import Recipe

if TYPE_CHECKING:
    from dlterm.drawing.views import View
    from dlterm.experiments.experiment import Measures, Run

NETS = {"sigmoid": ("sigmoid", "uniform"), "tanh": ("tanh", "xavier"), "relu": ("relu", "he")}
NAMES = {"sigmoid": "sigmoid", "tanh": "tanh, Xavier", "relu": "ReLU, He"}
_FRAMES = 60


class Vanishing(Experiment):
    """Three deep networks, alike but for activation and first weights: gradients by layer, and accuracy."""

    id = "vanishing"
    title = "Why deep sigmoid networks did not train"
    question = "Twelve hidden layers: how much of the gradient of the last one reaches the first?"
    chapter = "One neuron to deep"
    order = 80
    lesson = "how-networks-learn"
    predictions = (
        Prediction("all", "All of it: every layer gets the same gradient"),
        Prediction("some", "About a twelfth: each layer takes its share"),
        Prediction(
            "depends",
            "Next to nothing with sigmoids and small weights, most with ReLU or tanh and fitting ones",
        ),
        Prediction("none", "Next to nothing, whatever the activation: twelve layers are too many"),
    )
    confirmed = "depends"
    claim = (
        "From last to first layer less than 1e-5 is left with sigmoids, more than 1e-2 with tanh and ReLU; the sigmoid "
        "network stays at chance, the others reach 90 %"
    )
    measures = (
        Measure(
            "sigmoid_ratio", "first layer's gradient by the last's before training: sigmoid", at_most=1e-5
        ),
        Measure("tanh_ratio", "the same: tanh, Xavier's weights", at_least=1e-2),
        Measure("relu_ratio", "the same: ReLU, He's weights", at_least=1e-2),
        Measure("sigmoid", "accuracy with sigmoids in the end", "share", at_most=0.6),
        Measure("tanh", "accuracy with tanh in the end", "share", at_least=0.9),
        Measure("relu", "accuracy with ReLU in the end", "share", at_least=0.9),
    )
    budget = 20.0
    sources = ("hochreiter1991", "glorot2010", "he2015b")

    layers = Whole(12, "hidden layers", low=1, high=24)
    units = Whole(16, "units in each", low=2, high=64)
    epochs = Whole(60, "passes over the data", low=5, high=300)
    rate = Number(0.002, "learning rate (Adam)", low=0.0001, high=0.05)

    def run(self, seed: int) -> Run:
        learners = {name: self._learner(name, seed) for name in NETS}
        norms = {name: self._norms(learner) for name, learner in learners.items()}
        ratios = {f"{name}_ratio": float(norm[0] / norm[-1]) for name, norm in norms.items()}
        track = Track()
        last = self.epochs * learners["tanh"].steps_per_epoch
        for frame in range(_FRAMES + 1):
            for name, learner in learners.items():
                learner.advance(last * frame // _FRAMES - learner.step)
                norms[name] = self._norms(learner)
                track.put(learner.step, {NAMES[name]: learner.evaluate().test_accuracy})
            yield Moment(
                self._views(learners, norms, track), frame / _FRAMES, f"step {last * frame // _FRAMES}", 0.05
            )
        return {**ratios, **{name: track.last(NAMES[name]) for name in NETS}}

    def why(self, measures: Measures) -> str:
        return (
            f"Of the gradient of the last layer {measures['sigmoid_ratio']:.0e} reaches the first through sigmoids, "
            f"whose slope is a quarter at most, and {measures['sigmoid']:.0%} is all it learns; tanh with "
            f"Xavier's weights keeps {measures['tanh_ratio']:.1g} and reaches {measures['tanh']:.0%}, ReLU with He's "
            f"{measures['relu_ratio']:.1g} and {measures['relu']:.0%}."
        )

    def _learner(self, name: str, seed: int) -> Learner:
        activation, init = NETS[name]
        hidden = (self.units,) * self.layers
        recipe = Recipe(data="moons", count=500, noise=0.15, hidden=hidden, lr=self.rate, seed=seed)
        return Learner(recipe.with_(activation=activation, init=init))

    def _norms(self, learner: Learner) -> list[float]:
        gradients = learner.gradients()
        names = [f"hidden{k}.weight" for k in range(1, self.layers + 1)]
        return [max(float(np.linalg.norm(gradients[name].astype(np.float64))), 1e-30) for name in names]

    def _views(
        self, learners: dict[str, Learner], norms: dict[str, list[float]], track: Track
    ) -> dict[str, View]:
        places = np.arange(1.0, self.layers + 1)
        series = tuple(Series(NAMES[name], places, np.array(norm)) for name, norm in norms.items())
        by_layer = Curves(series, "hidden layer", "norm", log_y=True, title="the gradient by layer, now")
        accuracy = track.curves("step", "accuracy", title="accuracy on held-out examples")
        fields: dict[str, View] = {name: field_of(learner, NAMES[name]) for name, learner in learners.items()}
        return {"gradient": by_layer, "accuracy": accuracy, **fields}
