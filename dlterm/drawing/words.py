"""Text and numbers: paragraphs wrapped at words, one number with what it means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, chop_cells

from dlterm.drawing.frame import Frame, Label, blank, overlaid, shortened
from dlterm.drawing.numbers import number_text
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlterm.drawing.palette import Theme
    from dlterm.drawing.views import Number, Text

_LONGEST = 20_000  # characters of a paragraph
_VERDICTS = {"better": "▲ better", "worse": "▼ worse"}


def text_frame(view: Text, columns: int, rows: int, theme: Theme) -> Frame:
    """Return the lines, wrapped; the last row says how many did not fit."""
    wrapped = [
        (part, getattr(theme, line.style)) for line in view.lines for part in lines_of(line.text, columns)
    ]
    return overlaid(blank(columns, rows, theme.background), _cut(wrapped, rows, theme))


def number_frame(view: Number, columns: int, rows: int, theme: Theme) -> Frame:
    """Return the label, and below it (in one row: beside it) the value, its unit and the verdict."""
    value = "-" if view.value is None else number_text(float(view.value), view.unit)
    ink = theme.negative if view.verdict == "worse" else theme.positive
    words = [(view.label, theme.muted), (value, theme.text), (_VERDICTS.get(view.verdict, ""), ink)]
    label, *rest = words
    lines = [[label], rest] if rows > 1 and view.label else [words]
    marks = [mark for row, line in enumerate(lines) for mark in _beside(row, line, columns)]
    return overlaid(blank(columns, rows, theme.background), marks)


def text_height(view: Text, columns: int) -> int:
    """Return the rows that the wrapped lines take."""
    return sum(len(lines_of(line.text, columns)) for line in view.lines)


def more(count: int) -> str:
    """Return how what does not fit is counted."""
    return f"+{count:,} more"


def lines_of(text: str, columns: int) -> list[str]:
    """Return a paragraph from outside as safe lines of at most so many cells; an empty one is one line."""
    lines, line = [], ""
    text = safe(text, limit=_LONGEST)
    indent = len(text) - len(text.lstrip(" "))  # of code, for one
    first, *others = text[indent:].split(" ")
    for word in (" " * indent + first, *others):
        longer = f"{line} {word}" if line else word
        if cell_len(longer) <= columns:
            line = longer
            continue
        lines += [line] if line else []
        *whole, line = chop_cells(word, max(columns, 1)) or [""]
        lines += whole
    return [*lines, line]


def _cut(lines: list[tuple[str, int]], rows: int, theme: Theme) -> Iterator[Label]:
    shown = len(lines) if len(lines) <= rows else rows - 1
    for row, (text, ink) in enumerate(lines[:shown]):
        yield Label(row, 0, text, ink)
    if shown < len(lines):
        yield Label(rows - 1, 0, more(len(lines) - shown), theme.muted)


def _beside(row: int, words: list[tuple[str, int]], columns: int) -> Iterator[Label]:
    column = 0
    for text, ink in words:
        if text and (shown := shortened(text, columns - column)):
            yield Label(row, column, shown, ink)
            column += cell_len(shown) + 2
