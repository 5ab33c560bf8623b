"""The column to predict: which it is, which are the features, and whether it names classes or holds values."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal

import numpy as np

from dlterm.data.column import Categories
from dlterm.errors import DltermError, ExitCode
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from dlterm.data.column import Column
    from dlterm.data.dataset import Task
    from dlterm.data.rows import Table

MAX_CLASSES = 1000

# Whole numbers are taken for classes if there are few of them, each (on average) at least twice.
_MAX_INTEGER_CLASSES = 20
_OTHER_COLUMN = "--target chooses another column"


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """What is predicted: class numbers and names, or values."""

    targets: NDArray[np.int64] | NDArray[np.float32]
    task: Task
    classes: tuple[str, ...]
    note: str  # what was inferred


def choose(table: Table, target: str | None, ignore: Collection[str]) -> tuple[Column, list[Column]]:
    """Find the target and the features among the columns, which are named or numbered from 1.

    The target None is the last that is not ignored. Raises DltermError where there is no such column, with the
    nearest name, where the target is ignored (usage), and where no feature is left.
    """
    ignored = [find(table, name) for name in ignore]
    left = [column for column in table.columns if column not in ignored]
    wanted = find(table, target) if target is not None else left[-1] if left else None
    if wanted in ignored:
        raise DltermError(
            f'{table.place}: "{wanted.name}" is both the target and ignored',
            hint="--target and --ignore name different columns",
            exit_code=ExitCode.USAGE,
        )
    features = [column for column in left if column is not wanted]
    if wanted is None or not features:
        raise DltermError(f"{table.place}: no feature is left", hint="ignore fewer columns")
    return wanted, features


def find(table: Table, name: str) -> Column:
    """Find a column by its name, or else by its number. Raises DltermError, with the nearest name."""
    wanted = safe(name.strip())
    by_name = {column.name: column for column in table.columns}
    by_number = {str(column.number): column for column in table.columns}
    if column := by_name.get(wanted) or by_number.get(wanted):
        return column
    nearest = get_close_matches(wanted, by_name, n=1)
    raise DltermError(
        f'{table.place}: no column is named "{wanted}"',
        hint=f'did you mean "{nearest[0]}"?' if nearest else f"the columns are {safe(', '.join(by_name))}",
    )


def read_target(column: Column, task: Task | Literal["auto"], *, is_default: bool) -> Target:
    """Read the targets and, for "auto", infer the task.

    Text is classification; whole numbers are if at most 20 are distinct, and at most half as many as there
    are examples; the rest is regression. Raises DltermError where there is nothing to learn: one class, one
    value, a class of its own in every row.
    """
    note = f"target: {column.name}{' (last column)' if is_default else ''}:"
    if task == "regression":
        return _values(column, column.read_numbers(), note)
    cells = column.read(labels=task == "classification")
    if isinstance(cells, Categories):
        return _classes(column, cells, note)
    if task == "auto" and not _are_classes(cells):
        return _values(column, cells, note)
    return _classes(column, _numeric_categories(cells), note)


def _are_classes(numbers: NDArray[np.float64]) -> bool:
    distinct = np.unique(numbers)
    whole = bool((distinct == np.floor(distinct)).all())
    return whole and len(distinct) <= _MAX_INTEGER_CLASSES and 2 * len(distinct) <= len(numbers)


def _numeric_categories(numbers: NDArray[np.float64]) -> Categories:
    """Classes in the numbers' order; 1, 1.0 and 01 are one class."""
    distinct, codes = np.unique(numbers + 0.0, return_inverse=True)  # + 0.0: no class named -0
    return Categories(tuple(str(number).removesuffix(".0") for number in distinct), codes)


def _values(column: Column, numbers: NDArray[np.float64], note: str) -> Target:
    values = numbers.astype(np.float32)
    low, high = values.min(), values.max()
    if low == high:
        raise DltermError(
            f'{column.place}: "{column.name}" is {low:g} in every row; there is nothing to predict',
            hint=_OTHER_COLUMN,
        )
    return Target(values, "regression", (), f"{note} {low:g} to {high:g}, regression")


def _classes(column: Column, categories: Categories, note: str) -> Target:
    names = tuple(map(safe, categories.levels))
    count = len(names)
    problem = ""
    if count == 1:
        problem = f'one class only, "{safe(names[0], limit=40)}"'
    elif count > MAX_CLASSES:
        problem = f"{count:,} classes; at most {MAX_CLASSES:,} are learned"
    elif count == len(categories.codes):
        problem = "a class of its own in every row"
    if problem:
        raise DltermError(f'{column.place}: "{column.name}" has {problem}', hint=_OTHER_COLUMN)
    return Target(categories.codes, "classification", names, f"{note} {count} classes, classification")
