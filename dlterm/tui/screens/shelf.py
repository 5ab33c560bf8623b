"""The reference shelf: glossary, history, tables, help, and a search over all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import DataTable, Input, OptionList, Tab, Tabs
from textual.widgets.option_list import Option, OptionDoesNotExist

from dlterm.course import search
from dlterm.course.shelf import SOURCE_COLUMN, shelf
from dlterm.tui.actions import page_bindings
from dlterm.tui.page import Page
from dlterm.tui.widgets.card import Card
from dlterm.tui.widgets.entries import Entries
from dlterm.tui.widgets.hits import hit_option
from dlterm.tui.widgets.scroll import Scroll
from dlterm.tui.widgets.shelf_picture import ShelfPicture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from dlterm.course.shelf import Table

_SECTIONS = {"glossary": "Glossary", "history": "History", "tables": "Tables", "help": "Help"}


class ShelfScreen(Page):
    """A list on the left, what is chosen in it on the right; what is typed above searches everything."""

    PLACE = "shelf"
    CSS_PATH = "shelf.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*page_bindings(PLACE)]
    AUTO_FOCUS = "Entries"

    _shown: Table | None = None
    _sorted: tuple[str, bool] = ("", False)  # by which column, and whether from the largest

    words = getters.query_one("#words", Input)
    sections = getters.query_one(Tabs)
    entries = getters.query_one("#entries", Entries)
    entry = getters.query_one("#card", Card)
    page = getters.query_one("#text", Scroll)
    table = getters.query_one(DataTable)
    picture = getters.query_one(ShelfPicture)
    _drawn = True  # whether a table that has a chart is shown as one

    def body(self) -> ComposeResult:
        """The search, the sections, the list and the page."""
        with Vertical(id="shelf"):
            yield Input(placeholder="search everything: press /", id="words", compact=True)
            yield Tabs(*(Tab(title, id=name) for name, title in _SECTIONS.items()))
            with Horizontal():
                yield Entries(id="entries", markup=False)
                with Vertical(id="page"):
                    with Scroll(id="text"):
                        yield Card(id="card")
                    yield ShelfPicture("")
                    yield DataTable(cursor_type="row", zebra_stripes=True)

    def on_mount(self) -> None:
        """Begin with a card; the tabs will tell that the first is active."""
        self.table.display = self.picture.display = False

    def subject(self) -> str:
        """What is shown, where it is a card."""
        return "" if self.table.display else self.entry.place

    # --- the list -----------------------------------------------------------------------------------------------------

    def on_tabs_tab_activated(self) -> None:
        """Another section."""
        self._list_section()

    def on_input_changed(self, message: Input.Changed) -> None:
        """Search as it is typed; nothing typed is the section again."""
        if message.value.strip():
            self._fill(map(hit_option, search.index().search(message.value, limit=60)))
        else:
            self._list_section()

    def on_input_submitted(self) -> None:
        """On to the list."""
        self.entries.focus()

    def on_option_list_option_highlighted(self, message: OptionList.OptionHighlighted) -> None:
        """Show what the cursor is on."""
        if message.option_id is not None:
            self.open(message.option_id)

    def _list_section(self) -> None:
        if self.words.value.strip():
            return
        section = self.sections.active or "glossary"
        self._fill(_SECTION_OPTIONS[section]())

    def _fill(self, options: Iterator[Option]) -> None:
        self.entries.clear_options()
        self.entries.add_options(options)
        if self.entries.option_count:
            self.entries.highlighted = 0
        else:
            self._clear()
            self.entry.update("nothing found")

    # --- the page -----------------------------------------------------------------------------------------------------

    def open(self, place: str) -> None:
        """Show an entry by its place, `kind:id`."""
        if place.startswith("table:"):
            table, _, row = place.removeprefix("table:").partition(":")
            self._show_table(shelf().tables[table], int(row or 0))
        else:
            kind, _, name = place.partition(":")
            self._clear(picture=kind == "event")
            self.entry.show(place)
            if kind == "event":
                self.picture.show_year(int(name))

    def _clear(self, *, picture: bool = False) -> None:
        self.table.display, self.picture.display = False, picture
        self.set_class(False, "-table")
        self.page.scroll_home(animate=False)

    def _show_table(self, table: Table, row: int) -> None:
        """A table in which rows can be walked through, and sorted by a click on a column's name."""
        shown = [name for name in table.columns if name != SOURCE_COLUMN]
        self.table.clear(columns=True)
        for name in shown:
            self.table.add_column(name.replace("_", " "), key=name)
        numeric = table.numeric
        for record in table.records():
            cells = [record[name] for name in shown]
            self.table.add_row(
                *(_Cell(cell, right=name in numeric) for cell, name in zip(cells, shown, strict=True)),
                key=str(record[SOURCE_COLUMN]) + f" {self.table.row_count}",
            )
        self.set_class(True, "-table")
        self._shown, self._sorted = table, ("", False)
        self._show_chart()
        self.table.move_cursor(row=row)

    def _show_chart(self) -> None:
        """The rows, or the picture of a table that has one."""
        table = self._shown
        charted = self._drawn and table is not None and table.about.chart is not None
        self.table.display, self.picture.display = not charted, charted
        if charted and table is not None:
            self.picture.show_chart(table)
        self._tell()

    def _tell(self) -> None:
        """What the table is; above rows also by what they are sorted, and the source of the one under the cursor."""
        if self._shown is None or not self.has_class("-table"):
            return
        about = self._shown.about
        parts: list[str | tuple[str, str]] = [(about.title, "bold"), f"\n{about.about}\n"]
        if self.table.display and self.table.row_count:
            name, turned = self._sorted
            if name:
                parts.append((f"sorted by {name.replace('_', ' ')} {'▼' if turned else '▲'}\n", "$accent"))
            row = self.table.coordinate_to_cell_key(self.table.cursor_coordinate).row_key
            *keys, _ = str(row.value).split()
            parts.append(("\n".join(str(shelf().sources[key]) for key in keys), "$text-muted"))
        self.entry.update(Content.assemble(*parts))

    def on_shelf_picture_chosen(self, message: ShelfPicture.Chosen) -> None:
        """To the first event of the year, in the list where it is there."""
        place = f"event:{message.row}"
        try:
            self.entries.highlighted = self.entries.get_option_index(place)
        except OptionDoesNotExist:
            self.open(place)

    def on_data_table_header_selected(self, message: DataTable.HeaderSelected) -> None:
        """Sort by the column; by the same one again the other way."""
        name = str(message.column_key.value)
        self._sort(name, turned=self._sorted == (name, False))

    def on_data_table_row_highlighted(self) -> None:
        """Tell its source."""
        self._tell()

    def _sort(self, name: str, *, turned: bool) -> None:
        self.table.sort(name, key=lambda cell: cell.order(turned=turned), reverse=turned)
        self._sorted = name, turned
        self._tell()

    def action_sort(self) -> None:
        """By the next column."""
        columns, (name, _) = self._columns(), self._sorted
        if columns:
            self._sort(columns[(columns.index(name) + 1) % len(columns) if name else 0], turned=False)

    def action_turn(self) -> None:
        """From the largest, or from the smallest."""
        columns, (name, turned) = self._columns(), self._sorted
        if columns:
            self._sort(name or columns[0], turned=not turned)

    def _columns(self) -> list[str]:
        """Show the rows of the table; its columns, none where no table is shown."""
        if not self.has_class("-table"):
            return []
        self._drawn = False
        self._show_chart()
        return [str(key.value) for key in self.table.columns]

    def action_chart(self) -> None:
        """The table as a picture, or its rows."""
        if self.has_class("-table"):
            self._drawn = not self._drawn
            self._show_chart()

    # --- actions ------------------------------------------------------------------------------------------------------

    def on_card_followed(self, message: Card.Followed) -> None:
        """Follow a link where it is: on the page, or on the card beside it."""
        message.prevent_default()  # Textual would have every page's handler follow it, too
        if message.card is not self.entry:
            super().on_card_followed(message)
        elif not self.opens(message.place):
            self.open(message.place)

    def action_read(self) -> None:
        """Open the lesson under the cursor, where the words are."""
        at = self.entries.highlighted
        place = "" if at is None else self.entries.get_option_at_index(at).id or ""
        kind, _, name = place.partition(":")
        if kind == "lesson":
            self.app.read(name, self.words.value)

    def action_search(self) -> None:
        """To the search."""
        self.words.focus()

    def action_section(self, by: int) -> None:
        """The next section, or the one before."""
        names = list(_SECTIONS)
        at = names.index(self.sections.active or names[0])
        self.words.value = ""
        self.sections.active = names[(at + by) % len(names)]

    def action_back(self) -> None:
        """Back to the list; there, forget the search."""
        if self.focused is self.entries:
            self.words.value = ""
        self.entries.focus()


