"""What is said after an answer, and after a session: read, and gone on from by key or click."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static

from dlterm.tui import quiz_words
from dlterm.tui.actions import bindings
from dlterm.tui.widgets.ways import Ways

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.content import Content

    from dlterm.quiz.feedback import Feedback
    from dlterm.tui.experiment_player import Trial


class _Said(Vertical, can_focus=True):
    """Words, and what can be done after them; what is wanted is told."""

    DEFAULT_CSS = """
    _Said {
        height: auto; padding: 0;
        .words { padding: 0 3; height: auto; }
        Ways { padding: 0 2; margin: 1 0; }
    }
    """

    words = getters.query_one(".words", Static)
    ways = getters.query_one(Ways)

    class Wanted(Message):
        """Something is wanted: the name of an action."""

        def __init__(self, what: str) -> None:
            super().__init__()
            self.what = what

    def compose(self) -> ComposeResult:
        """The words, and the ways on."""
        yield Static(classes="words", markup=False)
        yield Ways()

    def on_ways_pressed(self, message: Ways.Pressed) -> None:
        """Tell what was clicked."""
        message.stop()
        self.post_message(self.Wanted(message.action))


class Told(_Said):
    """What is said of an answer."""

    PLACE = "answered"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(PLACE)]
    DEFAULT_CSS = (
        "Told { border-left: outer $success; margin: 1 2 0 2; &.-wrong { border-left: outer $error; } }"
    )

    recipe = ""  # what can be opened in the lab
    trial: Trial | None = None  # the experiment that can be opened

    def show(self, feedback: Feedback, *, last: bool) -> None:
        """Show what is to be said; after the `last` question comes the report."""
        self.set_class(not feedback.right, "-wrong")
        self.words.update(quiz_words.told(feedback))
        self.recipe, self.trial = quiz_words.recipe_of(feedback), quiz_words.trial_of(feedback)
        ways = [
            ("answered.next", "How it went" if last else "Next question"),
            ("answered.lesson", "Read on it"),
        ]
        if self.recipe:
            ways.append(("answered.lab", "Open in the lab"))
        if self.trial is not None:
            ways.append(("answered.experiment", "Watch it run"))
        self.ways.show([*ways, ("session.undo", "Take it back")])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether an action can be carried out now."""
        offers = {"lab": bool(self.recipe), "experiment": self.trial is not None}
        return offers.get(action, True) and super().check_action(action, parameters)

    def action_next(self) -> None:
        """The next question."""
        self.post_message(self.Wanted("next"))

    def action_lesson(self) -> None:
        """The lesson, at the place."""
        self.post_message(self.Wanted("lesson"))

    def action_lab(self) -> None:
        """What it was about, in the lab."""
        self.post_message(self.Wanted("lab"))

    def action_experiment(self) -> None:
        """The experiment that it was about, to be watched."""
        self.post_message(self.Wanted("experiment"))


class Ended(_Said):
    """How a session went."""

    PLACE = "ended"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(PLACE)]
    DEFAULT_CSS = "Ended { padding-top: 1; }"

    def __init__(self) -> None:
        super().__init__()
        self._offers: dict[str, bool] = {}

    def show(self, words: Content, *, over: bool, wrong: int) -> None:
        """Show how it went; one that is not over can go on."""
        self.words.update(words)
        self._offers = {"resume": not over, "again": bool(wrong)}
        ways = [("ended.close", "To the quiz")]
        if not over:
            ways.append(("ended.resume", "Go on with it"))
        if wrong:
            ways.append(("ended.again", f"Once more what was wrong ({wrong})"))
        self.ways.show(ways)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether an action can be carried out now."""
        return self._offers.get(action, True) and super().check_action(action, parameters)

    def action_close(self) -> None:
        """Back to the quiz."""
        self.post_message(self.Wanted("close"))

    def action_resume(self) -> None:
        """Go on with the session."""
        self.post_message(self.Wanted("resume"))

    def action_again(self) -> None:
        """Practise what was wrong."""
        self.post_message(self.Wanted("again"))
