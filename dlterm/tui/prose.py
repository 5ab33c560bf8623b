"""Blocks of a lesson as styled content; a link calls `follow` on its widget."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from textual.content import Content, Span
from textual.style import Style

from dlterm.course.places import folded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.visual import VisualType

    from dlterm.course.blocks import Block, Run

_LOOKS = {"strong": "bold", "em": "italic", "strike": "strike", "code": "on $panel"}
_LINKS = {"term": "underline", "source": "$text-muted"}  # quiet ones: there are many; all others lead away
_AWAY, _CHOSEN, _FOUND = "$primary underline", "bold reverse", "$warning reverse"


def prose(block: Block, *, chosen: int | None = None, found: str = "") -> VisualType:
    """A block of text; its `chosen`-th link and the words that were `found` are told apart."""
    if block.kind == "table":
        return _table(block.rows)
    if block.kind == "rule":
        return Content("· · ·")
    if block.kind == "code":
        return _code(block)
    content = _content(block.runs, chosen)
    return content.add_spans(_spans(content.plain, found)) if found else content


def links(block: Block) -> list[str]:
    """Where the links of a block lead, in their order; runs of one link that follow each other are one."""
    before = ("", *(run.link for run in block.runs))
    return [run.link for run, last in zip(block.runs, before, strict=False) if run.link and run.link != last]


def _content(runs: Sequence[Run], chosen: int | None) -> Content:
    number, before, parts = -1, "", []
    for run in runs:
        number += bool(run.link and run.link != before)
        before = run.link
        looks = [_LOOKS[style] for style in run.styles]
        if run.link:
            looks.append(_CHOSEN if number == chosen else _LINKS.get(run.link.partition(":")[0], _AWAY))
        part = Content.styled(run.text, " ".join(looks))
        if run.link:  # as a value: a link from elsewhere may hold what ends a style
            part = part.stylize(Style.from_meta({"@click": f"follow({run.link!r})"}))
        parts.append(part)
    return Content("").join(parts)


def _spans(text: str, words: str) -> list[Span]:
    """Where a text has words that begin with these."""
    wanted = tuple(folded(words))
    return [
        Span(match.start(), match.end(), _FOUND)
        for match in re.finditer(r"\w+", text)
        if wanted and any(word.startswith(wanted) for word in folded(match[0]))
    ]


def _code(block: Block) -> Content:
    if not block.language:
        return Content(block.text)
    from textual.highlight import highlight  # it needs Pygments, which takes a while to import

    return highlight(block.text, language=block.language)


def _table(rows: Sequence[Sequence[str]]) -> VisualType:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    head, *body = rows
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in head:
        table.add_column(Text(name))
    for row in body:
        table.add_row(*map(Text, row))
    return table
