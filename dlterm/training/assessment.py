"""What a classifier's probabilities are worth: the ROC curve, and whether they are as sure as they are right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dlterm.training.scores import ClassScores, ValueScores

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dlterm.training.scores import Scores

BINS = 10


@dataclass(frozen=True, slots=True, eq=False)
class Roc:
    """The receiver operating characteristic: what every threshold catches, and at what price.

    Fawcett, "An introduction to ROC analysis", Pattern Recognition Letters 27, 2006.

    An example counts as positive from a score of `thresholds[k]` on. The points go from (0, 0) to (1, 1); those on a
    straight line between their neighbours are left out.
    """

    false_positives: NDArray[np.float64]  # [points]: of the negative examples, the share called positive
    true_positives: NDArray[np.float64]  # [points]: of the positive ones
    thresholds: NDArray[np.float64]  # [points], falling from inf
    auc: float  # the area below: the chance that a positive example scores above a negative one

    @classmethod
    def of(cls, positive: NDArray[np.bool_], scores: NDArray[Any]) -> Roc | None:
        """Which examples are positive, and the score of each: [examples]. None unless there are both kinds."""
        if positive.all() or not positive.any():
            return None
        order = np.argsort(-scores, kind="stable")
        positive, scores = positive[order], scores[order]
        last = np.append(np.flatnonzero(np.diff(scores)), len(scores) - 1)  # of each score
        caught, false = np.cumsum(positive)[last], np.cumsum(~positive)[last]
        y, x = np.append(0, caught), np.append(0, false)
        kept = np.ones(len(x), np.bool_)
        dx, dy = np.diff(x), np.diff(y)
        kept[1:-1] = dx[:-1] * dy[1:] != dx[1:] * dy[:-1]
        y, x = y / y[-1], x / x[-1]
        thresholds = np.append(np.inf, scores[last])
        area = float(np.sum(np.diff(x) * (y[1:] + y[:-1])) / 2)
        return cls(x[kept], y[kept], thresholds[kept], area)


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """The reliability diagram: of the examples of which the network is so sure, how many it gets right.

    Examples are sorted by confidence, the probability of the likeliest class, into bins of equal width; a bin has its
    upper edge. Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks", ICML 2017,
    arXiv:1706.04599.
    """

    confidence: NDArray[np.float64]  # [bins]: the mean in each; NaN where there is no example
    accuracy: NDArray[np.float64]  # [bins]: the share that is right; NaN where there is none
    counts: NDArray[np.int64]  # [bins]
    error: float  # expected calibration error: the mean distance of the two, over the examples

    @classmethod
    def of(
        cls, targets: NDArray[Any], probabilities: NDArray[Any], chosen: NDArray[Any], bins: int = BINS
    ) -> Calibration:
        """Class numbers [examples], probabilities [examples, classes] and the classes that were chosen [examples]."""
        sure = probabilities.max(axis=1).astype(np.float64)
        right = chosen == targets
        inner = np.linspace(0, 1, bins + 1)[1:-1]
        place = np.searchsorted(inner, sure)
        counts, sums, hits = (
            np.bincount(place, weights, bins) for weights in (None, sure, right.astype(np.float64))
        )
        with np.errstate(invalid="ignore"):
            confidence, accuracy = sums / counts, hits / counts
        error = float(np.abs(sums - hits).sum() / max(1, len(sure)))
        return cls(confidence, accuracy, counts.astype(np.int64), error)


@dataclass(frozen=True, slots=True, eq=False)
class Assessment:
    """All that is to be said of the predictions for one part of the data."""

    scores: Scores  # of classes, the confusion matrix among them
    roc: Roc | None = None  # of two classes: the second is the positive one
    calibration: Calibration | None = None  # of classes

    @classmethod
    def of(
        cls, classes: Sequence[str], targets: NDArray[Any], answers: NDArray[Any], chosen: NDArray[Any] | None
    ) -> Assessment:
        """From targets [examples], in the data's own units, and answers as `Learner.predict` gives them.

        `chosen` are the class numbers that the network decides for [examples]; None: the likeliest.
        """
        if not classes:
            return cls(ValueScores.of(targets, answers))
        chosen = answers.argmax(axis=1) if chosen is None else chosen
        roc = Roc.of(targets == 1, answers[:, 1]) if len(classes) == 2 else None
        return cls(ClassScores.of(classes, targets, chosen), roc, Calibration.of(targets, answers, chosen))
