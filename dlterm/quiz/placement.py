"""Placement: lesson by lesson until two in a row are not known; the first of them is where to begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dlterm.quiz.bank import Entry
    from dlterm.quiz.feedback import Feedback
    from dlterm.quiz.session import Turn

_SLIPS = 2  # wrong answers that say that a lesson is not known


def prune(queue: Iterable[Turn], given: Sequence[Feedback]) -> list[Turn]:
    """The questions that are still worth asking."""
    unknown = _unknown(given)
    order = list(dict.fromkeys(feedback.entry.lesson.id for feedback in given))
    left = [turn for turn in queue if turn.entry.lesson.id not in unknown]
    if len(order) > 1 and set(order[-2:]) <= unknown:
        return []
    return left


def start_at(given: Sequence[Feedback], left: Sequence[Entry] = ()) -> str | None:
    """The first lesson that is not known, or was not reached; None where all are."""
    unknown = _unknown(given)
    order = list(dict.fromkeys(feedback.entry.lesson.id for feedback in given))
    found = next((lesson for lesson in order if lesson in unknown), None)
    return found or next((entry.lesson.id for entry in left), None)


def _unknown(given: Sequence[Feedback]) -> set[str]:
    slips: dict[str, int] = {}
    for feedback in given:
        slips[feedback.entry.lesson.id] = slips.get(feedback.entry.lesson.id, 0) + (not feedback.right)
    return {lesson for lesson, count in slips.items() if count >= _SLIPS}
