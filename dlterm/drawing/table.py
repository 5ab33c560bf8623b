"""Tables: columns as wide as what is in them, narrowed where there is no room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from dlterm.drawing.frame import Frame, Label, blank, overlaid, shortened
from dlterm.drawing.numbers import number_text
from dlterm.drawing.words import more

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dlterm.drawing.palette import Theme
    from dlterm.drawing.views import Cell, Table

_GAP = 2
_LEAST = 3  # cells of a column that is narrowed


def table_frame(view: Table, columns: int, rows: int, theme: Theme) -> Frame:
    """Return the names of the columns and the rows below; what has no room at the right or below is left out."""
    names = [shortened(name, columns) for name in view.columns]
    shown = len(view.rows) if len(view.rows) < rows else max(0, rows - 2)
    lines = [[_text(cell) for cell in row[: len(names)]] for row in view.rows[:shown]]
    widths = _widths(names, lines, columns, least=columns if view.whole else _LEAST)
    right = [_is_numeric(view.rows, number) for number in range(len(widths))]
    marks = list(_row(0, names, widths, right, theme.muted))
    if view.whole and len(widths) < len(names):
        marks.append(Label(0, columns - 1, "›", theme.muted))
    for number, line in enumerate(lines, 1):
        marks += _row(number, line, widths, right, theme.text)
    if shown < len(view.rows):
        marks.append(Label(rows - 1, 0, more(len(view.rows) - shown), theme.muted))
    return overlaid(blank(columns, rows, theme.background), marks)


def _text(cell: Cell) -> str:
    if cell is None:
        return "-"
    if isinstance(cell, str):
        return shortened(cell, cell_len(cell))
    return ("no", "yes")[cell] if isinstance(cell, bool) else number_text(cell)


def _is_numeric(rows: Sequence[Sequence[Cell]], column: int) -> bool:
    cells = [row[column] for row in rows if column < len(row) and row[column] is not None]
    return bool(cells) and all(
        isinstance(cell, (int, float)) and not isinstance(cell, bool) for cell in cells
    )


def _widths(names: list[str], lines: list[list[str]], columns: int, *, least: int) -> list[int]:
    """Return the columns' widths; the widest give way first, and what still does not fit is dropped at the right."""
    widths = [cell_len(name) for name in names]
    for line in lines:
        for number, text in enumerate(line):
            widths[number] = max(widths[number], cell_len(text))
    while widths and sum(widths) + _GAP * (len(widths) - 1) > columns:
        widest = max(range(len(widths)), key=widths.__getitem__)
        if widths[widest] > least or len(widths) == 1:
            widths[widest] -= 1
        else:
            widths.pop()
    return widths


def _row(row: int, texts: list[str], widths: list[int], right: list[bool], ink: int) -> Iterator[Label]:
    column = 0
    for text, width, at_right in zip(texts, widths, right, strict=False):
        shown = shortened(text, width)
        yield Label(row, column + (width - cell_len(shown) if at_right else 0), shown, ink)
        column += width + _GAP
