"""The quiz's page: what is due, the ways to be asked, and every lesson with what is known of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len, set_cell_size
from textual import getters, work
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from dlterm.errors import DltermError
from dlterm.quiz.opening import Wish, begin, due_now, situation
from dlterm.text import safe
from dlterm.tui import quiz_words
from dlterm.tui.actions import page_bindings
from dlterm.tui.page import Page
from dlterm.tui.widgets.banner import Banner
from dlterm.tui.widgets.card_pane import CardPane
from dlterm.tui.widgets.entries import Entries
from dlterm.tui.widgets.too_small import TooSmall

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.geometry import Size

    from dlterm.course.schema import LessonHead
    from dlterm.quiz.session import Session
    from dlterm.quiz.statistics import LessonProgress
    from dlterm.quiz.store import Store
    from dlterm.settings.config import Config

_EXAM, _EXAM_SECONDS = 20, 20 * 60.0  # questions, and the time for them
_WIDE = 110  # columns from which what is chosen is explained beside the list
_TITLE, _BAR, _GAP = 11, 10, 2  # columns
_LESSON = "lesson:"
_WISHES = {
    "review": Wish("review"),
    "exam": Wish("exam", count=_EXAM, seconds=_EXAM_SECONDS),
    "cram": Wish("cram", count=20),
    "marathon": Wish("marathon"),
    "placement": Wish("placement"),
}
_LINES = {
    "review": "what is due today, and some new questions",
    "exam": f"{_EXAM} questions in {_EXAM_SECONDS / 60:.0f} minutes, a mark at the end",
    "cram": "what you know worst, and the schedule stays",
    "marathon": "prediction after prediction, each is run",
    "placement": "which lessons you can skip",
    "topic": "a tag, a chapter, a type of question",
    "pretest": "a guess before a lesson is read",
}
_ABOUT = {
    "review": "Questions of all lessons, mixed. What you know comes back after days, then weeks, then months; what you"
    " had wrong comes again in the same session, and soon. What you were sure of and had wrong comes first.",
    "exam": "As many questions of each lesson, without hints or feedback until the end; then a mark, and every"
    " question with its answer. It moves the schedule, as every honest answer does.",
    "cram": "Practice when nothing is due: what you know worst comes first, and nothing of it moves the schedule.",
    "marathon": "What will come out? Each experiment is trained while you watch, and decides.",
    "placement": "Three questions on each lesson, in their order, until two lessons in a row are not known: there you"
    " begin.",
    "topic": "Search a tag, a chapter, a type of question, or an objective, and be asked all questions on it.",
    "pretest": "Choose a lesson below, and press the key for Guess first: to err before reading helps to notice what"
    " is read. Nothing of it moves the schedule.",
}


@dataclass(frozen=True)
class _Look:
    """What there is to ask, as the store says."""

    due: int
    new: int
    burning: int  # due, and surely wrong before
    off: bool
    lessons: tuple[LessonProgress, ...]
    heads: dict[str, LessonHead]


class QuizScreen(Page):
    """Read anew whenever it is come to; a session lies over it."""

    PLACE = "quiz"
    CSS_PATH = "quiz.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*page_bindings(PLACE)]
    AUTO_FOCUS = "Entries"

    entries = getters.query_one(Entries)
    banner = getters.query_one(Banner)
    about = getters.query_one("#about", Static)

    def __init__(self, wish: Wish | None = None) -> None:
        super().__init__()
        self._wish = wish  # to be asked at once
        self._is_bare = wish is not None  # whether nothing is on it yet
        self._look: _Look | None = None
        self._news = ""

    def compose(self) -> ComposeResult:
        """The page; where a session lies over it from the beginning on, it is furnished when that is left."""
        if self._is_bare:
            yield CardPane(self.app.beside)
            yield TooSmall()
        else:
            yield from super().compose()

    async def _furnish(self) -> None:
        """Put in what was left out: that would have taken 0.1 s of the time to the first question."""
        if self._is_bare and self.is_attached:
            self._is_bare = False
            await self.recompose()
            self.share_out(self.app.size)
            self.entries.focus()

    @property
    def _is_there(self) -> bool:
        """Whether anything is on it: while it is furnished, keys and sizes come in between."""
        return bool(self.query(Entries))

    def body(self) -> ComposeResult:
        """The ways to be asked, and what each is."""
        yield Banner()
        with Horizontal(id="quiz"):
            yield Entries(markup=False)
            with VerticalScroll(id="beside", can_focus=False):
                yield Static(id="about", markup=False)

    def on_mount(self) -> None:
        """Begin what is wished for."""
        self._list()
        if self._wish is not None:
            self.begin(self._wish)

    def on_screen_resume(self) -> None:
        """Look what there is now."""
        if self._wish is None:
            self._read()

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002 - the page shares it out
        """Write the lines in the new width."""
        self.call_after_refresh(self._list)

    def lay_out(self, size: Size) -> None:
        """What is chosen is explained beside the list, or below it."""
        self.set_class(size.width < _WIDE, "-narrow")

    def subject(self) -> str:
        """The lesson under the cursor."""
        name = self._chosen
        return f"lesson:{name.removeprefix(_LESSON)}" if name.startswith(_LESSON) else ""

    # --- what there is ------------------------------------------------------------------------------------------------

    @work(exclusive=True, group="look")
    async def _read(self) -> None:
        await self._furnish()
        answers, config = self.app.answers, self.app.config
        try:
            self._look = await answers.ask(
                config, lambda store: _look(store, config, answers.clock()), again=True
            )
        except DltermError as error:
            self.banner.say(safe(error.message), alarming=True)
            return
        self._tell_of_the_store()
        self._list()

    def _tell_of_the_store(self) -> None:
        """Say what is to be told of how the answers were opened: once, what is over; always, what lasts."""
        answers = self.app.answers
        self._say()
        for notice in answers.notices:
            self.notify(notice, title="your answers", severity="warning", markup=False, timeout=12)
        answers.notices.clear()

    def _say(self, news: str = "") -> None:
        """Say that nothing is kept, where that is so, and the news."""
        self._news = news or self._news
        refusal = self.app.answers.refusal
        if not self._is_there:
            return
        kept = f"What you answer is not kept: {safe(refusal, limit=300)} " if refusal else ""
        self.banner.say(kept + self._news, alarming=bool(kept))

    def _list(self) -> None:
        """List it all; the cursor stays where it was."""
        if not self._is_there or not self.entries.size.width:
            return
        before = self._chosen or "review"
        width = self.entries.scrollable_content_region.width - 2
        self.entries.clear_options()
        self.entries.add_options(self._listed(width))
        ids = [self.entries.get_option_at_index(k).id for k in range(self.entries.option_count)]
        self.entries.highlighted = ids.index(before) if before in ids else 0

    def _listed(self, width: int) -> Iterator[Option]:
        yield Option(Content.styled("Be asked", "bold $primary"), disabled=True)
        for name, line in _LINES.items():
            title = quiz_words.MODE_TITLES[name]
            due = self._due_words if name == "review" else ""
            about = Content.assemble((due, "bold $accent")) if due else Content.styled(line, "$text-muted")
            yield Option(
                Content.assemble(" ", (f"{title:{_TITLE}}", "bold"), about).truncate(width, ellipsis=True),
                id=name,
            )
        if self._look is not None:
            yield Option(Content.styled("\nLessons", "bold $primary"), disabled=True)
            for lesson in self._look.lessons:
                yield Option(_lesson_line(lesson, width), id=f"{_LESSON}{lesson.id}")

    @property
    def _due_words(self) -> str:
        look = self._look
        if look is None:
            return ""
        if look.off:
            return "a day of your vacation: nothing is due"
        parts = [f"{look.due} due"] * bool(look.due) + [f"{look.new} new"] * bool(look.new)
        return ", ".join(parts) or "nothing more today"

    @property
    def _chosen(self) -> str:
        if not self._is_there:
            return ""
        at = self.entries.highlighted
        return (
            ""
            if at is None or at >= self.entries.option_count
            else self.entries.get_option_at_index(at).id or ""
        )

    def on_option_list_option_highlighted(self, message: OptionList.OptionHighlighted) -> None:
        """Say what it is."""
        name = message.option_id or ""
        if name.startswith(_LESSON):
            self.about.update(self._about_lesson(name.removeprefix(_LESSON)))
        elif name:
            self.about.update(self._about_mode(name))
        self.explain()

    def _about_mode(self, name: str) -> Content:
        parts: list[str | tuple[str, str]] = [
            (quiz_words.MODE_TITLES[name], "bold $accent"),
            "\n\n",
            _ABOUT[name],
        ]
        look = self._look
        if name == "review" and look is not None:
            parts += ["\n\n", (self._due_words[:1].upper() + self._due_words[1:] + ".", "bold")]
            if look.burning:
                parts.append(f" {look.burning} of them you were sure of, and had wrong.")
        return Content.assemble(*parts)

    def _about_lesson(self, name: str) -> Content:
        look = self._look
        lesson = next((each for each in look.lessons if each.id == name), None) if look else None
        if look is None or lesson is None:
            return Content("")
        known = "Known" if lesson.is_mastered else "Mastered" if lesson.mastered else "Not mastered yet"
        parts: list[str | Content | tuple[str, str]] = [
            (f"{lesson.title}\n\n", "bold $accent"),
            (f"{look.heads[name].question}\n\n" if look.heads[name].question else "", "italic"),
            f"{known}: {lesson.mastered} of {lesson.questions} questions right on two days.",
            f" Asked so far: {lesson.seen}.",
            (f"\n{lesson.due} due today." if lesson.due else "", "bold"),
        ]
        return Content.assemble(*parts)

    # --- being asked --------------------------------------------------------------------------------------------------

    @work(exclusive=True, group="begin")
    async def begin(self, wish: Wish) -> None:
        """Be asked what is wished for, or be told why there is nothing."""
        from dlterm.tui.screens.question import QuestionScreen

        self._wish, self._news = wish, ""
        answers, config = self.app.answers, self.app.config

        def opened(store: Store) -> tuple[Session, str, set[str]]:
            return *begin(store, config, answers.clock, wish), store.marks.flags()

        try:
            session, why, flags = await answers.ask(config, opened, again=True)
        except DltermError as error:
            self._wish = None
            self.notify(safe(error.message), title="the quiz", severity="warning", markup=False)
            self._read()
            return
        self._wish = None
        self._tell_of_the_store()
        if why:
            await self._furnish()
            anyway = " A lesson, or Cram, asks anyway." if wish.mode == "review" else ""
            self._say(why + anyway)
            self._read()
        elif self.is_current or self.app.current_mode == "quiz":
            self.app.push_screen(QuestionScreen(session, flags))

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Be asked what was clicked."""
        message.stop()
        self._begin(message.option_id or "")

    def _begin(self, name: str) -> None:
        if name.startswith(_LESSON):
            self.begin(Wish("lesson", (name.removeprefix(_LESSON),)))
        elif name == "topic":
            self.action_topic()
        elif name == "pretest":
            self._say(f"Choose a lesson below, and press {self.app.keys.first('quiz.pretest')}.")
        elif name:
            self.begin(replace(_WISHES[name]))

    # --- actions, as dlterm.tui.actions lists them --------------------------------------------------------------------

    def action_begin(self) -> None:
        """Be asked what is under the cursor."""
        self._begin(self._chosen)

    def action_topic(self) -> None:
        """Search a topic to be asked on."""
        from dlterm.tui.screens.topic import TopicScreen

        def ask(topic: str | None) -> None:
            if topic:
                self.begin(Wish("topic", (topic,)))

        self.app.push_screen(TopicScreen(), ask)

    def action_pretest(self) -> None:
        """Two easy questions on the lesson under the cursor."""
        name = self._chosen
        if name.startswith(_LESSON):
            self.begin(Wish("pretest", (name.removeprefix(_LESSON),)))
        else:
            self._begin("pretest")

    def action_read(self) -> None:
        """Read the lesson under the cursor."""
        if self._chosen.startswith(_LESSON):
            self.app.read(self._chosen.removeprefix(_LESSON))
        else:
            self._say("Choose a lesson below to read it.")