class _Cell:
    """A table's cell: shown as text, sorted as what it is, empty ones last."""

    def __init__(self, value: object, *, right: bool) -> None:
        self.value = value
        self._right = right

    def order(self, *, turned: bool) -> tuple[bool, bool, object]:
        """What it is sorted by, from the largest where that is `turned`."""
        return (
            (self.value is None) != turned,
            isinstance(self.value, str),
            "" if self.value is None else self.value,
        )

    def __rich__(self) -> object:
        from rich.text import Text

        text = "" if self.value is None else f"{self.value:,}" if self._wide else str(self.value)
        return Text(text, justify="right" if self._right else "left")

    @property
    def _wide(self) -> bool:
        return isinstance(self.value, int) and abs(self.value) > 9999


def _terms() -> Iterator[Option]:
    for term in sorted(shelf().terms.values(), key=lambda term: term.name.casefold()):
        yield Option(Content(term.name), id=f"term:{term.id}")


def _events() -> Iterator[Option]:
    table = shelf().tables["timeline"]
    for number, (year, event) in enumerate(zip(table.column("year"), table.column("event"), strict=True)):
        yield Option(Content.assemble((year, "bold"), f" {event}"), id=f"event:{number}")


def _tables() -> Iterator[Option]:
    for table in shelf().tables.values():
        yield Option(Content(table.about.title), id=f"table:{table.name}")


def _help() -> Iterator[Option]:
    from dlterm.course.content import topics

    for name in topics():
        yield Option(Content(name), id=f"help:{name}")


_SECTION_OPTIONS = {"glossary": _terms, "history": _events, "tables": _tables, "help": _help}
