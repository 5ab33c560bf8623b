"""The picture of a table of the shelf, where its author has said that there is one; and its history as a timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlterm.drawing.views import Curves, Event, Mark, Series, Timeline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dlterm.course.schema import TableChart
    from dlterm.course.shelf import Table


def chart(table: Table) -> Curves | None:
    """Return the chart that a table declares, with the rows' names where there is room; None where it declares none."""
    about = table.about.chart
    if about is None:
        return None
    records = [row for row in table.records() if row[about.x] is not None and row[about.y] is not None]
    groups = dict.fromkeys(str(row[about.by]) if about.by else "" for row in records)
    series = tuple(
        _series(
            group, [row for row in records if not about.by or str(row[about.by]) == group], about.x, about.y
        )
        for group in groups
    )
    name = next((column for column in table.columns if column not in table.numeric), table.columns[0])
    marks = tuple(Mark(row[about.x], str(row[name]), row[about.y]) for row in _ends_first(records, about))
    y_label = about.label or _words(about.y)
    return Curves(series, _words(about.x), y_label, about.log_x, about.log_y, marks, title=table.about.title)


def history(table: Table, first: int = 0, last: int = 9999, *, year: int | None = None) -> Timeline:
    """Return the events of a table with the columns year, event and kind, from a year to another; `year` is marked."""
    columns = (table.column(name) for name in ("year", "event", "kind"))
    events = (Event(int(year), event, kind) for year, event, kind in zip(*columns, strict=True))
    return Timeline(tuple(event for event in events if first <= event.year <= last), year)


def _ends_first(records: Sequence[dict[str, Any]], about: TableChart) -> list[dict[str, Any]]:
    """Return the records, the first and the largest before the others: where names are left out, not theirs."""
    first = min(records, key=lambda row: row[about.x], default=None)
    largest = max(records, key=lambda row: row[about.y], default=None)
    return sorted(records, key=lambda row: row is not first and row is not largest)


def _series(name: str, rows: Sequence[dict[str, Any]], x: str, y: str) -> Series:
    across, up = (np.array([row[column] for row in rows], np.float64) for column in (x, y))
    return Series(name, across, up, joined=False)


def _words(column: str) -> str:
    return column.replace("_", " ")
