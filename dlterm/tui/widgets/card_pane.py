"""A card beside a page: what a word means, while what it is about goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget

from dlterm.tui.widgets.card import Card
from dlterm.tui.widgets.scroll import Scroll

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.geometry import Size

    from dlterm.tui.beside import Beside


class Edge(Widget):
    """The pane's left edge: it is dragged to make the pane wider."""

    class Dragged(Message):
        """The edge is to be at that column of the screen."""

        def __init__(self, column: int) -> None:
            super().__init__()
            self.column = column

    def render(self) -> str:
        """Return nothing: the ground is enough."""
        return ""

    def on_mouse_down(self) -> None:
        """Hold the mouse."""
        self.capture_mouse()

    def on_mouse_up(self) -> None:
        """Let it go."""
        self.release_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Tell where the edge is wanted."""
        if self.app.mouse_captured is self:
            self.post_message(self.Dragged(event.screen_x))


class CardPane(Horizontal):
    """Shows what stands beside its page; where there is no room beside, over it."""

    DEFAULT_CSS = """
    CardPane {
        dock: right; width: 40; height: 1fr; display: none; background: $panel;
        Scroll {
            width: 1fr; padding: 1 2 1 1; background: $panel;
            scrollbar-size-vertical: 1; scrollbar-color: $border; scrollbar-background: $panel;
        }
        Scroll:focus { scrollbar-color: $primary; }
        Edge { width: 1; height: 1fr; background: $border; }
        Edge:hover { background: $primary; }
        &.-over { layer: above; }
    }
    """

    def __init__(self, beside: Beside) -> None:
        super().__init__()
        self._beside = beside

    def compose(self) -> ComposeResult:
        """The edge and the card."""
        yield Edge()
        with Scroll(can_focus=False):
            yield Card()

    def read(self) -> None:
        """Have the arrows and the page keys scroll what is read."""
        self.query_one(Scroll).focus()

    def share(self, size: Size, least: int) -> int:
        """Take room of a screen whose page needs `least` columns; return the columns taken."""
        beside = self._beside
        over = size.width - beside.columns < least
        self.display = beside.is_open and size.width >= least
        self.set_class(over, "-over")
        self.styles.width = beside.columns
        if not self.display:
            return 0
        self._turn()
        return 0 if over else beside.columns

    def _turn(self) -> None:
        card = self.query_one(Card)
        if card.place != self._beside.place:
            card.show(self._beside.place)
            scroll = self.query_one(Scroll)
            scroll.can_focus = self._beside.is_read
            scroll.scroll_home(animate=False)
