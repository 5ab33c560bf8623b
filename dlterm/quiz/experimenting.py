"""Experiments of the catalogue as what a prediction may be about: run without a screen, and measured."""

from __future__ import annotations

import contextlib
import math
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dlterm.errors import DltermError, ExitCode
from dlterm.quiz.measuring import MOST_SECONDS, Measured

if TYPE_CHECKING:
    from dlterm.engine.workers import Progress
    from dlterm.experiments.experiment import Experiment, Moment
    from dlterm.quiz.measuring import Tick


@dataclass(frozen=True)
class ExperimentRun:
    """An experiment on a seed, with knobs as text by their names."""

    id: str
    settings: tuple[tuple[str, str], ...] = ()
    seed: int = 0

    def __str__(self) -> str:
        """As a link names an experiment, with what is turned, and the seed where it is not 0."""
        turned = [*self.settings, *([("seed", str(self.seed))] if self.seed else [])]
        query = "&".join(f"{name}={value}" for name, value in turned)
        return f"experiment:{self.id}?{query}" if query else f"experiment:{self.id}"

    def with_(self, *, seed: int) -> ExperimentRun:
        """The same on another seed."""
        return replace(self, seed=seed)


def measure_run(
    wanted: ExperimentRun, tick: Tick = lambda: None, progress: Progress | None = None
) -> Measured:
    """Run an experiment to its end; `tick` is called at each of its moments. Raises DltermError.

    What is measured are its measures; one that diverged has no value for any.
    """
    from dlterm.engine.native import heard
    from dlterm.experiments.driving import run

    experiment = _experiment(wanted)
    begun, deadline = time.perf_counter(), time.thread_time() + MOST_SECONDS

    def watch(_: Moment) -> bool:
        tick()
        return time.thread_time() < deadline

    values: dict[str, float | None] = {measure.name: None for measure in experiment.measures}
    ended = "too slow"
    try:
        with heard(progress) if progress is not None else contextlib.nullcontext():
            result = run(experiment, wanted.seed, watch)
        if result is not None:
            ended = "finished"
            values = {
                name: value if math.isfinite(value) else None for name, value in result.measures.items()
            }
    except DltermError as error:
        if error.exit_code != ExitCode.DIVERGED:
            raise
        ended = "diverged"
    return Measured(values, round(time.perf_counter() - begun, 3), ended)


def _experiment(wanted: ExperimentRun) -> Experiment:
    """The experiment with its knobs. Raises DltermError, for a knob that would have a file read, too."""
    from dlterm.experiments.knobs import Source
    from dlterm.experiments.registry import find

    experiment = find(wanted.id).of(dict(wanted.settings))
    for name, knob in experiment.knobs.items():
        if isinstance(knob, Source) and experiment.values[name] not in knob.choices:
            raise DltermError(
                f"{wanted.id}: a question reads no files", hint=f"{name} is one of {', '.join(knob.choices)}"
            )
    return experiment
