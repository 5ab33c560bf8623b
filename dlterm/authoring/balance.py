"""Whether a lesson's questions give their answers away: by the length of the right option, or by its place."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from dlterm.course.problem import Problem
from dlterm.course.schema import Single

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlterm.course.questions import Quiz

SHARE_LONGEST = 1 / 3  # of a lesson's single questions; a guess among three or four is right as often
SHARE_PLACE = 1 / 2
_FEW = 4  # so few questions show no habit


def balance_faults(quiz: Quiz) -> Iterator[Problem]:
    """What one who knows nothing could go by."""
    asked = [
        (question, line)
        for question, line in zip(quiz.questions, quiz.lines, strict=True)
        if isinstance(question, Single)
    ]
    longest = [(question, line) for question, line in asked if _right_is_longest(question)]
    if len(longest) > max(1, SHARE_LONGEST * len(asked)):
        what = f"the right option is the longest in {len(longest)} of {len(asked)} single questions"
        names = ", ".join(question.id for question, _ in longest)
        yield Problem(quiz.file, longest[0][1], what, f"a third at most; see {names}")
    places = Counter(_place(question) for question, _ in asked)
    for place, count in places.items():
        if len(asked) >= _FEW and count > SHARE_PLACE * len(asked):
            what = f"the right option is number {place + 1} in {count} of {len(asked)} single questions"
            yield Problem(quiz.file, asked[0][1], what, "put it elsewhere in some")


def _right_is_longest(question: Single) -> bool:
    right, *rest = sorted(question.options, key=lambda option: not option.correct)
    return all(len(right.text) > len(option.text) for option in rest)


def _place(question: Single) -> int:
    return next((place for place, option in enumerate(question.options) if option.correct), 0)
