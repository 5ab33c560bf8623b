"""Handwritten digits, read by a convolutional network; and what the learner draws, too.

LeCun et al., "Backpropagation applied to handwritten zip code recognition", Neural Computation 1, 1989, and
"Gradient-based learning applied to document recognition", Proceedings of the IEEE 86, 1998, where distorted copies of
the digits were trained on as well. The digits are those of Alpaydin and Kaynak, 1998, as scikit-learn brings them:
1,797 pictures of 8 by 8 pixels. Without the copies 97.8 to 98.7 % of the new ones were read on seeds 0 to 4.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from dlterm import data
from dlterm.data.split import split
from dlterm.drawing.views import Bars, HeatMap, Images
from dlterm.experiments.experiment import Experiment, Measure, Moment, Prediction
from dlterm.experiments.knobs import Canvas, Number, Whole
from dlterm.experiments.seeing import distorted, filter_images, filters_of, largest, maps_of
from dlterm.experiments.training import chunks
from dlterm.training.learner import Learner
from dlterm.training.recipe import Recipe
from dlterm.training.scores import ClassScores

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dlterm.data.dataset import Dataset
    from dlterm.drawing.views import View
    from dlterm.experiments.experiment import Measures, Run

    Array = NDArray[np.float32]
    Classes = NDArray[np.int64]

SIZE, BLACK = 8, 16  # pixels each way, and the value of a black one
_WIDEST, _INK = 6, 20  # of the data's digits: columns, and black pixels that all ink together makes
_CHANNELS = 3  # of the second convolution, for one of the first
_EXAMPLES, _WORST = 12, 8  # digits that are shown one after the other, and those read worst


class Digits(Experiment):
    """Two convolutions and an output learn three quarters of the digits; the others are read, and a drawing."""

    id = "digits"
    title = "A network reads handwriting"
    question = "A small network has trained on 1,348 handwritten digits. How many of 449 others does it read?"
    chapter = "Seeing"
    order = 20
    lesson = "history-2"
    predictions = (
        Prediction("half", "About half of them: everybody writes in a way of his own"),
        Prediction("eighty", "About 80 %: pictures of 8 by 8 pixels are too coarse for more"),
        Prediction("most", "98 % or more, but not every time all"),
        Prediction("all", "All of them, every time: a computer makes no slips"),
    )
    confirmed = "most"
    claim = "A network of two convolutions reads 98 % of the digits that it has not trained on"
    measures = (
        Measure("accuracy", "new digits that it reads", "share", at_least=0.98),
        Measure("linear", "the same of a network with no layer between pixels and answer", "share"),
    )
    budget = 5.0
    sources = ("lecun1989", "lecun1998", "alpaydin1998")

    drawing = Canvas(16, 16, "draw a digit: it is read while you draw")
    epochs = Whole(8, "passes over the data", low=1, high=100)
    copies = Whole(3, "distorted copies of every digit to train on", low=0, high=10)
    filters = Whole(8, "filters of the first convolution; the second has three times as many", low=1, high=24)
    rate = Number(0.003, "learning rate at first (Adam, cosine)", low=0.0001, high=0.03, live=True)

    _learner: Learner
    _new: tuple[Array, Classes]  # what is held out: pictures [n, 64], and which digits they are
    _turn = 0  # of those, the one that is shown while nothing is drawn

    def run(self, seed: int) -> Run:
        trained, self._new = parts_of(data.load("digits"), self.copies, seed)
        recipe = Recipe(test=0.0, batch=32, lr=self.rate, schedule="cosine", epochs=self.epochs, seed=seed)
        channels = (self.filters, _CHANNELS * self.filters)
        learner = Learner(recipe.with_(model="cnn", channels=channels, hidden=(), activation="relu"), trained)
        self._learner = learner
        for done in chunks(learner, self.epochs * learner.steps_per_epoch):
            self._turn = int(_EXAMPLES * done)
            yield Moment(self._views(), done, f"pass {learner.epoch} of {self.epochs} over the data")
            learner.tune(lr=self.rate)
        linear = Learner(recipe.with_(model="linear"), trained)
        linear.advance(self.epochs * linear.steps_per_epoch)
        return {"accuracy": self._accuracy(learner), "linear": self._accuracy(linear)}

    def explore(self) -> dict[str, View]:
        return self._views()

    def why(self, measures: Measures) -> str:
        return (
            f"Small filters slide over the picture and answer to strokes wherever they are: {measures['accuracy']:.1%} "
            f"of new digits are read, {measures['linear']:.1%} where each pixel has a weight of its own and nothing is "
            f"between. Look at the worst: would you read them? And draw one yourself."
        )

    def _accuracy(self, learner: Learner) -> float:
        inputs, truth = self._new
        return float(np.mean(learner.predict(inputs).argmax(1) == truth))

    def _views(self) -> dict[str, View]:
        inputs, truth = self._new
        classes, chances = self._learner.dataset.classes, self._learner.predict(inputs)
        picture, read = inputs[self._turn].reshape(SIZE, SIZE), chances[self._turn]
        what = f"a new {truth[self._turn]}"
        drawing = self.drawing  # once: it may be drawn on meanwhile
        if drawing.any():
            picture, what = BLACK * as_digit(drawing), "your drawing"
            read = self._learner.predict(picture.reshape(1, -1))[0]
        return {
            "read": Bars(classes, (100 * read).round(1), "%", title=f"{what} is read as {read.argmax()}"),
            "maps": seen(self._learner, picture),
            "worst": worst(inputs, truth, chances),
            "mistakes": mistakes(truth, chances.argmax(1), classes),
            "filters": filter_images(filters_of(self._learner), "filters: orange wants ink, blue none"),
        }


def parts_of(digits: Dataset, copies: int, seed: int) -> tuple[Dataset, tuple[Array, Classes]]:
    """What is trained on, with so many distorted copies of each; the pictures held out, and which digits they are."""
    parts, rng = split(digits, 0.25, seed), np.random.default_rng(seed)
    pictures, targets = digits.inputs.reshape(-1, SIZE, SIZE), digits.targets.astype(np.int64)
    own = pictures[parts.train]
    inputs = np.concatenate([own, *(distorted(own, rng) for _ in range(copies))]).reshape(-1, SIZE * SIZE)
    trained = replace(digits, inputs=inputs, targets=np.tile(targets[parts.train], copies + 1))
    return trained, (digits.inputs[parts.test], targets[parts.test])


def as_digit(drawing: Array) -> Array:
    """A drawing as the data have digits, [8, 8] of 0 to 1: as high as the picture, in its middle, with as much ink."""
    drawn = drawing[np.ix_(drawing.any(1), drawing.any(0))]
    scale = SIZE / max(drawn.shape)
    height, width = (max(1, round(scale * size)) for size in drawn.shape)
    width = min(width, _WIDEST)
    small = _averaging(height, drawn.shape[0]) @ drawn @ _averaging(width, drawn.shape[1]).T
    digit = np.zeros((SIZE, SIZE), np.float32)
    top, left = (SIZE - height) // 2, (SIZE - width) // 2
    digit[top : top + height, left : left + width] = (_INK * small / small.sum()).clip(0, 1)
    return digit


def _averaging(into: int, size: int) -> Array:
    """What each of `into` equal parts of a line covers of its `size` pixels: [into, size], each row a mean."""
    edges, pixels = np.linspace(0, size, into + 1), np.arange(size)
    shared = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    return (shared.clip(0) * into / size).astype(np.float32)


def seen(learner: Learner, picture: Array) -> Images:
    """A picture, and where each filter of the first convolution finds in it what it looks for."""
    maps = maps_of(learner, picture)
    return Images((picture / BLACK, *(maps / largest(maps))), title="the picture, and what filters see")


def worst(inputs: Array, truth: Classes, chances: Array) -> Images:
    """The digits to which a network gives the least chance to be what they are, the worst first."""
    given, read = chances[np.arange(len(truth)), truth], chances.argmax(1)
    rows = given.argsort(kind="stable")[:_WORST]
    titles = (
        f"{truth[k]} as {read[k]}" if read[k] != truth[k] else f"{truth[k]} {given[k]:.0%}" for k in rows
    )
    pictures = inputs[rows].reshape(-1, SIZE, SIZE) / BLACK
    return Images(tuple(pictures), tuple(titles), title="the worst, and how they are read")


def mistakes(truth: Classes, read: Classes, classes: tuple[str, ...]) -> HeatMap:
    """How often each digit is taken for each other one; what is read rightly is left out."""
    counts = ClassScores.of(classes, truth, read).confusion.astype(np.float32)
    np.fill_diagonal(counts, 0)
    counts[counts == 0] = np.nan
    return HeatMap(counts, classes, classes, title="mistakes (row: is, column: read as)")
