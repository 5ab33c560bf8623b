"""Transfer: weights that were learned on thirteen shapes, put to use on seven others, of which there are few examples.

Yosinski, Clune, Bengio and Lipson, "How transferable are features in deep neural networks?", NIPS 2014,
arXiv:1411.1792; Pan and Yang, "A survey on transfer learning", IEEE TKDE 22, 2010.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np

from dlterm.drawing.views import Images
from dlterm.experiments.experiment import Experiment, Measure, Moment, Prediction
from dlterm.experiments.knobs import Number, Whole
from dlterm.experiments.seeing import filters_of, largest
from dlterm.experiments.shape_network import shape_network
from dlterm.experiments.shapes import KINDS, SHAPES, shapes, squares
from dlterm.experiments.spread import Spread
from dlterm.experiments.training import chunks
from dlterm.training.learner import Learner
from dlterm.training.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from dlterm.data.dataset import Dataset
    from dlterm.drawing.views import View
    from dlterm.experiments.experiment import Measures, Run
    from dlterm.nn import Network

    Weights = Mapping[str, NDArray[np.float32]]

WAYS = {"scratch": "from scratch", "frozen": "frozen body", "tuned": "fine-tuned"}
OLD = tuple(kind for kind in SHAPES if kind not in KINDS)
EACH = (1, 3, 10, 30, 100, 300)  # examples of each new kind
_MANY = 100  # from so many on it hardly matters which
_HELD_OUT, _SHOWN = 700, 14
_RATE, _EPOCHS = 0.005, 8  # of learning the old shapes
_BEFORE = 0.2  # of the work


class Transfer(Experiment):
    """Seven new shapes from a few pictures each: from scratch, with a new head, and by fine-tuning."""

    id = "transfer"
    title = "To begin with what was learned elsewhere"
    question = (
        "A network knows stars, arrows, houses and ten more shapes. Now it is to learn squares, circles and crosses "
        "from ten pictures each. What is its past worth?"
    )
    chapter = "Seeing"
    order = 60
    lesson = "transfer-learning"
    predictions = (
        Prediction("nothing", "Nothing: it has never seen any of the new shapes"),
        Prediction("little", "A head start: it is done sooner, and no better in the end"),
        Prediction("much", "Much: it is far ahead of one that begins anew, and less so with more pictures"),
        Prediction("harm", "Less than nothing: it has to unlearn the old shapes first"),
    )
    confirmed = "much"
    claim = (
        "With 10 pictures of each new kind fine-tuning is at least 15 points ahead of starting from scratch; with 300 "
        "its lead has shrunk to less than half, and a frozen body is behind a network that began anew"
    )
    measures = (
        Measure("gain", "points that fine-tuning is ahead of scratch, with 10 of each kind", at_least=15),
        Measure("left", "what is left of that with 300 of each, as a share", "share", at_most=0.5),
        Measure("head", "points that a new head on the frozen body is ahead of scratch, with 10 of each"),
        Measure("head_300", "the same with 300 of each", at_most=0),
        *(Measure(f"{way}_10", f"accuracy with 10 of each: {words}", "share") for way, words in WAYS.items()),
        *(
            Measure(f"{way}_300", f"accuracy with 300 of each: {words}", "share")
            for way, words in WAYS.items()
        ),
    )
    budget = 30.0
    sources = ("yosinski2014", "pan2010")

    before = Whole(6000, "pictures of the old shapes", low=100, high=20_000)
    draws = Whole(2, "draws of the new ones, where there are few", low=1, high=10)
    rate = Number(0.003, "learning rate of fine-tuning", low=0.0001, high=0.02)
    noise = Number(0.15, "noise on the pixels", low=0.0, high=0.6)

    def run(self, seed: int) -> Run:
        found, old = Spread(WAYS), self._drawn(self.before, OLD, [seed, 0])
        elder = _learner(old, shape_network(len(OLD), seed), _RATE, _EPOCHS, seed)
        for done in chunks(elder, _EPOCHS * elder.steps_per_epoch):
            views = _views(found, old, elder, elder)
            yield Moment(views, _BEFORE * done, f"learning the old shapes, epoch {elder.epoch} of {_EPOCHS}")
        test = self._drawn(_HELD_OUT, KINDS, [seed, 1])
        rounds = [(each, draw) for each in EACH for draw in range(self.draws if each < _MANY else 1)]
        for number, (each, draw) in enumerate(rounds):
            new = self._drawn(each * len(KINDS), KINDS, [seed, 2, each, draw])
            for way, done, learner in self._tried(new, body_of(elder), seed + draw):
                if done == 1:
                    found.add(way, each, accuracy(learner, test))
                news = f"{each} of each kind, draw {draw + 1}: {WAYS[way]}"
                share = (number + ([*WAYS].index(way) + done) / len(WAYS)) / len(rounds)
                yield Moment(_views(found, new, elder, learner), _BEFORE + (1 - _BEFORE) * share, news)
        means = {way: dict(zip(EACH, found.means(way), strict=True)) for way in WAYS}
        gain = {each: 100 * (means["tuned"][each] - means["scratch"][each]) for each in EACH}
        head = {each: 100 * (means["frozen"][each] - means["scratch"][each]) for each in EACH}
        return {
            "gain": gain[10],
            "left": gain[300] / max(gain[10], 1e-9),
            "head": head[10],
            "head_300": head[300],
            **{f"{way}_{each}": means[way][each] for way in WAYS for each in (10, 300)},
        }

    def why(self, measures: Measures) -> str:
        return (
            f"From 10 pictures of each kind a network that began anew gets {measures['scratch_10']:.0%}, a new head on "
            f"the old body {measures['frozen_10']:.0%}, fine-tuned {measures['tuned_10']:.0%}: lines and corners are "
            f"the same in all shapes. From 300 it is {measures['scratch_300']:.0%}, {measures['frozen_300']:.0%} and "
            f"{measures['tuned_300']:.0%}: what was learned for other shapes is worth less the more there is to learn "
            f"from, and a body that may not change is in the way."
        )

    def _tried(self, new: Dataset, body: Weights, seed: int) -> Iterator[tuple[str, float, Learner]]:
        """Train in all ways; yield the way, the share of it that is done, and the learner."""
        network, epochs = functools.partial(shape_network, len(KINDS), seed), _epochs(len(new.targets))
        scratch = _learner(new, network(), _RATE, epochs, seed)
        frozen = _learner(new, network(body=body, frozen=True), 2 * _RATE, epochs, seed)
        for way, learner in (("scratch", scratch), ("frozen", frozen)):
            for done in chunks(learner, epochs * learner.steps_per_epoch, looks=4):
                yield way, done, learner
        tuned = _learner(new, network(body=frozen.weights()), self.rate, epochs, seed)
        for done in chunks(tuned, epochs * tuned.steps_per_epoch, looks=4):
            yield "tuned", done, tuned

    def _drawn(self, count: int, kinds: Sequence[str], seed: list[int]) -> Dataset:
        return shapes(count, kinds, seed=seed, noise=self.noise)


def body_of(learner: Learner) -> Weights:
    """All weights but those of the last layer, which answers for the old kinds."""
    return {name: values for name, values in learner.weights().items() if not name.startswith("output")}


def accuracy(learner: Learner, test: Dataset) -> float:
    """The share of the examples that a learner names rightly."""
    return float(np.mean(learner.predict(test.inputs).argmax(axis=1) == test.targets))


def _epochs(count: int) -> int:
    """How often so many examples are shown: few of them often."""
    return max(1, round((1000 + 400 * count**0.5) / count))


def _learner(dataset: Dataset, network: Network, rate: float, epochs: int, seed: int) -> Learner:
    recipe = Recipe(test=0.0, batch=20, lr=rate, schedule="cosine", epochs=epochs, seed=seed)
    return Learner(recipe, dataset, network=network)


def _views(found: Spread, pictures: Dataset, elder: Learner, learner: Learner) -> dict[str, View]:
    filters = [weights / largest(weights) for weights in (filters_of(elder), filters_of(learner))]
    names = tuple(pictures.classes[kind] for kind in pictures.targets[:_SHOWN])
    return {
        "accuracy": found.curves(
            "examples of each new kind", "accuracy", "accuracy on new shapes never seen"
        ),
        "pictures": Images(squares(pictures.inputs[:_SHOWN]), names, title="what it learns from"),
        "filters": Images(
            tuple(np.concatenate(filters)),
            ("old",) * len(filters[0]) + ("now",) * len(filters[1]),
            columns=len(filters[0]),
            signed=True,
            title="filters of the first layer: those of the old shapes, and those that learn now",
        ),
        "accuracies": found.table("of each", "accuracy, % (and of all draws)"),
    }
