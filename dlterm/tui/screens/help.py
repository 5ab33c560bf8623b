"""Help: what the pane in focus shows, and every key, from the table of actions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from rich.table import Table
from rich.text import Text
from textual import getters
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from dlterm.course.content import panes
from dlterm.tui.actions import PLACES, at
from dlterm.tui.app import DltermApp
from dlterm.tui.cards import links
from dlterm.tui.over import Over
from dlterm.tui.widgets.scroll import Scroll

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from dlterm.course.content import Pane
    from dlterm.tui.actions import Keys


_ACTION = re.compile(r"\{(\w+\.[\w+-]+)\}")  # in a text: the key of that action


class HelpScreen(Over[None]):
    """A page over the page; closes on escape, ?, F1, q or a click. `places`: where the focus is, the nearest first."""

    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f1,question_mark,q,enter", "dismiss", "Close")]

    app = getters.app(DltermApp)

    def __init__(self, places: Sequence[str]) -> None:
        super().__init__()
        self._places = places

    def compose(self) -> ComposeResult:
        """What is shown, the keys there, then those that work everywhere."""
        with Scroll() as page:
            page.border_title = "Help"
            page.border_subtitle = "esc closes"
            for place in self._places:
                pane = panes().get(place)
                if pane is not None:
                    yield _Explained(_said(pane, self.app.keys))
                yield self._keys(place)
            yield Static(Content.styled(PLACES["app"], "bold $accent"))
            yield self._keys("app")

    def _keys(self, place: str) -> Static:
        rows = [(self.app.keys.of(action.id), action.title, action.help) for action in at(place)]
        return Static(_table([row for row in rows if row[0]]))

    def on_click(self) -> None:
        """Close."""
        self.dismiss()


class _Explained(Static):
    """A pane's explanation, whose links open beside the page."""

    app = getters.app(DltermApp)

    def action_open(self, place: str) -> None:
        """Close the help, and open the card."""
        self.app.explain(place)


def _said(pane: Pane, keys: Keys) -> Content:
    text = _ACTION.sub(lambda found: keys.first(found[1]), pane.text)
    parts: list[str | Content | tuple[str, str]] = [(pane.title, "bold $accent"), f"\n{text}\n"]
    if pane.formula:
        parts.append((f"\n    {pane.formula}\n", "$primary"))
    if pane.see:
        parts += ["\n", links(pane.see), "\n"]
    return Content.assemble(*parts)


def _table(rows: Sequence[tuple[str, str, str]]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", min_width=6)
    table.add_column(min_width=18)
    table.add_column(ratio=1)
    for row in rows:
        table.add_row(*map(Text, row))
    table.add_row("")
    return table
