"""Blocks of a lesson as styled content; a link calls `follow` on its widget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content, Span

from dlterm.course.places import folded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.visual import VisualType

    from dlterm.course.blocks import Block, Run

_LOOKS = {"strong": "bold", "em": "italic", "strike": "strike", "code": "$secondary on $panel"}
_LINK, _CHOSEN, _FOUND = "$accent underline", "bold reverse", "$text-warning on $warning-muted"


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
    """Where the links of a block lead, in their order."""
    return [link for link, _ in _linked(block.runs)]


def _content(runs: Sequence[Run], chosen: int | None) -> Content:
    number, before, parts = -1, "", []
    for run in runs:
        number += bool(run.link and run.link != before)
        before = run.link
        looks = [_LOOKS[style] for style in run.styles]
        if run.link:
            looks += [_CHOSEN if number == chosen else _LINK, f"@click=follow({run.link!r})"]
        parts.append(Content.styled(run.text, " ".join(looks)))
    return Content("").join(parts)


def _linked(runs: Sequence[Run]) -> list[tuple[str, str]]:
    """The links and their words; runs of one link that follow each other are one."""
    found: list[tuple[str, str]] = []
    before = ""
    for run in runs:
        if run.link and run.link == before:
            found[-1] = run.link, found[-1][1] + run.text
        elif run.link:
            found.append((run.link, run.text))
        before = run.link
    return found


def _spans(text: str, words: str) -> list[Span]:
    """Where a text has words that begin with these."""
    import re

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
    table = Table(*map(Text, head), box=box.SIMPLE_HEAD, pad_edge=False)
    for row in body:
        table.add_row(*map(Text, row))
    return table
