"""A timeline: an event a row, its year at the left, its kind told by colour and shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from dlterm.drawing import palette
from dlterm.drawing.frame import Frame, Label, blank, message, overlaid, shortened
from dlterm.drawing.timeline_years import has_room, kinds_of, years_frame
from dlterm.drawing.words import more

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlterm.drawing.palette import Theme
    from dlterm.drawing.views import Event, Timeline


def timeline_frame(view: Timeline, columns: int, rows: int, theme: Theme) -> Frame:
    """Return the events by year, each year named once; as dots over the years where there are more than rows."""
    events = sorted(view.events, key=lambda event: event.year)
    if not events:
        return message("nothing happened yet", columns, rows, theme.muted, theme.background)
    if len(events) > rows and has_room(columns, rows):
        return years_frame(view, columns, rows, theme)
    shown = len(events) if len(events) <= rows else rows - 1
    kinds = kinds_of(view)
    marks = [
        mark
        for row, event in enumerate(events[:shown])
        for mark in _row(
            row,
            event,
            kinds,
            columns,
            theme,
            year=not row or event.year != events[row - 1].year,
            marked=event.year == view.year,
        )
    ]
    if shown < len(events):
        marks.append(Label(rows - 1, 0, more(len(events) - shown), theme.muted))
    return overlaid(blank(columns, rows, theme.background), marks)


def _row(
    row: int, event: Event, kinds: list[str], columns: int, theme: Theme, *, year: bool, marked: bool
) -> Iterator[Label]:
    if year and marked:
        yield Label(row, 0, f"{event.year:>4}", theme.background, theme.text)
    elif year:
        yield Label(row, 0, f"{event.year:>4}", theme.muted)
    kind = kinds.index(event.kind)
    inks = theme.class_points[0]
    yield Label(row, 5, palette.POINTS[kind % len(palette.POINTS)], inks[kind % len(inks)])
    text = shortened(event.label, columns - 7)
    yield Label(row, 7, text, theme.text)
    word = shortened(event.kind, columns)
    if 7 + cell_len(text) + 2 + cell_len(word) <= columns:
        yield Label(row, columns - cell_len(word), word, theme.muted)
