"""Scores on the held-out examples as tables for a terminal: each class, and which is taken for which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Group
from rich.table import Table
from rich.text import Text

from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

_MOST_CLASSES = 20  # that are listed
_MOST_IN_MATRIX = 12
_NAME = 16  # characters of a class's name


def score_tables(scores: dict[str, Any] | None) -> RenderableType:
    """The scores that `Scores.as_json` gives; nothing where nothing is held out."""
    if scores is None:
        return Group()
    if "confusion" not in scores:
        values = (f"{name.upper()} {'-' if x is None else format(x, '.4g')}" for name, x in scores.items())
        return Text("test   " + "   ".join(values))
    classes = scores["classes"]
    parts: list[RenderableType] = []
    if len(classes) <= _MOST_CLASSES:
        parts.append(_by_class(classes))
    if len(classes) <= _MOST_IN_MATRIX:
        parts.append(_matrix([_short(row["class"]) for row in classes], scores["confusion"]))
    if not parts:
        return Text(f"{len(classes)} classes: their scores are in the summary of --json", style="dim")
    side_by_side = Table.grid(padding=(0, 4, 0, 0))
    side_by_side.add_row(*parts)
    return side_by_side


def _by_class(classes: Sequence[dict[str, Any]]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_row(*(Text(name, style="dim") for name in ("test", "precision", "recall", "examples")))
    for row in classes:
        shares = (Text(f"{row[name]:.1%}", justify="right") for name in ("precision", "recall"))
        table.add_row(_short(row["class"]), *shares, Text(f"{row['support']:,}", justify="right"))
    return table


def _matrix(names: Sequence[str], confusion: Sequence[Sequence[int]]) -> Table:
    """Rows are what the examples are, columns what they were taken for; the diagonal is right."""
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_row(
        Text("is, taken for", style="dim"),
        *(Text(_letters(name), style="dim", justify="right") for name in names),
    )
    for number, (name, counts) in enumerate(zip(names, confusion, strict=True)):
        cells = [
            Text(str(count) if count else ".", justify="right", style="bold" if column == number else "")
            for column, count in enumerate(counts)
        ]
        table.add_row(name, *cells)
    return table


def _short(name: str) -> str:
    return safe(name, limit=_NAME)


def _letters(name: str) -> str:
    return name[:4]
