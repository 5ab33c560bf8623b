"""Training without a screen: epoch after epoch in small chunks, and what each recorded epoch says."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from dlterm.cli.signals import Stop
    from dlterm.training.learner import Learner
    from dlterm.training.snapshot import Metrics

Row = dict[str, Any]

_CHUNK_SECONDS = 0.01  # a signal waits no longer than this, and the display's clock ticks as often


class Trainer:
    """Trains a learner; knows how long that took, without evaluating, drawing and writing."""

    def __init__(self, learner: Learner, *, stop: Stop, tick: Callable[[], None]) -> None:
        """`tick` is called after every chunk of about 10 ms of training."""
        self.learner = learner
        self.seconds = 0.0
        self._stop = stop
        self._tick = tick
        self._chunk = 1

    @property
    def examples_per_second(self) -> float:
        """Examples trained on in a second of training; 0 before the first step."""
        return self.learner.examples_seen / self.seconds if self.seconds else 0.0

    def rows(self, epochs: Iterable[int]) -> Iterator[Row]:
        """Train up to each of the epochs, ascending, and yield its row; ends early on a signal.

        Raises DivergedError as the learner does, which then holds its last finite state.
        """
        for epoch in epochs:
            self._advance_to(epoch * self.learner.steps_per_epoch)
            if self._stop.requested:
                return
            yield {
                "epoch": epoch,
                "step": self.learner.step,
                **described(self.learner.evaluate(), self.learner.task),
                "seconds": round(self.seconds, 6),
            }

    def _advance_to(self, step: int) -> None:
        learner = self.learner
        while learner.step < step and not self._stop.requested:
            steps = min(self._chunk, step - learner.step)
            begun = time.perf_counter()
            try:
                learner.advance(steps)
            finally:
                took = time.perf_counter() - begun
                self.seconds += took
            if steps == self._chunk:
                growth = _CHUNK_SECONDS / max(took, 1e-9)
                self._chunk = max(1, int(steps * min(2.0, growth)))
            self._tick()


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
