"""The contents of the course: chapters and lessons with what is read of them, and what is marked in the open one."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.content import Content
from textual.widgets.option_list import Option

from dlterm.course.library import lessons
from dlterm.text import safe
from dlterm.tui.app import DltermApp
from dlterm.tui.progress import chapter_row, chapters, lesson_row
from dlterm.tui.widgets.entries import Entries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.binding import BindingType

    from dlterm.settings.notes import Note

NOTE = "note:"  # then its number among the lesson's


def note_line(note: Note) -> Content:
    """A note as one line: what is written, or the words that are marked."""
    if note.text:
        return Content.assemble(("✎ ", "$accent"), (safe(note.text, limit=200), "italic"))
    return Content.assemble(("◆ ", "$accent"), (safe(note.place.text, limit=200), "$text-muted"))


class Contents(Entries, inherit_bindings=False):
    """Entries whose ids are those of lessons, and of notes; pages are turned in the text beside it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        binding
        for binding in Entries.BINDINGS
        if binding.key not in {"pagedown", "pageup"}  # type: ignore[union-attr]
    ]
    app = getters.app(DltermApp)

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._opened = ""

    def on_resize(self) -> None:
        """Write the lines in the new width."""
        self.list_lessons(self._opened)

    def list_lessons(self, opened: str) -> None:
        """List all lessons, with the notes of the one that is open; the cursor stays where it was."""
        ids = self.ids
        before = ids[self.highlighted] if self.highlighted is not None and ids else ""
        moved, self._opened = opened != self._opened, opened
        if self.size.width:
            self.clear_options()
            self.add_options(self._listed(self.scrollable_content_region.width - 1))
            self.point(opened if moved or not before or before not in self.ids else before)

    def point(self, entry: str) -> None:
        """Put the cursor on an entry."""
        if entry in self.ids:
            self.highlighted = self.ids.index(entry)

    @property
    def ids(self) -> list[str]:
        """The ids of the entries, "" for those that are none."""
        return [self.get_option_at_index(k).id or "" for k in range(self.option_count)]

    @property
    def chosen(self) -> str:
        """The id of the entry under the cursor."""
        return "" if self.highlighted is None else self.ids[self.highlighted]

    def _listed(self, width: int) -> Iterator[Option]:
        reading = self.app.memory.state.reading
        for title, found in chapters(lessons()).items():
            yield Option(chapter_row(title, found, reading, width), disabled=True)
            for lesson in found:
                name = lesson.head.id
                yield Option(lesson_row(lesson, reading.get(name), width), id=name)
                if name == self._opened:
                    for number, note in enumerate(self.app.notes.of(name)):
                        yield Option(Content("     ") + note_line(note), id=f"{NOTE}{number}")
