"""The course: its lessons, and the one that is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets.option_list import Option

from dlterm.course.library import lessons
from dlterm.tui.actions import page_bindings
from dlterm.tui.page import Page
from dlterm.tui.widgets.entries import Entries
from dlterm.tui.widgets.lesson_view import LessonView

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.widgets import OptionList

    from dlterm.tui.player import MakeSession


class CourseScreen(Page):
    """The contents at the left, the lesson at the right; where one stopped reading is remembered."""

    PLACE = "course"
    CSS_PATH = "course.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*page_bindings(PLACE)]
    AUTO_FOCUS = "Entries"

    entries = getters.query_one(Entries)
    page = getters.query_one(LessonView)

    def __init__(self, make_session: MakeSession) -> None:
        super().__init__()
        self._make_session = make_session

    def body(self) -> ComposeResult:
        """The contents and the page."""
        with Horizontal():
            yield Entries(*self._contents(), markup=False)
            yield LessonView(self._make_session)

    def on_mount(self) -> None:
        """Open the lesson that was read last, or the first."""
        places = self.app.memory.state.places
        last = next((lesson for lesson in reversed(places) if lesson in lessons()), None)
        first = last or next(iter(lessons()), None)
        if first:
            self.open(first)

    def on_screen_suspend(self) -> None:
        """Nothing trains where nobody looks; and remember the place."""
        self.page.look(seen=False)
        self._remember()

    def on_screen_resume(self) -> None:
        """Go on."""
        self.page.look(seen=True)

    def subject(self) -> str:
        """The lesson that is read."""
        return f"lesson:{self.page.lesson.head.id}" if self.page.lesson else ""

    def open(self, lesson: str) -> None:
        """Show a lesson, where it was left."""
        self._remember()
        found = lessons()[lesson]
        self.entries.highlighted = self._places().index(lesson)
        self.run_worker(self.page.show(found, self.app.memory.state.places.get(lesson, 0)), exclusive=True)

    def _remember(self) -> None:
        if self.page.lesson is not None:
            places = dict(self.app.memory.state.places)
            places.pop(self.page.lesson.head.id, None)
            self.app.memory.change(places={**places, self.page.lesson.head.id: int(self.page.scroll_y)})

    def _contents(self) -> Iterator[Option]:
        chapter = ""
        for lesson in lessons().values():
            head = lesson.head
            if head.chapter != chapter:
                chapter = head.chapter
                yield Option(Content.styled(f"{chapter}", "bold $primary"), disabled=True)
            line = Content.assemble(f" {head.title}  ", (f"{head.minutes} min", "$foreground 60%"))
            yield Option(line, id=head.id)

    def _places(self) -> list[str]:
        """The ids of the entries, "" for those that are none."""
        options = (self.entries.get_option_at_index(k) for k in range(self.entries.option_count))
        return [option.id or "" for option in options]

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Read it."""
        if message.option_id:
            self.open(message.option_id)

    def action_read(self) -> None:
        """Read the lesson under the cursor."""
        at = self.entries.highlighted
        if at is not None and (lesson := self._places()[at]):
            self.open(lesson)
            self.page.focus()

    def action_next(self) -> None:
        """The lesson after this one."""
        self._step(1)

    def action_before(self) -> None:
        """The lesson before this one."""
        self._step(-1)

    def _step(self, by: int) -> None:
        ids = list(lessons())
        if self.page.lesson is not None:
            at = ids.index(self.page.lesson.head.id) + by
            if 0 <= at < len(ids):
                self.open(ids[at])

    def action_contents(self) -> None:
        """Back to the list."""
        self.entries.focus()
