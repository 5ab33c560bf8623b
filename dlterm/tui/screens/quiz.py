"""The quiz's page: what is due, the ways to be asked, and every lesson with what is known of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import getters, work
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import OptionList, Static

from dlterm.errors import DltermError
from dlterm.quiz.opening import Wish, begin
from dlterm.text import safe
from dlterm.tui import quiz_entries
from dlterm.tui.actions import page_bindings
from dlterm.tui.page import Page
from dlterm.tui.quiz_entries import LESSON, WISHES
from dlterm.tui.widgets.banner import Banner
from dlterm.tui.widgets.card_pane import CardPane
from dlterm.tui.widgets.entries import Entries
from dlterm.tui.widgets.too_small import TooSmall

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.geometry import Size

    from dlterm.quiz.session import Session
    from dlterm.quiz.store import Store
    from dlterm.tui.quiz_entries import Known

_WIDE = 110  # columns from which what is chosen is explained beside the list


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
        self._known: Known | None = None
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
        return f"lesson:{name.removeprefix(LESSON)}" if name.startswith(LESSON) else ""

    # --- what there is ------------------------------------------------------------------------------------------------

    @work(exclusive=True, group="look")
    async def _read(self) -> None:
        await self._furnish()
        answers, config = self.app.answers, self.app.config
        try:
            self._known = await answers.ask(
                config, lambda store: quiz_entries.known_now(store, config, answers.clock()), again=True
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
        self.entries.add_options(quiz_entries.entries(self._known, self.app.config, width))
        ids = [self.entries.get_option_at_index(k).id for k in range(self.entries.option_count)]
        self.entries.highlighted = ids.index(before) if before in ids else 0

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
        if name:
            self.about.update(quiz_entries.about(name, self._known))
        self.explain()

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
        if name.startswith(LESSON):
            self.begin(Wish("lesson", (name.removeprefix(LESSON),)))
        elif name == "topic":
            self.action_topic()
        elif name == "pretest":
            self._say(f"Choose a lesson below, and press {self.app.keys.first('quiz.pretest')}.")
        elif name:
            self.begin(replace(WISHES[name]))

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
        if name.startswith(LESSON):
            self.begin(Wish("pretest", (name.removeprefix(LESSON),)))
        else:
            self._begin("pretest")

    def action_read(self) -> None:
        """Read the lesson under the cursor."""
        if self._chosen.startswith(LESSON):
            self.app.read(self._chosen.removeprefix(LESSON))
        else:
            self._say("Choose a lesson below to read it.")
