"""All questions of the course, each with its lesson, and the ways to name some of them."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import TYPE_CHECKING

from dlterm.course.library import lessons
from dlterm.course.pack import Pack
from dlterm.course.packs import roots
from dlterm.course.problem import ProblemError
from dlterm.course.questions import read_quiz
from dlterm.course.schema import Challenge, Predict, Question
from dlterm.course.whole import is_quiz
from dlterm.errors import DltermError, ExitCode
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from dlterm.course.lesson import Lesson
    from dlterm.course.problem import Problem
    from dlterm.course.schema import LessonHead


@dataclass(frozen=True)
class Entry:
    """A question, and the lesson it belongs to."""

    question: Question
    lesson: LessonHead

    @property
    def id(self) -> str:
        """The question's."""
        return self.question.id

    @property
    def kind(self) -> str:
        """The question's type."""
        return str(self.question.__struct_config__.tag)

    @property
    def scheduled(self) -> bool:
        """Whether it comes back; what is answered by running is known once it has run."""
        return not isinstance(self.question, (Predict, Challenge))


class Bank:
    """Questions by id, in the order of the lessons."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self.entries = MappingProxyType(dict(entries))

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries.values())

    def __len__(self) -> int:
        return len(self.entries)

    def get(self, name: str) -> Entry | None:
        """The question of that id; one that was removed is None."""
        return self.entries.get(name)

    @functools.cached_property
    def lessons(self) -> Mapping[str, LessonHead]:
        """The lessons that have questions, by id, in their order."""
        return {entry.lesson.id: entry.lesson for entry in self}

    def lesson(self, name: str) -> list[Entry]:
        """Its questions."""
        return [entry for entry in self if entry.lesson.id == name]

    def about(self, topic: str) -> list[Entry]:
        """The questions of a lesson (its id or title), a chapter, a tag, a type or an objective, or the one of that id.

        Raises DltermError (no input) where there are none.
        """
        wanted = topic.strip().casefold()
        for names in (_own_names, _wider_names):
            found = [entry for entry in self if wanted in names(entry)]
            if found:
                return found
        known = {name for entry in self for name in (*_own_names(entry), *_wider_names(entry))}
        near = get_close_matches(wanted, known, n=3)
        raise DltermError(
            f'there are no questions on "{safe(topic, limit=60)}"',
            hint=f"did you mean {', '.join(near)}?" if near else f"the lessons are {', '.join(self.lessons)}",
            exit_code=ExitCode.NO_INPUT,
        )


def _own_names(entry: Entry) -> set[str]:
    return {entry.id, entry.lesson.id, entry.lesson.title.casefold()}


def _wider_names(entry: Entry) -> set[str]:
    names = (entry.kind, entry.lesson.chapter, entry.question.objective, *entry.question.tags)
    return {name.casefold() for name in names if name}


@dataclass(frozen=True)
class Topic:
    """Something that questions can be on: what kind of a topic it is, and how many questions there are."""

    name: str
    kind: str
    questions: int


def topics(bank: Bank) -> list[Topic]:
    """Lessons, chapters, types, tags and objectives, each as `Bank.about` takes it, which means lessons first."""
    own = {name for entry in bank for name in _own_names(entry)}
    counts: dict[tuple[str, str], int] = {}
    for entry in bank:
        question = entry.question
        named = [("lesson", entry.lesson.title), ("chapter", entry.lesson.chapter), ("type", entry.kind)]
        named += [*(("tag", tag) for tag in question.tags), ("objective", question.objective)]
        for each in named:
            if each[1] and (each[0] == "lesson" or each[1].casefold() not in own):
                counts[each] = counts.get(each, 0) + 1
    order = ("lesson", "chapter", "type", "tag", "objective")
    found = [Topic(name, kind, count) for (kind, name), count in counts.items()]
    return sorted(found, key=lambda topic: order.index(topic.kind))


@functools.cache
def bank() -> Bank:
    """The course's own, and those of packs beside it. Raises DltermError (configuration) where a file is broken."""
    found: dict[str, Entry] = {}
    for directory in roots():
        found |= read_bank(directory, lessons()).entries
    return Bank(found)


def read_bank(directory: Path, known: Mapping[str, Lesson]) -> Bank:
    """The questions of the pack at a directory whose lessons are known. Raises DltermError (configuration)."""
    problems: list[Problem] = []
    pack = Pack(directory)
    found: dict[str, Entry] = {}
    try:
        names = [name for name in pack.files() if is_quiz(name)]
    except ProblemError as error:
        raise error.as_error() from None
    for name in names:
        quiz = read_quiz(pack, name, problems)
        if problems:
            raise ProblemError(problems[0]).as_error()
        lesson = known.get(quiz.lesson) if quiz is not None else None
        if quiz is not None and lesson is not None:
            found |= {question.id: Entry(question, lesson.head) for question in quiz.questions}
    return Bank(found)
