"""Where one is in a lesson: a block, a link in it, the words that are searched for. It knows no Textual."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlterm.course.places import find_words
from dlterm.tui.prose import links

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dlterm.course.blocks import Block


class Walk:
    """Goes from block to block, heading to heading, link to link; each way tells whether there was one to go to."""

    def __init__(self, blocks: Sequence[Block] = (), at: int = 0, words: str = "") -> None:
        self.blocks = blocks
        self.at = at
        self.link: int | None = None
        self.words = words

    @property
    def block(self) -> Block | None:
        """The block."""
        return self.blocks[self.at] if self.blocks else None

    @property
    def href(self) -> str:
        """Where the chosen link leads, "" where none is chosen."""
        return links(self.blocks[self.at])[self.link] if self.link is not None else ""

    def to(self, number: int) -> bool:
        """To a block."""
        if not 0 <= number < len(self.blocks):
            return False
        self.at, self.link = number, None
        return True

    def step(self, by: int) -> bool:
        """To the next block (1), or the one before (-1)."""
        return self.to(self.at + by)

    def heading(self, by: int) -> bool:
        """To the next heading, or the one before; from within a part, to its own."""
        return self._to_next(by, lambda k: self.blocks[k].kind == "heading")

    def hit(self, by: int) -> bool:
        """To the next block that has the words that are searched for, around the end."""
        hits = find_words(self.words, self.blocks)
        beyond = [k for k in hits if (k > self.at if by > 0 else k < self.at)] or hits
        return bool(beyond) and self.to(beyond[0] if by > 0 else beyond[-1])

    def along_links(self, by: int) -> bool:
        """To the next link, or the one before, of this block or of another."""
        count = len(links(self.blocks[self.at])) if self.blocks else 0
        at = (-1 if by > 0 else count) if self.link is None else self.link
        if 0 <= at + by < count:
            self.link = at + by
            return True
        if not self._to_next(by, lambda k: bool(links(self.blocks[k]))):
            return False
        self.link = 0 if by > 0 else len(links(self.blocks[self.at])) - 1
        return True

    def _to_next(self, by: int, is_one: Callable[[int], bool]) -> bool:
        ahead = range(self.at + 1, len(self.blocks)) if by > 0 else range(self.at - 1, -1, -1)
        number = next(filter(is_one, ahead), None)
        return number is not None and self.to(number)
