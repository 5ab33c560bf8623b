"""Tables: whether a network is worth its trouble on small ones, by cross-validation.

Grinsztajn, Oyallon and Varoquaux, "Why do tree-based models still outperform deep learning on typical tabular data?",
NeurIPS 2022, compared on tables of about 10,000 rows; these have hundreds. Guo et al., ICML 2017, on calibration.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from dlterm import data
from dlterm.drawing.views import Bars, Curves, Series, Table
from dlterm.errors import DltermError, ExitCode
from dlterm.experiments.experiment import Experiment, Measure, Moment, Prediction
from dlterm.experiments.knobs import Number, Source, Whole
from dlterm.experiments.training import chunks
from dlterm.text import safe
from dlterm.training import classic
from dlterm.training.assessment import Calibration
from dlterm.training.learner import Learner
from dlterm.training.recipe import Recipe
from dlterm.training.scores import ValueScores

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from dlterm.data.dataset import Dataset
    from dlterm.drawing.views import View
    from dlterm.experiments.experiment import Measures, Run
    from dlterm.training.classic import Fitted

SETS = ("breast-cancer", "wine", "diabetes")
MODELS = {"linear": "logistic", "forest": "forest", "network": ""}  # and their names among the classic ones
_ROWS = 2000  # of a larger table so many are drawn
_BINS = 5
_FEWEST = 10  # answers that a share is taken of


class Answering(Protocol):
    """A trained model: probabilities [examples, classes], or values [examples]."""

    def predict(self, inputs: NDArray[Any], /) -> NDArray[np.float32]: ...


@dataclass(eq=False)
class Scored:
    """How a kind of model did on a set, fold by fold."""

    scores: list[float] = field(default_factory=list)  # accuracy, or R2 of values
    sure: list[NDArray[np.float32]] = field(default_factory=list)  # of classes, the probability of the answer
    right: list[NDArray[np.bool_]] = field(default_factory=list)  # ... and whether it was right

    def add(self, model: Answering, held_out: Dataset) -> None:
        """Ask a model that was trained on the other folds."""
        answers, targets = model.predict(held_out.inputs), held_out.targets
        if held_out.task == "regression":
            self.scores.append(ValueScores.of(targets, answers).r2 or 0.0)
            return
        right = answers.argmax(axis=1) == targets
        self.scores.append(float(right.mean()))
        self.sure.append(answers.max(axis=1))
        self.right.append(right)

    @property
    def mean(self) -> float:
        """Of the scores; NaN where there are none."""
        return float(np.mean(self.scores)) if self.scores else np.nan

    @property
    def spread(self) -> float:
        """The standard deviation of the scores; NaN where there are not two."""
        return float(np.std(self.scores, ddof=1)) if len(self.scores) > 1 else np.nan

    @property
    def shown(self) -> str:
        """Both, in points."""
        return f"{100 * self.mean:.1f} ± {100 * self.spread:.1f}" if len(self.scores) > 1 else ""


Results = Mapping[tuple[str, str], Scored]  # by set and model


class Tabular(Experiment):
    """A linear model, a random forest and a small network on tables of hundreds of rows, and how sure each is."""

    id = "tabular"
    title = "When not to use deep learning"
    question = "Three tables of hundreds of rows: how far does a network get ahead of linear models and random forests?"
    chapter = "Machine learning and deep learning"
    order = 60
    lesson = "when-to-use-it"
    predictions = (
        Prediction("clearly", "Far: by 5 points or more on every table"),
        Prediction("forest", "Not at all: the forest leads on every table, as it is said to"),
        Prediction(
            "none", "Nowhere worth speaking of: one of the others is about level with it on every table"
        ),
        Prediction("fails", "Not at all: hundreds of rows are far too few, and it fails on every table"),
    )
    confirmed = "none"
    claim = "On no table is the network more than 3 points ahead of the better of the others, or more than 5 behind"
    measures = (
        Measure("lead", "network less the better of the others, where that is most", "share", at_most=0.03),
        Measure("behind", "the same where it is least", "share", at_least=-0.05),
        Measure("linear", "score of the linear models (accuracy, R2 of values), mean of the tables", "share"),
        Measure("forest", "score of the forests", "share"),
        Measure("network", "score of the networks", "share"),
        Measure("spread", "how far a score lies from its mean in one fold (standard deviation)", "share"),
    )
    budget = 15.0
    sources = ("grinsztajn2022", "guo2017")

    table = Source("all", "the table: all three, one set, or your own file", ("all", *SETS, "iris"))
    folds = Whole(5, "parts, each of which is held out once", low=2, high=10)
    units = Whole(16, "units in the network's hidden layer", low=1, high=256)
    epochs = Whole(60, "the network's passes over the data", low=1, high=1000)
    l2 = Number(0.03, "the network's L2", low=0.0, high=1.0)

    def run(self, seed: int) -> Run:
        sets = [read(name, seed) for name in (SETS if self.table == "all" else (self.table,))]
        results = {(each.name, model): Scored() for each in sets for model in MODELS}
        whole, done = len(results) * self.folds, 0
        for dataset in sets:
            for number, rows in enumerate(folds(dataset.targets, self.folds, seed)):
                learner = Learner(self._recipe(seed), rows_of(dataset, np.delete(every(dataset), rows)))
                news = f"{dataset.name}, fold {number + 1} of {self.folds}"
                for _ in chunks(learner, self.epochs * learner.steps_per_epoch, looks=1):
                    yield Moment(_views(results), done / whole, f"{news}: training the network")
                for model, name in MODELS.items():
                    trained = fitted(name, learner) if name else learner
                    results[dataset.name, model].add(trained, rows_of(dataset, rows))
                    done += 1
                    yield Moment(_views(results), done / whole, f"{news}: {model}")
        return measured(results)

    def why(self, measures: Measures) -> str:
        return (
            f"At its best the network is {100 * measures['lead']:+.1f} points from the better of the others, at its "
            f"worst {100 * measures['behind']:+.1f}; a score differs by {100 * measures['spread']:.1f} between folds. "
            f"Columns that people chose are features already, and leave a network little to find: begin with the "
            f"simplest model, and let the others earn their place."
        )

    def _recipe(self, seed: int) -> Recipe:
        return Recipe(
            test=0.0, hidden=(self.units,), l2=self.l2, lr=0.003, batch=32, missing="median", seed=seed
        )


def read(name: str, seed: int) -> Dataset:
    """A set, or a file; of a larger one 2,000 rows. Raises DltermError."""
    dataset = data.load(name, missing="median")
    return rows_of(dataset, np.random.default_rng(seed).permutation(every(dataset))[:_ROWS])


def every(dataset: Dataset) -> NDArray[np.int64]:
    """The numbers of all rows."""
    return np.arange(len(dataset.targets))


def rows_of(dataset: Dataset, rows: NDArray[np.int64]) -> Dataset:
    """Some of the rows."""
    return replace(dataset, inputs=dataset.inputs[rows], targets=dataset.targets[rows])


def folds(targets: NDArray[Any], count: int, seed: int) -> list[NDArray[np.int64]]:
    """The rows of each part: all rows once, and in every part the same share of each class."""
    shuffled = np.random.default_rng(seed).permutation(len(targets))
    ordered = shuffled[np.argsort(targets[shuffled], kind="stable")]
    return [np.sort(ordered[number::count]) for number in range(count)]


def fitted(name: str, learner: Learner) -> Fitted:
    """A classic model of what a learner learns. Raises DltermError for data that it cannot learn."""
    try:
        return classic.fit(name, learner)
    except ValueError as error:
        raise DltermError(
            f"{learner.dataset.name}: {safe(str(error), limit=200)}", exit_code=ExitCode.BAD_DATA
        ) from None


def measured(results: Results) -> Measures:
    """The scores' means over the sets, and how the network stands to the better of the others."""
    sets = dict.fromkeys(name for name, _ in results)
    leads = [
        results[each, "network"].mean - max(results[each, "linear"].mean, results[each, "forest"].mean)
        for each in sets
    ]
    means = {model: float(np.mean([results[each, model].mean for each in sets])) for model in MODELS}
    spread = float(np.mean([scored.spread for scored in results.values()]))
    return {"lead": max(leads), "behind": min(leads), "spread": spread, **means}


