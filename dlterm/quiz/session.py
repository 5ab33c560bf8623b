"""A session: questions one after the other, each answer kept before the next is asked. No screen, no files.

Who shows it asks `current`, gives `answer`, and shows the feedback. It can end at any moment: nothing is lost.
"""

from __future__ import annotations

import secrets
from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dlterm.quiz.asking import Asked, ask
from dlterm.quiz.days import as_date
from dlterm.quiz.feedback import Feedback, is_a_coin, judged
from dlterm.quiz.placement import prune
from dlterm.quiz.report import Report
from dlterm.quiz.scheduling import Confidence, Rating, rating
from dlterm.quiz.store import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from dlterm.quiz.bank import Entry
    from dlterm.quiz.grading import Given
    from dlterm.quiz.modes import Mode
    from dlterm.quiz.outcomes import Outcome
    from dlterm.quiz.store import Recorded, Store

    Clock = Callable[[], datetime]

_APART = 4  # other questions before one that was wrong comes back
_MOST_REPEATS = 3
_LONGEST = 600.0  # seconds that an answer can take; who takes longer has been elsewhere


@dataclass(frozen=True)
class Turn:
    """A question in the queue. `repeats` counts how often it was asked before, `skipped` says that it was put off."""

    entry: Entry
    repeats: int = 0
    skipped: bool = False


@dataclass(frozen=True)
class _Given:
    """An answer, and what is needed to take it back."""

    turn: Turn
    feedback: Feedback
    recorded: Recorded
    queue: tuple[Turn, ...]  # as it was before


class SessionOverError(ValueError):
    """Nothing is asked any more: the time was over before the answer came."""


class Session:
    """A queue of questions in a mode."""

    def __init__(
        self,
        entries: Sequence[Entry],
        mode: Mode,
        store: Store,
        *,
        clock: Clock,
        seed: int = 0,
        seconds: float | None = None,
    ) -> None:
        """`clock` is the local time with its zone; `seconds` is all the time there is."""
        self.mode = mode
        self.seed = seed
        self.id = secrets.token_hex(6)
        self._store = store
        self._clock = clock
        self._queue = deque(Turn(entry) for entry in entries)
        self._given: list[_Given] = []
        self._hints = 0
        self._begun = self._shown = clock()
        self._seconds = seconds
        self._paused: datetime | None = None
        self._away = 0.0  # seconds of this question in which it was paused
        self._stopped = False

    # --- asking -------------------------------------------------------------------------------------------------

    @property
    def current(self) -> Asked | None:
        """The question that is asked; None when the session is over."""
        if self._stopped or not self._queue or self.seconds_left == 0:
            return None
        turn = self._queue[0]
        return ask(turn.entry.question, self.seed + turn.repeats)

    @property
    def entry(self) -> Entry | None:
        """The same with its lesson."""
        return None if self.current is None else self._queue[0].entry

    @property
    def repeated(self) -> bool:
        """Whether the question was asked before in this session."""
        return bool(self._queue) and self._queue[0].repeats > 0

    @property
    def number(self) -> int:
        """The place of the question that is asked, from 1."""
        return len(self._given) + 1

    @property
    def total(self) -> int:
        """How many answers the session has if all that is left is right."""
        return len(self._given) + len(self._queue)

    @property
    def seconds_left(self) -> float | None:
        """Of a session with a time limit; never below 0."""
        if self._seconds is None:
            return None
        return max(0.0, self._seconds - (self._clock() - self._begun).total_seconds())

    def hint(self) -> str | None:
        """The next hint; None when there is none left. An exam gives none."""
        asked = self.current
        if asked is None or self.mode.at_end or self._hints >= len(asked.question.hints):
            return None
        self._hints += 1
        return asked.question.hints[self._hints - 1]

    def pause(self) -> None:
        """The time until `resume` is not this question's. A time limit goes on."""
        self._paused = self._paused or self._clock()

    def resume(self) -> None:
        """Go on after a pause."""
        if self._paused is not None:
            self._away += (self._clock() - self._paused).total_seconds()
            self._paused = None

    # --- answering ----------------------------------------------------------------------------------------------

    def answer(
        self, given: Given, confidence: Confidence = "", outcome: Outcome | None = None
    ) -> Feedback | None:
        """Keep an answer, None for "I do not know", and go to the next question.

        Returns what is to be said of it, in an exam None. What is answered by running needs its outcome. Raises
        NotAnAnswerError for what is none; SessionOverError where there was no time left for it; DltermError where it
        cannot be kept, and then it is still asked.
        """
        if self.current is None:
            raise SessionOverError
        self.resume()
        now, turn = self._clock(), self._queue[0]
        question = turn.entry.question
        grade, solution = judged(question, given, outcome)
        seconds = min(_LONGEST, max(0.0, (now - self._shown).total_seconds() - self._away))
        kept = Answer(
            question=question.id,
            lesson=turn.entry.lesson.id,
            kind=turn.entry.kind,
            mode=self.mode.name,
            session=self.id,
            given=given,
            credit=grade.credit,
            rating=self._rating(turn, right=grade.right, confidence=confidence),
            confidence=confidence,
            hints=self._hints,
            seconds=seconds,
            seed=self.seed + turn.repeats,
            misconceptions=grade.misconceptions,
        )
        recorded = self._store.record(kept, now)
        feedback = Feedback(
            turn.entry, given, grade, solution, confidence, self._hints, seconds, outcome,
            due=as_date(recorded.card.due) if recorded.card else None,
            again=self.mode.again and not grade.right and turn.repeats < _MOST_REPEATS,
            uid=recorded.uid,
        )  # fmt: skip
        self._given.append(_Given(turn, feedback, recorded, tuple(self._queue)))
        self._queue.popleft()
        if feedback.again:
            self._queue.insert(min(_APART, len(self._queue)), replace(turn, repeats=turn.repeats + 1))
        if self.mode.name == "placement":
            self._queue = deque(prune(self._queue, [each.feedback for each in self._given]))
        self._next()
        return None if self.mode.at_end else feedback

    def skip(self) -> None:
        """Put the question off to the end; one that was put off before is left out."""
        if self.current is None:
            return
        turn = self._queue.popleft()
        if not turn.skipped:
            self._queue.append(replace(turn, skipped=True))
        self._next()

    def undo(self) -> Entry | None:
        """Take the last answer back, and ask its question again; None where there is none."""
        if not self._given:
            return None
        last = self._given[-1]
        self._store.undo(last.recorded.id)
        self._given.pop()
        self._queue = deque(last.queue)
        self._stopped = False
        self._next()
        return last.turn.entry

    def flag(self, *, on: bool = True) -> None:
        """Mark the question that is asked, to find it again."""
        if self._queue:
            self._store.marks.flag(self._queue[0].entry.id, self._clock(), on=on)

    def stop(self) -> None:
        """End the session here."""
        self._stopped = True

    def report(self) -> Report:
        """How it went so far."""
        left = [turn.entry for turn in self._queue if turn.repeats == 0]
        return Report(self.mode.name, tuple(each.feedback for each in self._given), tuple(left))

    def _next(self) -> None:
        self._hints, self._away, self._paused = 0, 0.0, None
        self._shown = self._clock()

    def _rating(self, turn: Turn, *, right: bool, confidence: Confidence) -> Rating:
        if not self.mode.counts or turn.repeats or not turn.entry.scheduled:
            return Rating.NONE
        hints = len(turn.entry.question.hints)
        return rating(
            right=right,
            confidence=confidence,
            hints=self._hints,
            last_hint=1 < hints == self._hints,
            coin=is_a_coin(turn.entry.question),
        )
