"""The course's lessons, in their order, and their text as it is read outside the app."""

from __future__ import annotations

import functools
import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from dlterm.course.figures import figure_fault, problem_of
from dlterm.course.lesson import read_lesson
from dlterm.course.pack import Pack
from dlterm.course.packs import roots
from dlterm.course.problem import ProblemError
from dlterm.course.prose import CITED as CITED  # those who number citations ask for it here
from dlterm.course.whole import is_lesson

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dlterm.course.lesson import Lesson
    from dlterm.course.problem import Problem
    from dlterm.course.shelf import Shelf

_LINK = re.compile(r"\[(?P<text>[^\]]+)\]\((?P<scheme>term|lesson|table|lab|experiment):(?P<name>[^)\s]*)\)")


@functools.cache
def lessons() -> Mapping[str, Lesson]:
    """The course's own and those of packs beside it, by id. Raises DltermError (configuration) where one is broken."""
    problems: list[Problem] = []
    found = [lesson for directory in roots() for lesson in _lessons(Pack(directory), problems)]
    if problems:
        raise ProblemError(problems[0]).as_error()
    return MappingProxyType({lesson.head.id: lesson for lesson in found})


def _lessons(pack: Pack, problems: list[Problem]) -> list[Lesson]:
    try:
        names = [name for name in pack.files() if is_lesson(name)]
    except ProblemError as error:
        raise error.as_error() from None
    return [lesson for name in names if (lesson := read_lesson(pack, name, problems)) is not None]


def require_sound(lesson: Lesson, shelf: Shelf) -> None:
    """Raise DltermError (configuration) for a figure that cannot be drawn: what it names is not there."""
    for part in lesson.parts:
        if wrong := part.fault or (figure_fault(part.figure, shelf) if part.figure else ""):
            raise ProblemError(problem_of(lesson.file, part.line, wrong)).as_error()


def unlinked(markdown: str) -> str:
    """The text with links within the course as mere words; what can be run has the command behind it."""

    def words(match: re.Match[str]) -> str:
        if match["scheme"] == "lab":
            return f"{match['text']} (`dlterm lab '{match['name']}'`)"
        if match["scheme"] == "experiment":
            return f"{match['text']} (`dlterm run {match['name']}`)"
        return match["text"]

    return _LINK.sub(words, markdown)


def cited(lesson: Lesson) -> list[str]:
    """The keys of the lesson's sources, in the order in which it cites them."""
    keys = [
        match["key"] for part in lesson.parts if part.figure is None for match in CITED.finditer(part.text)
    ]
    for part in lesson.parts:
        keys += getattr(part.figure, "sources", ())
    return list(dict.fromkeys(keys))


def numbered(markdown: str, keys: list[str]) -> str:
    """The text with its citations as numbers in brackets, counted as in `keys`."""
    return CITED.sub(
        lambda match: f"\\[{keys.index(match['key']) + 1}]" if match["key"] in keys else "", markdown
    )


def lesson_about(term: str) -> str:
    """The id of the lesson that leads most often to a term of the glossary, the earlier of two; "" where none does."""
    link = f"](term:{term})"
    counts = {name: lesson.markdown.count(link) for name, lesson in lessons().items()}
    best = max(counts, key=counts.__getitem__, default="")
    return best if best and counts[best] else ""
