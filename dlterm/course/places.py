"""Places in a lesson: the words that tell one, and where in the lesson as it is now they lead."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import Counter
from difflib import SequenceMatcher
from math import log, sqrt
from typing import TYPE_CHECKING

from dlterm.settings.places import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dlterm.course.blocks import Block

LENGTH = 160  # characters that tell a paragraph
_LIKE = 0.6  # how much of its words an edited paragraph must have kept to be the same
_SHORT = 10  # words: a heading that has one of them is not what speaks of it
_WORD = re.compile(r"\w+")


def place_of(block: Block) -> Place:
    """What tells this block."""
    return Place(block.heading[:LENGTH], " ".join(block.text.split())[:LENGTH])


def find(place: Place, blocks: Sequence[Block]) -> int | None:
    """The number of the block at a place: the same words, else the likest, else its heading, else None.

    Of several blocks of the same words the one below the same heading is meant.
    """
    if not place.text:
        return 0 if blocks and not place.heading else _headed(place.heading, blocks)
    told = [place_of(block) for block in blocks]
    if place in told:
        return told.index(place)
    likeness, at = max(((_likeness(place, each), -k) for k, each in enumerate(told)), default=(0.0, 0))
    return -at if likeness >= _LIKE else _headed(place.heading, blocks)


def find_words(words: str, blocks: Iterable[Block]) -> list[int]:
    """The numbers of the blocks that have words that begin with all of these; none where there are no words."""
    wanted = folded(words)
    return [k for k, block in enumerate(blocks) if wanted and _has(wanted, folded(block.text))]


def best(words: str, blocks: Sequence[Block]) -> int | None:
    """The first block that has all the words, or else one that has the most of them; None where none has any."""
    all_of_them = find_words(words, blocks)
    if all_of_them:
        return all_of_them[0]
    counts = [sum(_has([word], folded(block.text)) for word in folded(words)) for block in blocks]
    return counts.index(max(counts)) if any(counts) else None


def likest(text: str, blocks: Sequence[Block]) -> int | None:
    """The block that speaks most of what a text says; None where none has a word of it.

    A word tells the more the fewer blocks have it, and a block of many words is no better for that.
    """
    words = [set(folded(block.text)) for block in blocks]
    wanted = set(folded(text))
    counts = Counter(word for each in words for word in each & wanted)
    scores = [
        sum(log(1 + len(blocks) / counts[word]) for word in each & wanted) / sqrt(len(each) + _SHORT)
        for each in words
    ]
    return scores.index(max(scores)) if any(scores) else None


@functools.lru_cache(maxsize=8192)  # each letter that is typed asks for all blocks of a lesson
def folded(text: str) -> tuple[str, ...]:
    """The words of a text in lower case and without accents, as search compares them."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return tuple(_WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter))))


def _has(wanted: Sequence[str], words: Sequence[str]) -> bool:
    return all(any(word.startswith(each) for word in words) for each in wanted)


def _likeness(place: Place, other: Place) -> float:
    """From 0 to 1; a little more below the same heading, which decides between equals."""
    likeness = SequenceMatcher(None, folded(place.text), folded(other.text), autojunk=False).ratio()
    return likeness + 0.01 * (place.heading == other.heading and likeness > 0)


def _headed(heading: str, blocks: Sequence[Block]) -> int | None:
    """The heading itself."""
    return next((k for k, block in enumerate(blocks) if heading and block.heading == heading), None)
