"""The black box: a tree can be read, a network has to be asked with tools.

Simonyan, Vedaldi and Zisserman, arXiv:1312.6034, 2013: the slope of the answer with respect to every pixel. Zeiler and
Fergus, ECCV 2014: hide a part, and see what it costs. A pixel is hidden by its mean over the training examples.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm.drawing.views import HeatMap, Images, Line, Mark, Text
from dlterm.experiments.experiment import Experiment, Measure, Moment, Prediction
from dlterm.experiments.knobs import Choice, Whole
from dlterm.experiments.track import Track
from dlterm.experiments.training import chunks
from dlterm.training import classic
from dlterm.training.learner import Learner
from dlterm.training.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from numpy.typing import NDArray

    from dlterm.drawing.views import View
    from dlterm.experiments.experiment import Measures, Run
    from dlterm.training.classic import Fitted

    Inputs = NDArray[np.float32]

TOOLS = ("saliency", "contribution", "occlusion")
_SHOWN = 6  # digits
_DRAWS = 5  # of pixels that are hidden at random
_MOST = 32  # pixels hidden
_TRAINING = 0.5  # of the progress


class BlackBox(Experiment):
    """A network and a tree on digits; what each says of its reasons, and whether that is so."""

    id = "black-box"
    title = "Asking a network for its reasons"
    question = (
        "A tool marks the 10 of 64 pixels that mattered most to a network. What does hiding just these cost?"
    )
    chapter = "Machine learning and deep learning"
    order = 50
    lesson = "ml-or-dl"
    predictions = (
        Prediction("nothing", "Next to nothing: 54 other pixels are left"),
        Prediction("same", "As much as hiding any 10 pixels: the picture has holes"),
        Prediction("more", "Far more than hiding any 10: the tool found what the network goes by"),
        Prediction("all", "Everything: without them it can only guess"),
    )
    confirmed = "more"
    claim = "Hiding the 10 pixels that saliency marks costs at least 15 points more than hiding 10 at random"
    measures = (
        Measure("intact", "held-out digits that the network names rightly", "share"),
        Measure("random", "the same with pixels hidden at random", "share"),
        *(Measure(tool, f"the same with as many hidden that {tool} marks", "share") for tool in TOOLS),
        Measure("difference", "what saliency's marks are worth: random less that", "share", at_least=0.15),
        Measure("tree", "held-out digits that a decision tree names rightly", "share"),
        Measure("comparisons", "comparisons that the tree makes for a digit"),
        Measure("products", "products that the network makes for a digit"),
    )
    budget = 10.0
    sources = ("simonyan2013", "zeiler2013")

    pixels = Whole(10, "pixels to hide", low=1, high=_MOST, live=True)
    tool = Choice("saliency", "what marks the pixels of the digits shown", TOOLS, live=True)
    digit = Whole(0, "which held-out digit the tree explains", low=0, high=200, live=True)
    epochs = Whole(20, "the network's passes over the data", low=1, high=100)

    _learner: Learner | None = None

    def run(self, seed: int) -> Run:
        recipe = Recipe(
            data="digits", test=0.3, hidden=(64, 32), activation="relu", batch=16, lr=0.003, seed=seed
        )
        self._learner = learner = Learner(recipe)
        self._tree, self._costs = classic.fit("tree", learner), np.zeros(learner.dataset.inputs.shape[1])
        for done in chunks(learner, self.epochs * learner.steps_per_epoch):
            yield Moment(self._views(Track()), _TRAINING * done, f"training: epoch {learner.epoch}")
        for pixel in range(len(self._costs)):
            self._costs[pixel] = cost(learner, pixel)
            done = _TRAINING + (pixel + 1) / len(self._costs) / 4
            yield Moment(
                self._views(Track()), done, f"without {learner.dataset.features[pixel]} in any digit"
            )
        for count, track in enumerate(self._falls()):
            done = 1 - (1 - count / _MOST) / 4
            yield Moment(self._views(track), done, f"{count} pixels hidden", linger=0.05)
        self._track = track
        return self._measured(learner, track)

    def explore(self) -> dict[str, View] | None:
        if self._learner is None:
            return None
        return self._views(self._track)

    def why(self, measures: Measures) -> str:
        return (
            f"The tree's reasons are its rules, {measures['comparisons']:.0f} comparisons a digit; it is right on "
            f"{measures['tree']:.0%}. The network is right on {measures['intact']:.0%}, by {measures['products']:,.0f} "
            f"products that nobody reads. Pixels hidden at random leave {measures['random']:.0%}, those that saliency "
            f"marks {measures['saliency']:.0%}, contribution {measures['contribution']:.0%}, occlusion "
            f"{measures['occlusion']:.0%}. So the marks do say where it looks, some better than others; none says why."
        )

    def _measured(self, learner: Learner, track: Track) -> Measures:
        inputs, _ = held_out(learner)
        ways = self._tree.model.decision_path(learner.encoder.encode(inputs))
        weights = [array for name, array in learner.weights().items() if name.endswith("weight")]
        left = {name: track.values(name)[self.pixels] for name in ("random", *TOOLS)}
        return {
            "intact": track.values("random")[0],
            **left,
            "difference": left["random"] - left["saliency"],
            "tree": self._tree.quality(held_out=True) or 0.0,
            "comparisons": float(ways.sum(axis=1).mean()) - 1,
            "products": sum(array.size for array in weights),
        }

    def _falls(self) -> Iterator[Track]:
        """The accuracy with 0, 1, 2, ... pixels hidden: any, and those that each tool marks."""
        assert self._learner is not None
        inputs, _ = held_out(self._learner)
        rng, track = np.random.default_rng(self._learner.recipe.seed), Track()
        orders = {"random": [rng.random(inputs.shape).argsort(axis=1) for _ in range(_DRAWS)]}
        orders |= {tool: [order(tool, self._learner, inputs)] for tool in TOOLS}
        for count in range(_MOST + 1):
            for name, each in orders.items():
                left = [right(self._learner, numbers[:, :count]) for numbers in each]
                track.put(count, {name: float(np.mean(left))})
            yield track

    def _views(self, track: Track) -> dict[str, View]:
        assert self._learner is not None
        return {
            "digits": self._pictures(self._learner),
            "accuracy": track.curves(
                "pixels hidden",
                "accuracy",
                title="what is left, and by what they are chosen",
                marks=self._labels(track),
            ),
            "tree": reasons(self._tree, self.digit),
            "inputs": HeatMap(
                self._costs.reshape(8, 8), title="points lost without this pixel in all digits"
            ),
        }

    def _labels(self, track: Track) -> list[Mark]:
        """The name of each curve beside it, where so many pixels are hidden."""
        return [
            Mark(self.pixels, series.name, float(series.y[self.pixels]))
            for series in track.series()
            if len(series.y) > self.pixels
        ]

    def _pictures(self, learner: Learner) -> Images:
        """Digits, how much each pixel matters, and the digits with holes; what the network says of them."""
        inputs = held_out(learner)[0][:_SHOWN]
        importance = marks(self.tool, learner, inputs)
        hidden = (-importance).argsort(axis=1)[:, : self.pixels]
        holes = inputs.copy()
        np.put_along_axis(holes, hidden, np.nan, axis=1)
        bright = importance / np.maximum(importance.max(axis=1, keepdims=True), 1e-9)
        before, after = (said(learner, each) for each in (inputs, without(learner, inputs, hidden)))
        images = np.concatenate([inputs / 16, np.maximum(bright, 0), holes / 16]).reshape(-1, 8, 8)
        titles = (*before, *("marked",) * _SHOWN, *after)
        return Images(
            tuple(images), titles, _SHOWN, title=f"digits, {self.tool}, and {self.pixels} pixels hidden"
        )


def held_out(learner: Learner) -> tuple[Inputs, NDArray[Any]]:
    """The held-out digits and their classes."""
    rows = learner.split.test
    return learner.dataset.inputs[rows], learner.dataset.targets[rows]


def slopes(learner: Learner, inputs: Inputs) -> Inputs:
    """The slope of the winning output with respect to each standardised input, [examples, inputs]: the chain rule."""
    *hidden, outputs = learner.activations(inputs)
    weights = learner.weights()
    back = weights["output.weight"][outputs.argmax(axis=1)]
    for number in range(len(hidden), 0, -1):
        back = (back * (hidden[number - 1] > 0)) @ weights[f"hidden{number}.weight"]
    return back


def marks(tool: str, learner: Learner, inputs: Inputs) -> Inputs:
    """How much each input of each example matters, [examples, inputs].

    Saliency is the size of the slope; contribution the slope times what is there, what hiding would cost if the
    network were a straight line; occlusion what hiding that pixel alone takes from the probability of the answer.
    """
    if tool == "occlusion":
        return _occlusion(learner, inputs)
    slope = slopes(learner, inputs)
    return np.abs(slope) if tool == "saliency" else slope * learner.encoder.encode(inputs)


def _occlusion(learner: Learner, inputs: Inputs) -> Inputs:
    before = learner.predict(inputs)
    chosen = before.argmax(axis=1)
    every = np.arange(len(inputs))
    costs = np.empty_like(inputs)
    for pixel in range(inputs.shape[1]):
        hidden = np.full((len(inputs), 1), pixel)
        costs[:, pixel] = (before - learner.predict(without(learner, inputs, hidden)))[every, chosen]
    return costs


def order(tool: str, learner: Learner, inputs: Inputs) -> NDArray[np.int64]:
    """The numbers of each example's inputs, the one that matters most first."""
    return (-marks(tool, learner, inputs)).argsort(axis=1)


