"""Classic models of scikit-learn, trained on what a learner is trained on: its training part, encoded as for it."""

from __future__ import annotations

import importlib
import time
from dataclasses import dataclass
from importlib.util import find_spec
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dlterm.engine.ops.softmax import reference as softmax
from dlterm.errors import DltermError, ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from dlterm.training.learner import Learner

MOST = 5000  # examples to train on: of 20,000 an SVM is trained for 11 to 24 s


class Classic(NamedTuple):
    """A kind of model: `classifier` and `regressor` are names in sklearn's `module`."""

    title: str  # of its classifier
    title_of_values: str
    module: str
    classifier: str
    regressor: str
    size_name: str  # what there is more of the larger it is
    size: Callable[[Any], int]
    options: Mapping[str, Any] = MappingProxyType({})
    for_classes: Mapping[str, Any] = MappingProxyType({})  # more options, of the classifier
    random: bool = False  # takes a seed


CLASSICS = MappingProxyType(
    {
        "logistic": Classic(
            "logistic regression",
            "linear regression",
            "linear_model",
            "LogisticRegression",
            "LinearRegression",
            "parameters",
            lambda model: int(np.size(model.coef_) + np.size(model.intercept_)),
        ),
        "svm": Classic(
            "SVM (RBF)",
            "SVM (RBF)",
            "svm",
            "SVC",
            "SVR",
            "support vectors",
            lambda model: len(model.support_),
            for_classes={"break_ties": True},  # so that the largest decision is the prediction
        ),
        "knn": Classic(
            "5 nearest neighbours",
            "5 nearest neighbours",
            "neighbors",
            "KNeighborsClassifier",
            "KNeighborsRegressor",
            "stored examples",
            lambda model: int(model.n_samples_fit_),
            {"n_neighbors": 5},
        ),
        "tree": Classic(
            "decision tree",
            "decision tree",
            "tree",
            "DecisionTreeClassifier",
            "DecisionTreeRegressor",
            "nodes",
            lambda model: int(model.tree_.node_count),
            random=True,
        ),
        "forest": Classic(
            "random forest",
            "random forest",
            "ensemble",
            "RandomForestClassifier",
            "RandomForestRegressor",
            "nodes",
            lambda model: sum(tree.tree_.node_count for tree in model.estimators_),
            {"n_estimators": 100},
            random=True,
        ),
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A trained classic model."""

    learner: Learner  # whose data, split, scaling and features it has; its training is of no matter
    model: Any
    seconds: float  # of training
    size: int

    def predict(self, inputs: NDArray[Any]) -> NDArray[np.float32]:
        """As `Learner.predict`: probabilities [examples, classes], or values, for inputs in the data's own units.

        An SVM has no probabilities: of two classes its margin from -1 to 1 stands for 0 to 1, of more the softmax of
        its decisions.
        """
        encoded, objective = self.learner.encoder.encode(inputs), self.learner.objective
        if objective.task == "regression":
            return objective.predictions(np.asarray(self.model.predict(encoded), np.float32)[:, None])
        answers = np.zeros((len(inputs), len(self.learner.dataset.classes)), np.float32)
        answers[:, self.model.classes_] = self._probabilities(encoded)
        return answers

    def quality(self, *, held_out: bool) -> float | None:
        """Accuracy (0 to 1) or RMSE, in the target's units, on a part of the data; None where it has no examples."""
        rows = self.learner.split.test if held_out else self.learner.split.train
        if not len(rows):
            return None
        answers = self.predict(self.learner.dataset.inputs[rows])
        targets = self.learner.dataset.targets[rows]
        if self.learner.task == "regression":
            return float(np.sqrt(np.mean((answers.astype(np.float64) - targets) ** 2)))
        return float(np.mean(answers.argmax(axis=1) == targets))

    def _probabilities(self, encoded: NDArray[np.float32]) -> Any:
        if hasattr(self.model, "predict_proba"):
            return self.model.predict_proba(encoded)
        decisions = self.model.decision_function(encoded)
        if decisions.ndim > 1:
            return softmax(decisions.T).T
        p = 0.5 + 0.5 * np.clip(decisions, -1, 1)
        return np.stack([1 - p, p], axis=1)


def check(name: str, learner: Learner) -> None:
    """Raise DltermError where there is no such model, no scikit-learn, or too much to train on."""
    if name not in CLASSICS:
        raise DltermError(
            f'there is no model "{name}"', hint=f"they are {', '.join(CLASSICS)}", exit_code=ExitCode.USAGE
        )
    if find_spec("sklearn") is None:
        raise DltermError(
            f"{name}: scikit-learn, which trains it, is not installed",
            hint="python3 -m pip install scikit-learn",
            exit_code=ExitCode.CONFIGURATION,
        )
    if learner.examples > MOST:
        raise DltermError(
            f"{name}: {learner.examples:,} examples to train on; a classic model races on {MOST:,} at most",
            hint="make fewer with count, or race networks alone",
            exit_code=ExitCode.USAGE,
        )


def title(name: str, task: str) -> str:
    """What a model is called."""
    classic = CLASSICS[name]
    return classic.title_of_values if task == "regression" else classic.title


def fit(name: str, learner: Learner) -> Fitted:
    """Train a model on a learner's training part; the first time loads scikit-learn, which takes a second.

    Of a regression the target is standardised, as it is for a network. Raises ValueError for data that it cannot learn,
    such as a single class.
    """
    classic, objective = CLASSICS[name], learner.objective
    rows = learner.split.train
    inputs, targets = learner.encoder.encode(learner.dataset.inputs[rows]), learner.dataset.targets[rows]
    options = dict(classic.options)
    if classic.random:
        options["random_state"] = learner.recipe.seed
    if objective.task == "regression":
        kind, targets = classic.regressor, objective.targets(targets)[:, 0]
    else:
        kind, options = classic.classifier, options | dict(classic.for_classes)
    model = getattr(importlib.import_module(f"sklearn.{classic.module}"), kind)(**options)
    begun = time.perf_counter()
    model.fit(inputs, targets)
    return Fitted(learner, model, time.perf_counter() - begun, classic.size(model))
