"""Time: a network is slow to train and quick to answer, nearest neighbours the other way round.

Cover and Hart, IEEE Transactions on Information Theory 13, 1967: nothing is learned, every answer is a search.

A time is the fastest of several, as whatever else a computer does can only make it longer, and on one thread: as many
as the network takes.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dlterm import data
from dlterm.data.dataset import Dataset
from dlterm.drawing.views import Curves, Mark, Series
from dlterm.experiments.experiment import Experiment, Measure, Moment, Prediction
from dlterm.experiments.knobs import Number, Whole
from dlterm.experiments.threads import Threads
from dlterm.experiments.track import Track
from dlterm.experiments.training import paced
from dlterm.training import classic
from dlterm.training.learner import Learner
from dlterm.training.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from numpy.typing import NDArray

    from dlterm.drawing.views import View
    from dlterm.experiments.experiment import Measures, Run

FEWEST = 500
_QUESTIONS = 97  # digits that are never learned from
_REPEATS = 7
_BOTH = "to train, and to answer so many questions"
KNN, NETWORK = "5 nearest neighbours", "network"


class Costs(NamedTuple):
    """Seconds to train, and to answer one question."""

    train: float
    answer: float


class TimeCost(Experiment):
    """Nearest neighbours and a network on more and more digits, and the time that each takes."""

    id = "time-cost"
    title = "Slow to train, quick to answer"
    question = (
        "Nearest neighbours and a network get 64 times the examples. Which of them takes longer to answer?"
    )
    chapter = "Machine learning and deep learning"
    order = 40
    lesson = "ml-or-dl"
    predictions = (
        Prediction("both", "Both: who has seen more has more to think about"),
        Prediction("knn", "Nearest neighbours alone: they search all that they have seen"),
        Prediction("network", "The network alone: more examples make it larger"),
        Prediction("neither", "Neither: examples cost time in training alone"),
    )
    confirmed = "knn"
    claim = (
        "With 64 times the examples nearest neighbours take at least 8 times as long to answer, the network at most "
        "twice; and it trains at least 10 times as long as they do"
    )
    measures = (
        Measure(
            "knn_growth", "time of an answer of nearest neighbours, most to fewest examples", at_least=8.0
        ),
        Measure("network_growth", "the same of the network", at_most=2.0),
        Measure("training", "the network's training time as a multiple of theirs", at_least=10.0),
        Measure("break_even", "questions after which the network has made up for its training"),
        Measure("knn_accuracy", "digits that nearest neighbours name rightly", "share"),
        Measure("network_accuracy", "the same of the network", "share"),
    )
    budget = 10.0
    needed = 20
    sources = ("cover1967",)

    most = Whole(32_000, "the most examples", low=2000, high=128_000)
    units = Whole(32, "units in the network's hidden layer", low=4, high=512)
    epochs = Whole(10, "the network's passes over the data", low=1, high=50)
    noise = Number(2.0, "noise on the copies (grey values run from 0 to 16)", low=0.5, high=8.0)

    def run(self, seed: int) -> Run:
        rng, digits, threads = np.random.default_rng(seed), data.load("digits"), Threads()
        rows = rng.permutation(len(digits.targets))
        asked, known = rows[:_QUESTIONS], rows[_QUESTIONS:]
        trained, answers = Track(), Track()
        sizes = doublings(FEWEST, self.most)
        for number, size in enumerate(sizes):
            learner = Learner(self._recipe(seed), copies(digits, known, size, self.noise, rng))
            training = Clock(learner.advance)
            for done in paced(training, self.epochs * learner.steps_per_epoch, looks=10):
                progress, news = (number + done / 2) / len(sizes), f"{size:,} examples: training"
                yield Moment(_views(trained, answers), progress, news)
            knn = min((classic.fit("knn", learner) for _ in range(_REPEATS)), key=lambda model: model.seconds)
            trained.put(size, {KNN: knn.seconds, NETWORK: training.seconds})
            asking = {KNN: Clock(knn.predict), NETWORK: Clock(learner.predict)}
            for clock in asking.values():  # one after the other: by turns each would find its caches emptied
                for _ in range(_REPEATS):
                    with threads.limited(1):
                        clock(digits.inputs[asked])
                    progress, news = (number + 0.75) / len(sizes), f"{size:,} examples: answering"
                    yield Moment(_views(trained, answers), progress, news)
            answers.put(size, {name: clock.fastest / _QUESTIONS for name, clock in asking.items()})
        costs = {name: Costs(trained.last(name), answers.last(name)) for name in asking}
        yield Moment(_views(trained, answers, costs), 1.0, f"{size:,} examples")
        said = {name: clock(digits.inputs[asked]).argmax(axis=1) for name, clock in asking.items()}
        return {
            "knn_growth": answers.last(KNN) / answers.values(KNN)[0],
            "network_growth": answers.last(NETWORK) / answers.values(NETWORK)[0],
            "training": costs[NETWORK].train / costs[KNN].train,
            "break_even": break_even(costs[KNN], costs[NETWORK]),
            "knn_accuracy": float(np.mean(said[KNN] == digits.targets[asked])),
            "network_accuracy": float(np.mean(said[NETWORK] == digits.targets[asked])),
        }

    def why(self, measures: Measures) -> str:
        paid = measures["break_even"]
        after = f"After {paid:,.0f} questions it has" if np.isfinite(paid) else "It never has"
        return (
            f"Answers of nearest neighbours took {measures['knn_growth']:.1f} times as long in the end, for each "
            f"is a search; the network's {measures['network_growth']:.1f} times, for it has as many weights as before. "
            f"It trained {measures['training']:,.0f} times as long as they did. {after} made up for that."
        )

    def _recipe(self, seed: int) -> Recipe:
        return Recipe(test=0.0, hidden=(self.units,), activation="relu", batch=32, lr=0.003, seed=seed)


class Clock:
    """A function, with the seconds that its calls took: of all, and of the fastest."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self._function = function
        self.seconds, self.fastest = 0.0, float("inf")

    def __call__(self, argument: Any) -> Any:
        begun = time.perf_counter()
        found = self._function(argument)
        took = time.perf_counter() - begun
        self.seconds, self.fastest = self.seconds + took, min(self.fastest, took)
        return found


