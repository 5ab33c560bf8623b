"""Predictions and challenges of a session: trained while one watches, and built in the lab."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import getters

from dlterm.course.schema import Challenge, Predict
from dlterm.errors import DltermError
from dlterm.quiz.grading import NotAnAnswerError
from dlterm.quiz.running import challenger, values
from dlterm.training.recipe import Recipe
from dlterm.tui.answering import measured
from dlterm.tui.page import Page
from dlterm.tui.widgets.asking import Asking

if TYPE_CHECKING:
    from dlterm.quiz.grading import Given
    from dlterm.quiz.outcomes import Outcome
    from dlterm.quiz.scheduling import Confidence
    from dlterm.quiz.session import Session
    from dlterm.tui.trial import Progress, Trial

_FRAME = 1 / 12  # seconds between two looks at what is trained
_SPINNER = "◐◓◑◒"


class Trying(Page):
    """Runs one trial at a time; its outcome is kept with the answer."""

    asking = getters.query_one(Asking)
    session: Session
    trial: Trial | None = None
    _left_for_the_lab = ""  # the recipe that was taken along
    _turns = 0

    def keep(self, given: Given, confidence: Confidence, outcome: Outcome | None) -> object:
        """Have the answer on the disk, and go on."""
        raise NotImplementedError

    def show_progress(self) -> None:
        """Write how far the session is."""
        raise NotImplementedError

    def try_out(
        self, question: Predict | Challenge, recipe: Recipe | None, given: Given, confidence: Confidence
    ) -> None:
        """Train what the question needs, show how far it is, and keep the answer with what came out."""
        from dlterm.tui.trial import Trial

        trial = self.trial = Trial(question, recipe)
        self.asking.hold(held=True)
        self.asking.complain("")
        self.show_progress()
        trial.start()

        def look() -> None:
            if self.trial is trial:
                self._look(trial, question, given, confidence)

        self._timer = self.set_interval(_FRAME, look)

    def _look(
        self, trial: Trial, question: Predict | Challenge, given: Given, confidence: Confidence
    ) -> None:
        progress = trial.progress
        if progress.outcome is None and not progress.problem:
            self._turns += 1
            self._show_trial(question, progress)
            return
        self.cancel_trial()
        if progress.outcome is not None:
            self.keep(given, confidence, progress.outcome)
        else:
            self.asking.hold(held=False)
            self.asking.complain(f"{progress.problem}.")
            self.show_progress()

    def _show_trial(self, question: Predict | Challenge, progress: Progress) -> None:
        """How far it is; of a prediction, what came out so far, option by option."""
        done = len(progress.measured)
        turning = _SPINNER[self._turns % len(_SPINNER)]
        runs = isinstance(question, Predict) and question.experiment.runner == "experiment"
        doing = f"{'running' if runs else 'training'} {min(done + 1, progress.total)} of {progress.total}"
        self.asking.train(f"{turning} {progress.compiling or doing}", done / progress.total)
        if isinstance(question, Predict):
            asked = self.session.current
            signs = {choice.value: choice.sign for choice in asked.choices} if asked else {}
            found = values(question, progress.measured)
            self.asking.rows.note(
                {
                    signs.get(option, ""): measured(question.experiment.measure, of_option)
                    if of_option
                    else " "
                    for option, of_option in found.items()
                }
            )

    def cancel_trial(self) -> None:
        """End it, and hear no more of it."""
        if self.trial is not None:
            self.trial.cancel()
            self.trial = None
            self._timer.stop()
            self.asking.train("", 0)
            self.asking.rows.note({})

    def on_unmount(self) -> None:
        """Train nothing more."""
        if self.trial is not None:
            self.trial.cancel()

    # --- the lab ------------------------------------------------------------------------------------------------------

    def build_in_the_lab(self) -> None:
        """Open what is written so far in the lab; what is built there comes back with the page."""
        asked = self.session.current
        if asked is None or not isinstance(asked.question, Challenge):
            return
        task = asked.question.challenge
        try:
            recipe = challenger(task, self.asking.line.value or task.data)
        except (NotAnAnswerError, DltermError):
            recipe = Recipe.parse(task.data)
        self._left_for_the_lab = str(recipe)
        self.app.open_in_lab(str(recipe))
        back = f"build it here; {self.app.keys.first('app.quiz')} takes it back to the question"
        self.app.notify(back, title="challenge", markup=False, timeout=8)

    def take_from_the_lab(self) -> None:
        """Take over what was built in the lab since one left for it."""
        built = self.app.memory.state.recipe
        if self._left_for_the_lab and built and built != self._left_for_the_lab:
            self.asking.line.value = built
        self._left_for_the_lab = ""
