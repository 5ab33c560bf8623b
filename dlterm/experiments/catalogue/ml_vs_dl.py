"""Machine learning against deep learning: six tools draw six borders, and none of them is the best everywhere.

Wolpert, "The lack of a priori distinctions between learning algorithms", Neural Computation 8, 1996. The classical
models are scikit-learn's, as it sets them but for what can be turned: Pedregosa et al., JMLR 12, 2011.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dlterm.drawing.views import HeatMap, Images, Table
from dlterm.experiments.experiment import Experiment, Measure, Moment, Prediction
from dlterm.experiments.knobs import Choice, Number, Whole
from dlterm.experiments.training import chunks
from dlterm.training import classic, picture
from dlterm.training.learner import Learner
from dlterm.training.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from dlterm.drawing.views import Cell, View
    from dlterm.experiments.experiment import Measures, Run
    from dlterm.training.classic import Fitted

    Model = Learner | Fitted

TOOLS = {
    "logistic": "logistic",
    "knn": "5 nearest",
    "tree": "tree",
    "forest": "forest",
    "svm": "SVM",
    "network": "network",
}
SETS = {"gaussians": 4.0, "moons": 1.0, "circle": 0.6, "xor": 0.4, "spirals": 0.3}  # and the noise of each
_HELD_OUT = 2000
_PIXELS = 48  # of a border's picture, each way
_DOTS = 24  # examples are drawn in so many places each way, so that they are seen in a small picture


class Tried(NamedTuple):
    """What one tool makes of one data set."""

    accuracy: float  # on held-out examples
    border: NDArray[np.float32]  # its answer over the plane, [height, width] in -1..1
    training: float  # seconds
    predicting: float  # seconds, of a thousand examples


class MlVsDl(Experiment):
    """Five classical models and a network on five data sets, from the same few examples of each."""

    id = "ml-vs-dl"
    title = "Six tools, six borders"
    question = "Five data sets in the plane, five classical models and a network: which tool is the best?"
    chapter = "Machine learning and deep learning"
    order = 10
    lesson = "ml-or-dl"
    predictions = (
        Prediction("network", "The network, on every one of the sets"),
        Prediction("forest", "The forest: a hundred trees know better than any one model"),
        Prediction("none", "None is the best on all five; it depends on the shape of the border"),
        Prediction("same", "All are alike to a point or two, but for their speed"),
    )
    confirmed = "none"
    claim = (
        "No tool is the best on all five sets; on two round clouds a straight line is within two points of the best, "
        "and on XOR it guesses"
    )
    measures = (
        Measure("most", "sets of the five on which one and the same tool is the best", at_most=4),
        Measure("clouds", "points that the straight line is behind the best on two clouds", at_most=2),
        Measure("line", "accuracy of the straight line on XOR", "share", at_most=0.65),
        *(Measure(f"{name}_mean", f"mean accuracy: {words}", "share") for name, words in TOOLS.items()),
    )
    budget = 8.0
    needed = 20
    sources = ("wolpert1996", "pedregosa2011", "breiman2001", "cortes1995", "cover1967")

    train = Whole(150, "examples to learn from, of each set", low=20, high=1000)
    noise = Number(1.0, "noise, as a multiple of each set's own", low=0.0, high=3.0)
    steps = Whole(3000, "training steps of the network", low=100, high=20_000)
    shown = Choice("all of them", "whose borders are shown", ("all of them", *SETS), live=True)

    def run(self, seed: int) -> Run:
        self._found: dict[str, dict[str, Tried]] = {}
        self._examples: dict[str, NDArray[np.float32]] = {}
        for number, name in enumerate(SETS):
            self._found[name] = {}
            for done, tool in self._tried(name, seed):
                yield Moment(self._views(name), (number + done) / len(SETS), f"{name}: {TOOLS[tool]}", 0.1)
        behind = self._behind()
        return {
            "most": int((behind == 0).sum(axis=0).max()),
            "clouds": abs(float(behind[0, 0])),
            "line": self._found["xor"]["logistic"].accuracy,
            **{f"{tool}_mean": self._mean(tool) for tool in TOOLS},
        }

    def explore(self) -> Mapping[str, View]:
        return self._views(next(reversed(SETS)))

    def why(self, measures: Measures) -> str:
        best = max(TOOLS, key=lambda tool: measures[f"{tool}_mean"])
        return (
            f"Each tool has its own kind of border, a line, boxes, bumps or bends, and wins where the data have that "
            f"kind: none was at the top on more than {measures['most']:.0f} of the 5 sets. In the mean over all "
            f"of them {TOOLS[best]} led with {measures[f'{best}_mean']:.1%}, the network had "
            f"{measures['network_mean']:.1%}, and the straight line got {measures['line']:.0%} of XOR."
        )

    def _tried(self, name: str, seed: int) -> Iterator[tuple[float, str]]:
        """Try all tools on a set; yield the share that is done, and the tool at work."""
        count, found = self.train + _HELD_OUT, self._found[name]
        recipe = Recipe(data=name, count=count, test=_HELD_OUT / count, hidden=(16, 16), lr=0.01, seed=seed)
        learner = Learner(recipe.with_(noise=min(10.0, SETS[name] * self.noise)))
        self._examples[name] = _examples(learner)
        seconds, begun = 0.0, time.perf_counter()
        for done in chunks(learner, self.steps, looks=10):
            seconds += time.perf_counter() - begun
            found["network"] = tried(learner, learner, seconds)
            yield done / 2, "network"
            begun = time.perf_counter()
        share = 0.5 / len(classic.CLASSICS)
        for number, tool in enumerate(classic.CLASSICS):
            fitted = classic.fit(tool, learner)
            yield 0.5 + number * share, tool  # training a forest takes 0.2 s, and looking at it as long
            found[tool] = tried(fitted, learner, fitted.seconds)
            yield 0.5 + (number + 1) * share, tool

    def _behind(self) -> NDArray[np.float64]:
        """How many points each tool is behind the best on each set: [sets, tools], nothing where it is not known."""
        values = np.full((len(SETS), len(TOOLS)), np.nan)
        for row, found in enumerate(self._found.values()):
            best = max(one.accuracy for one in found.values())
            values[row] = [100 * (found[tool].accuracy - best) if tool in found else np.nan for tool in TOOLS]
        return values

    def _mean(self, tool: str, part: str = "accuracy") -> float:
        """What a tool has in the mean of the sets so far; nothing where it was not tried."""
        values = [getattr(found[tool], part) for found in self._found.values() if tool in found]
        return float(np.mean(values)) if values else np.nan

    def _views(self, newest: str) -> dict[str, View]:
        name = self.shown if self.shown in self._found else newest
        found = self._found[name]
        there = [tool for tool in TOOLS if tool in found]
        return {
            "borders": Images(
                (self._examples[name], *(found[tool].border for tool in there)),
                (f"{self.train} examples", *(f"{TOOLS[tool]} {found[tool].accuracy:.0%}" for tool in there)),
                columns=4,
                signed=True,
                title=f"{name}: the border that each tool draws",
            ),
            "behind": HeatMap(
                np.round(self._behind(), 1),
                tuple(SETS),
                tuple(TOOLS.values()),
                title="points behind the best",
            ),
            "times": self._times(),
        }

    def _times(self) -> Table:
        parts = {"accuracy": 100, "training": 1000, "predicting": 1000}
        rows: list[tuple[Cell, ...]] = [
            (title, *(round(self._mean(tool, part) * scale, 1) for part, scale in parts.items()))
            for tool, title in TOOLS.items()
        ]
        columns = ("tool", "right, %", "training, ms", "predicting 1,000, ms")
        return Table(columns, tuple(rows), title="in the mean of the sets so far")


def tried(model: Model, learner: Learner, seconds: float) -> Tried:
    """Examine a model that was trained on a learner's data in so many seconds."""
    rows = learner.split.test
    begun = time.perf_counter()
    right = model.predict(learner.dataset.inputs[rows]).argmax(axis=1) == learner.dataset.targets[rows]
    took = time.perf_counter() - begun
    return Tried(float(right.mean()), _border(model, learner), seconds, 1000 * took / len(rows))


def _border(model: Model, learner: Learner) -> NDArray[np.float32]:
    over = picture.domain(learner.points())
    plane = picture.plane(learner, over, _PIXELS, _PIXELS)
    return picture.field_of(model.predict(plane), learner, _PIXELS, _PIXELS)[0]


def _examples(learner: Learner) -> NDArray[np.float32]:
    """Where the examples that are learned from lie, and their class: a picture as large as a border's."""
    points, rows = learner.points(), learner.split.train
    x0, x1, y0, y1 = picture.domain(points)
    across, up = (_DOTS * (points.inputs[rows] - (x0, y0)) / (x1 - x0, y1 - y0)).astype(np.int64).T
    dots = np.zeros((_DOTS, _DOTS), np.float32)
    dots[_DOTS - 1 - up, across] = 2 * points.targets[rows] - 1
    return np.kron(dots, np.ones((_PIXELS // _DOTS,) * 2, np.float32))