def doublings(first: int, last: int) -> list[int]:
    """From the first number on always twice as many, up to the last."""
    return [first * 2**k for k in range((last // first).bit_length())]


def copies(
    digits: Dataset, rows: NDArray[np.int64], size: int, noise: float, rng: np.random.Generator
) -> Dataset:
    """So many examples: digits of these rows, each with noise of its own."""
    drawn = rng.choice(rows, size)
    inputs = digits.inputs[drawn] + rng.normal(0, noise, (size, digits.inputs.shape[1])).astype(np.float32)
    names = digits.features, digits.classes, digits.target
    return Dataset("digits with noise", inputs, digits.targets[drawn], "classification", *names)


def break_even(one: Costs, other: Costs) -> float:
    """From how many questions on the other, which trains longer, has taken less time in all; infinity for never."""
    saved = one.answer - other.answer
    return (other.train - one.train) / saved if saved > 0 else float("inf")


def _views(trained: Track, answers: Track, costs: dict[str, Costs] | None = None) -> dict[str, View]:
    return {
        "answers": answers.curves(
            "examples", "seconds an answer", title="to answer one question", log_x=True, log_y=True
        ),
        "training": trained.curves("examples", "seconds", title="to train", log_x=True, log_y=True),
        "both": _in_all(costs) if costs else Curves((), title=_BOTH),
    }


def _in_all(costs: dict[str, Costs]) -> Curves:
    """Training and answers together, over the number of questions."""
    questions = np.logspace(0, 6, 61)
    lines = [Series(name, questions, each.train + questions * each.answer) for name, each in costs.items()]
    even = break_even(costs[KNN], costs[NETWORK])
    marks = (Mark(even, f"{even:,.0f} questions"),) if 1 <= even <= questions[-1] else ()
    return Curves(
        tuple(lines),
        "questions",
        "seconds in all",
        True,
        True,
        marks,
        title=_BOTH,
    )
