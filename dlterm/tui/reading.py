"""A lesson's text as a card beside a page: to be read while something else goes on, without its figures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from textual.content import Content

from dlterm.course.prose import uncited

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlterm.course.lesson import Lesson

_INLINE = re.compile(
    r"\[(?P<text>[^\]\n]+)\]\((?P<target>[^)\s]*)\)|\*\*(?P<bold>[^*]+)\*\*|\*(?P<em>[^*\s][^*]*)\*|`(?P<code>[^`]+)`"
)
_FOLLOWED = "term:", "source:", "lesson:"  # what a card can turn to


def reading(lesson: Lesson) -> Content:
    """The lesson, with links to the words it uses; where a figure is, what it shows."""
    parts = [Content.styled(lesson.head.title, "bold $accent")]
    if lesson.head.question:
        parts.append(Content.styled(lesson.head.question, "italic"))
    for part in lesson.parts:
        if part.figure is None:
            parts += _blocks(part.text)
        else:
            parts.append(Content.styled(f"▸ figure: {part.figure.caption}", "$text-muted"))
    parts.append(Content.styled("The figures are in the course (3).", "$text-muted"))
    return Content("\n\n").join(parts)


def _blocks(markdown: str) -> Iterator[Content]:
    for block in re.split(r"\n\s*\n", uncited(markdown).strip()):
        if block.startswith("#"):
            yield Content.styled(block.lstrip("# "), "bold $primary")
        elif block.startswith("```"):
            yield Content.styled("\n".join(block.splitlines()[1:-1]), "$primary")
        elif re.match(r"\s*([-*]|\d+\.|\|) ?", block):
            yield Content("\n").join(
                [_inline(re.sub(r"^\s*[-*] ", "• ", line)) for line in block.splitlines()]
            )
        else:
            yield _inline(" ".join(block.splitlines()))


def _inline(text: str) -> Content:
    parts: list[Content] = []
    at = 0
    for found in _INLINE.finditer(text):
        parts += [Content(text[at : found.start()]), _styled(found)]
        at = found.end()
    return Content("").join([*parts, Content(text[at:])])


def _styled(found: re.Match[str]) -> Content:
    if found["text"]:
        scheme, _, name = found["target"].partition(":")
        if f"{scheme}:" in _FOLLOWED:
            kind = "reading" if scheme == "lesson" else scheme
            return Content.styled(found["text"], f"$accent @click=open('{kind}:{name.partition('#')[0]}')")
        return Content(found["text"])
    style, text = next(
        (style, found[name])
        for name, style in (("bold", "bold"), ("em", "italic"), ("code", "$primary"))
        if found[name]
    )
    return Content.styled(text, style)
