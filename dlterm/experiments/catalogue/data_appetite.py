"""The appetite for data: accuracy against the number of examples, for two classical ways and a convolutional network.

Hestness et al., "Deep learning scaling is predictable, empirically", 2017, arXiv:1712.00409. On bare pixels the
nearest neighbour stands for the classical models: from 6,000 pictures it gets 91 % right, an SVM 87 %, a forest 69 %.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm.drawing.views import Images
from dlterm.experiments.experiment import Experiment, Measure, Moment, Prediction
from dlterm.experiments.knobs import Number, Whole
from dlterm.experiments.shape_features import features
from dlterm.experiments.shape_network import shape_network
from dlterm.experiments.shapes import KINDS, shapes, squares
from dlterm.experiments.spread import Spread, crossing
from dlterm.experiments.training import chunks
from dlterm.training.learner import Learner
from dlterm.training.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from dlterm.data.dataset import Dataset
    from dlterm.drawing.views import View
    from dlterm.experiments.experiment import Measures, Run

WAYS = {"pixels": "nearest picture", "hand": "by hand, SVM", "network": "conv. network"}
COUNTS = (20, 60, 200, 600, 2000, 6000, 20_000)
_OFTEN = 1000  # below so many examples it matters which, and several draws are made
_HELD_OUT, _SHOWN = 1000, 14


class DataAppetite(Experiment):
    """Seven shapes, from 20 pictures to thousands: who gets how much out of them?"""

    id = "data-appetite"
    title = "The appetite for data"
    question = (
        "Seven shapes to tell apart: from how many pictures on is a convolutional network better than features that "
        "somebody made by hand?"
    )
    chapter = "Machine learning and deep learning"
    order = 20
    lesson = "ml-or-dl"
    predictions = (
        Prediction("always", "From the first twenty on: it is the stronger model"),
        Prediction("hundreds", "From some hundreds on"),
        Prediction("thousands", "From some thousands on"),
        Prediction("never", "Never, within ten thousand"),
    )
    confirmed = "thousands"
    claim = (
        "With 20 examples features made by hand are at least 30 points ahead of a convolutional network, which passes "
        "them between 1,000 and 10,000 examples; of bare pixels it makes more far sooner"
    )
    measures = (
        Measure("few", "points that it is behind features made by hand, of the fewest examples", at_least=30),
        Measure(
            "passes", "examples from which on it is ahead of them (0: nowhere)", at_least=1000, at_most=9999
        ),
        Measure("many", "points that it is ahead of them, of the most examples", at_least=0),
        Measure(
            "passes_pixels",
            "examples from which on it is ahead of the nearest picture (0: nowhere)",
            at_most=3000,
        ),
        Measure(
            "many_pixels", "points that it is ahead of the nearest picture, of the most examples", at_least=0
        ),
    )
    budget = 40.0
    sources = ("hestness2017", "cover1967", "cortes1995", "lecun1998")

    most = Whole(10_000, "examples at most", low=100, high=20_000)
    draws = Whole(3, "draws of fewer than 1,000", low=1, high=10)
    noise = Number(0.15, "noise on the pixels", low=0.0, high=0.6)

    def run(self, seed: int) -> Run:
        counts = [count for count in COUNTS if count < self.most] + [self.most]
        rounds = [(count, draw) for count in counts for draw in range(self.draws if count < _OFTEN else 1)]
        work = np.cumsum([0, *(count * _epochs(count) for count, _ in rounds)])
        test = self._drawn(_HELD_OUT, [seed, 0])
        made = features(test.inputs)
        found = Spread(WAYS)
        for number, (count, draw) in enumerate(rounds):
            train = self._drawn(count, [seed, count, draw])
            views = _views(found, train)
            for done, way, accuracy in _tried(train, test, made, seed):
                news = f"{count:,} examples, draw {draw + 1}: {WAYS[way]}"
                if accuracy is not None:
                    found.add(way, count, accuracy)
                    views, news = _views(found, train), f"{news} {accuracy:.0%}"
                progress = (work[number] + done * (work[number + 1] - work[number])) / work[-1]
                yield Moment(views, float(progress), news)
        ahead = {way: 100 * (found.means("network") - found.means(way)) for way in ("pixels", "hand")}
        return {
            "few": -float(ahead["hand"][0]),
            "passes": crossing(counts, ahead["hand"]),
            "many": float(ahead["hand"][-1]),
            "passes_pixels": crossing(counts, ahead["pixels"]),
            "many_pixels": float(ahead["pixels"][-1]),
        }

    def why(self, measures: Measures) -> str:
        hand, pixels = (
            f"from about {at:,.0f} examples on" if (at := round(measures[name], -2)) else "nowhere"
            for name in ("passes", "passes_pixels")
        )
        return (
            f"From the fewest examples features made by hand get {measures['few']:.0f} points more than the network: "
            f"they bring knowledge that pictures have to teach it. It is ahead of them {hand}, and of comparing bare "
            f"pixels {pixels}. Where curves cross depends on the task: for photographs nobody knew such features."
        )

    def _drawn(self, count: int, seed: list[int]) -> Dataset:
        return shapes(count, seed=seed, noise=self.noise)


def _epochs(count: int) -> int:
    """How often the network is shown so many examples: each of the fewest often, of the most still five times."""
    return max(1, round((1000 + 500 * count**0.5) / count))


def _tried(
    train: Dataset, test: Dataset, made: NDArray[np.float32], seed: int
) -> Iterator[tuple[float, str, float | None]]:
    """Train each way; yield the share that is done, of the network's training, the way, and its accuracy once known.

    `made` are the features of the test pictures.
    """
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC

    nearest = KNeighborsClassifier(1).fit(train.inputs, train.targets)
    yield 0.0, "pixels", float(nearest.score(test.inputs, test.targets))
    inputs = []
    for some in np.array_split(train.inputs, 1 + len(train.inputs) // 1000):
        inputs.append(features(some))
        yield 0.0, "hand", None
    machine = make_pipeline(StandardScaler(), SVC(C=10)).fit(np.concatenate(inputs), train.targets)
    yield 0.0, "hand", float(machine.score(made, test.targets))
    recipe = Recipe(
        test=0.0, batch=20, lr=0.005, schedule="cosine", epochs=_epochs(len(train.targets)), seed=seed
    )
    learner = Learner(recipe, train, network=shape_network(len(KINDS), seed))
    for done in chunks(learner, recipe.epochs * learner.steps_per_epoch, looks=10):
        yield done, "network", None
    right = learner.predict(test.inputs).argmax(axis=1) == test.targets
    yield 1.0, "network", float(right.mean())


def _views(found: Spread, train: Dataset) -> dict[str, View]:
    names = tuple(KINDS[kind] for kind in train.targets[:_SHOWN])
    return {
        "appetite": found.curves("examples", "accuracy", "accuracy on pictures never seen"),
        "accuracies": found.table("examples", "accuracy, % (and of all draws)"),
        "examples": Images(squares(train.inputs[:_SHOWN]), names, title="some of the examples"),
    }
