"""One headless run from the first step to the summary, however it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlterm.cli.headless import Row, Trainer, described
from dlterm.cli.saving import save
from dlterm.cli.schedule import recorded_epochs
from dlterm.errors import DltermError, ExitCode
from dlterm.training.learner import DivergedError, Learner

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dlterm.cli.displays import Display
    from dlterm.cli.signals import Stop
    from dlterm.training.run_files import RunDirectory


class TrainingRun:
    """A learner, where its run is kept (or None), what ends it, and what shows it."""

    def __init__(self, learner: Learner, *, run: RunDirectory | None, stop: Stop, display: Display) -> None:
        self._learner = learner
        self._run = run
        self._stop = stop
        self._display = display
        self._trainer = Trainer(learner, stop=stop, tick=self._tick)
        self._rows: list[Row] = []

    def train(self, every: int | None) -> int:
        """Train, save, show the summary, and return the exit code.

        Raises DltermError: diverged (3) after the summary; I/O (74) for files. What stdout raises comes out
        once everything is saved, unless a signal, which may take the reader along, explains it.
        """
        failure: DivergedError | OSError | None = None
        try:
            self._epochs(recorded_epochs(self._learner.recipe.epochs, every))
        except (DivergedError, OSError) as error:
            failure = error
        summary = self._summary(diverged=isinstance(failure, DivergedError))
        if self._run is not None:
            save(self._run, self._learner, self._rows, summary)
        try:
            self._display.finish(self._rows, summary)
        except OSError as error:
            failure = failure or error
        if self._stop.requested:
            return self._stop.exit_code
        if isinstance(failure, DivergedError):
            raise _as_error(failure, self._learner)
        if failure is not None:
            raise failure
        return ExitCode.DONE

    def _epochs(self, epochs: Iterable[int]) -> None:
        for row in self._trainer.rows(epochs):
            self._rows.append(row)
            if self._run is not None:
                self._run.add_metrics(row)
            self._display.show(row)

    def _tick(self) -> None:
        self._display.tick(self._rows, self._trainer.examples_per_second)

    def _summary(self, *, diverged: bool) -> Row:
        learner = self._learner
        return {
            "run": None if self._run is None else str(self._run.path),
            "data": learner.recipe.data,
            "recipe": str(learner.recipe),
            "task": learner.task,
            "epochs": learner.epoch,
            "steps": learner.step,
            **described(learner.evaluate(), learner.task),
            "parameters": learner.parameters,
            "seconds": round(self._trainer.seconds, 6),
            "examples_per_second": round(self._trainer.examples_per_second),
            "diverged": diverged,
        }


def _as_error(diverged: DivergedError, learner: Learner) -> DltermError:
    return DltermError(
        str(diverged),
        hint=f"try a smaller learning rate, such as --lr {learner.recipe.lr / 10:g}",
        exit_code=ExitCode.DIVERGED,
    )
