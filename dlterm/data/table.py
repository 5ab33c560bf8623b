"""A CSV or TSV file -> a data set."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Literal

from dlterm.data.dataset import Dataset
from dlterm.data.features import encode
from dlterm.data.rows import read_table
from dlterm.data.source import place_name
from dlterm.data.target import find_column, read_target
from dlterm.text import safe

if TYPE_CHECKING:
    from dlterm.data.dataset import Task


def read_dataset(source: str, *, target: str | None = None, task: Task | Literal["auto"] = "auto") -> Dataset:
    """Read a delimited UTF-8 file, or standard input for "-".

    `target` is a column's name or its number from 1, by default the last; every other column is a feature.
    What is inferred (header, target, task, encoding) is told in the data set's notes.
    Raises DltermError, with the line and the column where there is one, for all that cannot be learned from.
    """
    table = read_table(source)
    wanted = find_column(table, target)
    goal = read_target(wanted, task, is_default=target is None)
    inputs, features, notes = encode([column for column in table.columns if column is not wanted])
    if not table.has_header:
        notes = (f"no line of names: the columns are column1 to column{len(table.columns)}", *notes)
    return Dataset(
        name=safe(PurePath(place_name(source)).name),
        inputs=inputs,
        targets=goal.targets,
        task=goal.task,
        features=features,
        classes=goal.classes,
        target=wanted.name,
        notes=(*notes, goal.note),
    )
