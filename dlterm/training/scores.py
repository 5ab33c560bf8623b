"""How good predictions are on held-out examples, beyond one number.

Of classes, with the confusion matrix C[t, p] counting the examples of class t that were predicted to be p:
precision of k = C[k, k] / sum_t C[t, k], recall of k = C[k, k] / sum_p C[k, p], F1 = 2 precision recall / (precision
+ recall). Where there is nothing to divide by, the score is 0, as in scikit-learn.
Of values: RMSE, MAE in the target's units; R2 = 1 - squared errors / squared distances from the mean, 0 for a constant
guess, 1 for no error.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True)
class ClassScores:
    """Scores of a classifier."""

    classes: tuple[str, ...]
    confusion: NDArray[np.int64]  # [classes, classes]: true, predicted

    @classmethod
    def of(
        cls, classes: Sequence[str], targets: NDArray[np.integer[Any]], predicted: NDArray[np.integer[Any]]
    ) -> ClassScores:
        """Count targets [examples] against predictions [examples], both class numbers."""
        size = len(classes)
        pairs = np.bincount(targets * size + predicted, minlength=size * size)
        return cls(tuple(classes), pairs.reshape(size, size))

    @property
    def support(self) -> NDArray[np.int64]:
        """Examples of each class."""
        return self.confusion.sum(1)

    @property
    def accuracy(self) -> float:
        """The share of the examples that are right."""
        return float(np.trace(self.confusion) / self.confusion.sum())

    @property
    def precision(self) -> NDArray[np.float64]:
        """Of what was predicted to be of a class, the share that is."""
        return _share(np.diag(self.confusion), self.confusion.sum(0))

    @property
    def recall(self) -> NDArray[np.float64]:
        """Of what is of a class, the share that was predicted to be."""
        return _share(np.diag(self.confusion), self.support)

    @property
    def f1(self) -> NDArray[np.float64]:
        """The harmonic mean of precision and recall."""
        return _share(2 * self.precision * self.recall, self.precision + self.recall)

    def as_json(self) -> dict[str, Any]:
        """The scores as plain values."""
        columns = zip(self.precision, self.recall, self.f1, self.support, strict=True)
        names = ("precision", "recall", "f1", "support")
        return {
            "accuracy": self.accuracy,
            "classes": [
                {"class": name, **dict(zip(names, (*map(float, row[:3]), int(row[3])), strict=True))}
                for name, row in zip(self.classes, columns, strict=True)
            ],
            "confusion": self.confusion.tolist(),
        }


@dataclass(frozen=True)
class ValueScores:
    """Scores of a regression."""

    rmse: float
    mae: float
    r2: float | None  # None where all targets are one value

    @classmethod
    def of(cls, targets: NDArray[Any], predicted: NDArray[Any]) -> ValueScores:
        """Compare targets [examples] with predictions [examples], both in the target's units."""
        errors = np.asarray(predicted, np.float64) - targets
        spread = float(((targets - np.mean(targets, dtype=np.float64)) ** 2).sum())
        squares = float((errors**2).sum())
        r2 = 1 - squares / spread if spread else None
        return cls(math.sqrt(squares / len(errors)), float(np.mean(np.abs(errors))), r2)

    def as_json(self) -> dict[str, Any]:
        """The scores as plain values."""
        named = {"rmse": self.rmse, "mae": self.mae, "r2": self.r2}
        return {name: None if x is None or not math.isfinite(x) else x for name, x in named.items()}


Scores = ClassScores | ValueScores


def _share(part: NDArray[Any], whole: NDArray[Any]) -> NDArray[np.float64]:
    return np.divide(part, whole, out=np.zeros(len(whole)), where=whole > 0)
