"""A prediction or a challenge, trained or run on a thread of its own. It knows no Textual."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dlterm.course.schema import Predict
from dlterm.errors import DltermError
from dlterm.quiz.memory import Memory, measured_path
from dlterm.quiz.running import NotRunnableError, run_challenge, run_prediction

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dlterm.course.schema import Challenge
    from dlterm.quiz.measuring import Measured, Tick
    from dlterm.quiz.memory import Measurable
    from dlterm.quiz.outcomes import Outcome
    from dlterm.training.recipe import Recipe


class _CancelledError(Exception):
    """Nobody waits for it any more."""


class _Telling(Memory):
    """Tells of each measurement."""

    def __init__(self, directory: Path | None, heard: Callable[[Measured], None]) -> None:
        super().__init__(directory)
        self._heard = heard

    def measure(self, what: Measurable, tick: Tick = lambda: None) -> Measured:
        found = super().measure(what, tick)
        self._heard(found)
        return found


@dataclass(frozen=True)
class Progress:
    """How far it is. It has ended where there is an `outcome`, or a `problem`: why there is none."""

    total: int  # trainings, or runs of an experiment
    measured: tuple[Measured, ...] = ()
    compiling: str = ""
    outcome: Outcome | None = None
    problem: str = ""


class Trial:
    """Runs one question; `progress` is how far it is, which does not change any more after `cancel`."""

    def __init__(
        self,
        question: Predict | Challenge,
        recipe: Recipe | None = None,
    ) -> None:
        """A challenge needs the learner's `recipe`."""
        self._question, self._recipe = question, recipe
        if isinstance(question, Predict):
            seeds, options = len(question.experiment.seeds), len(question.options)
            self.progress = Progress(seeds if question.experiment.measures else seeds * options)
        else:
            self.progress = Progress(len(question.challenge.seeds))
        self._is_cancelled = False
        self._thread = threading.Thread(target=self._work, name="dlterm-trial", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def cancel(self) -> None:
        """End it soon, and hear no more of it."""
        self._is_cancelled = True

    # --- on the thread ------------------------------------------------------------------------------------------------

    def _work(self) -> None:
        try:
            self._step(outcome=self._run())
        except _CancelledError:
            pass
        except NotRunnableError as error:
            self._step(problem=f"this question cannot be run: {error}")
        except DltermError as error:
            self._step(problem=error.message)
        except Exception as error:  # a bug: tell the screen rather than leave it waiting
            self._step(problem=f"{type(error).__name__}: {error}")
            raise

    def _run(self) -> Outcome:
        memory = _Telling(measured_path(), self._heard)
        memory.progress = self._compiling
        if isinstance(self._question, Predict):
            return run_prediction(self._question, memory, self._tick)
        assert self._recipe is not None, "a challenge is answered by a recipe"
        return run_challenge(self._question.challenge, self._recipe, memory, self._tick)

    def _tick(self) -> None:
        if self._is_cancelled:
            raise _CancelledError

    def _heard(self, measured: Measured) -> None:
        self._tick()
        self._step(measured=(*self.progress.measured, measured), compiling="")

    def _compiling(self, done: int, total: int, what: str) -> None:  # noqa: ARG002 - there is room for one line
        self._step(compiling=f"compiling kernel {min(done + 1, total)} of {total}, this once")

    def _step(self, **changed: object) -> None:
        if not self._is_cancelled:
            self.progress = replace(self.progress, **changed)  # type: ignore[arg-type]
