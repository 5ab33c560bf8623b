"""The course: its lessons, and the one that is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal

from dlterm.course.blocks import blocks
from dlterm.course.library import lessons
from dlterm.course.places import likest, place_of
from dlterm.quiz.opening import Wish
from dlterm.settings.config import settings
from dlterm.tui.actions import page_bindings
from dlterm.tui.experiment_player import Trial
from dlterm.tui.preferences import turned
from dlterm.tui.progress import last_read
from dlterm.tui.screens.annotating import Annotating
from dlterm.tui.widgets.contents import NOTE, Contents
from dlterm.tui.widgets.lab_figure import LabFigure
from dlterm.tui.widgets.lesson_view import QUESTIONS, LessonView

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.geometry import Size
    from textual.widgets import OptionList

    from dlterm.settings.notes import Note
    from dlterm.settings.places import Place
    from dlterm.tui.player import MakeSession
    from dlterm.tui.screens.finding import Found
    from dlterm.tui.widgets.passage import Passage

_READ_AHEAD = 2.0  # seconds
_ROOMY = 130  # columns from which all titles of lessons are shown whole
_BOTH = 100  # columns from which contents and text are side by side
_CARDS = {"term", "source", "event", "help", "preset"}


class CourseScreen(Annotating):
    """The contents at the left, the lesson at the right; where one stopped reading is remembered.

    On a narrow terminal each has the whole width: the text while one reads, the contents while one chooses.
    """

    PLACE = "course"
    CSS_PATH = "course.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*page_bindings(PLACE)]
    AUTO_FOCUS = "Contents"

    def __init__(self, make_session: MakeSession) -> None:
        super().__init__()
        self._make_session = make_session

    def body(self) -> ComposeResult:
        """The contents and the page."""
        with Horizontal():
            yield Contents()
            yield LessonView(self._make_session)

    def on_mount(self) -> None:
        """Open the lesson that was read last, or the first."""
        self.app.config_changed.subscribe(self, lambda _: self._widen())
        self._widen()
        self.set_timer(_READ_AHEAD, self.read_ahead)
        first = last_read(self.app.memory.state.reading, lessons()) or next(iter(lessons()), "")
        if first and self.page.lesson is None:
            self.open(first)

    def on_screen_suspend(self) -> None:
        """Nothing trains where nobody looks; and remember the place."""
        self.page.look(seen=False)
        self.page.tell()

    def on_screen_resume(self) -> None:
        """Go on."""
        self.page.look(seen=True)

    def lay_out(self, size: Size) -> None:
        """Both side by side, where there is room."""
        self.set_class(size.width < _BOTH, "-narrow")
        self.set_class(size.width >= _ROOMY, "-roomy")
        if size.width < _BOTH and not self.has_class("-choosing"):
            self.page.focus()

    def _widen(self) -> None:
        """Have the text as wide as it is set."""
        for width in settings()["text_width"].choices:
            self.page.set_class(self.app.config.text_width == width, f"-text-{width}")

    # --- a lesson -----------------------------------------------------------------------------------------------------

    def subject(self) -> str:
        """The word or the source that is chosen, or the lesson."""
        href = self.page.walk.href
        if href.partition(":")[0] in _CARDS:
            return href
        return f"lesson:{self.page.lesson.head.id}" if self.page.lesson else ""

    def open(self, lesson: str, note: Note | None = None, words: str = "", about: str = "") -> None:
        """Show a lesson, at a note, at words, where it speaks most of what a text says, or where it was left."""
        self.page.tell()
        reading = self.app.memory.state.reading.get(lesson)
        place = note.place if note else _place(lesson, about) if about else None
        if place is None and reading and self.app.config.restore:
            place = reading.place
        self.run_worker(self._open(lesson, place, words), exclusive=True, group="lesson")

    async def _open(self, lesson: str, place: Place | None, words: str) -> None:
        reading = self.app.memory.state.reading.get(lesson)
        await self.page.show(lessons()[lesson], place, words, reading.share if reading else 0.0)
        self.contents.point(lesson)
        self.show_notes()

    def on_lesson_view_read(self, message: LessonView.Read) -> None:
        """Remember where one reads, and show how far that is."""
        self.app.memory.read_on(message.lesson, message.place, message.share)
        self.contents.list_lessons(self.page.lesson.head.id if self.page.lesson else "")

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Read it."""
        message.stop()
        self._read(message.option_id or "")

    def _read(self, entry: str) -> None:
        """Open a lesson, or go to a note of the one that is open."""
        if entry.startswith(NOTE) and self.page.lesson is not None:
            name = self.page.lesson.head.id
            self.open(name, self.app.notes.of(name)[int(entry.removeprefix(NOTE))])
        elif entry and (self.page.lesson is None or entry != self.page.lesson.head.id):
            self.open(entry)
        if entry:
            self.set_class(False, "-choosing")
            self.page.focus()

    def on_passage_followed(self, message: Passage.Followed) -> None:
        """Follow a link that was clicked."""
        self._follow(message.href)

    def _follow(self, href: str) -> None:
        """Words and sources open beside the text, everything else where it is."""
        scheme, _, name = href.partition(":")
        if scheme in _CARDS:
            self.app.explain(href)
        elif scheme == "lesson":
            self.app.read(name.partition("#")[0])
        elif scheme == "lab":
            self.app.open_in_lab(name)
        elif scheme == "experiment":
            self.app.open_experiment(Trial(name))
        elif scheme == "table":
            self.app.look_up(href)

    # --- actions ------------------------------------------------------------------------------------------------------

    def action_read(self) -> None:
        """Read the lesson under the cursor; in the text, follow the chosen link, or take hold of the figure."""
        if self.focused is self.contents:
            self._read(self.contents.chosen)
        elif self.page.walk.href:
            self._follow(self.page.walk.href)
        elif isinstance(self.page.live, LabFigure):
            self.page.live.focus()
        elif self.page.live is not None:
            self.page.live.action_open()

    def action_open_lesson(self, name: str) -> None:
        """A lesson by its id."""
        self.open(name)

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
        """From a figure to the text; close the card, leave a search or a link; then back to the list."""
        if self.focused not in {self.page, self.contents}:
            self.page.focus()
        elif self.app.beside.is_open and self.focused is self.page:
            self.app.beside.is_open = False
            self.share_out(self.app.size)
            self.page.walk.link = None
            self.page.dress()
        elif self.focused is self.page and (self.page.walk.words or self.page.walk.href):
            self.page.walk.words, self.page.walk.link = "", None
            self.page.dress()
        else:
            self.set_class(True, "-choosing")
            self.contents.focus()

    def action_turn(self, by: int) -> None:
        """Turn a page of the text, whatever has the focus."""
        (self.page.scroll_page_down if by > 0 else self.page.scroll_page_up)()

    def action_step(self, by: int) -> None:
        """The next paragraph, or the one before."""
        if self.page.walk.step(by):
            self._arrive()

    def action_heading(self, by: int) -> None:
        """The next heading, or the one before."""
        if self.page.walk.heading(by):
            self._arrive(at_top=True)
        elif by < 0 and self.page.walk.to(0):
            self.page.scroll_home(animate=False)

    def action_link(self, by: int) -> None:
        """The next link, or the one before."""
        if self.page.walk.along_links(by):
            self._arrive()
            self.explain()

    def action_quiz(self) -> None:
        """A few questions on this lesson."""
        if self.page.lesson is not None:
            self.app.quiz(Wish("lesson", (self.page.lesson.head.id,), count=QUESTIONS))

    def action_width(self) -> None:
        """The next width of the text."""
        self.app.change("text_width", turned(settings()["text_width"], self.app.config.text_width, 1))

    def action_search(self) -> None:
        """Search the lesson, and everything."""
        from dlterm.tui.screens.finding import FindScreen

        self.app.push_screen(FindScreen(self.page.walk.blocks, self.page.walk.words), self._found)

    def _found(self, found: Found | None) -> None:
        if found is None:
            return
        kind, _, name = found.place.partition(":")
        if found.block >= 0 and self.page.walk.to(found.block):
            self.page.walk.words = found.words
            self.page.arrive()
        elif kind == "lesson":
            self.open(name, words=found.words)
        else:
            self._follow(found.place)
        self.set_class(False, "-choosing")
        self.page.focus()

    def action_hit(self, by: int) -> None:
        """The next place in the lesson where the words are, or the one before."""
        if self.page.walk.hit(by):
            self._arrive()

    def _arrive(self, *, at_top: bool = False) -> None:
        """Have in sight where one is in the text, and go on from there by key."""
        self.page.arrive(at_top=at_top)
        if not self.has_class("-narrow") or not self.has_class("-choosing"):
            self.page.focus()


def _place(lesson: str, about: str) -> Place | None:
    """Where a lesson speaks most of what a text says."""
    found = blocks(lessons()[lesson])
    at = likest(about, found)
    return None if at is None else place_of(found[at])
