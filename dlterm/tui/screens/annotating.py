"""What one puts into a lesson oneself: marks and notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import getters

from dlterm.course.places import place_of
from dlterm.text import safe
from dlterm.tui.page import Page
from dlterm.tui.widgets.contents import Contents
from dlterm.tui.widgets.lesson_view import LessonView

if TYPE_CHECKING:
    from dlterm.settings.notes import Note


class Annotating(Page):
    """Marks the block where one reads, and writes there."""

    contents = getters.query_one(Contents)
    page = getters.query_one(LessonView)

    def open(self, lesson: str, note: Note | None = None) -> None:
        """Show a lesson, at a note."""
        raise NotImplementedError

    def action_mark(self) -> None:
        """Mark the block, or take its mark away; a note is more than a mark, and stays."""
        lesson, block, noted = self.page.lesson, self.page.walk.block, self.page.noted
        if lesson is None or block is None:
            return
        if noted is None:
            self._say(self.app.notes.put(lesson.head.id, place_of(block)))
        elif noted.text:
            self._say("there is a note here: empty it to remove it")
        else:
            self._say(self.app.notes.remove(lesson.head.id, noted.place))
        self.show_notes()

    def action_note(self) -> None:
        """Write a note at the block."""
        from dlterm.tui.screens.note import NoteScreen

        lesson, block, noted = self.page.lesson, self.page.walk.block, self.page.noted
        if lesson is None or block is None:
            return
        place = noted.place if noted else place_of(block)

        def keep(text: str | None) -> None:
            if text is None:
                return
            if text.strip():
                self._say(self.app.notes.put(lesson.head.id, place, text))
            else:
                self._say(self.app.notes.remove(lesson.head.id, place))
            self.show_notes()

        self.app.push_screen(NoteScreen(place.text, noted.text if noted else ""), keep)

    def action_notes(self) -> None:
        """All marks and notes of the course."""
        from dlterm.tui.screens.notes import NotesScreen

        def go(note: Note | None) -> None:
            self.show_notes()
            if note is not None:
                self.open(note.lesson, note)

        self.app.push_screen(NotesScreen(), go)

    def show_notes(self) -> None:
        """Show what is marked and written in the lesson, and in the contents."""
        if self.page.lesson is not None:
            name = self.page.lesson.head.id
            self.page.note(self.app.notes.of(name))
            self.contents.list_lessons(name)

    def _say(self, what: str) -> None:
        if what:
            self.notify(safe(what, limit=300), severity="warning", markup=False)
