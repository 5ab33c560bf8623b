"""Help: what the panes show, and every key, from the tables of actions and settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.table import Table
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from dlterm.tui.actions import OWN, key_name
from dlterm.tui.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from textual.app import ComposeResult

_PANES = (
    (
        "Network",
        "Data comes in at the left. A tile is a neuron: its answer over the plane, orange for positive, blue for"
        " negative. A line is a weight: wide and bright when it is large. Click a neuron to enlarge its map, or press"
        " tab and walk with the arrows.",
    ),
    (
        "Output",
        "The network's answer everywhere, and the examples. It never trains on the paler ones. Point at a place to"
        " read its numbers.",
    ),
    (
        "Loss",
        "How wrong the network is on what it trains on and on what is held out. When only the first falls, it is"
        " learning by heart.",
    ),
    (
        "Settings",
        "Up and down choose a setting, left and right change it; a click on its arrows does too. What fits of the"
        " network is kept.",
    ),
)


class HelpScreen(ModalScreen[None]):
    """A page over the lab; closes on escape, ?, F1, q or a click."""

    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f1,question_mark,q,enter", "dismiss", "Close")]

    def compose(self) -> ComposeResult:
        """The panes, then the keys."""
        with VerticalScroll() as page:
            page.border_title = "Help"
            page.border_subtitle = "esc closes"
            yield Static(_table((title, text) for title, text in _PANES))
            yield Static(_table(_keys()))

    def on_click(self) -> None:
        """Close."""
        self.dismiss()


def _keys() -> Iterator[tuple[str, str, str]]:
    for action in OWN:
        yield " ".join(map(key_name, action.keys.split(","))), action.title, action.help
    for setting in SETTINGS:
        yield f"{key_name(setting.more)} {key_name(setting.less)}", setting.title.capitalize(), setting.help
    yield "^p", "Commands", "Search everything that can be done, and first experiments."


def _table(rows: Iterable[tuple[str, ...]]) -> Table:
    table = Table.grid(padding=(0, 2))
    for row in rows:
        if not table.columns:
            for place in range(len(row)):
                table.add_column(
                    style="bold" if place == 0 else "", ratio=1 if place == len(row) - 1 else None
                )
        table.add_row(*map(Text, row))
    table.add_row("")
    return table
