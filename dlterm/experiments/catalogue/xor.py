"""XOR: what one layer cannot separate, two can. How often training finds it is another matter.

Minsky and Papert, "Perceptrons", 1969; Rumelhart, Hinton and Williams, Nature 323, 1986.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm.data.dataset import Dataset
from dlterm.drawing.views import Bars
from dlterm.experiments.experiment import Experiment, Measure, Moment, Prediction
from dlterm.experiments.knobs import Number, Whole
from dlterm.experiments.training import field_of
from dlterm.training.learner import Learner
from dlterm.training.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dlterm.drawing.views import View
    from dlterm.experiments.experiment import Measures, Run

INPUTS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)
XOR = Dataset("xor", INPUTS, np.array([0, 1, 1, 0]), "classification", ("x1", "x2"), ("0", "1"), "xor")
SHAPES: Mapping[str, tuple[int, ...]] = {"2-1": (), "2-2-1": (2,), "2-4-1": (4,)}
_FRAMES = 20  # of the first start, which is shown as it trains


class Xor(Experiment):
    """Networks of three shapes, from many first weights each, on the four cases of XOR."""

    id = "xor"
    title = "One layer cannot do XOR"
    question = (
        "Can a network without a hidden layer learn that one of two is true, but not both? And with one?"
    )
    chapter = "One neuron to deep"
    order = 40
    lesson = "layers"
    predictions = (
        Prediction("both", "All three learn it, the larger ones sooner"),
        Prediction("two", "Without a hidden layer never; with two hidden units every time"),
        Prediction(
            "four", "Without a hidden layer never; with two hidden units sometimes; with four nearly always"
        ),
        Prediction("none", "None of them learns it"),
    )
    confirmed = "four"
    claim = "Without a hidden layer at most 75 % of the cases; with four hidden units 90 % of the starts learn all four"
    measures = (
        Measure("one_layer", "cases right without a hidden layer, the best start", "share", at_most=0.75),
        Measure("two_hidden", "starts of 2-2-1 that learn all four cases", "share"),
        Measure("four_hidden", "starts of 2-4-1 that learn all four cases", "share", at_least=0.9),
    )
    budget = 5.0
    needed = 20
    sources = ("minsky1969", "rumelhart1986")

    starts = Whole(50, "how many first weights are tried", low=5, high=300)
    steps = Whole(600, "training steps from each", low=50, high=5000)
    rate = Number(0.1, "learning rate (Adam)", low=0.001, high=1.0)

    def run(self, seed: int) -> Run:
        best: dict[str, list[float]] = {name: [] for name in SHAPES}
        for start in range(self.starts):
            learners = {name: self._learner(hidden, 1000 * seed + start) for name, hidden in SHAPES.items()}
            for frame in self._train(learners, _FRAMES if start == 0 else 1):
                done = (start + frame) / self.starts
                yield Moment(_views(learners, best), done, f"start {start + 1} of {self.starts}", linger=0.05)
            for name, learner in learners.items():
                best[name].append(learner.evaluate().train_accuracy or 0.0)
        yield Moment(_views(learners, best), 1.0, f"{self.starts} starts each")
        solved = {name: float(np.mean(np.array(found) == 1)) for name, found in best.items()}
        return {"one_layer": max(best["2-1"]), "two_hidden": solved["2-2-1"], "four_hidden": solved["2-4-1"]}

    def why(self, measures: Measures) -> str:
        return (
            f"One layer draws one straight border, and the best of all starts got {measures['one_layer']:.0%} of the "
            f"cases: no line parts XOR. Two hidden units suffice on paper, yet {measures['two_hidden']:.0%} of the "
            f"starts found it; of four, {measures['four_hidden']:.0%}: room to spare makes a solution easier to find."
        )

    def _learner(self, hidden: tuple[int, ...], seed: int) -> Learner:
        return Learner(Recipe(test=0.0, batch=4, hidden=hidden, lr=self.rate, seed=seed), XOR)

    def _train(self, learners: Mapping[str, Learner], frames: int) -> Iterator[float]:
        """Train all; yield the share that is done so many times."""
        for frame in range(1, frames + 1):
            for learner in learners.values():
                learner.advance(self.steps * frame // frames - learner.step)
            yield frame / frames


def _views(learners: Mapping[str, Learner], accuracies: Mapping[str, list[float]]) -> dict[str, View]:
    solved = [100 * float(np.mean(np.array(found) == 1)) if found else 0.0 for found in accuracies.values()]
    fields: dict[str, View] = {name: field_of(learner, name) for name, learner in learners.items()}
    return {
        **fields,
        "solved": Bars(tuple(SHAPES), np.array(solved), "%", title="starts that learn all four cases"),
    }
