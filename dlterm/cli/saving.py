"""The command's side of a run directory: its name, and what goes into it at the end."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from dlterm.training.run_directory import RUNS, RunDirectory

if TYPE_CHECKING:
    from datetime import datetime

    from dlterm.training.learner import Learner
    from dlterm.training.rows import Row


def open_run(out: Path | None, learner: Learner, now: datetime) -> RunDirectory:
    """Create the run directory, `runs/TIME-NAME` where none is named, and write its config.

    Raises DltermError (73) where it cannot be created or holds files.
    """
    path = out or _free(RUNS / f"{now:%Y%m%d-%H%M%S}-{_slug(learner.dataset.name)}")
    return RunDirectory.create(path, learner.recipe, created=now)


def save(run: RunDirectory, learner: Learner, rows: list[Row], summary: Row) -> None:
    """Write the model and the report of what was learned. Raises DltermError (74)."""
    from dlterm.drawing.report import export
    from dlterm.training.model_file import packed_model

    run.write_model(packed_model(learner))
    run.write_report(*export(learner, rows, summary))


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", Path(name).stem.lower()).strip("-")[:40] or "data"


def _free(path: Path) -> Path:
    """The path, or with -2, -3, ... the first that is not taken: two runs may begin in one second."""
    number, free = 2, path
    while free.exists():
        free, number = path.with_name(f"{path.name}-{number}"), number + 1
    return free
