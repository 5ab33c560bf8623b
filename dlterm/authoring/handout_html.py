"""A handout as one HTML file that needs no other: it fetches nothing, runs nothing, and prints on A4."""

from __future__ import annotations

import functools
from html import escape
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from dlterm.authoring.handout import Cells, Drawing, Text
from dlterm.authoring.sheet import letter
from dlterm.course.library import unlinked
from dlterm.course.prose import CITED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dlterm.authoring.handout import Handout
    from dlterm.authoring.sheet import Asked
    from dlterm.drawing.views import Cell

_STYLE = """
@page { size: A4; margin: 18mm 20mm; }
* { box-sizing: border-box; }
body { font: 11pt/1.45 Georgia, "DejaVu Serif", serif; color: #1a1d22; background: #fff; max-width: 170mm;
  margin: 8mm auto; padding: 0 4mm; }
h1 { font-size: 22pt; line-height: 1.15; margin: 0 0 2mm; }
h2 { font-size: 14pt; margin: 8mm 0 2mm; break-after: avoid; }
h3 { font-size: 12pt; margin: 5mm 0 1mm; break-after: avoid; }
p { margin: 0 0 3mm; orphans: 3; widows: 3; }
.question { font-style: italic; font-size: 13pt; }
.chapter, figcaption, .task, .sources { font-size: 9pt; color: #4a505c; }
a { color: inherit; }
a[href^="#source"] { text-decoration: none; font-size: 75%; vertical-align: super; line-height: 0; }
blockquote { margin: 4mm 0; padding: 2mm 4mm; border-left: 1mm solid #156fb6; background: #f3f6f9;
  break-inside: avoid; }
blockquote p:last-child { margin: 0; }
pre, code { font: 9.5pt/1.4 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; margin: 3mm 6mm; }
figure { margin: 5mm 0; break-inside: avoid; text-align: center; }
figure svg { max-width: 100%; height: auto; }
figcaption { text-align: left; margin-top: 1mm; }
table { border-collapse: collapse; width: 100%; font-size: 9pt; text-align: left; }
th, td { padding: 1mm 2mm; border-bottom: .2mm solid #c2c6ce; vertical-align: top; }
.asked { break-inside: avoid; margin: 0 0 6mm; }
.asked p { margin: 0 0 1mm; }
.choices { list-style: none; padding: 0; margin: 1mm 0 0 6mm; }
.choices li { margin: 1mm 0; }
.box { display: inline-block; width: 3.4mm; height: 3.4mm; border: .3mm solid #1a1d22; margin-right: 2mm; }
.line { border-bottom: .2mm solid #868e9c; height: 9mm; }
.key { break-before: page; }
@media print { body { margin: 0; padding: 0; max-width: none; } }
"""


def as_html(page: Handout, *, answers: bool = False) -> str:
    """Return the whole page; with `answers` the key is on a last page of its own."""
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(page.head.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>",
            *_opening(page),
            *(_part(part, page.keys) for part in page.parts),
            *_questions(page.questions),
            *_sources(page.sources),
            *(_key(page.questions) if answers and page.questions else ()),
            "</body>\n</html>\n",
        ]
    )


def _opening(page: Handout) -> Iterator[str]:
    head = page.head
    yield f'<p class="chapter">{escape(head.chapter)} · {head.minutes} minutes</p>'
    yield f"<h1>{escape(head.title)}</h1>"
    if head.question:
        yield f'<p class="question">{escape(head.question)}</p>'
    if head.able:
        able = "".join(f"<li>{_inline(each)}</li>" for each in head.able)
        yield f"<p>Afterwards you are able to</p>\n<ul>{able}</ul>"


def _part(part: Text | Drawing | Cells, keys: list[str]) -> str:
    match part:
        case Text():
            return str(_markdown().render(_cited(unlinked(part.markdown), keys)))
        case Drawing():
            again = f"<br><code>{escape(part.command)}</code>" if part.command else ""
            return f"<figure>\n{part.svg}<figcaption>{_inline(part.caption)}{again}</figcaption>\n</figure>"
        case Cells():
            return f"<figure>\n{_table(part)}<figcaption>{_inline(part.caption)}</figcaption>\n</figure>"


def _table(part: Cells) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in part.table.columns)
    rows = ("".join(f"<td>{_cell(cell)}</td>" for cell in row) for row in part.table.rows)
    body = "".join(f"<tr>{row}</tr>\n" for row in rows)
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n"


def _cell(cell: Cell) -> str:
    return "" if cell is None else escape(str(cell))


def _questions(questions: Sequence[Asked]) -> Iterator[str]:
    if questions:
        yield "<h2>Questions</h2>"
    for number, question in enumerate(questions, start=1):
        yield f'<div class="asked">\n<p><b>{number}.</b> {_inline(question.prompt)}</p>'
        yield f'<p class="task">{_inline(question.task)}</p>'
        if question.pairs_with:
            lines = (
                f"<li>{n} {_inline(text)} ____</li>" for n, text in enumerate(question.pairs_with, start=1)
            )
            yield f'<ul class="choices">{"".join(lines)}</ul>'
        if question.choices:
            yield f'<ul class="choices">{"".join(_choices(question))}</ul>'
        yield '<div class="line"></div>' * question.lines + "</div>"


def _choices(question: Asked) -> Iterator[str]:
    box = "" if question.pairs_with or question.lines else '<span class="box"></span>'
    for place, text in enumerate(question.choices):
        yield f"<li>{box}{letter(place)} {_inline(text)}</li>"


def _sources(sources: Sequence[str]) -> Iterator[str]:
    if sources:
        entries = "".join(
            f'<li id="source-{n}">{escape(text)}</li>\n' for n, text in enumerate(sources, start=1)
        )
        yield f'<h2>Sources</h2>\n<ol class="sources">\n{entries}</ol>'


def _key(questions: Sequence[Asked]) -> Iterator[str]:
    yield '<section class="key">\n<h2>Answers</h2>'
    for number, question in enumerate(questions, start=1):
        yield f"<p><b>{number}. {_inline(question.key)}.</b> {_inline(question.explain)}</p>"
    yield "</section>"


def _cited(markdown: str, keys: list[str]) -> str:
    """The text with its citations as small numbers that lead to the sources."""
    return CITED.sub(lambda match: f"[{(n := keys.index(match['key']) + 1)}](#source-{n})", markdown)


def _inline(markdown: str) -> str:
    return str(_markdown().renderInline(unlinked(markdown)))


@functools.cache
def _markdown() -> MarkdownIt:
    """A parser that takes markup for text, and leads nowhere that runs code."""
    return MarkdownIt("commonmark", {"html": False}).enable("table")
