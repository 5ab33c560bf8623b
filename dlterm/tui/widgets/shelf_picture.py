"""The picture beside what the shelf shows: a table's chart, or the years around an event."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import work
from textual.message import Message

from dlterm.course.shelf import shelf
from dlterm.tui.widgets.view_pane import ViewPane

if TYPE_CHECKING:
    from dlterm.course.shelf import Table
    from dlterm.drawing.views import View
    from dlterm.tui.widgets.raster import Raster


class ShelfPicture(ViewPane):
    """Makes its views on a thread: the first needs NumPy, which takes longer than a frame to import."""

    class Chosen(Message):
        """The year at a place of the timeline was clicked; `row` is its first event's."""

        def __init__(self, row: int) -> None:
            super().__init__()
            self.row = row

    @work(exclusive=True, group="view")
    async def show_chart(self, table: Table) -> None:
        """Show the chart of a table that declares one."""
        self.show(await asyncio.to_thread(_chart, table))

    @work(exclusive=True, group="view")
    async def show_year(self, row: int) -> None:
        """Show the history, with the year of an event marked."""
        self.show(await asyncio.to_thread(_history, row))

    def on_raster_clicked(self, message: Raster.Clicked) -> None:
        """Choose the year nearest to the mouse."""
        from dlterm.drawing.timeline_years import years_of
        from dlterm.drawing.views import Timeline

        if isinstance(self.view, Timeline):
            year = years_of(self.view, message.raster.size.width).at(message.column)
            self.post_message(self.Chosen(_years().index(str(year))))


def _chart(table: Table) -> View | None:
    from dataclasses import replace

    from dlterm.drawing.table_chart import chart

    view = chart(table)
    return view and replace(view, title="")  # the card above says it


def _history(row: int) -> View:
    from dlterm.drawing.table_chart import history

    return history(shelf().tables["timeline"], year=int(_years()[row]))


def _years() -> list[str]:
    return list(shelf().tables["timeline"].column("year"))
