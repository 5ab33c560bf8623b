"""What an answer is worth, and what one who gave it has wrong.

An answer is a value that JSON has: an option's id (single, predict), a list of ids (multiple), True or False, text
(numeric, fill), items in an order, pairs [left, right] (match). None is "I do not know". A challenge, and what came out
of a prediction, are graded by running (`running.py`).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from dlterm.course.schema import (
    Challenge,
    Fill,
    Match,
    Multiple,
    Numeric,
    Option,
    Order,
    Predict,
    Question,
    Single,
    TrueFalse,
)
from dlterm.quiz.numbers import readings
from dlterm.quiz.wording import is_accepted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Given = str | bool | list[str] | list[list[str]] | None

_ROUNDING = 1e-9  # of what is compared: 0.1 + 0.2 is 0.3


@dataclass(frozen=True)
class Grade:
    """`credit` from 0 to 1; `whys` say what is wrong with what was chosen."""

    credit: float
    whys: tuple[str, ...] = ()
    misconceptions: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        """Whether nothing is missing."""
        return self.credit >= 1.0


class NotAnAnswerError(ValueError):
    """What was given is no answer to this question, so that it is asked again; the text says what one looks like."""


RIGHT, WRONG = Grade(1.0), Grade(0.0)


def grade(question: Question, given: Given, outcome: str = "") -> Grade:
    """Grade an answer. `outcome` is the option that the experiment of a prediction chose.

    Raises NotAnAnswerError for what has not the form of an answer.
    """
    if given is None:
        return WRONG
    match question:
        case Single():
            return _chosen(question.options, _word(given))
        case Predict():
            return _predicted(question, _word(given), outcome)
        case Multiple():
            return _several(question, _words(given))
        case TrueFalse():
            if not isinstance(given, bool):
                raise NotAnAnswerError("answer true or false")
            return RIGHT if given == question.answer else Grade(0.0, _said(question.why_wrong))
        case Numeric():
            return _number(question, _word(given))
        case Fill():
            case = question.case_sensitive
            right = is_accepted(_word(given), question.accept, question.accept_regex, case=case)
            return RIGHT if right else WRONG
        case Order():
            return _ordered(question, _words(given))
        case Match():
            return _matched(question, given)
        case Challenge():
            raise NotAnAnswerError("a challenge is graded by training")
        case _:
            assert_never(question)


def _chosen(options: Sequence[Option], given: str) -> Grade:
    option = _option(options, given)
    return RIGHT if option.correct else Grade(0.0, _said(option.why), _said(option.misconception))


def _predicted(question: Predict, given: str, outcome: str) -> Grade:
    option = _option(question.options, given)
    if option.id == outcome:
        return RIGHT
    return Grade(0.0, _said(option.why), _said(option.misconception))


def _several(question: Multiple, given: Sequence[str]) -> Grade:
    """Each right option counts its share, each wrong one takes its share away."""
    chosen = {_option(question.options, each).id for each in given}
    right = [option for option in question.options if option.correct]
    wrong = [option for option in question.options if not option.correct]
    hits = [option for option in right if option.id in chosen]
    slips = [option for option in wrong if option.id in chosen]
    credit = max(0.0, len(hits) / len(right) - (len(slips) / len(wrong) if wrong else 0.0))
    if question.score == "all-or-nothing" and credit < 1.0:
        credit = 0.0
    return Grade(
        credit,
        _all_said(option.why for option in slips),
        _all_said(option.misconception for option in slips),
    )


def _number(question: Numeric, given: str) -> Grade:
    found = readings(given, question.unit)
    if not found:
        unit = f", in {question.unit}" if question.unit else ""
        raise NotAnAnswerError(f"answer with a number{unit}, such as 7850, 0.5, 1/2 or 2e-3")
    tolerance = question.tolerance
    room = max(tolerance.abs, tolerance.rel * abs(question.answer))
    if any(_near(value, question.answer, room) for value in found):
        return RIGHT
    for trap in question.traps:
        if any(_near(value, trap.value, tolerance.rel * abs(trap.value)) for value in found):
            return Grade(0.0, _said(trap.why), _said(trap.misconception))
    return WRONG


def _near(value: float, other: float, room: float) -> bool:
    return abs(value - other) <= room + _ROUNDING * max(abs(value), abs(other))


def _ordered(question: Order, given: Sequence[str]) -> Grade:
    """Kendall's tau of the two orders, not below 0: what is right in pairs beyond what is wrong."""
    if sorted(given) != sorted(question.items):
        raise NotAnAnswerError("name every item once")
    place = {item: number for number, item in enumerate(question.items)}
    pairs = list(itertools.combinations(given, 2))
    right = sum(place[one] < place[other] for one, other in pairs)
    return Grade(max(0.0, 2 * right / len(pairs) - 1))


def _matched(question: Match, given: Given) -> Grade:
    """The share of the pairs that are found."""
    pairs = [tuple(pair) for pair in given if isinstance(pair, list)] if isinstance(given, list) else []
    sides = {right for _, right in question.pairs} | set(question.extra_right)
    lefts, rights = sorted(pair[0] for pair in pairs if len(pair) == 2), [pair[-1] for pair in pairs if pair]
    if (
        lefts != sorted(left for left, _ in question.pairs)
        or not set(rights) <= sides
        or len(pairs) != len(lefts)
    ):
        raise NotAnAnswerError("give each one on the left one on the right")
    return Grade(len(set(pairs) & set(question.pairs)) / len(question.pairs))


def _option(options: Sequence[Option], given: str) -> Option:
    for option in options:
        if option.id == given:
            return option
    raise NotAnAnswerError(f"choose among {', '.join(option.id for option in options)}")


def _word(given: Given) -> str:
    if not isinstance(given, str):
        raise NotAnAnswerError("one answer is expected")
    return given


def _words(given: Given) -> list[str]:
    if not isinstance(given, list) or not given:
        raise NotAnAnswerError("a list is expected")
    return [_word(each) for each in given]


def _said(text: str) -> tuple[str, ...]:
    return (text,) if text else ()


def _all_said(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(text for text in texts if text)


def solution(question: Question, outcome: str = "") -> str:
    """The right answer in words."""
    match question:
        case Single() | Multiple():
            return "; ".join(option.text for option in question.options if option.correct)
        case Predict():
            return "; ".join(option.text for option in question.options if option.id == outcome)
        case TrueFalse():
            return "true" if question.answer else "false"
        case Numeric():
            return f"{question.answer:.10g}" + (f" {question.unit}" if question.unit else "")
        case Fill():
            return question.accept[0]
        case Order():
            return ", ".join(question.items)
        case Match():
            return "; ".join(f"{left}: {right}" for left, right in question.pairs)
        case Challenge():
            return question.challenge.reference
        case _:
            assert_never(question)
