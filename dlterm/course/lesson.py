"""A lesson: TOML front matter between two lines of +++, then Markdown."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dlterm.course.problem import ProblemError
from dlterm.course.schema import LessonHead
from dlterm.course.shelf import convert

if TYPE_CHECKING:
    from dlterm.course.pack import Pack, Text
    from dlterm.course.problem import Problem

_FENCE = "+++"
MOST_BLOCKS, MOST_CHARACTERS = 400, 65_536  # beyond, a page is slow to open


@dataclass(frozen=True)
class Lesson:
    """Its head, and its text as Markdown, which begins after that line of its file."""

    head: LessonHead
    markdown: str
    file: str
    after: int


def read_lesson(pack: Pack, name: str, problems: list[Problem]) -> Lesson | None:
    """Read a lesson; None, and problems, where it has not its form."""
    try:
        text = pack.read(name)
    except ProblemError as error:
        problems.append(error.problem)
        return None
    head, line = _head(text, problems)
    if head is None:
        return None
    markdown = "\n".join(text.content.splitlines()[line:]) + "\n"
    if len(markdown) > MOST_CHARACTERS or markdown.count("\n\n") > MOST_BLOCKS:
        problems.append(
            text.problem(0, f"more than {MOST_BLOCKS} paragraphs or 64 KB", "make two lessons of it")
        )
    return Lesson(head, markdown, name, line)


def _head(text: Text, problems: list[Problem]) -> tuple[LessonHead | None, int]:
    """The front matter, and the line that ends it."""
    lines = text.content.splitlines()
    if not lines or lines[0].strip() != _FENCE or _FENCE not in (line.strip() for line in lines[1:]):
        problems.append(text.problem(1, "no front matter", "begin with +++, the head as TOML, and +++"))
        return None, 0
    end = 1 + next(k for k, line in enumerate(lines[1:]) if line.strip() == _FENCE)
    try:
        found = tomllib.loads("\n".join(lines[1:end]))
    except (ValueError, RecursionError) as error:
        problems.append(text.problem(2, f"the front matter is not TOML: {error}", "see toml.io"))
        return None, 0
    return convert(found, LessonHead, text, 2, problems), end + 1
