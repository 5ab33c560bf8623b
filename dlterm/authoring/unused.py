"""What a pack has and nothing in it leads to: sources that nobody cites, terms that nobody links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlterm.course.links import links
from dlterm.course.problem import Problem
from dlterm.course.prose import CITED
from dlterm.course.shelf import GLOSSARY, SOURCES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dlterm.course.whole import Whole


def unused(pack: Whole, elsewhere: Iterable[str] = ()) -> Iterator[Problem]:
    """Sources and terms that could as well be missing; `elsewhere` are terms that other texts speak of."""
    cited = set(_cited(pack))
    text = pack.pack.read(SOURCES) if pack.shelf.sources else None
    for key in pack.shelf.sources:
        if key not in cited:
            line = text.line_of(key) if text else 0
            yield Problem(SOURCES, line, f"nothing cites {key}", "cite it, or take it away")
    seen = {*elsewhere, *_seen(pack)}
    text = pack.pack.read(GLOSSARY) if pack.shelf.terms else None
    for number, term in enumerate(pack.shelf.terms):
        if term not in seen:
            line = text.line_of("term", number) if text else 0
            yield Problem(GLOSSARY, line, f"nothing leads to {term}", f"link it: [words](term:{term})")


def _cited(pack: Whole) -> Iterator[str]:
    for term in pack.shelf.terms.values():
        yield from term.sources
    for table in pack.shelf.tables.values():
        for row in table.rows:
            yield from row[-1].split()
    for lesson in pack.lessons:
        yield from (match["key"] for match in CITED.finditer(lesson.markdown))
        for part in lesson.parts:
            yield from getattr(part.figure, "sources", ())
    for quiz in pack.quizzes:
        for question in quiz.questions:
            yield from question.sources


def _seen(pack: Whole) -> Iterator[str]:
    for term in pack.shelf.terms.values():
        yield from term.see
    for lesson in pack.lessons:
        yield from (link.name for link in links(lesson.markdown) if link.scheme == "term")
    for quiz in pack.quizzes:
        for question in quiz.questions:
            yield from (link.removeprefix("term:") for link in question.links)
