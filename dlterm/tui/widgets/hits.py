"""What a search has found, as an entry of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets.option_list import Option

from dlterm.course.search import MARKS

if TYPE_CHECKING:
    from dlterm.course.search import Hit

_SIGNS = {"term": "▪", "event": "◦", "table": "▤", "help": "?", "preset": "▸", "lesson": "¶"}


def hit_option(hit: Hit) -> Option:
    """A line, whose id is the place `kind:id`."""
    excerpt = hit.excerpt.translate({ord(mark): None for mark in MARKS})
    line = Content.assemble(
        f"{_SIGNS[hit.kind]} ", (hit.title, "bold"), "  ", (" ".join(excerpt.split()), "$text-muted")
    )
    return Option(line, id=f"{hit.kind}:{hit.id}")
