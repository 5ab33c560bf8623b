"""Training without a screen: epoch after epoch in small chunks, and what each recorded epoch says."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from dlterm.training.rows import described

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from dlterm.cli.signals import Stop
    from dlterm.training.learner import Learner
    from dlterm.training.progress import Progress
    from dlterm.training.rows import Row
    from dlterm.training.snapshot import Metrics

_CHUNK_SECONDS = 0.01  # a signal waits no longer than this, and the display's clock ticks as often


class Trainer:
    """Trains a learner; `progress` knows how long that took, without evaluating, drawing and writing."""

    def __init__(self, learner: Learner, progress: Progress, *, stop: Stop, tick: Callable[[], None]) -> None:
        """`tick` is called after every chunk of about 10 ms of training."""
        self.learner = learner
        self.progress = progress
        self._stop = stop
        self._tick = tick
        self._chunk = 1

    @property
    def examples_per_second(self) -> float:
        """Examples trained on in a second of training; 0 before the first step."""
        seconds = self.progress.seconds
        return self.learner.examples_seen / seconds if seconds else 0.0

    def rows(self, recorded: Sequence[int]) -> Iterator[Row]:
        """Train up to each of the recorded epochs, ascending, and yield its row; ends early on a signal.

        Early stopping, where the recipe wants it, looks at every epoch, whichever are recorded. Raises
        DivergedError as the learner does, which then holds its last finite state.
        """
        progress, stopping = self.progress, self.progress.stopping
        visited = range(1, recorded[-1] + 1) if stopping.patience and recorded else recorded
        rows = frozenset(recorded) if stopping.patience else recorded
        for epoch in visited:
            if epoch <= progress.visited:
                continue
            self._advance_to(epoch * self.learner.steps_per_epoch)
            if self._stop.requested:
                return
            metrics = self.learner.evaluate()
            enough = stopping.update(epoch, metrics.test_loss, self.learner.state)
            progress.visited = epoch
            if enough or epoch in rows:
                progress.rows += 1
                yield self._row(epoch, metrics)
            if enough:
                progress.ended = "stopped early"
                return
        progress.ended = "finished"

    def _row(self, epoch: int, metrics: Metrics) -> Row:
        return {
            "epoch": epoch,
            "step": self.learner.step,
            **described(metrics, self.learner.task),
            "seconds": round(self.progress.seconds, 6),
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
                self.progress.seconds += took
            if steps == self._chunk:
                growth = _CHUNK_SECONDS / max(took, 1e-9)
                self._chunk = max(1, int(steps * min(2.0, growth)))
            self._tick()
