"""What is said after an answer: right or wrong, why, the right answer, the explanation and where it is from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dlterm.course.schema import Challenge, Predict, Single, TrueFalse
from dlterm.quiz.grading import Given, Grade, NotAnAnswerError, grade, solution
from dlterm.quiz.outcomes import Challenged, Predicted

if TYPE_CHECKING:
    from datetime import date

    from dlterm.course.schema import Question
    from dlterm.quiz.bank import Entry
    from dlterm.quiz.outcomes import Outcome
    from dlterm.quiz.scheduling import Confidence


@dataclass(frozen=True)
class Feedback:
    """On one answer. `due` is the day on which it comes back; None for what is not scheduled."""

    entry: Entry
    given: Given
    grade: Grade
    solution: str
    confidence: Confidence = ""
    hints: int = 0
    seconds: float = 0.0
    outcome: Outcome | None = None
    due: date | None = None
    again: bool = False  # it comes back in this session
    uid: str = ""  # of the row that keeps it

    @property
    def right(self) -> bool:
        """Whether nothing was missing."""
        return self.grade.right

    @property
    def surely_wrong(self) -> bool:
        """What is worth a second look."""
        return self.confidence == "sure" and not self.right

    def as_json(self) -> dict[str, Any]:
        """All of it as plain values."""
        question = self.entry.question
        return {
            "question": question.id,
            "lesson": self.entry.lesson.id,
            "given": self.given,
            "right": self.right,
            "credit": round(self.grade.credit, 4),
            "solution": self.solution,
            "why": list(self.grade.whys),
            "misconceptions": list(self.grade.misconceptions),
            "explain": question.explain,
            "sources": list(question.sources),
            "links": list(question.links),
            "confidence": self.confidence,
            "hints": self.hints,
            "seconds": round(self.seconds, 3),
            "outcome": self.outcome.lines() if self.outcome is not None else [],
            "due": self.due.isoformat() if self.due else None,
            "again": self.again,
            "uid": self.uid,
        }


def judged(question: Question, given: Given, outcome: Outcome | None) -> tuple[Grade, str]:
    """The grade of an answer, and the right one in words.

    Raises NotAnAnswerError for what is none, and ValueError where a run was needed and is missing.
    """
    if isinstance(question, Challenge) and given is not None:
        if not isinstance(outcome, Challenged):
            raise ValueError("a challenge is graded by its outcome")
        return Grade(float(outcome.passed)), solution(question)
    chosen = outcome.chosen if isinstance(outcome, Predicted) else ""
    if isinstance(question, Predict) and given is not None and not chosen:
        if isinstance(given, str) and given not in {option.id for option in question.options}:
            raise NotAnAnswerError("choose one of the options")
        raise ValueError("a prediction is graded by its outcome")
    return grade(question, given, chosen), solution(question, chosen)


def is_a_coin(question: Question) -> bool:
    """Whether a guess is right half the time."""
    return isinstance(question, TrueFalse) or (isinstance(question, Single) and len(question.options) == 2)
