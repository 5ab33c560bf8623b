"""What is written of a run, as plain values: a row a recorded epoch, and the summary of its end."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dlterm.training.learner import Learner
    from dlterm.training.progress import Progress
    from dlterm.training.snapshot import Metrics

Row = dict[str, Any]


def described(metrics: Metrics, task: str) -> Row:
    """Return the metrics as they are written: losses, then accuracies or root mean squared errors.

    What there is none of, or is not finite, is None.
    """
    quality = "accuracy" if task == "classification" else "rmse"
    names = ("train_loss", "test_loss", f"train_{quality}", f"test_{quality}")
    return {name: finite(getattr(metrics, name)) for name in names}


def finite(value: float | None) -> float | None:
    """Return the number, or None for one that JSON cannot hold."""
    return None if value is None or not math.isfinite(value) else float(value)


def summary(learner: Learner, progress: Progress, examples_per_second: float, path: str | None) -> Row:
    """Return what a run has come to: where it is kept, how far it is, how good, and how it ended."""
    scores = learner.scores()
    return {
        "run": path,
        "data": learner.recipe.data,
        "recipe": str(learner.recipe),
        "task": learner.task,
        "epochs": learner.epoch,
        "steps": learner.step,
        **described(learner.evaluate(), learner.task),
        "test_scores": None if scores is None else scores.as_json(),
        "parameters": learner.parameters,
        "seconds": round(progress.seconds, 6),
        "examples_per_second": round(examples_per_second),
        "ended": progress.ended or "interrupted",
        "diverged": progress.ended == "diverged",
    }
