"""Search from a lesson: where its own words are, then everything else that the course has to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content
from textual.widgets.option_list import Option

from dlterm.course import search
from dlterm.course.places import find_words, folded
from dlterm.tui.screens.search import SearchScreen
from dlterm.tui.widgets.hits import hit_option

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dlterm.course.blocks import Block

_HERE = "here:"
_MOST_HERE, _MOST = 12, 40
_BEFORE, _AROUND = 24, 120  # characters of an excerpt


class Found(NamedTuple):
    """What was chosen: a place `kind:id`, or a block of the lesson that is read (else -1), and the words."""

    place: str
    block: int
    words: str


class FindScreen(SearchScreen[Found]):
    """Ends with the place that was chosen."""

    HEADING = "Search this lesson, and everything"
    WAYS = "⏎ goes there · ↑↓ choose · then n and N: the next, the one before"
    PLACEHOLDER = "words, or how they begin"
    DEFAULT_CSS = "FindScreen Vertical { width: 96; height: 60%; }"

    def __init__(self, blocks: Sequence[Block], words: str = "") -> None:
        super().__init__(words)
        self._blocks = blocks

    def found(self, words: str) -> Iterator[Option]:
        """Where the lesson has the words; what else of the course has them."""
        here = find_words(words, self._blocks)[:_MOST_HERE]
        if here:
            yield _head("In this lesson")
        for number in here:
            yield Option(_excerpt(self._blocks[number], words), id=f"{_HERE}{number}")
        hits = search.index().search(words, limit=_MOST)
        if hits:
            yield _head("Everywhere")
        yield from map(hit_option, hits)

    def meaning(self, entry: str) -> Found:
        """The place, with the words to look for there."""
        if entry.startswith(_HERE):
            return Found("", int(entry.removeprefix(_HERE)), self.words.value)
        return Found(entry, -1, self.words.value)


def _head(title: str) -> Option:
    return Option(Content.styled(title, "bold $primary"), disabled=True)


def _excerpt(block: Block, words: str) -> Content:
    """What the block says around the first of the words, and under which heading."""
    text = " ".join(block.text.split())
    wanted = tuple(folded(words))
    at = next((k for k in range(len(text)) if _begins(text, k, wanted)), 0)
    begin = text.find(" ", at - _BEFORE, at) + 1 if at > _BEFORE else 0
    shown = ("…" if begin else "") + text[begin : begin + _AROUND]
    return Content.assemble("¶ ", (block.heading or "Beginning", "bold"), "  ", (shown, "$text-muted"))


def _begins(text: str, at: int, wanted: tuple[str, ...]) -> bool:
    if at and text[at - 1].isalnum():
        return False
    word = folded(text[at : at + 40])
    return bool(word) and text[at].isalnum() and word[0].startswith(wanted)
