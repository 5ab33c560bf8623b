"""The course's lessons, in their order, and their text as it is read outside the app."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from dlterm.course.content import root
from dlterm.course.lesson import read_lesson
from dlterm.course.pack import Pack
from dlterm.course.problem import ProblemError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dlterm.course.lesson import Lesson
    from dlterm.course.problem import Problem

LESSONS = "lessons"
CITED = re.compile(r"\[\^(?P<key>[a-z0-9-]+)\]")
_LINK = re.compile(
    r"\[(?P<text>[^\]\n]+)\]\((?P<scheme>term|lesson|table|lab|experiment):(?P<name>[^)\s]*)\)"
)


@functools.cache
def lessons() -> Mapping[str, Lesson]:
    """The course's own, by id. Raises DltermError (configuration) where one is broken."""
    problems: list[Problem] = []
    pack = Pack(Path(str(root())))
    try:
        names = [name for name in pack.files() if name.startswith(f"{LESSONS}/") and name.endswith(".md")]
    except ProblemError as error:
        raise error.as_error() from None
    found = [lesson for name in names if (lesson := read_lesson(pack, name, problems)) is not None]
    if problems:
        raise ProblemError(problems[0]).as_error()
    return MappingProxyType({lesson.head.id: lesson for lesson in found})


def questions_about(lesson: Lesson) -> int:
    """How many sound questions the file beside a lesson has."""
    from dlterm.course.questions import read_quiz

    pack, name = Pack(Path(str(root()))), f"{lesson.file.removesuffix('.md')}.quiz.toml"
    quiz = read_quiz(pack, name, []) if (pack.root / name).is_file() else None
    return len(quiz.questions) if quiz else 0


def unlinked(markdown: str) -> str:
    """The text with links within the course as mere words; a set-up of the lab as the command that opens it."""

    def words(match: re.Match[str]) -> str:
        if match["scheme"] == "lab":
            return f"{match['text']} (`dlterm lab '{match['name']}'`)"
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