def _views(results: Results) -> dict[str, View]:
    names = tuple(f"{model}, {each}" for each, model in results)
    means = 100 * np.array([scored.mean for scored in results.values()])
    rows = tuple(
        (each, *(results[each, model].shown for model in MODELS))
        for each in dict.fromkeys(name for name, _ in results)
    )
    return {
        "scores": Bars(names, means, "%", title="named rightly; of values, variance explained"),
        "table": Table(("table", *MODELS), rows, title="mean, and how single folds differ"),
        "calibration": _calibration(results),
    }


def _calibration(results: Results) -> Curves:
    """How often each kind of model is right where it is so sure, over all tables with classes; its mean distance."""
    lines = [Series("ideal", np.array([0.5, 1]), np.array([0.5, 1]), style="muted")]
    off = []
    for model in MODELS:
        scored = [each for (_, name), each in results.items() if name == model]
        sure = [part for each in scored for part in each.sure]
        right = [part for each in scored for part in each.right]
        if sure:
            found = calibration(np.concatenate(sure), np.concatenate(right))
            often = np.where(found.counts >= _FEWEST, found.accuracy, np.nan)
            lines.append(Series(model, found.confidence, often))
            off.append(f"{model} {100 * found.error:.1f}")
    title = f"off by points: {', '.join(off)}" if off else "as sure as they are right?"
    return Curves(tuple(lines), "how sure", "share that is right", title=title)


def calibration(sure: NDArray[np.float32], right: NDArray[np.bool_]) -> Calibration:
    """How sure a model was of each of its answers [examples], against whether it was right."""
    return Calibration.of(right, sure[:, None], np.ones(len(right), np.bool_), _BINS)
