"""A lesson to be read: text, figures that are drawn, and figures that train."""

from __future__ import annotations

import asyncio
from functools import partial
from itertools import takewhile, zip_longest
from typing import TYPE_CHECKING

from textual import getters
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from dlterm.course.blocks import blocks
from dlterm.course.library import cited, lessons
from dlterm.course.places import best, find, place_of
from dlterm.course.shelf import shelf
from dlterm.experiments.registry import entries
from dlterm.quiz.bank import bank
from dlterm.tui.app import DltermApp
from dlterm.tui.echoing import HURRY, Echoing
from dlterm.tui.walk import Walk
from dlterm.tui.widgets.lesson_figure import LessonFigure
from dlterm.tui.widgets.passage import Passage
from dlterm.tui.widgets.scroll import Scroll

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from textual.timer import Timer
    from textual.widget import Widget

    from dlterm.course.lesson import Lesson
    from dlterm.course.schema import LessonHead
    from dlterm.settings.notes import Note
    from dlterm.settings.places import Place
    from dlterm.tui.player import MakeSession
    from dlterm.tui.widgets.experiment_figure import ExperimentFigure
    from dlterm.tui.widgets.lab_figure import LabFigure

_FIGURE_ROWS, _CHARACTERS = 14, 70  # of a figure; in a line: to know about how many blocks fill a screen
_AT_ONCE = 8  # blocks of the rest between two keys: 30 ms, of which 20 are the layout's, however few they are
_BREATH = 0.01  # seconds after them, in which a key that came meanwhile is heard of
_SETTLED = 0.3  # seconds after the last scrolling
QUESTIONS = 5  # that a lesson ends with: those not seen yet, and those forgotten
_HEAD = -1  # what stands above the first block, as a number of one


class _Column(Vertical):
    """The text, as wide as it is best read."""

    class Sized(Message):
        """It is taller or narrower than it was."""

    DEFAULT_CSS = "_Column { height: auto; width: 100%; }"

    def on_resize(self) -> None:
        """Tell of it."""
        self.post_message(self.Sized())


