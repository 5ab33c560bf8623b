"""A whole content pack as checked values: all that its files hold, whatever else is wrong with some of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dlterm.course.lesson import read_lesson
from dlterm.course.pack import Pack
from dlterm.course.preset_file import PRESETS, PresetFile, read_preset_file
from dlterm.course.questions import read_quiz
from dlterm.course.shelf import read_shelf

if TYPE_CHECKING:
    from pathlib import Path

    from dlterm.course.lesson import Lesson
    from dlterm.course.problem import Problem
    from dlterm.course.questions import Quiz
    from dlterm.course.shelf import Shelf

LESSONS = "lessons"


@dataclass(frozen=True)
class Whole:
    """What a pack holds; what was not to be read is missing, and told of."""

    pack: Pack
    files: tuple[str, ...]
    shelf: Shelf
    lessons: tuple[Lesson, ...]
    quizzes: tuple[Quiz, ...]
    presets: PresetFile

    def with_(self, other: Whole) -> Whole:
        """What this pack and another hold together."""
        return Whole(
            self.pack,
            self.files,
            self.shelf.with_(other.shelf),
            self.lessons + other.lessons,
            self.quizzes + other.quizzes,
            self.presets.with_(other.presets),
        )


def read_whole(root: Path, problems: list[Problem]) -> Whole:
    """Read the pack in a directory; problems are added. Raises ProblemError where it has far too many files."""
    pack = Pack(root)
    files = tuple(pack.files())
    shelf = read_shelf(pack, problems)
    lessons = [read_lesson(pack, name, problems) for name in files if is_lesson(name)]
    quizzes = [read_quiz(pack, name, problems) for name in files if is_quiz(name)]
    presets = read_preset_file(pack, problems) if PRESETS in files else PresetFile()
    return Whole(
        pack,
        files,
        shelf,
        tuple(lesson for lesson in lessons if lesson is not None),
        tuple(quiz for quiz in quizzes if quiz is not None),
        presets,
    )


def is_lesson(name: str) -> bool:
    """Whether a file of that name is a lesson."""
    return name.startswith(f"{LESSONS}/") and name.endswith(".md")


def is_quiz(name: str) -> bool:
    """Whether a file of that name holds questions."""
    return name.startswith(f"{LESSONS}/") and name.endswith(".quiz.toml")
