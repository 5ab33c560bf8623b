"""A CSV or TSV file -> a data set."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Literal

from dlterm.data.dataset import Dataset
from dlterm.data.features import encode
from dlterm.data.missing import settle
from dlterm.data.rows import read_table
from dlterm.data.source import place_name
from dlterm.data.target import find_column, read_target
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Collection

    from dlterm.data.dataset import Task
    from dlterm.data.missing import Missing


def read_dataset(
    source: str,
    *,
    target: str | None = None,
    task: Task | Literal["auto"] = "auto",
    missing: Missing = "refuse",
    na: Collection[str] = (),
) -> Dataset:
    """Read a delimited UTF-8 file, or standard input for "-".

    `target` is a column's name or its number from 1, by default the last; every other column is a feature.
    `missing` says what to do about missing values, `na` which cells mean one (see `settle`); where they are
    filled, the inputs hold NaN. What is inferred (header, target, task, encoding) is told in the notes.
    Raises DltermError, with the line and the column where there is one, for all that cannot be learned from.
    """
    table = read_table(source)
    wanted = find_column(table, target)
    others = [column for column in table.columns if column is not wanted]
    (label, *rest), settled = settle([wanted, *others], missing, {name.strip() for name in na})
    goal = read_target(label, task, is_default=target is None)
    inputs, features, notes = encode(rest)
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
        notes=(*settled, *notes, goal.note),
    )