def without(learner: Learner, inputs: Inputs, hidden: NDArray[np.int64]) -> Inputs:
    """The inputs with some of each example, by number [examples, k], at their means."""
    changed = inputs.copy()
    np.put_along_axis(changed, hidden, learner.scaler.mean[hidden].astype(np.float32), axis=1)
    return changed


def right(learner: Learner, hidden: NDArray[np.int64]) -> float:
    """The share of the held-out examples that are named rightly with some of each hidden."""
    inputs, targets = held_out(learner)
    answers = learner.predict(without(learner, inputs, hidden)).argmax(axis=1)
    return float(np.mean(answers == targets))


def cost(learner: Learner, pixel: int) -> float:
    """Points of accuracy on held-out digits that one input is worth."""
    count = len(learner.split.test)
    whole, lacking = (right(learner, np.full((count, k), pixel)) for k in (0, 1))
    return 100 * (whole - lacking)


def said(learner: Learner, inputs: Inputs) -> list[str]:
    """What the network makes of each example, and how sure it is."""
    answers = learner.predict(inputs)
    return [f"{learner.dataset.classes[row.argmax()]}: {row.max():.0%}" for row in answers]


def reasons(tree: Fitted, number: int) -> Text:
    """Why the tree says what it says of a held-out digit: every rule it came by."""
    learner, model = tree.learner, tree.model.tree_
    row = learner.split.test[number % len(learner.split.test)]
    encoded = learner.encoder.encode(learner.dataset.inputs[row : row + 1])
    *nodes, leaf = tree.model.decision_path(encoded).indices
    lines = []
    for node in nodes:
        pixel, border = model.feature[node], model.threshold[node]
        sign = "≤" if encoded[0, pixel] <= border else ">"
        grey = border * learner.scaler.std[pixel] + learner.scaler.mean[pixel]
        lines.append(Line(f"{learner.dataset.features[pixel]} {sign} {grey:.1f}"))
    answer = learner.dataset.classes[int(model.value[leaf].argmax())]
    truth = learner.dataset.classes[int(learner.dataset.targets[row])]
    return Text(
        (*lines, Line(f"so it says {answer}; the digit is {truth}")), title="the tree's reasons for one digit"
    )
