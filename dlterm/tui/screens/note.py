"""A note, to be written at a place of a lesson."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static, TextArea

from dlterm.text import safe
from dlterm.tui.over import Over

if TYPE_CHECKING:
    from textual.app import ComposeResult


class NoteScreen(Over[str | None]):
    """Ends with what is written, however it is closed; or with None, where it is to stay as it was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f10", "keep", "Keep it", priority=True),
        Binding("ctrl+g", "dismiss", "As it was", priority=True),
    ]
    DEFAULT_CSS = """
    NoteScreen {
        align: center middle; background: $background 40%;
        Vertical {
            width: 72; max-width: 94%; height: 14; max-height: 90%; padding: 0 1;
            background: $surface; border: round $primary; border-title-color: $foreground;
            border-subtitle-color: $text-muted;
        }
        Static { color: $text-muted; height: auto; max-height: 2; padding: 0 1; margin-bottom: 1; }
        TextArea { border: none; padding: 0 1; background: $surface; height: 1fr; }
        TextArea:focus { border: none; }
    }
    """

    written = getters.query_one(TextArea)

    def __init__(self, place: str, text: str, title: str = "Note") -> None:
        super().__init__()
        self._place, self._text, self._title = place, text, title

    def compose(self) -> ComposeResult:
        """The words at which it stands, and what is written."""
        with Vertical() as box:
            box.border_title = self._title
            box.border_subtitle = "esc keeps it · ^g leaves it as it was · empty, it is removed"
            yield Static(safe(self._place, limit=140), markup=False)
            yield TextArea(self._text, soft_wrap=True, show_line_numbers=False, highlight_cursor_line=False)

    def on_mount(self) -> None:
        """Write on at the end."""
        self.written.move_cursor(self.written.document.end)

    def action_keep(self) -> None:
        """End with it."""
        self.dismiss(self.written.text)
