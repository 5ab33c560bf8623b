"""A lesson: TOML front matter between two lines of +++, then Markdown, with figures between fences."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import tomli

from dlterm.course.figures import FORMS, read_figure
from dlterm.course.problem import ProblemError
from dlterm.course.prose import passages
from dlterm.course.schema import LessonHead
from dlterm.course.shelf import convert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlterm.course.figures import Figure
    from dlterm.course.pack import Pack, Text
    from dlterm.course.problem import Problem
    from dlterm.course.prose import Passage

_FENCE = "+++"
_BLOCK = "```"
MOST_BLOCKS, MOST_CHARACTERS = 400, 65_536  # beyond, a page is slow to open


@dataclass(frozen=True)
class Part:
    """A stretch of Markdown, or a figure: what it is, or (`fault`) why it is none. `line` is where it begins."""

    line: int
    text: str
    figure: Figure | None = None
    fault: str = ""


@dataclass(frozen=True)
class Lesson:
    """Its head, and its text as Markdown, which begins after that line of its file."""

    head: LessonHead
    markdown: str
    file: str
    after: int

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Text and figures in their order."""
        return tuple(_parts(self.markdown, self.after))

    @property
    def words(self) -> int:
        """How many words of prose there are to read: headings, formulas, code and figures do not count."""
        return sum(len(passage.words) for passage in self.passages)

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """Its prose."""
        return tuple(
            passage
            for part in self.parts
            if part.figure is None and not part.fault
            for passage in passages(part.text, part.line)
        )


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
        found = tomli.loads("\n".join(lines[1:end]))
    except (ValueError, RecursionError) as error:
        problems.append(text.problem(2, f"the front matter is not TOML: {error}", "see toml.io"))
        return None, 0
    return convert(found, LessonHead, text, 2, problems), end + 1


def _parts(markdown: str, after: int) -> Iterator[Part]:
    """Cut the text at the fences of figures; other fences are part of it."""
    text: list[str] = []
    begin, kind, inside = after + 1, "", ""
    for number, line in enumerate(markdown.splitlines(), start=after + 1):
        fence = line.strip()
        if not inside and fence.startswith(_BLOCK):
            inside = fence.removeprefix(_BLOCK).strip() or "code"
            if inside in FORMS:
                if any(text):
                    yield _text(text, begin)
                text, begin, kind = [], number, inside
                continue
        elif inside and fence == _BLOCK:
            inside = ""
            if kind:
                yield _figure(kind, "\n".join(text), begin)
                text, begin, kind = [], number + 1, ""
                continue
        text.append(line)
    if kind:
        yield Part(begin, "", fault=f"the fence of this {kind} is never closed")
    elif any(text):
        yield _text(text, begin)


def _text(lines: list[str], begin: int) -> Part:
    """A stretch of Markdown without the empty lines around it."""
    empty = next(number for number, line in enumerate(lines) if line)
    return Part(begin + empty, "\n".join(lines).strip("\n") + "\n")


def _figure(kind: str, text: str, line: int) -> Part:
    try:
        return Part(line, text, read_figure(kind, text))
    except ValueError as error:
        return Part(line, text, fault=str(error))
