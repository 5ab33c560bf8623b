"""A timeline: an event a row, its year at the left, its kind told by colour and shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from dlterm.drawing.frame import Frame, Label, blank, message, overlaid, shortened
from dlterm.drawing.words import more

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlterm.drawing.palette import Theme
    from dlterm.drawing.views import Event, Timeline

SHAPES = "●■▲◆○□"  # of six kinds


def timeline_frame(view: Timeline, columns: int, rows: int, theme: Theme) -> Frame:
    """Return the events by year, each year named once; the last row counts those that did not fit."""
    events = sorted(view.events, key=lambda event: event.year)
    if not events:
        return message("nothing happened yet", columns, rows, theme.muted, theme.background)
    shown = len(events) if len(events) <= rows else rows - 1
    kinds = sorted({event.kind for event in events})
    marks = [
        mark
        for row, event in enumerate(events[:shown])
        for mark in _row(
            row, event, kinds, columns, theme, year=not row or event.year != events[row - 1].year
        )
    ]
    if shown < len(events):
        marks.append(Label(rows - 1, 0, more(len(events) - shown), theme.muted))
    return overlaid(blank(columns, rows, theme.background), marks)


def _row(
    row: int, event: Event, kinds: list[str], columns: int, theme: Theme, *, year: bool
) -> Iterator[Label]:
    if year:
        yield Label(row, 0, f"{event.year:>4}", theme.muted)
    kind = kinds.index(event.kind)
    inks = theme.class_points[0]
    yield Label(row, 5, SHAPES[kind % len(SHAPES)], inks[kind % len(inks)])
    text = shortened(event.label, columns - 7)
    yield Label(row, 7, text, theme.text)
    word = shortened(event.kind, columns)
    if 7 + cell_len(text) + 2 + cell_len(word) <= columns:
        yield Label(row, columns - cell_len(word), word, theme.muted)
