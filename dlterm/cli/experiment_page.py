"""An experiment as a page on a terminal: what there is to see of it, then what came out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

from dlterm.drawing.depth import console_depth
from dlterm.drawing.draw import draw
from dlterm.drawing.show import natural_height
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console, RenderableType

    from dlterm.drawing.views import View
    from dlterm.experiments.driving import Result
    from dlterm.experiments.experiment import Experiment

_LEAST_WIDTH, _LEAST_HEIGHT = 36, 8  # of a view among others
_MOST_ACROSS = 3
_WIDEST, _TALLEST = 160, 18
_GAP = 2


def pictures(views: Mapping[str, View], console: Console, height: int | None = None) -> RenderableType:
    """Return the views side by side as far as they fit, in rows; within a height, those that have room in it."""
    width = min(console.width, _WIDEST)
    across = max(1, min(len(views), width // _LEAST_WIDTH, _MOST_ACROSS))
    each = width // across - _GAP
    shown = list(views.values())
    rows = [shown[k : k + across] for k in range(0, len(shown), across)]
    if height is not None:
        rows = rows[: max(1, height // _LEAST_HEIGHT)]
    grid = Table.grid(padding=(0, _GAP, 0, 0))
    for row in rows:
        tall = min(_TALLEST, max(natural_height(view, each) for view in row))
        if height is not None:
            tall = min(tall, height // len(rows))
        depth = console_depth(console)
        grid.add_row(*(draw(view, each, max(1, tall), depth=depth) for view in row))
    return grid


def head(experiment: Experiment) -> RenderableType:
    """Return the title and the question."""
    return Group(Text(experiment.title, style="bold"), Text(experiment.question, style="dim"))


def verdict(experiment: Experiment, result: Result) -> RenderableType:
    """Return the measures, what they must be, and what that means."""
    table = Table.grid(padding=(0, 3, 0, 0))
    for measure in experiment.measures:
        value = result.measures[measure.name]
        mark = "" if not measure.judged else "yes" if measure.holds(value) else "NO"
        table.add_row(measure.text, Text(measure.shown(value), justify="right"), measure.bar, mark)
    word, style = ("holds", "bold green") if result.holds else ("fails", "bold red")
    said = Text.assemble((f"The claim {word}. ", style), safe(result.why, limit=2000))
    return Group(table, said, Text(_footer(experiment, result), style="dim"))


def _footer(experiment: Experiment, result: Result) -> str:
    parts: Sequence[str] = (
        f"seed {result.seed}",
        f"{result.seconds:.1f} s of {experiment.budget:g} s",
        *(f"{name} {safe(str(value), limit=200)}" for name, value in result.changed.items()),
    )
    return ", ".join(parts)
