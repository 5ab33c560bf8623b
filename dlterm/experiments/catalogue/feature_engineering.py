"""Feature engineering: what somebody computes from pictures by hand, what a linear model makes of bare pixels, and what
a convolutional network finds in them by itself.

Bengio, Courville and Vincent, "Representation learning: A review and new perspectives", IEEE TPAMI 35, 2013; LeCun et
al., "Gradient-based learning applied to document recognition", Proceedings of the IEEE 86, 1998.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlterm.drawing.views import Curves, HeatMap, Images
from dlterm.experiments.experiment import Experiment, Measure, Moment, Prediction
from dlterm.experiments.knobs import Number, Whole
from dlterm.experiments.shape_features import FEATURES, by_hand
from dlterm.experiments.shape_network import MAPS, shape_network
from dlterm.experiments.shapes import KINDS, shapes, squares
from dlterm.experiments.track import Track
from dlterm.experiments.training import chunks
from dlterm.training.learner import Learner
from dlterm.training.recipe import Recipe

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dlterm.data.dataset import Dataset
    from dlterm.drawing.views import View
    from dlterm.experiments.experiment import Measures, Run

WAYS = {"pixels": "pixels, linear", "hand": "by hand, linear", "network": "pixels, conv. network"}
_HELD_OUT = 1000
_LOOKED_AT = 256  # of them, while it trains: as many as the engine predicts at a time
_SHOWN = 15  # pictures


class FeatureEngineering(Experiment):
    """Seven shapes, drawn anywhere and turned anyhow: three ways to tell them apart."""

    id = "feature-engineering"
    title = "Who finds the features?"
    question = (
        "Seven kinds of shapes, anywhere and turned anyhow. How far does a linear model get on bare pixels, and how "
        "far a convolutional network?"
    )
    chapter = "Machine learning and deep learning"
    order = 30
    lesson = "ml-or-dl"
    predictions = (
        Prediction("same", "About as far: both see the same pixels"),
        Prediction("little", "The network is ahead by 5 points or so, as more weights fit better"),
        Prediction(
            "far", "The network is ahead by more than 30 points: it makes features of the pixels first"
        ),
        Prediction("linear", "The linear model is ahead, as there is less to learn by heart"),
    )
    confirmed = "far"
    claim = "On bare pixels a convolutional network is at least 30 points ahead of a linear model"
    measures = (
        Measure("pixels", "accuracy of a linear model on pixels", "share"),
        Measure("hand", "accuracy of a linear model on eight features made by hand", "share"),
        Measure("network", "accuracy of a convolutional network on pixels", "share"),
        Measure("ahead", "points that the network is ahead of the linear model on pixels", at_least=30),
    )
    budget = 15.0
    sources = ("bengio2013", "lecun1998", "goodfellow2016")

    train = Whole(4000, "pictures to learn from", low=50, high=10_000)
    epochs = Whole(5, "passes over them", low=1, high=60)
    noise = Number(0.15, "noise on the pixels", low=0.0, high=0.6)
    turn = Number(0.5, "how far shapes are turned at most, in turns either way", low=0.0, high=0.5)

    def run(self, seed: int) -> Run:
        drawn = shapes(self.train + _HELD_OUT, seed=seed, noise=self.noise, turn=self.turn)
        yield Moment(_nothing_yet(drawn), 0.0, "pictures are drawn")
        made = by_hand(drawn)
        yield Moment(_nothing_yet(drawn), 0.0, "features are made by hand")
        learners, track = self._learners(drawn, made, seed), Track()
        network = learners["network"]
        typical = HeatMap(
            _typical(learners["hand"]), KINDS, FEATURES, title="the features made by hand, of each kind"
        )
        for done in chunks(network, self.epochs * network.steps_per_epoch):
            for learner in (learners["pixels"], learners["hand"]):
                learner.advance(network.step - learner.step)
            pictures, found = _look(learners, track, done * self.epochs)
            accuracies = track.curves("epoch", "accuracy", title="accuracy on pictures never seen")
            views: dict[str, View] = {
                "accuracy": accuracies,
                "pictures": pictures,
                "by hand": typical,
                "found": found,
            }
            yield Moment(views, done, f"epoch {done * self.epochs:.1f} of {self.epochs}")
        shares = {name: accuracy(learner) for name, learner in learners.items()}
        return {**shares, "ahead": 100 * (shares["network"] - shares["pixels"])}

    def why(self, measures: Measures) -> str:
        pixels, hand, network = (measures[name] for name in WAYS)
        return (
            f"A weighted sum of pixels gets {pixels:.0%}: in a picture that is moved or turned each pixel means "
            f"something else. Eight numbers that somebody who knows geometry computes get {hand:.0%} with the same "
            f"linear model; the network makes its own features and gets {network:.0%}, and nobody had to know geometry."
        )

    def _learners(self, pictures: Dataset, made: Dataset, seed: int) -> dict[str, Learner]:
        test = _HELD_OUT / (self.train + _HELD_OUT)
        linear = Recipe(model="linear", test=test, batch=32, lr=0.003, epochs=self.epochs, seed=seed)
        return {
            "pixels": Learner(linear, pictures),
            "hand": Learner(linear.with_(lr=0.02), made),
            "network": Learner(linear, pictures, network=shape_network(len(KINDS), seed)),
        }


def accuracy(learner: Learner, most: int | None = None) -> float:
    """The share that a learner names rightly of the held-out examples, or of the first of them."""
    rows = learner.split.test[:most]
    return float(
        np.mean(learner.predict(learner.dataset.inputs[rows]).argmax(axis=1) == learner.dataset.targets[rows])
    )


def _nothing_yet(drawn: Dataset) -> dict[str, View]:
    titles = tuple(KINDS[kind] for kind in drawn.targets[:_SHOWN])
    return {
        "accuracy": Curves((), "epoch", "accuracy", title="accuracy on pictures never seen"),
        "pictures": Images(squares(drawn.inputs[:_SHOWN]), titles, title="some of the pictures"),
        "by hand": HeatMap(np.empty((0, 0))),
        "found": Images(()),
    }


def _look(learners: dict[str, Learner], track: Track, epoch: float) -> tuple[Images, Images]:
    """Record the accuracies; return some pictures as the network names them, and what its first layer makes of one."""
    network = learners["network"]
    rows = network.split.test[:_LOOKED_AT]
    pictures, targets = network.dataset.inputs[rows], network.dataset.targets[rows]
    maps, outputs = network.activations(pictures, [network.network.layers[MAPS], network.network.output])
    called = outputs.argmax(axis=1)
    shares = {name: accuracy(learners[name], _LOOKED_AT) for name in ("pixels", "hand")}
    shares["network"] = float(np.mean(called == targets))
    track.put(epoch, {WAYS[name]: share for name, share in shares.items()})
    return _named(pictures, called, targets), _maps(pictures[0], maps[0])


def _named(pictures: NDArray[np.float32], called: NDArray[Any], targets: NDArray[Any]) -> Images:
    """Some pictures, and what they are called."""
    right = called == targets
    titles = tuple(KINDS[k] + ("" if sure else " ✗") for k, sure in zip(called, right, strict=True))
    return Images(
        squares(pictures[:_SHOWN]), titles[:_SHOWN], title="what the network calls pictures never seen"
    )


def _typical(hand: Learner) -> NDArray[np.float32]:
    """The mean of every feature, in standard deviations, over the training examples of each kind: [kinds, features]."""
    rows = hand.split.train
    inputs, targets = hand.encoder.encode(hand.dataset.inputs[rows]), hand.dataset.targets[rows]
    return np.stack([inputs[targets == kind].mean(axis=0) for kind in range(len(KINDS))])


def _maps(picture: NDArray[np.float32], maps: NDArray[np.float32]) -> Images:
    """A picture, and where in it each filter finds what it answers to."""
    found = maps.reshape(-1, picture.size)
    found = found / np.maximum(found.max(axis=1, keepdims=True), 1e-6)
    titles = ("the picture", *(f"feature {k}" for k in range(1, len(found) + 1)))
    both = squares(np.concatenate([picture[None], found]))
    return Images(both, titles, title="features that the first layer has found so far, in one picture")
