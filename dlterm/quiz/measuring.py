"""What comes out of training a recipe: measured live."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

    from dlterm.engine.workers import Progress
    from dlterm.training.learner import Learner
    from dlterm.training.recipe import Recipe

    Tick = Callable[[], None]

_CHUNK_SECONDS = 0.05
MOST_SECONDS = 60.0  # of one training or run, as its thread computes: a busy machine ends nothing


class Measured(msgspec.Struct, frozen=True):
    """How it ended. A loss that diverged, or was not reached in time, is infinite, an accuracy then 0."""

    values: dict[str, float | None]
    seconds: float
    ended: str = "finished"  # "diverged", "too slow"

    def value(self, name: str) -> float:
        """A measure: of a recipe a loss, an accuracy, an RMSE, `parameters`, `epochs`; `seconds`. Raises KeyError."""
        if name == "seconds":
            return self.seconds
        found = self.values[name]
        if found is None:
            return 0.0 if name.endswith("accuracy") else math.inf
        return found


def measure(recipe: Recipe, tick: Tick = lambda: None, progress: Progress | None = None) -> Measured:
    """Train a recipe to its end, early stopping included, and measure; `tick` is called every 50 ms."""
    from dlterm.training.learner import DivergedError, Learner

    learner = Learner(recipe, progress=progress)
    begun, ended = time.perf_counter(), "finished"
    deadline = time.thread_time() + MOST_SECONDS
    try:
        if not _train(learner, tick, deadline):
            ended = "too slow"
    except DivergedError:
        ended = "diverged"
    values: dict[str, float | None] = dict.fromkeys(
        ("train_loss", "test_loss", *(f"{part}_{_quality(learner)}" for part in ("train", "test")))
    )
    if ended == "finished":
        metrics = learner.evaluate()
        values = {name: _finite(getattr(metrics, name)) for name in values}
    values |= {"parameters": float(learner.parameters), "epochs": float(learner.epoch)}
    return Measured(values, round(time.perf_counter() - begun, 3), ended)


def _train(learner: Learner, tick: Tick, deadline: float) -> bool:
    """Whether it came to its end in time."""
    from dlterm.training.early_stopping import EarlyStopping

    recipe = learner.recipe
    stopping = EarlyStopping(recipe.early_stop)
    last, chunk = recipe.epochs * learner.steps_per_epoch, 1
    while learner.step < last:
        begun = time.perf_counter()
        if time.thread_time() > deadline:
            return False
        steps = min(learner.steps_to_epoch if stopping.patience else chunk, last - learner.step)
        learner.advance(steps)
        took = time.perf_counter() - begun
        chunk = max(1, int(steps * min(2.0, _CHUNK_SECONDS / max(took, 1e-9))))
        tick()
        if stopping.patience and stopping.update(learner.epoch, learner.evaluate().test_loss, learner.state):
            break
    if stopping.best is not None:
        learner.restore(stopping.best)
    return True


def _quality(learner: Learner) -> str:
    return "accuracy" if learner.task == "classification" else "rmse"


def _finite(value: Any) -> float | None:
    return float(value) if value is not None and math.isfinite(value) else None
