"""Steps in boxes, with arrows from each to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from dlterm.drawing.frame import Frame, Label, blank, message, overlaid, shortened
from dlterm.drawing.words import lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dlterm.drawing.palette import Theme
    from dlterm.drawing.views import Flow

_LEAST = 8, 3  # cells of a box
_NARROWEST = 10  # columns of text in a box that stands beside others
_ARROW = " ─▶ "
_FRAME = 4  # columns of a box that hold no text


def flow_frame(view: Flow, columns: int, rows: int, theme: Theme) -> Frame:
    """Return the boxes in a row, or below each other where a row has no room for them."""
    if columns < _LEAST[0] or rows < _LEAST[1]:
        return message("too small", columns, rows, theme.muted, theme.background)
    if not view.boxes:
        return message("no steps yet", columns, rows, theme.muted, theme.background)
    width = _width(view, columns)
    marks = _row(view, width, theme) if width else _column(view, columns, theme)
    return overlaid(blank(columns, rows, theme.background), marks)


def flow_height(view: Flow, columns: int) -> int:
    """Return the rows that the boxes take."""
    width = _width(view, columns) if view.boxes else 0
    if width:
        return 2 + max(len(lines_of(box, width)) for box in view.boxes)
    return sum(3 + len(lines_of(box, columns - _FRAME)) for box in view.boxes) - 1 if view.boxes else 1


def _width(view: Flow, columns: int) -> int:
    """Return the columns of text that each box has in a row; 0 where these are too few."""
    count = len(view.boxes)
    room = (columns - (count - 1) * len(_ARROW)) // max(1, count) - _FRAME
    widest = max((cell_len(word) for box in view.boxes for word in box.split()), default=1)
    longest = max(map(cell_len, view.boxes), default=1)
    return 0 if room < min(max(_NARROWEST, widest), longest) else min(room, longest)


def _row(view: Flow, width: int, theme: Theme) -> Iterator[Label]:
    texts = [lines_of(box, width) for box in view.boxes]
    height = max(map(len, texts))
    column = 0
    for number, lines in enumerate(texts):
        if number:
            yield Label((height + 1) // 2, column, _ARROW, theme.muted)
            column += len(_ARROW)
        yield from _box(0, column, lines, width, height, theme)
        column += width + _FRAME


def _column(view: Flow, columns: int, theme: Theme) -> Iterator[Label]:
    row, width = 0, columns - _FRAME
    for number, box in enumerate(view.boxes):
        if number:
            yield Label(row, columns // 2, "▼", theme.muted)
            row += 1
        lines = lines_of(box, width)
        yield from _box(row, 0, lines, width, len(lines), theme)
        row += len(lines) + 2


def _box(
    row: int, column: int, lines: Sequence[str], width: int, height: int, theme: Theme
) -> Iterator[Label]:
    edge = "─" * (width + 2)
    yield Label(row, column, f"╭{edge}╮", theme.muted)
    yield Label(row + height + 1, column, f"╰{edge}╯", theme.muted)
    above = (height - len(lines)) // 2
    for k in range(height):
        text = lines[k - above] if 0 <= k - above < len(lines) else ""
        for side in (0, width + 3):
            yield Label(row + 1 + k, column + side, "│", theme.muted)
        shown = shortened(text, width)
        yield Label(row + 1 + k, column + 2 + (width - cell_len(shown)) // 2, shown, theme.text)
