"""The command's side of a run directory: what goes into it at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dlterm.training.learner import Learner
    from dlterm.training.rows import Row
    from dlterm.training.run_directory import RunDirectory


def save(run: RunDirectory, learner: Learner, rows: list[Row], summary: Row) -> None:
    """Write the model and the report of what was learned. Raises DltermError (74)."""
    from dlterm.drawing.report import export
    from dlterm.training.model_file import packed_model

    run.write_model(packed_model(learner))
    run.write_report(*export(learner, rows, summary))
