"""Help: what the panes show, and every key, from the table of actions."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from dlterm.tui.actions import ACTIONS

_PANES = """\
NETWORK   Data comes in at the left. A tile is a neuron: its answer over the plane, orange for positive, blue for
          negative. A line is a weight: wide and bright when it is large. Click a neuron to enlarge it.
OUTPUT    The network's answer everywhere, and the examples. Paler points are held out: it never trains on them.
LOSS      How wrong the network is on what it trains on, and on what is held out. When only the first falls, it is
          learning by heart.
SETTINGS  Arrow keys, or click the arrows. What fits of the network is kept when a setting changes.
"""
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
            yield Static(_PANES, markup=False)
            yield Static("\n".join(_key_lines()), markup=False)

    def on_click(self) -> None:
        """Close."""
        self.dismiss()


def _key_lines() -> list[str]:
    lines = []
    for action in ACTIONS:
        keys = " ".join(_KEY_NAMES.get(key, key) for key in action.keys.split(","))
        lines.append(f"{keys:>8}  {action.title:<24} {action.help}")
    return lines
