"""All marks and notes of the course: a list, to go to one or to remove it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static
from textual.widgets.option_list import Option

from dlterm.course.library import lessons
from dlterm.text import safe
from dlterm.tui.app import DltermApp
from dlterm.tui.over import Over
from dlterm.tui.widgets.contents import note_line
from dlterm.tui.widgets.entries import Entries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult
    from textual.widgets import OptionList

    from dlterm.settings.notes import Note

_NONE = "Nothing is marked yet. In a lesson, m marks the paragraph where you read, and a writes a note there."


class NotesScreen(Over["Note | None"]):
    """Ends with the note to go to."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Close"),
        Binding("enter", "choose", "Go there"),
        Binding("d,delete", "remove", "Remove"),
    ]
    DEFAULT_CSS = """
    NotesScreen {
        align: center middle; background: $background 40%;
        Vertical {
            width: 96; max-width: 94%; height: 80%; padding: 0 1;
            background: $surface; border: round $primary; border-title-color: $foreground;
            border-subtitle-color: $text-muted;
        }
        Static { padding: 1 2; color: $text-muted; }
    }
    """

    app = getters.app(DltermApp)
    entries = getters.query_one(Entries)

    def compose(self) -> ComposeResult:
        """The list."""
        with Vertical() as box:
            box.border_title = "Bookmarks and notes"
            box.border_subtitle = "⏎ goes there · d removes · in a shell: dlterm notes"
            yield Static(_NONE, markup=False)
            yield Entries(markup=False)

    def on_mount(self) -> None:
        """List them."""
        self._list()

    def _list(self) -> None:
        at = self.entries.highlighted
        self.entries.clear_options()
        self.entries.add_options(self._lines())
        has_any = bool(self.app.notes.all)
        self.entries.display, self.query_one(Static).display = has_any, not has_any
        if has_any:
            self.entries.highlighted = min(at or 1, self.entries.option_count - 1)
            self.entries.focus()

    def _lines(self) -> Iterator[Option]:
        """The notes by lesson, in the course's order; a lesson that is there no more keeps its notes."""
        numbered = list(enumerate(self.app.notes.all))
        order = {name: at for at, name in enumerate(lessons())}
        for name in sorted(
            {note.lesson for _, note in numbered}, key=lambda name: (order.get(name, 999), name)
        ):
            title = lessons()[name].head.title if name in lessons() else name
            yield Option(Content.styled(safe(title), "bold $primary"), disabled=True)
            for number, note in numbered:
                if note.lesson == name:
                    yield Option(Content(" ") + note_line(note), id=str(number))

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Go to the one that was clicked."""
        message.stop()
        self.action_choose()

    def action_choose(self) -> None:
        """End with the note under the cursor."""
        note = self._chosen
        if note is not None and note.lesson in lessons():
            self.dismiss(note)

    def action_remove(self) -> None:
        """Remove it."""
        note = self._chosen
        if note is not None:
            self.app.notes.remove(note.lesson, note.place)
            self._list()

    @property
    def _chosen(self) -> Note | None:
        at = self.entries.highlighted
        number = None if at is None else self.entries.get_option_at_index(at).id
        return self.app.notes.all[int(number)] if number else None
