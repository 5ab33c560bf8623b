"""A session of the quiz: question after question, each answer kept before the next is asked."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import getters, work
from textual.app import SystemCommand
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from dlterm.course.schema import Challenge, Predict
from dlterm.errors import DltermError
from dlterm.quiz.grading import NotAnAnswerError
from dlterm.quiz.modes import MODES
from dlterm.quiz.opening import get_ready
from dlterm.quiz.running import NotRunnableError, challenger
from dlterm.quiz.session import Session, SessionOverError
from dlterm.settings.config import settings
from dlterm.text import safe
from dlterm.tui import quiz_words
from dlterm.tui.actions import at, page_bindings
from dlterm.tui.screens.remarking import Remarking, State
from dlterm.tui.screens.trying import Trying
from dlterm.tui.widgets.asking import Asking
from dlterm.tui.widgets.banner import Banner
from dlterm.tui.widgets.title_bar import TitleBar
from dlterm.tui.widgets.told import Ended, Told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.widget import Widget

    from dlterm.quiz.feedback import Feedback
    from dlterm.quiz.grading import Given
    from dlterm.quiz.outcomes import Outcome
    from dlterm.quiz.scheduling import Confidence
    from dlterm.quiz.store import Store

T = TypeVar("T")


class QuestionScreen(Trying, Remarking):
    """Lies over the quiz's page, and stays there while one is in another mode: the session goes on where it was."""

    PLACE = "session"
    STAYS = True
    CSS_PATH = "question.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*page_bindings(PLACE)]
    AUTO_FOCUS = None

    title_bar = getters.query_one(TitleBar)
    banner = getters.query_one(Banner)
    asking = getters.query_one(Asking)
    told = getters.query_one(Told)
    ended = getters.query_one(Ended)
    sheet = getters.query_one("#sheet", VerticalScroll)
    trail = getters.query_one("#trail", Static)
    rest = getters.query_one("#rest", Static)

    def __init__(self, session: Session, flags: set[str]) -> None:
        super().__init__()
        self.session = session
        self.state: State = "asked"
        self.flags = flags
        self._is_keeping = False  # an answer is on its way to the disk
        self._is_paused = False

    def head(self) -> Widget:
        """The mode, the lesson, and how far it is."""
        return TitleBar()

    def body(self) -> ComposeResult:
        """The way so far, the question, what is said of the answer, how it went."""
        yield Static(id="trail", markup=False)
        yield Banner()
        with VerticalScroll(id="sheet", can_focus=False), Vertical(id="column"):
            yield Asking()
            yield Told()
            yield Ended()
        yield Static(id="rest", markup=False)

    def on_mount(self) -> None:
        """Ask; then load what the first feedback needs, while the question is read."""
        self.app.config_changed.subscribe(self, lambda _: self._widen())
        self._widen()
        self.banner.say(self.app.answers.refusal and f"Not kept: {self.app.answers.refusal}", alarming=True)
        self._ask()
        self.set_interval(1.0, self._count_down)
        self.call_after_refresh(self._get_ready)

    def on_screen_suspend(self) -> None:
        """Where nobody looks, no time passes."""
        self.session.pause()

    def on_screen_resume(self) -> None:
        """Go on; from the lab, with what was built there."""
        if not self._is_paused:
            self.session.resume()
        self.take_from_the_lab()
        self.show_progress()

    @work
    async def _get_ready(self) -> None:
        await self.app.answers.ask(self.app.config, lambda _: get_ready())

    def _widen(self) -> None:
        """Have the text as wide as it is set."""
        for width in settings()["text_width"].choices:
            self.sheet.set_class(self.app.config.text_width == width, f"-text-{width}")

    def subject(self) -> str:
        """The lesson that the question belongs to."""
        return f"lesson:{self.entry.lesson.id}" if self.entry is not None else ""

    def commands(self) -> Iterable[SystemCommand]:
        """What can be done about the question, the answer, or the session that is over."""
        parts: dict[State, Asking | Told | Ended]
        parts = {"asked": self.asking, "told": self.told, "over": self.ended}
        part = parts[self.state]
        for action in at(part.PLACE):
            title = f"{action.title}  ({self.app.keys.first(action.id)})"
            yield SystemCommand(title, action.help, partial(self.app.run_action, action.textual, part))

    # --- what is shown ------------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        """Ask the question that comes, or say how it went."""
        asked, entry = self.session.current, self.session.entry
        if asked is None or entry is None:
            self._end()
            return
        self.state, self.feedback = "asked", None
        with self.app.batch_update():
            self._show(self.asking)
            self.asking.hold(held=False)
            self.asking.ask(entry, asked, hints=not self.session.mode.at_end, remark=self.remark)
            self.sheet.scroll_home(animate=False)
            self.show_progress()
        self.explain()

    def _tell(self, feedback: Feedback) -> None:
        """Say what there is to say of an answer."""
        self.state, self.feedback = "told", feedback
        with self.app.batch_update():
            self._show(self.asking, self.told)
            self.asking.hold(held=False)
            self.asking.tell(feedback)
            self.told.show(feedback, last=self.session.current is None)
            self.told.focus(scroll_visible=False)
            self.refresh_bindings()
            self.show_progress()
        self.call_after_refresh(self._have_in_sight)

    def _have_in_sight(self) -> None:
        """Scroll until what is said is seen, as far as its beginning stays."""
        hidden = self.told.region.bottom - self.sheet.region.bottom
        room = self.told.region.y - self.sheet.region.y
        if self.state == "told" and hidden > 0:
            self.sheet.scroll_relative(y=min(hidden, room), animate=False)

    def _end(self, *, over: bool = True) -> None:
        """Say how it went, so far or in the end."""
        self.cancel_trial()
        self.state, self.feedback = "over", None
        report = self.session.report()
        with self.app.batch_update():
            self._show(self.ended)
            self.ended.show(quiz_words.summary(report), over=over, wrong=len(report.wrong))
            self.ended.focus(scroll_visible=False)
            self.refresh_bindings()
            self.sheet.scroll_home(animate=False)
            self.show_progress()
        self._back_up()

    def _show(self, *parts: Widget) -> None:
        for part in (self.asking, self.told, self.ended):
            part.display = part in parts

    def show_progress(self) -> None:
        """Write the title, and the way so far."""
        if not self.is_mounted:
            return
        session, report = self.session, self.session.report()
        lesson = f" · {self.entry.lesson.title}" if self.entry is not None else ""
        at = session.number - (self.state != "asked")
        progress = [f"{at} of {session.total}"]
        if report.first and not session.mode.at_end:
            progress.append(f"{report.right} right")
        left = session.seconds_left
        if left is not None and self.state != "over":
            progress.insert(0, quiz_words.clock_words(left))
        self.title_bar.show(f"{quiz_words.MODE_TITLES[session.mode.name]}{lesson}", progress, self._status)
        waiting = 0 if self.state == "over" else session.total - session.number + 1
        room = self.app.size.width - 4
        self.trail.update(
            quiz_words.trail(report, waiting, room, hidden=session.mode.at_end and self.state != "over")
        )

    @property
    def _status(self) -> str:
        if self._is_paused:
            return "‖ paused"
        if self.trial is not None:
            return "▶ training"
        return {"asked": "", "told": "", "over": "✓ over"}[self.state]

    def _count_down(self) -> None:
        """Have an exam end when its time is over."""
        left = self.session.seconds_left
        if left is None or self.state == "over":
            return
        self.show_progress()
        if left == 0 and not self._is_keeping:
            self._set_pause(on=False)
            self._end()

    # --- answers ------------------------------------------------------------------------------------------------------

    def on_asking_answered(self, message: Asking.Answered) -> None:
        """Keep the answer, or first run what it needs to be graded."""
        asked = self.session.current
        if asked is None or self._is_keeping or self.state != "asked" or self.trial is not None:
            return
        question = asked.question
        if isinstance(question, Predict) and message.given is not None:
            self.try_out(question, None, message.given, message.confidence)
        elif isinstance(question, Challenge) and message.given is not None:
            try:
                recipe = challenger(question.challenge, str(message.given))
            except (NotAnAnswerError, DltermError) as error:
                self.asking.complain(f"{getattr(error, 'message', error)}.")
                return
            except NotRunnableError as error:
                self.asking.complain(f"this question cannot be run: {error}.")
                return
            self.try_out(question, recipe, message.given, message.confidence)
        else:
            self.keep(message.given, message.confidence, None)

    def on_asking_wanted(self, message: Asking.Wanted) -> None:
        """A hint, the next question, the lab."""
        if self.state != "asked" or self._is_keeping or self.trial is not None:
            return
        if message.what == "hint":
            self._hint()
        elif message.what == "skip":
            self.session.skip()
            self._ask()
        else:
            self.build_in_the_lab()

    def _hint(self) -> None:
        text = self.session.hint()
        if text is None:
            self.asking.complain("there is no further hint.")
        else:
            self.asking.hint(text)

    @work
    async def keep(self, given: Given, confidence: Confidence, outcome: Outcome | None) -> None:
        """Have the answer on the disk, and go on."""
        if self._is_keeping:
            return
        self._is_keeping = True
        self.asking.hold(held=True)
        try:
            feedback = await self._stored(lambda _: self.session.answer(given, confidence, outcome))
        except (NotAnAnswerError, DltermError) as error:
            self.asking.hold(held=False)
            self._complain(error)
            return
        except SessionOverError:
            self._end()
            return
        finally:
            self._is_keeping = False
        if feedback is None:
            self._ask()
        else:
            self._tell(feedback)

    async def _stored(self, work: Callable[[Store], T]) -> T:
        return await self.app.answers.ask(self.app.config, work)

    def _complain(self, error: Exception) -> None:
        """Say why an answer was not taken; it is still asked."""
        if isinstance(error, DltermError):
            hint = f" ({error.hint})" if error.hint else ""
            self.asking.complain(f"Not kept: {error.message}{hint}. ⏎ tries again.")
        else:
            self.asking.complain(f"{error}.")

    # --- after an answer ----------------------------------------------------------------------------------------------

    def on__said_wanted(self, message: Told.Wanted) -> None:
        """What was wanted after an answer, or after the session."""
        {
            "next": self._ask,
            "lesson": self._read,
            "lab": lambda: self.app.open_in_lab(self.told.recipe),
            "experiment": self._watch,
            "undo": self.action_undo,
            "close": self._leave,
            "resume": self._go_on,
            "again": self._practise,
        }[message.what]()

    def _read(self) -> None:
        """The lesson, where it speaks of what was asked."""
        if self.feedback is not None:
            entry = self.feedback.entry
            words = " ".join([entry.question.prompt, self.feedback.solution, entry.question.explain])
            self.app.read(entry.lesson.id, about=words)

    def _watch(self) -> None:
        """The experiment, on its page."""
        if self.told.trial is not None:
            self.app.open_experiment(self.told.trial)

    def _go_on(self) -> None:
        if self.session.current is not None:
            self._ask()

    @work
    async def _practise(self) -> None:
        """Once more what was wrong, without moving the schedule."""
        wrong = [feedback.entry for feedback in self.session.report().wrong]
        if not wrong:
            return
        clock, seed = self.app.answers.clock, self.session.seed + 1
        self.session = await self._stored(
            lambda store: Session(wrong, MODES["cram"], store, clock=clock, seed=seed)
        )
        self._ask()

    def _leave(self) -> None:
        if self.is_active:
            self.dismiss()

    @work
    async def _back_up(self) -> None:
        """Once a day: what fails is told, and costs nothing that was answered."""
        try:
            now = self.app.answers.clock()
            await self._stored(lambda store: store.back_up(now, only_if_due=True))
        except DltermError as error:
            self.notify(safe(error.message), title="no backup was made", severity="warning", markup=False)

    # --- actions, as dlterm.tui.actions lists them --------------------------------------------------------------------

    @work
    async def action_undo(self) -> None:
        """Take the last answer back, and ask its question again."""
        if self._is_keeping or self.trial is not None:
            return
        self._is_keeping = True
        try:
            entry = await self._stored(lambda _: self.session.undo())
        except DltermError as error:
            self.notify(safe(error.message), title="undo", severity="warning", markup=False)
            return
        finally:
            self._is_keeping = False
        if entry is None:
            self.notify("there is no answer to take back", title="undo", markup=False, timeout=3)
        else:
            self._ask()

    def action_pause(self) -> None:
        """Hide the question, and stop its clock; or go on."""
        if self.state != "over" and self.trial is None:
            self._set_pause(on=not self._is_paused)

    def _set_pause(self, *, on: bool) -> None:
        self._is_paused = on
        (self.session.pause if on else self.session.resume)()
        self.sheet.display = not on
        self.rest.display = on
        if not on:
            (self.told if self.state == "told" else self.asking.answer).focus(scroll_visible=False)
        limit = "" if self.session.seconds_left is None else " The time of an exam goes on."
        key = self.app.keys.first("session.pause")
        self.rest.update(Content.assemble("Paused.", limit, "\n\n", (f" {key} ", "bold $accent"), "goes on"))
        self.show_progress()

    def action_stop(self) -> None:
        """Stop what is being trained; else the session, and say how it went; there, leave."""
        if self._is_paused:
            self._set_pause(on=False)
        elif self.trial is not None:
            self.cancel_trial()
            self._ask_again()
        elif self.state == "over" or not self.session.report().given:
            self._leave()
        else:
            self._end(over=self.session.current is None)

    def _ask_again(self) -> None:
        self.asking.hold(held=False)
        self.asking.complain("Nothing was answered: the training was stopped.")
        self.show_progress()
