"""Help: what the pane in focus shows, and every key, from the table of actions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
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
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult

    from dlterm.course.content import Pane
    from dlterm.tui.actions import Action


_DIGITS = range(1, 10)
_ACTION = re.compile(r"\{(\w+\.[\w+-]+)\}")  # in a text: the key of that action


class HelpScreen(Over[None]):
    """A page over the page; closes on escape, ?, F1, q, enter or a click beside what can be done.

    `places`: where the focus is, the nearest first; `do` carries out what is clicked, and a digit opens a term's card.
    """

    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1,question_mark,q,enter", "dismiss", "Close"),
        *(Binding(str(number), f"see({number})", show=False) for number in _DIGITS),
    ]

    app = getters.app(DltermApp)

    def __init__(self, places: Sequence[str], do: Callable[[Action], object]) -> None:
        super().__init__()
        self._places, self._do = places, do
        self._terms: list[str] = []  # those that have a digit, in their order

    def compose(self) -> ComposeResult:
        """What is shown, the keys there, then those that work everywhere."""
        with Scroll() as page:
            page.border_title = "Help"
            page.border_subtitle = "a click on a row does it · esc closes"
            for place in self._places:
                pane = panes().get(place)
                if pane is not None:
                    yield _Explained(self._said(pane))
                yield self._keys(place)
            yield Static(Content.styled(PLACES["app"], "bold $accent"))
            yield self._keys("app")

    def _keys(self, place: str) -> Static:
        keys = self.app.keys
        return Static(_table([(keys.of(action.id), action) for action in at(place) if keys.of(action.id)]))

    def _said(self, pane: Pane) -> Content:
        text = _ACTION.sub(lambda found: self.app.keys.first(found[1]), pane.text)
        parts: list[str | Content | tuple[str, str]] = [(pane.title, "bold $accent"), f"\n{text}\n"]
        if pane.formula:
            parts.append((f"\n    {pane.formula}\n", "$primary"))
        if pane.see:
            parts += ["\n", Content("  ").join(map(self._numbered, pane.see)), "\n"]
        return Content.assemble(*parts)

    def _numbered(self, term: str) -> Content:
        """The link to a term's card, behind its digit where one is left."""
        if len(self._terms) == len(_DIGITS):
            return links([term])
        self._terms.append(term)
        return Content.assemble((f"{_DIGITS[len(self._terms) - 1]} ", "bold"), links([term]))

    def action_see(self, number: int) -> None:
        """Open a term's card by its digit."""
        if number <= len(self._terms):
            self.app.explain(f"term:{self._terms[number - 1]}")

    def action_carry_out(self, name: str) -> None:
        """Close, and do what was clicked."""
        self.dismiss()
        found = {action.id: action for action in at(*self._places, "app")}
        self.app.call_later(self._do, found[name])

    def on_click(self) -> None:
        """Close."""
        self.dismiss()


class _Explained(Static):
    """A pane's explanation, whose links open beside the page."""

    app = getters.app(DltermApp)

    def action_open(self, place: str) -> None:
        """Close the help, and open the card."""
        self.app.explain(place)


def _table(rows: Sequence[tuple[str, Action]]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", min_width=6)
    table.add_column(min_width=18)
    table.add_column(ratio=1)
    for keys, action in rows:
        done = Style(meta={"@click": f"screen.carry_out('{action.id}')"})
        table.add_row(*(Text(text, done) for text in (keys, action.title, action.help)))
    table.add_row("")
    return table
