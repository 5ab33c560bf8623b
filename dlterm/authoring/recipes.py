"""The recipes that a pack speaks of, in figures, links, questions and presets: where each stands, and if it is one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dlterm.course import figures
from dlterm.course.links import links
from dlterm.course.preset_file import PRESETS
from dlterm.course.problem import Problem
from dlterm.data import SETS
from dlterm.errors import DltermError
from dlterm.training.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlterm.course.whole import Whole

_LINK = "lab:"


@dataclass(frozen=True)
class Named:
    """A recipe as text, and where it stands; with `expect`, what is said to come out of it."""

    file: str
    line: int
    text: str
    expect: tuple[str, ...] = ()

    def recipe(self) -> Recipe:
        """What is to be trained. Raises DltermError where it is no recipe, or one of data that no course has."""
        recipe = Recipe.parse(self.text)
        if recipe.data not in SETS:
            raise DltermError(f'there is no data set "{recipe.data}"', hint=f"one of {', '.join(SETS)}")
        return recipe


def recipes(pack: Whole) -> Iterator[Named]:
    """All of them, as they come."""
    for lesson in pack.lessons:
        for part in lesson.parts:
            if isinstance(part.figure, figures.Lab):
                yield Named(lesson.file, part.line, part.figure.recipe, part.figure.expect)
        for link in links(lesson.markdown, lesson.after):
            if link.target.startswith(_LINK):
                yield Named(lesson.file, link.line, link.target.removeprefix(_LINK))
    for quiz in pack.quizzes:
        for question, line in zip(quiz.questions, quiz.lines, strict=True):
            for target in question.links:
                if target.startswith(_LINK):
                    yield Named(quiz.file, line, target.removeprefix(_LINK))
    for preset, line in zip(pack.presets.presets, pack.presets.lines, strict=True):
        yield Named(PRESETS, line, preset.recipe, preset.expect)


def recipe_faults(pack: Whole) -> Iterator[Problem]:
    """Those that cannot be trained, without training any."""
    for named in recipes(pack):
        try:
            named.recipe()
        except DltermError as error:
            yield Problem(
                named.file, named.line, f"recipe: {error.message}", error.hint or "see dlterm help recipes"
            )