def _look(store: Store, config: Config, now: datetime) -> _Look:
    from dlterm.quiz.statistics import lesson_progress

    there = situation(store, config, now)
    due, new = due_now(there)
    known = {name: card for name, card in there.cards.items() if name in there.bank.entries}
    burning = sum(card.surely_wrong and card.is_due(there.day) for card in known.values())
    lessons = lesson_progress(store, there.bank, known, there.day)
    return _Look(due, new, burning, there.off, lessons, dict(there.bank.lessons))


def _lesson_line(lesson: LessonProgress, width: int) -> Content:
    """A lesson with its bar; its title is cut before its numbers are."""
    due = f"{lesson.due} due" if lesson.due else ""
    count = f"{lesson.mastered:>3}/{lesson.questions:<3}"
    rest = f"{count}{due:>7}"
    room = max(width - _BAR - len(rest) - 2 * _GAP - 3, 8)
    title = lesson.title if cell_len(lesson.title) <= room else set_cell_size(lesson.title, room - 1) + "…"
    sign, style = (
        ("✓", "$success")
        if lesson.is_mastered
        else ("○", "$text-muted")
        if not lesson.seen
        else ("◐", "$accent")
    )
    return Content.assemble(
        " ", (sign, style), " ", set_cell_size(title, room), " " * _GAP,
        quiz_words.bar(lesson.mastered, lesson.seen, lesson.questions, _BAR),
        (count, "$text-muted"), (f"{due:>7}", "bold $accent"),
    )  # fmt: skip
