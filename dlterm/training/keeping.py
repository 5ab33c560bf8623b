"""A run kept in the middle of its life: what `dlterm train` would have written, to predict with and to go on with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dlterm.atomic import free
from dlterm.training.learner import State
from dlterm.training.model_file import Trained, packed_model
from dlterm.training.progress import Progress
from dlterm.training.rows import described, summary
from dlterm.training.run_directory import RUNS, RunDirectory
from dlterm.training.snapshot import Metrics

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from dlterm.training.learner import Learner
    from dlterm.training.rows import Row
    from dlterm.training.snapshot import Curves

_MOST_ROWS = 1000


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """A session's run at one moment, for another thread: the learner is `apart`, and is whose this is."""

    learner: Learner
    curves: Curves  # up to this moment
    examples_per_second: float  # of training, in the mean; 0 where there was none
    diverged: bool = False


def new_run(learner: Learner, now: datetime, path: Path | None = None) -> RunDirectory:
    """Create a run directory, `runs/TIME-NAME` where none is named, and write its config.

    Raises DltermError (73) where it cannot be created or holds files.
    """
    return RunDirectory.create(path or proposed(learner.dataset.name, now), learner.recipe, created=now)


def proposed(data: str, now: datetime) -> Path:
    """A run directory that is free, named for the time and the data set."""
    return free(RUNS / f"{now:%Y%m%d-%H%M%S}-{slug(data)}")


def slug(name: str) -> str:
    """A data set's name, or its file's, as a part of file names."""
    return re.sub(r"[^a-z0-9]+", "-", Path(name).stem.lower()).strip("-")[:40] or "data"


def keep(standing: Standing, run: RunDirectory) -> tuple[list[Row], Row]:
    """Write the recorded epochs, the checkpoint and the model; the rows and the summary, for the report.

    Going on from there comes to the same bits as going on in the session. Of units that are knocked out the kept run
    has none: nothing listens to them; and what is frozen trains again. Raises DltermError (74).
    """
    learner = standing.learner
    _settle(learner)
    progress = Progress.of(learner)
    rate = standing.examples_per_second
    progress.seconds = learner.examples_seen / rate if rate else 0.0
    rows = list(_rows(standing, progress.seconds))
    progress.rows, progress.visited = len(rows), learner.epoch
    if standing.diverged:
        progress.ended = "diverged"
    elif learner.epoch >= learner.recipe.epochs:
        progress.ended = "finished"
    for row in rows:
        run.add_metrics(row)
    run.write_checkpoint(*progress.checkpoint(learner))
    run.write_model(packed_model(learner))
    return rows, summary(learner, progress, rate, str(run.path))


def _settle(learner: Learner) -> None:
    """Bring the learner to what a run of its recipe alone can be: its own count of steps, and no surgery."""
    state = learner.state()
    epoch, position = state.counters["epoch"], state.counters["position"]
    step = epoch * learner.steps_per_epoch + learner.steps_per_epoch - learner.steps_to_epoch
    arrays = state.arrays | (Trained.of(learner).arrays if learner.surgery.knocked_out else {})
    learner.restore(State(arrays, {"step": step, "epoch": epoch, "position": position}))


def _rows(standing: Standing, seconds: float) -> Iterator[Row]:
    """The curves as rows, a thousand at most; epochs that were under way are fractions."""
    learner, curves = standing.learner, standing.curves
    columns = curves.epochs, curves.train_loss, curves.test_loss, curves.train_quality, curves.test_quality
    table = np.stack(columns, axis=1)
    if len(table) > _MOST_ROWS:
        table = table[np.linspace(0, len(table) - 1, _MOST_ROWS).round().astype(int)]
    passed = learner.examples_seen / learner.examples
    for epoch, *measured in table.tolist():
        yield {
            "epoch": int(epoch) if epoch == int(epoch) else round(epoch, 3),
            "step": round(epoch * learner.steps_per_epoch),
            **described(_metrics(measured, learner.task), learner.task),
            "seconds": round(seconds * epoch / passed, 6) if passed else 0.0,
        }


def _metrics(measured: list[float], task: str) -> Metrics:
    train_loss, test_loss, train, test = measured
    if task == "regression":
        return Metrics(train_loss, test_loss, train_rmse=train, test_rmse=test)
    return Metrics(train_loss, test_loss, train_accuracy=train, test_accuracy=test)
