"""A question as it is asked: its words, what it is answered with, hints, and what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from dlterm.course.library import unlinked
from dlterm.course.schema import Challenge, Multiple, Order
from dlterm.quiz.asking import KINDS
from dlterm.quiz.grading import NotAnAnswerError
from dlterm.quiz.typed import form as wanted
from dlterm.quiz.typed import read
from dlterm.text import safe
from dlterm.tui.actions import bindings
from dlterm.tui.answering import Typed, form_of
from dlterm.tui.app import DltermApp
from dlterm.tui.quiz_words import readable
from dlterm.tui.widgets.answer_rows import AnswerRows
from dlterm.tui.widgets.ways import Ways

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.widget import Widget

    from dlterm.quiz.asking import Asked
    from dlterm.quiz.bank import Entry
    from dlterm.quiz.feedback import Feedback
    from dlterm.quiz.grading import Given
    from dlterm.quiz.scheduling import Confidence

_BAR = 24  # columns
_LONGEST = 2000  # characters of what is typed


class Line(Input):
    """What is typed in one line; the keys of the question work in it, too."""

    DEFAULT_CSS = """
    Line { margin: 0 3; width: 100%; background: $panel; }
    Line:focus { background: $panel; }
    """


class Asking(Vertical):
    """Asks; what is answered is told, and graded by whoever asks."""

    PLACE = "question"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(PLACE)]
    DEFAULT_CSS = """
    Asking {
        height: auto;
        #about { color: $text-muted; padding: 1 3 1 3; }
        #prompt { padding: 0 3 1 3; text-style: bold; }
        #task { padding: 0 3 1 3; }
        #said { padding: 1 3 0 3; }
        Ways { padding: 0 2; margin-top: 1; }
    }
    """

    app = getters.app(DltermApp)
    rows = getters.query_one(AnswerRows)
    line = getters.query_one(Line)
    ways = getters.query_one(Ways)

    class Answered(Message):
        """An answer; None is "I do not know"."""

        def __init__(self, given: Given, confidence: Confidence) -> None:
            super().__init__()
            self.given, self.confidence = given, confidence

    class Wanted(Message):
        """Something else is wanted: `hint`, `skip`, `lab`."""

        def __init__(self, what: str) -> None:
            super().__init__()
            self.what = what

    def __init__(self) -> None:
        super().__init__()
        self.asked: Asked | None = None
        self._hints: list[str] = []
        self._gives_hints = True
        self._complaint = ""
        self._is_told = False

    def compose(self) -> ComposeResult:
        """All that any question needs; what one does not need is not shown."""
        yield Static(id="about", markup=False)
        yield Static(id="prompt", markup=False)
        yield Static(id="task", markup=False)
        yield AnswerRows()
        yield Line(compact=True, max_length=_LONGEST)
        yield Static(id="said", markup=False)
        yield Ways()

    def ask(self, entry: Entry, asked: Asked, *, hints: bool, remark: str = "") -> None:
        """Ask a question."""
        self.asked, self._hints, self._complaint = asked, [], ""
        self._gives_hints, self._is_told = hints, False
        self.remark(entry, remark)
        self.query_one("#prompt", Static).update(Content(unlinked(asked.question.prompt.strip())))
        task = self.query_one("#task", Static)
        task.display = isinstance(asked.question, Challenge)
        if isinstance(asked.question, Challenge):
            task.update(_task(asked.question))
        form = form_of(asked)
        typed = isinstance(form, Typed)
        self.line.display, self.rows.display = typed, not typed
        self.line.value, self.line.placeholder = "", f"{wanted(asked)}; then ⏎"
        self.rows.show(form)
        self._say()
        self.answer.focus(scroll_visible=False)

    @property
    def answer(self) -> Widget:
        """What the answer is put into."""
        return self.line if self.line.display else self.rows

    def remark(self, entry: Entry, remark: str = "") -> None:
        """Write what kind of a question it is, and what there is to remark."""
        about = f"{entry.lesson.title} · {KINDS[entry.kind]}"
        self.query_one("#about", Static).update(
            Content.assemble(about, (f"  {remark}" if remark else "", "bold $accent"))
        )

    def tell(self, feedback: Feedback) -> None:
        """Show what was right of the answer; there is nothing more to answer."""
        self._is_told = True
        self.line.display, self.rows.display = False, True
        self.rows.show(self.rows.form, feedback)
        self._complaint = ""
        self._say()

    def hold(self, *, held: bool) -> None:
        """Take no answer while one is being kept or run."""
        self.rows.is_held = held

    def complain(self, what: str) -> None:
        """Say what is wrong with the answer."""
        self._complaint = what
        self._say()

    def train(self, what: str, share: float) -> None:
        """Show how far training is; "" where nothing is trained."""
        self.ways.display = not what and not self._is_told
        said = self.query_one("#said", Static)
        if not what:
            self._say()
            return
        full = round(_BAR * share)
        said.display = True
        said.update(
            Content.assemble(
                ("━" * full, "$accent"),
                ("─" * (_BAR - full), "$text-muted 50%"),
                "  ",
                (safe(what), "$text-muted"),
                ("   esc stops it", "$text-muted"),
            )
        )

    def hint(self, text: str) -> None:
        """Add a hint."""
        self._hints.append(text)
        self._say()

    def _say(self) -> None:
        parts = [Content.assemble(("Hint  ", "bold $primary"), hint) for hint in self._hints]
        if self._complaint:
            parts.append(
                Content.assemble(("! ", "bold $warning"), (safe(self._complaint, limit=400), "$warning"))
            )
        said = self.query_one("#said", Static)
        said.display = bool(parts)
        said.update(Content("\n").join(parts))
        self.ways.display = not self._is_told
        if not self._is_told:
            self.ways.show(self._ways())

    def _ways(self) -> Iterator[tuple[str, str]]:
        """What can be done, in the words of this question."""
        asked = self.asked
        assert asked is not None
        if isinstance(asked.question, Challenge):
            yield from (("question.sure", "Train it"), ("question.lab", "Build it in the lab"))
        else:
            yield from (("question.sure", "Sure"), ("question.unsure", "Not sure"))
        yield "question.unknown", "I do not know"
        left = len(asked.question.hints) - len(self._hints)
        if left and self._gives_hints:
            yield "question.hint", "Hint" if left == len(asked.question.hints) else "Stronger hint"
        if isinstance(asked.question, Multiple):
            yield "choice.tick", "Tick"
        elif isinstance(asked.question, Order):
            yield "choice.tick", "Take hold"

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether an action can be carried out now: an exam gives no hints."""
        return (action != "hint" or self._gives_hints) and super().check_action(action, parameters)

    # --- answering ----------------------------------------------------------------------------------------------------

    def on_ways_pressed(self, message: Ways.Pressed) -> None:
        """Do what was clicked."""
        message.stop()
        target = self.rows if message.action == "tick" else self
        getattr(target, f"action_{message.action}")()

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Enter is sure, here too."""
        message.stop()
        self.action_sure()

    def on_descendant_focus(self) -> None:
        """The keys that are shown are those that work where one is."""
        if self.asked is not None:
            self._say()

    def action_sure(self) -> None:
        """Answer, and be sure."""
        self._answer("sure")

    def action_unsure(self) -> None:
        """Answer, and be not sure."""
        self._answer("unsure")

    def action_unknown(self) -> None:
        """Answer that one does not know."""
        if self._may_answer:
            self.post_message(self.Answered(None, ""))

    def action_hint(self) -> None:
        """Ask for a hint."""
        self.post_message(self.Wanted("hint"))

    def action_skip(self) -> None:
        """Put it off."""
        self.post_message(self.Wanted("skip"))

    def action_lab(self) -> None:
        """Build it in the lab."""
        self.post_message(self.Wanted("lab"))

    @property
    def _may_answer(self) -> bool:
        return self.asked is not None and not self._is_told and not self.rows.is_held

    def _answer(self, confidence: Confidence) -> None:
        asked = self.asked
        if asked is None or not self._may_answer:
            return
        try:
            given = self._given(asked)
        except NotAnAnswerError as error:
            self.complain(f"{error}.")
            return
        self.post_message(self.Answered(given, "" if isinstance(asked.question, Challenge) else confidence))

    def _given(self, asked: Asked) -> Given:
        if not isinstance(self.rows.form, Typed):
            return self.rows.form.given
        if not self.line.value.strip():
            raise NotAnAnswerError(f"type an answer first: {wanted(asked)}")
        return read(asked, self.line.value)


def _task(question: Challenge) -> Content:
    """What a network has to meet."""
    task = question.challenge
    parts: list[str | tuple[str, str]] = [("Data      ", "$text-muted"), task.data]
    parts.append((f"\nRequired  with {task.pass_seeds} of {len(task.seeds)} seeds\n", "$text-muted"))
    parts.append("\n".join(f"  • {readable(each)}" for each in task.require))
    if task.stars:
        parts.append(("\nA star each\n", "$text-muted"))
        parts.append("\n".join(f"  ☆ {readable(each)}" for each in task.stars))
    return Content.assemble(*parts)
