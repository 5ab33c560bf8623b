"""Text to learn from: the prose of this course, as numbers of its characters."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dlterm.course.content import root
from dlterm.course.lesson import read_lesson
from dlterm.course.pack import Pack
from dlterm.course.whole import is_lesson

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Tokens = NDArray[np.int64]

_HELD_OUT = 0.1  # of the text, its end


@dataclass(frozen=True, eq=False)
class CourseText:
    """The characters that occur, sorted; what is learned from and what is held out, as places among them."""

    characters: str
    known: Tokens
    new: Tokens

    @classmethod
    def read(cls) -> CourseText:
        """The course's own lessons, whatever packs stand beside it. A character is one of some ninety."""
        pack = Pack(Path(str(root())))
        lessons = (read_lesson(pack, name, []) for name in pack.files() if is_lesson(name))
        return cls.of("\n".join(passage.text for each in lessons if each for passage in each.passages))

    @classmethod
    def of(cls, text: str) -> CourseText:
        """Any text."""
        characters = "".join(sorted(set(text)))
        places = np.array([characters.index(character) for character in text], np.int64)
        cut = round(len(places) * (1 - _HELD_OUT))
        return cls(characters, places[:cut], places[cut:])

    def encoded(self, text: str) -> Tokens:
        """The places of a text's characters [n]; those that do not occur are left out."""
        return np.array([self.characters.index(each) for each in text if each in self.characters], np.int64)

    def decoded(self, places: Tokens) -> str:
        """The text of places."""
        return "".join(self.characters[place] for place in places.tolist())


def drawn(text: Tokens, count: int, length: int, seed: int) -> Tokens:
    """Stretches of a text from anywhere in it: [count, length]."""
    starts = np.random.default_rng(seed).integers(0, len(text) - length + 1, count)
    return text[starts[:, None] + np.arange(length)]


def cut(text: Tokens, length: int) -> Tokens:
    """The text cut into stretches, each beginning with the last character of the one before: [n, length]."""
    starts = np.arange(0, len(text) - length + 1, length - 1)
    return text[starts[:, None] + np.arange(length)]
