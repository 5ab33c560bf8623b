"""Jump: a letter on every pane of the page; the letter goes there."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Label

from dlterm.tui.over import Over

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult

_LETTERS = "asdfghjklqwertyuiopzxcvbnm"


class JumpScreen(Over[Widget | None]):
    """Ends with the pane whose letter was pressed or clicked, or with none."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,ctrl+o", "dismiss", "Stay", show=False)]
    DEFAULT_CSS = """
    JumpScreen {
        background: $background 40%;
        Label {
            position: absolute; width: 5; content-align: center middle; text-style: bold;
            background: $accent; color: $button-color-foreground;
        }
    }
    """

    def __init__(self, panes: Sequence[Widget]) -> None:
        super().__init__()
        self._panes = dict(zip(_LETTERS, panes, strict=False))

    def compose(self) -> ComposeResult:
        """A label in each pane's corner."""
        for letter, pane in self._panes.items():
            label = Label(letter)
            label.styles.offset = pane.region.x + 1, pane.region.y
            yield label

    def on_key(self, event: events.Key) -> None:
        """Go to the pane of the letter."""
        if event.character in self._panes:
            event.stop()
            self.dismiss(self._panes[event.character])

    def on_click(self, event: events.Click) -> None:
        """Go to the pane under the mouse."""
        at = event.screen_offset
        inside = [pane for pane in self._panes.values() if pane.region.contains(at.x, at.y)]
        self.dismiss(inside[0] if inside else None)