class LessonView(Scroll, can_focus=True):
    """Shows a lesson, and knows where in it one reads; figures begin when they are scrolled to.

    The block where one is (`walk`) has a bar at its left. What stands at the top stays there when what is above it
    becomes taller, or all of it narrower.
    """

    PLACE = "course"
    DEFAULT_CSS = """
    LessonView {
        width: 1fr; height: 1fr; padding: 0; background: $surface; align-horizontal: center;
        scrollbar-size-vertical: 1; scrollbar-color: $border; scrollbar-background: $surface;
        .title { text-style: bold; color: $accent; padding: 1 2 0 2; }
        .question { text-style: italic; padding: 0 2 1 2; }
        .about { color: $text-muted; padding: 0 2 1 2; }
        .end { color: $text-muted; padding: 1 2 1 2; }
        .about, .end { link-color: $primary; link-background-hover: $primary 30%; link-style-hover: bold; }
    }
    """

    class Read(Message):
        """One reads there, and has seen such a share of the lesson."""

        def __init__(self, lesson: str, place: Place, share: float) -> None:
            super().__init__()
            self.lesson, self.place, self.share = lesson, place, share

    app = getters.app(DltermApp)

    def __init__(self, make_session: MakeSession) -> None:
        super().__init__()
        self._make_session = make_session
        self.lesson: Lesson | None = None
        self.walk = Walk()
        self._column = _Column()
        self._shown: list[Passage | LessonFigure] = []
        self._notes: dict[int, Note] = {}
        self._top = (_HEAD, 0)  # what is at the top, and how many rows of it are above
        self._seen = 0  # blocks, from the beginning on
        self._before: _Column | None = None  # of the lesson that was shown before, until this one is there
        self._spans: list[
            tuple[int, int]
        ] = []  # of rows of the column, a block each, as far as they are there
        self._has_arrived = False
        self._settling: Timer | None = None

    def compose(self) -> Iterator[Widget]:
        """An empty column."""
        yield self._column

    async def show(
        self, lesson: Lesson, place: Place | None = None, words: str = "", share: float = 0.0
    ) -> None:
        """Show a lesson from a place on, or from where words are; a screenful of it at once, the rest after it.

        A `share` of it was seen before.
        """
        found = blocks(lesson)
        at = (best(words, found) if words else find(place, found) if place else 0) or 0
        self.lesson, self.walk = lesson, Walk(found, at, words)
        self._top, self._seen, self._has_arrived = (at or _HEAD, 0), round(share * len(found)), False
        self._notes = {}
        self._shown = []
        if self._before is None:
            self._before = self._column
        else:  # that was shown so shortly that it never came in sight
            self._column.remove()
        first = self._more(at + self._screenful(at))
        self._column = _Column(*self._head(lesson), *first)
        with self.app.batch_update():
            if not at:
                self._leave_before()
                self.scroll_to(y=0, animate=False, immediate=True)
            await self.mount(
                self._column
            )  # below the one before, if that is to be seen until this one has its size

    def _leave_before(self) -> None:
        """Take away the lesson that was shown before."""
        if self._before is not None:
            self._before.display = False
            self._before.remove()
            self._before = None

    def _screenful(self, at: int) -> int:
        """How many blocks from there on fill the screen, about."""
        rows = 0
        for number, block in enumerate(self.walk.blocks[at:], start=1):
            rows += _FIGURE_ROWS if block.figure else 2 + len(block.text) // _CHARACTERS
            if rows >= self.size.height:
                return number
        return len(self.walk.blocks) - at

    def _more(self, end: int) -> list[Passage | LessonFigure]:
        """Make the blocks up to a number, as far as they are not made."""
        made = [self._widget(k) for k in range(len(self._shown), min(end, len(self.walk.blocks)))]
        self._shown += made
        return made

    async def _mount_rest(self, column: _Column, *, has_waited: bool = False) -> None:
        """Put in what is below, a few blocks at a time; what a key has changed meanwhile is shown first."""
        if column is not self._column or not column.is_attached:  # another lesson is shown by now
            return
        if not has_waited and isinstance(self.screen, Echoing) and self.screen.hurries:
            self.set_timer(HURRY, partial(self._mount_rest, column, has_waited=True))
            return
        rest = self._more(len(self._shown) + _AT_ONCE)
        if rest:
            await column.mount_all(rest)
            self.call_after_refresh(self.set_timer, _BREATH, partial(self._mount_rest, column))
        elif self.lesson is not None:
            texts = await asyncio.to_thread(_end, self.lesson, self.app.keys.first("course.quiz"))
            if column.is_attached:
                await column.mount_all(Static(text, classes="end") for text in texts)

    def _head(self, lesson: Lesson) -> Iterator[Widget]:
        yield Static(lesson.head.title, classes="title", markup=False)
        yield Static(lesson.head.question, classes="question", markup=False)
        if lesson.head.able or lesson.head.needs:
            yield Static(_about(lesson.head), classes="about")

    def _widget(self, number: int) -> Passage | LessonFigure:
        block = self.walk.blocks[number]
        if block.figure is not None:
            return LessonFigure(block.figure, self._make_session)
        after = self.walk.blocks[number + 1 : number + 2]
        passage = Passage(block, more=any(map(block.goes_on_in, after)))
        self._dress(number, passage)
        return passage

    # --- where one is -------------------------------------------------------------------------------------------------

    def note(self, notes: Iterable[Note]) -> None:
        """Show marks and notes."""
        found = {find(note.place, self.walk.blocks): note for note in notes}
        self._notes = {at: note for at, note in found.items() if at is not None}
        self.dress()

    @property
    def noted(self) -> Note | None:
        """What is noted where one is."""
        return self._notes.get(self.walk.at)

    def dress(self) -> None:
        """Show where one is, and what is there."""
        for number, widget in enumerate(self._shown):
            self._dress(number, widget)

    def _dress(self, number: int, widget: Passage | LessonFigure) -> None:
        is_here = number == self.walk.at
        if isinstance(widget, LessonFigure):
            widget.set_class(is_here, "-here")
        else:
            link = self.walk.link if is_here else None
            widget.show(chosen=link, found=self.walk.words, note=self._notes.get(number), here=is_here)

    def arrive(self, *, at_top: bool = False) -> None:
        """Have the block where one is in sight, at the top or just so."""
        self.dress()
        if self._has_arrived and self.walk.at < len(self._shown):
            self.scroll_to_widget(self._shown[self.walk.at], animate=False, top=at_top, immediate=True)

    def on_passage_pointed(self, message: Passage.Pointed) -> None:
        """Read there."""
        if message.passage in self._shown and self.walk.to(self._shown.index(message.passage)):
            self.dress()

    @property
    def live(self) -> LabFigure | ExperimentFigure | None:
        """What runs where one is, if anything does."""
        here = self._shown[self.walk.at] if self.walk.at < len(self._shown) else None
        return here.live if isinstance(here, LessonFigure) else None

    # --- what is in sight ---------------------------------------------------------------------------------------------

    def watch_scroll_y(self, old: float, new: float) -> None:
        """Begin what has come in sight."""
        super().watch_scroll_y(old, new)
        if self._has_arrived and self._spans:
            if (
                new > old or new < self.max_scroll_y
            ):  # else nobody scrolled: there is less below than there was
                self._top = self._at_top()
            self.call_after_refresh(self._look)

    def on__column_sized(self) -> None:
        """What is above may be taller than it was."""
        self.call_after_refresh(self._restore)

    def _restore(self) -> None:
        """Have at the top what was there; the first time, in the place of the lesson before."""
        if not self.is_attached or not self._column.is_attached:
            return
        begin = self._column.virtual_region.y
        regions = (each.virtual_region for each in self._shown if each.is_attached)
        there = takewhile(lambda region: region.height, regions)
        self._spans = [(region.y - begin, region.bottom - begin) for region in there]
        number, rows = self._top
        if max(number, 0) >= len(self._spans) and self._shown:
            return
        self._leave_before()
        if not self._has_arrived:
            self._has_arrived = True
            self.call_after_refresh(self._mount_rest, self._column)
        y = 0
        if number != _HEAD:
            first, end = self._spans[number]
            y = min(first + rows, end - 1)
        if y != round(self.scroll_y):
            top = self._top
            self.scroll_to(y=y, animate=False, immediate=True)
            self._top = top  # though there may not be enough below it yet to have it at the top
        self._look()

    def _at_top(self) -> tuple[int, int]:
        top = round(self.scroll_y)
        number = next((k for k, (_, bottom) in enumerate(self._spans) if bottom > top), len(self._spans) - 1)
        rows = top - self._spans[number][0]
        return (number, rows) if number or rows >= 0 else (_HEAD, 0)

    def _in_sight(self) -> list[int]:
        """The blocks that begin in sight."""
        top, bottom = round(self.scroll_y), round(self.scroll_y) + self.size.height
        return [k for k, (begin, _) in enumerate(self._spans) if top <= begin < bottom]

    def look(self, *, seen: bool) -> None:
        """Have figures train where they are seen, and rest where they are not; Textual moves them at the next paint."""
        top = round(self.scroll_y)
        for widget, (begin, end) in zip_longest(self._shown, self._spans, fillvalue=(0, 0)):
            if isinstance(widget, LessonFigure) and widget.live is not None:
                widget.live.see(seen=seen and begin < top + self.size.height and top < end)

    def _look(self) -> None:
        if not self._has_arrived or not self.is_attached:
            return
        self.look(seen=self.screen.is_current)
        in_sight = self._in_sight()
        if in_sight:
            if in_sight[0] <= self._seen:  # what is jumped over is not read
                self._seen = max(self._seen, in_sight[-1] + 1)
            is_there = self._top == self._at_top()  # and not on its way, as there is not enough below it yet
            if is_there and self.walk.at not in in_sight and self.walk.to(in_sight[0]):
                self.dress()
        self._settle()

    def _settle(self) -> None:
        """Tell where one reads, once one has stopped there."""
        if self._settling is not None:
            self._settling.stop()
        self._settling = self.set_timer(_SETTLED, self.tell)

    def tell(self) -> None:
        """Tell where one reads."""
        if self.lesson is not None and self._has_arrived and self.walk.blocks:
            place = place_of(self.walk.blocks[max(self._top[0], 0)])
            share = self._seen / len(self.walk.blocks)
            self.post_message(self.Read(self.lesson.head.id, place, share))


