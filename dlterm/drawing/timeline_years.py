"""A timeline on one axis: the years from left to right, the events of each as dots above it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len

from dlterm.drawing import palette
from dlterm.drawing.chart_axes import nice_ticks
from dlterm.drawing.frame import Frame, Label, blank, overlaid, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dlterm.drawing.palette import Theme
    from dlterm.drawing.views import Event, Timeline

_LEAST = 24, 5  # cells
_LEAST_FOR_LEGEND = 7  # rows
_MARGIN = 2  # columns at each end, where the ends' labels reach
_TICK = 10  # columns a label takes, with the gap to the next


@dataclass(frozen=True, slots=True)
class Years:
    """The years that have events, and the columns they have."""

    years: tuple[int, ...]
    columns: int

    def column(self, year: int) -> int:
        """Return where a year is; several years may share a column."""
        first, last = self.years[0], self.years[-1]
        return _MARGIN + round((year - first) * (self.columns - 2 * _MARGIN - 1) / ((last - first) or 1))

    def at(self, column: int) -> int:
        """Return the year nearest to a column that has events."""
        return min(self.years, key=lambda year: abs(self.column(year) - column))


def has_room(columns: int, rows: int) -> bool:
    """Whether an axis and dots above it fit."""
    return columns >= _LEAST[0] and rows >= _LEAST[1]


def kinds_of(view: Timeline) -> list[str]:
    """Return the kinds of events, the commonest first: what stands for a kind is its place in this list."""
    counts = Counter(event.kind for event in view.events)
    return sorted(counts, key=lambda kind: (-counts[kind], kind))


def years_of(view: Timeline, columns: int) -> Years:
    """Return the axis of a timeline that has events, in so many columns."""
    return Years(tuple(sorted({event.year for event in view.events})), columns)


def years_frame(view: Timeline, columns: int, rows: int, theme: Theme) -> Frame:
    """Return the events as dots that stand on their years, below a line that says which kind is which.

    A stack that is higher than the frame ends with a plus. The marked year has brighter dots, an upright line and
    its number below the axis.
    """
    years = years_of(view, columns)
    kinds = kinds_of(view)
    marks: list[Label] = []
    top = int(rows >= _LEAST_FOR_LEGEND and any(kinds))
    if top:
        marks += _legend(kinds, columns, theme)
    marks.append(Label(rows - 2, 0, "─" * columns, theme.line))
    marks += _numbers(view, years, rows, theme)
    marked = view.year if view.year in years.years else None
    if marked is not None:
        marks += [Label(row, years.column(marked), "│", theme.muted) for row in range(top, rows - 2)]
        marks.append(Label(rows - 2, years.column(marked), "┴", theme.text))
    for column, events in _stacks(view, years).items():
        marks += _stack(column, events, kinds, top, rows - 3, marked, theme)
    return overlaid(blank(columns, rows, theme.background), marks)


def _stacks(view: Timeline, years: Years) -> dict[int, list[Event]]:
    stacks = defaultdict(list)
    for event in sorted(view.events, key=lambda event: event.year):
        stacks[years.column(event.year)].append(event)
    return stacks


def _stack(
    column: int,
    events: Sequence[Event],
    kinds: list[str],
    top: int,
    bottom: int,
    marked: int | None,
    theme: Theme,
) -> Iterator[Label]:
    """Yield a dot an event, upwards."""
    room = bottom - top + 1
    for up, event in enumerate(events[:room]):
        kind = kinds.index(event.kind)
        inks = theme.class_points[0] if event.year == marked else theme.classes
        yield Label(bottom - up, column, palette.POINTS[kind % len(palette.POINTS)], inks[kind % len(inks)])
    if len(events) > room:
        yield Label(top, column, "+", theme.muted)


def _legend(kinds: list[str], columns: int, theme: Theme) -> Iterator[Label]:
    column = 0
    for number, kind in enumerate(kinds):
        text = shortened(kind, columns)
        if column + 2 + cell_len(text) > columns:
            return
        ink = theme.classes[number % len(theme.classes)]
        yield Label(0, column, palette.POINTS[number % len(palette.POINTS)], ink)
        yield Label(0, column + 2, text, theme.muted)
        column += cell_len(text) + 4


def _numbers(view: Timeline, years: Years, rows: int, theme: Theme) -> Iterator[Label]:
    """Yield the marked year's number, and round ones where these do not touch it."""
    first, last = years.years[0], years.years[-1]
    chosen = None
    if view.year in years.years:
        chosen, text = _centred(view.year, years)
        yield Label(rows - 1, chosen, text, theme.background, theme.text)
    ticks, _ = nice_ticks(first, max(last, first + 1), years.columns // _TICK, whole=True)
    for tick in ticks:
        start, text = _centred(int(tick), years)
        if int(tick) <= last and (chosen is None or abs(start - chosen) > len(text) + 1):
            yield Label(rows - 1, start, text, theme.muted)


def _centred(year: int, years: Years) -> tuple[int, str]:
    text = f" {year} "
    return max(0, min(years.column(year) - len(text) // 2, years.columns - len(text))), text
