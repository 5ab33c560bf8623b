"""How well a pack is written, beside what is wrong with it: what a careful editor would ask to be mended."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dlterm.authoring.balance import balance_faults
from dlterm.authoring.reading import reading_faults
from dlterm.authoring.recipes import recipe_faults
from dlterm.authoring.spelling import available, spelling_faults
from dlterm.authoring.unused import unused
from dlterm.course.check import faults
from dlterm.course.content import panes, root
from dlterm.course.packs import clashes
from dlterm.course.problem import Problem, ProblemError
from dlterm.course.whole import read_whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlterm.course.whole import Whole


def read_course() -> Whole:
    """The course's own pack, as it is."""
    return read_whole(Path(str(root())), [])


def review(pack: Path | None, course: Whole) -> list[Problem]:
    """Every problem of the pack at that directory, of the course's own without one, sorted by file and line.

    A pack may speak of what the course has, and has ids of its own; a copy of the whole course is taken for a course.
    """
    problems: list[Problem] = []
    try:
        found = read_whole(pack or course.pack.root, problems)
    except ProblemError as error:
        return [error.problem]
    beside = course if found.pack.root != course.pack.root else None
    is_copy = _names(found) >= _names(course)
    taken = clashes(found, beside) if beside and not is_copy else ()
    return sorted({*problems, *faults(found, beside), *recipe_faults(found), *craft(found, beside), *taken})


def _names(pack: Whole) -> set[str]:
    return {lesson.head.id for lesson in pack.lessons}


def craft(pack: Whole, course: Whole | None) -> Iterator[Problem]:
    """What does not keep a pack from being read, and should be mended all the same."""
    for lesson in pack.lessons:
        yield from reading_faults(lesson)
    for quiz in pack.quizzes:
        yield from balance_faults(quiz)
    spoken_of = (term for pane in panes().values() for term in pane.see) if course is None else ()
    yield from unused(pack, spoken_of)
    if available():
        yield from spelling_faults(pack, course)
