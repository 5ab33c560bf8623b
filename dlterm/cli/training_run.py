"""One headless run from the first step, or from where it was left, to the summary, however it ends."""

from __future__ import annotations

import shlex
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dlterm.cli.headless import Trainer
from dlterm.cli.saving import save
from dlterm.cli.schedule import recorded_epochs
from dlterm.errors import DltermError, ExitCode
from dlterm.training.learner import DivergedError, Learner
from dlterm.training.rows import summary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dlterm.cli.displays import Display
    from dlterm.cli.narration import Say
    from dlterm.cli.signals import Stop
    from dlterm.training.progress import Progress
    from dlterm.training.rows import Row
    from dlterm.training.run_directory import RunDirectory


@dataclass(frozen=True)
class Recording:
    """Where a run is kept, how far it has come, and how often it is saved."""

    run: RunDirectory | None
    progress: Progress
    rows: list[Row]  # the recorded epochs so far
    interval: float  # seconds between checkpoints; 0: only at the end


class TrainingRun:
    """A learner, where its run is recorded, what ends it, and what shows it."""

    def __init__(
        self, learner: Learner, recording: Recording, *, stop: Stop, display: Display, say: Say
    ) -> None:
        self._learner = learner
        self._run, self._progress, self._rows = recording.run, recording.progress, recording.rows
        self._interval = recording.interval
        self._stop = stop
        self._display = display
        self._say = say
        self._trainer = Trainer(learner, self._progress, stop=stop, tick=self._tick)
        self._saved = time.monotonic()

    def train(self, every: int | None) -> int:
        """Train, save, show the summary, and return the exit code.

        Raises DltermError: diverged (3) after the summary; I/O (74) for files. What stdout raises comes out
        once everything is saved, unless a signal, which may take the reader along, explains it.
        """
        failure: DivergedError | OSError | None = None
        try:
            if not self._progress.ended:
                self._epochs(recorded_epochs(self._learner.recipe.epochs, every))
        except DivergedError as error:
            failure, self._progress.ended = error, "diverged"
        except OSError as error:
            failure = error
        self._go_back_to_the_best()
        summary = self._summary()
        if self._run is not None:
            self._checkpoint(self._run)
            save(self._run, self._learner, self._rows, summary)
        try:
            self._display.finish(self._rows, summary)
        except OSError as error:
            failure = failure or error
        if self._run is not None and not self._progress.ended:
            self._say(f"to go on: dlterm train --resume {shlex.quote(str(self._run.path))}")
        if self._stop.requested:
            return self._stop.exit_code
        if isinstance(failure, DivergedError):
            raise _as_error(failure, self._learner)
        if failure is not None:
            raise failure
        return ExitCode.DONE

    def _epochs(self, epochs: Sequence[int]) -> None:
        for row in self._trainer.rows(epochs):
            self._rows.append(row)
            if self._run is not None:
                self._run.add_metrics(row)
            self._display.show(row)

    def _tick(self) -> None:
        self._display.tick(self._rows, self._trainer.examples_per_second)
        due = self._interval and time.monotonic() - self._saved >= self._interval
        if due and self._run is not None:
            self._checkpoint(self._run)

    def _checkpoint(self, run: RunDirectory) -> None:
        run.write_checkpoint(*self._progress.checkpoint(self._learner))
        self._saved = time.monotonic()

    def _go_back_to_the_best(self) -> None:
        """Early stopping keeps the network with the best test loss; a run that is only interrupted goes on later."""
        best, ended = self._progress.stopping.best, self._progress.ended
        if best is None or ended not in ("finished", "stopped early"):
            return
        if best.counters["step"] != self._learner.step:
            epoch = self._progress.stopping.best_epoch
            self._say(
                f"{ended} after epoch {self._learner.epoch}; epoch {epoch} had the best test loss and is kept"
            )
            self._learner.restore(best)

    def _summary(self) -> Row:
        path = None if self._run is None else str(self._run.path)
        return summary(self._learner, self._progress, self._trainer.examples_per_second, path)


def _as_error(diverged: DivergedError, learner: Learner) -> DltermError:
    recipe = learner.recipe
    lower = f"a smaller learning rate, such as --lr {recipe.lr / 10:g}"
    return DltermError(
        str(diverged),
        hint=f"try {lower}" + ("" if recipe.clip else ", or --clip 1"),
        exit_code=ExitCode.DIVERGED,
    )
