"""An experiment from its first moment to its result."""

from __future__ import annotations

import time
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from dlterm.errors import DltermError, ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from dlterm.experiments.experiment import Experiment, Measures, Moment


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """What came out of a run."""

    experiment: str
    seed: int
    changed: Mapping[str, Any]  # the knobs that were not at their defaults, at the end
    measures: Measures
    holds: bool
    why: str
    seconds: float  # of the experiment itself: not of drawing it, nor of what it was kept on a screen for
    longest: float  # seconds between two moments, at most: what a cancel may have to wait for
    moment: Moment | None  # the last


def moments(experiment: Experiment, seed: int) -> Generator[Moment, None, Result]:
    """Yield what a run yields, and return its result. To cancel is to close it.

    Raises DltermError, for a training that diverges too (3). Raises RuntimeError for an experiment that does not
    measure what it says.
    """
    run = experiment.run(seed)
    seconds = longest = 0.0
    last: Moment | None = None
    try:
        while True:
            begun = time.perf_counter()
            try:
                moment = next(run)
            except StopIteration as end:
                return _result(
                    experiment, seed, end.value, seconds + time.perf_counter() - begun, longest, last
                )
            took = time.perf_counter() - begun
            seconds, longest, last = seconds + took, max(longest, took), moment
            yield moment
    except Exception as error:
        raise _explained(experiment, error) from error
    finally:
        run.close()


def run(
    experiment: Experiment, seed: int = 0, watch: Callable[[Moment], bool] | None = None
) -> Result | None:
    """Run to the end; None if `watch`, which is given every moment, returns False before. Raises as `moments` does."""
    running = moments(experiment, seed)
    try:
        while True:
            moment = next(running)
            if watch is not None and not watch(moment):
                return None
    except StopIteration as end:
        result: Result = end.value
        return result
    finally:
        running.close()


def _result(
    experiment: Experiment, seed: int, measures: Measures, seconds: float, longest: float, last: Moment | None
) -> Result:
    names = [measure.name for measure in experiment.measures]
    if sorted(measures) != sorted(names):
        raise RuntimeError(f"{experiment.id} measures {sorted(measures)}, and says {sorted(names)}")
    found = MappingProxyType({name: float(measures[name]) for name in names})
    return Result(
        experiment.id,
        seed,
        experiment.changed,
        found,
        experiment.holds(found),
        experiment.why(found),
        seconds,
        longest,
        last,
    )


def _explained(experiment: Experiment, error: Exception) -> Exception:
    from dlterm.training.learner import DivergedError

    if isinstance(error, DivergedError):
        return DltermError(
            f"{experiment.id}: {error}", hint="turn the learning rate down", exit_code=ExitCode.DIVERGED
        )
    return error
