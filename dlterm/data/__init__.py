"""Data sets: generated and bundled ones by name, tables in files, splits, scaling."""

from __future__ import annotations

import os
from difflib import get_close_matches
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from dlterm.data.bundled import BUNDLED, read_bundled
from dlterm.data.generators import GENERATORS
from dlterm.data.source import STANDARD_INPUT
from dlterm.data.table import read_dataset
from dlterm.errors import DltermError, ExitCode
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Collection

    from dlterm.data.dataset import Dataset, Task
    from dlterm.data.missing import Missing

# Every set that has a name, and the line that describes it.
SETS = MappingProxyType(
    {name: entry.description for name, entry in GENERATORS.items()}
    | {name: entry.description for name, entry in BUNDLED.items()}
)


def load(
    source: str,
    *,
    count: int = 500,
    noise: float = 0.0,
    classes: int = 2,
    seed: int = 0,
    target: str | None = None,
    task: Task | Literal["auto"] = "auto",
    missing: Missing = "refuse",
    na: Collection[str] = (),
    ignore: Collection[str] = (),
) -> Dataset:
    """Load a data set by its name (one of `SETS`), by a file's path, or "-" for standard input.

    `count`, `noise`, `classes` and `seed` make a generated set, the others read a file (see `read_dataset`); a
    recipe has them all. A file named like a set is reached as ./NAME. Raises DltermError: no input, permission,
    bad data; usage where the task does not suit the set.
    """
    if source in GENERATORS:
        return _of_task(GENERATORS[source].function(count, noise, classes, seed), task)
    if source in BUNDLED:
        return _of_task(read_bundled(source), task)
    if source != STANDARD_INPUT and not os.path.lexists(source):
        raise _unknown(source)
    return read_dataset(source, target=target, task=task, missing=missing, na=na, ignore=ignore)


def _of_task(dataset: Dataset, task: Task | Literal["auto"]) -> Dataset:
    if task not in ("auto", dataset.task):
        raise DltermError(
            f"{dataset.name}: the task is {dataset.task}, not {task}",
            hint="leave the task at auto",
            exit_code=ExitCode.USAGE,
        )
    return dataset


def _unknown(source: str) -> DltermError:
    nearest = get_close_matches(source, SETS, n=1)
    question = f"did you mean {nearest[0]}? " if nearest else ""
    return DltermError(
        f"{safe(source)}: no such file or data set",
        hint=f"{question}the sets are {', '.join(SETS)}",
        exit_code=ExitCode.NO_INPUT,
    )