def _about(head: LessonHead) -> Content:
    """What one is able to do after a lesson, and the lessons to be read before it; a click opens one."""
    promised = [Content(f"• {able}") for able in head.able]
    lines = [Content(f"{head.minutes} minutes. Afterwards you are able to"), *promised] if promised else []
    needed = [
        Content.styled(lessons()[name].head.title, f"@click=screen.open_lesson('{name}')")
        for name in head.needs
        if name in lessons()
    ]
    before = [Content.assemble("To be read before: ", Content(", ").join(needed))] if needed else []
    return Content("\n").join([*lines, *before])


def _experiments(lesson: Lesson) -> list[Content]:
    """The experiments that belong to the lesson; a click opens one."""
    found = [
        Content.styled(entry.title, f"@click=app.run_experiment('{entry.id}')")
        for entry in entries()
        if entry.lesson == lesson.head.id
    ]
    return [Content.assemble("Experiments: ", Content("  ").join(found))] * bool(found)


def _end(lesson: Lesson, key: str) -> list[Content]:
    """The lesson's experiments, a few questions about it, and where its facts are from; read on a thread."""
    sources = [f"[{number}] {shelf().sources[name]}" for number, name in enumerate(cited(lesson), start=1)]
    after = list(lessons().values())
    for other in after[after.index(lesson) + 1 :][:1] if lesson in after else ():
        blocks(other)  # what is likely to be read next is parsed by then: that takes 20 ms
    count = len(bank().lesson(lesson.head.id))
    few = min(count, QUESTIONS)
    quiz = (
        (f"{key} ", "bold @click=screen.quiz"),
        (f"{few} question{'s' * (few != 1)} about this lesson", "@click=screen.quiz"),
        f"; all {count}: dlterm quiz {lesson.head.id}" if count > few else "",
    )
    asked = [Content.assemble(*quiz)] * bool(count)
    return [*_experiments(lesson), *asked, *[Content("\n".join(sources))] * bool(sources)]
