"""Residual connections: a plain stack of twenty layers is worse than one of eight, on its own training examples.

He, Zhang, Ren and Sun, "Deep Residual Learning for Image Recognition", CVPR 2016, arXiv:1512.03385: of their plain
networks that of 56 layers had more training error than that of 20; with the input of each two layers added to their
output, deeper was better. Here small convolutions read digits. With patience the plain one comes nearer: after 40
passes over the data its loss was 4 and 20 times that with shortcuts, on two seeds. Without batch normalisation
shortcuts do not learn at this rate: what is added up grows from block to block.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm import nn
from dlterm.drawing.views import Bars, Curves, Series
from dlterm.engine import ops
from dlterm.engine.graph import variable
from dlterm.experiments.experiment import Experiment, Measure, Moment, Prediction
from dlterm.experiments.knobs import Number, Switch, Whole
from dlterm.experiments.track import Track
from dlterm.experiments.training import paced
from dlterm.training.learner import Learner
from dlterm.training.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dlterm.drawing.views import View
    from dlterm.engine.graph import Tensor
    from dlterm.experiments.experiment import Measures, Run

SIDE, CLASSES = 8, 10
_SHALLOW = 8
_EXAMPLES = 128  # whose gradient is shown
NAMES = {"shallow": "shallow", "plain": "deep", "residual": "shortcuts"}


class Residual(Experiment):
    """A shallow plain network, a deep one, and a deep one with shortcuts, side by side on the same digits."""

    id = "residual"
    title = "Plain depth hurts, shortcuts mend it"
    question = (
        "Plain convolutions, 8 or 20 layers deep, and 20 with shortcuts: which has the highest TRAINING loss?"
    )
    chapter = "Seeing"
    order = 30
    lesson = "architectures"
    predictions = (
        Prediction("shallow", "The 8 layers: they have the fewest weights to learn by heart with"),
        Prediction("plain", "The 20 plain layers"),
        Prediction("residual", "The 20 with shortcuts: what is added disturbs what was learned"),
        Prediction("same", "None: all three learn their training examples by heart"),
    )
    confirmed = "plain"
    claim = (
        "The training loss of 20 plain layers ends at least 5 times as high as that of 20 with shortcuts, and at least "
        "twice as high as that of 8 plain ones"
    )
    measures = (
        Measure("times", "training loss of the deep plain network, by that with shortcuts", at_least=5),
        Measure("deeper", "the same, by that of the shallow one", at_least=2),
        *(Measure(name, f"training loss: {words}") for name, words in NAMES.items()),
        *(Measure(f"{name}_new", f"new digits read: {words}", "share") for name, words in NAMES.items()),
    )
    budget = 20.0
    sources = ("he2015",)

    layers = Whole(20, "layers with weights of the deep networks", low=8, high=40)
    width = Whole(8, "filters of each convolution", low=2, high=32)
    norm = Switch(True, "batch normalisation after every convolution")
    epochs = Whole(10, "passes over the data", low=1, high=50)
    rate = Number(0.01, "learning rate (momentum 0.9)", low=0.001, high=0.1)

    def run(self, seed: int) -> Run:
        learners, track = self._learners(seed), Track()
        steps = self.epochs * learners["plain"].steps_per_epoch

        def advance(count: int) -> None:
            for learner in learners.values():
                learner.advance(count)

        for done in paced(advance, steps):
            step = learners["plain"].step
            track.put(step, {NAMES[name]: learner.loss() for name, learner in learners.items()})
            yield Moment(_views(learners, track), done, f"step {step:,} of {steps:,}")
        ends = {name: learner.evaluate() for name, learner in learners.items()}
        loss = {name: max(end.train_loss, 1e-12) for name, end in ends.items()}
        return {
            "times": loss["plain"] / loss["residual"],
            "deeper": loss["plain"] / loss["shallow"],
            **loss,
            **{f"{name}_new": end.test_accuracy or 0.0 for name, end in ends.items()},
        }

    def why(self, measures: Measures) -> str:
        return (
            f"The deep plain network could do all that the shallow one does, by passing pictures on unchanged. Yet its "
            f"loss is {measures['plain']:.2g} where the shallow one has {measures['shallow']:.2g}: training does not "
            f"find that. Where each block adds to its input, passing on is the easiest thing to learn, and the loss is "
            f"{measures['residual']:.2g}, a factor of {measures['times']:.3g} apart."
        )

    def _learners(self, seed: int) -> dict[str, Learner]:
        depths = {
            "shallow": (_SHALLOW, False),
            "plain": (self.layers, False),
            "residual": (self.layers, True),
        }
        recipe = Recipe(data="digits", batch=32, optimizer="momentum", lr=self.rate, seed=seed)
        return {
            name: Learner(recipe, network=network(layers, self.width, shortcuts, self.norm, seed))
            for name, (layers, shortcuts) in depths.items()
        }


def network(layers: int, width: int, shortcuts: bool, norm: bool, seed: int) -> nn.Network:
    """A convolution, pooling, blocks of two convolutions, an output: so many layers, or one less if that is odd."""

    def convolved(h: Tensor, number: int, inputs: int = width) -> Tensor:
        h = nn.Conv2d(inputs, width, 3, padding=1, name=f"conv{number}", activation="relu", seed=seed)(h)
        return nn.BatchNorm(width, name=f"norm{number}")(h) if norm else h

    x = variable("x", (SIDE * SIDE,))
    h = ops.relu(convolved(ops.reshape(x, shape=(1, SIDE, SIDE)), 1, 1))
    h = nn.MaxPool2d()(h)
    outputs = [h]
    for number in range(2, layers - 1, 2):
        changed = convolved(ops.relu(convolved(h, number)), number + 1)
        h = ops.relu(h + changed if shortcuts else changed)
        outputs.append(h)
    flat = nn.Flatten()(h)
    return nn.Network(x, (*outputs, nn.Linear(flat.shape[0], CLASSES, name="output", seed=seed)(flat)))


def gradient_norms(learner: Learner) -> list[float]:
    """The length of the loss's gradient in each convolution, from the first to the last, on some training examples."""
    found = learner.gradients(learner.split.train[:_EXAMPLES])
    names = [name for name in found if name.startswith("conv") and name.endswith(".weight")]
    return [max(float(np.linalg.norm(found[name])), 1e-12) for name in names]


def _views(learners: Mapping[str, Learner], track: Track) -> dict[str, View]:
    norms = {NAMES[name]: np.array(gradient_norms(learner)) for name, learner in learners.items()}
    by_layer = tuple(Series(name, np.arange(1.0, len(norm) + 1), norm) for name, norm in norms.items())
    read = [100 * _read(learner) for learner in learners.values()]
    return {
        "loss": track.curves("step", "loss", log_y=True, title="the loss on the TRAINING digits"),
        "gradient": Curves(by_layer, "layer", "norm", log_y=True, title="the gradient by layer, now"),
        "new": Bars(tuple(NAMES.values()), np.array(read).round(1), "%", title="new digits read"),
    }


def _read(learner: Learner) -> float:
    rows = learner.split.test
    return float(
        np.mean(learner.predict(learner.dataset.inputs[rows]).argmax(1) == learner.dataset.targets[rows])
    )
