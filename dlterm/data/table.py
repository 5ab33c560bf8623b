"""A file's table -> a data set."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Literal

from dlterm.data.dataset import Dataset
from dlterm.data.features import encode
from dlterm.data.missing import settle
from dlterm.data.remarks import remarks_on_classes, remarks_on_features
from dlterm.data.rows import read_table
from dlterm.data.source import place_name
from dlterm.data.target import choose, read_target
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
    ignore: Collection[str] = (),
) -> Dataset:
    """Read a file of one of the formats that `read_table` knows, or delimited text from standard input for "-".

    `target` is a column's name or its number from 1, by default the last; every other column is a feature but
    those to `ignore`, named in the same way. `missing` says what to do about missing values, `na` which cells mean
    one (see `settle`); where they are filled, the inputs hold NaN. What is inferred (header, target, task), and what
    is worth knowing (balance, constant features), is told in the notes.
    Raises DltermError, with the line and the column where there is one, for all that cannot be learned from.
    """
    table = read_table(source)
    wanted, others = choose(table, target, ignore)
    (label, *rest), settled = settle([wanted, *others], missing, {name.strip() for name in na})
    goal = read_target(label, task, is_default=target is None)
    inputs, features, sources, notes = encode(rest)
    if not table.has_header:
        notes = (f"no line of names: the columns are column1 to column{len(table.columns)}", *notes)
    remarks = remarks_on_classes(goal.classes, goal.targets) if goal.classes else ()
    return Dataset(
        name=safe(PurePath(place_name(source)).name),
        inputs=inputs,
        targets=goal.targets,
        task=goal.task,
        features=features,
        classes=goal.classes,
        target=wanted.name,
        columns=sources,
        notes=(*settled, *notes, *remarks_on_features(features, inputs), goal.note, *remarks),
    )
