"""A run as a page: its pictures and its summary, for the terminal, report.txt and report.svg."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from dlterm.drawing.console_svg import svg_of
from dlterm.drawing.depth import console_depth
from dlterm.drawing.run_pictures import boundary, loss_curves
from dlterm.drawing.score_tables import score_tables
from dlterm.text import safe

if TYPE_CHECKING:
    from dlterm.training.learner import Learner
    from dlterm.training.rows import Row

_EXPORT_WIDTH = 100
_HEIGHTS = (8, 18)  # lines of the pictures, at least and at most
_LEAST_CURVES = 40  # columns
_WIDEST = 500  # columns: COLUMNS may say anything, and 99,999 of them took half a minute to draw
_GAP = 2


def report(learner: Learner, rows: list[Row], summary: Row, console: Console) -> RenderableType:
    """Return the recipe, the pictures and the summary, as large and as colourful as the console takes them."""
    return Group(
        Text(safe(str(learner.recipe)), style="bold"),
        pictures(learner, rows, console, _HEIGHTS[1]),
        _table(summary),
        score_tables(summary["test_scores"]),
    )


def pictures(learner: Learner, rows: list[Row], console: Console, height: int) -> RenderableType:
    """Return the loss curves and beside them, for two features or chosen axes, the decision boundary.

    Nothing in no room.
    """
    least, most = _HEIGHTS
    width, height = min(console.width, _WIDEST), min(height, most)
    if height < least or width < _LEAST_CURVES:
        return Group()
    depth = console_depth(console)
    side = 2 * height  # a cell is about twice as high as wide
    has_plane = len(learner.dataset.features) == 2 or learner.recipe.axes
    if not has_plane or width < _LEAST_CURVES + side + 2 * _GAP:
        return loss_curves(rows, learner.task, width, height, depth)
    both = Table.grid(padding=(0, _GAP, 0, 0))
    both.add_row(
        loss_curves(rows, learner.task, width - side - 2 * _GAP, height, depth),
        boundary(learner, side, height, depth),
    )
    return both


def export(learner: Learner, rows: list[Row], summary: Row) -> tuple[str, str]:
    """Return the report as text and as SVG, the latter with no address of anything elsewhere in it."""
    plain = _console(color_system=None, no_color=True)
    coloured = _console(color_system="truecolor", no_color=False, force_terminal=True)
    for console in (plain, coloured):
        console.print(report(learner, rows, summary, console))
    return plain.export_text(), svg_of(coloured)


def _console(**settings: Any) -> Console:
    return Console(record=True, file=io.StringIO(), width=_EXPORT_WIDTH, highlight=False, **settings)


def _table(summary: Row) -> RenderableType:
    quality = "rmse" if "test_rmse" in summary else "accuracy"
    scores = Table.grid(padding=(0, 3, 0, 0))
    scores.add_row("", Text("train", style="dim"), Text("test", style="dim"))
    for name in ("loss", quality):
        shown = (_number(summary[f"{part}_{name}"], share=name == "accuracy") for part in ("train", "test"))
        scores.add_row(name, *shown)
    facts = Table.grid(padding=(0, 3, 0, 0))
    facts.add_row("epochs", f"{summary['epochs']:,} ({summary['steps']:,} steps, {summary['seconds']:.2f} s)")
    facts.add_row(
        "speed", f"{summary['examples_per_second']:,} examples/s, {summary['parameters']:,} parameters"
    )
    facts.add_row("run", safe(summary["run"]) if summary["run"] else "not saved")
    both = Table.grid(padding=(0, 4, 0, 0))
    both.add_row(scores, facts)
    return both


def _number(value: float | None, *, share: bool) -> str:
    if value is None:
        return "-"
    return f"{value:.1%}" if share else f"{value:.4g}"
