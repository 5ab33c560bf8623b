"""Help: what the panes show, and every key, from the table of actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.table import Table
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from dlterm.tui.actions import ACTIONS, Action

if TYPE_CHECKING:
    from textual.app import ComposeResult

_PANES = (
    ("network", "Data comes in at the left. A tile is a neuron: its answer over the plane, orange for positive, blue "
     "for negative. A line is a weight: wide and bright when it is large. Click a neuron to enlarge it."),
    ("output", "The network's answer everywhere, and the examples. It never trains on the paler ones."),
    ("loss", "How wrong the network is on what it trains on and on what is held out. When only the first falls, it is "
     "learning by heart."),
    ("settings", "Arrow keys, or a click on the arrows. What fits of the network is kept when a setting changes."),
)  # fmt: skip
_KEY_NAMES = {
    "question_mark": "?", "plus": "+", "equals_sign": "=", "minus": "-",
    "left_square_bracket": "[", "right_square_bracket": "]", "f1": "F1",
}  # fmt: skip


class HelpScreen(ModalScreen[None]):
    """Closes on escape, F1, q or a click outside."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f1,question_mark,q,enter", "dismiss", "Close")]
    CSS = """
    HelpScreen { align: center middle; background: $background 60%; }
    HelpScreen VerticalScroll {
        width: 118; max-width: 96%; height: auto; max-height: 92%;
        border: round $primary; background: $background; padding: 0 1;
    }
    """

    def compose(self) -> ComposeResult:
        """The text, and the keys in two columns."""
        with VerticalScroll() as panel:
            panel.border_title = "help"
            panel.border_subtitle = "escape closes"
            yield Static(_table([(title, "", text) for title, text in _PANES]))
            yield Static(_table([(_keys(action), action.title, action.help) for action in ACTIONS]))

    def on_click(self) -> None:
        """Close."""
        self.dismiss()


def _keys(action: Action) -> str:
    return " ".join(_KEY_NAMES.get(key, key) for key in action.keys.split(","))


def _table(rows: list[tuple[str, str, str]]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", style="bold", min_width=8)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    for row in rows:
        table.add_row(*map(Text, row))
    table.add_row("")
    return table
