"""A question as it is put: what is shuffled is shuffled by a seed that is kept, so that it can be put again."""

from __future__ import annotations

import random
import re
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from dlterm.course.schema import Match, Multiple, Order, Predict, Question, Single

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")

KINDS = {
    "single": "One answer is right.",
    "multiple": "Several answers may be right.",
    "truefalse": "True or false?",
    "numeric": "A number.",
    "fill": "A word or two.",
    "order": "Put them in order.",
    "match": "Find the pairs.",
    "predict": "A prediction: what comes out is run.",
    "challenge": "A challenge: your network is trained.",
}  # what is to be done, by the type of question


@dataclass(frozen=True)
class Choice:
    """What can be chosen: the sign that stands before it, what is shown, and what it is as an answer."""

    sign: str  # a, b, ...
    text: str
    value: str  # an option's id, or an item in full


@dataclass(frozen=True)
class Asked:
    """A question in the order in which it is shown. `lefts` are the left sides of pairs, 1, 2, ..."""

    question: Question
    seed: int
    choices: tuple[Choice, ...] = ()
    lefts: tuple[Choice, ...] = ()


def ask(question: Question, seed: int) -> Asked:
    """Put a question. The same seed puts it in the same order, in every process."""
    chance = random.Random(f"{seed} {question.id}")
    match question:
        case Single() | Multiple() | Predict():
            options = [(option.text, option.id) for option in _shuffled(question.options, chance)]
            return Asked(question, seed, _signed(options))
        case Order():
            return Asked(question, seed, _signed(_disordered(question, chance)))
        case Match():
            rights = _shuffled([*(right for _, right in question.pairs), *question.extra_right], chance)
            lefts = tuple(
                Choice(str(number), left, left) for number, (left, _) in enumerate(question.pairs, start=1)
            )
            return Asked(question, seed, _signed([(right, right) for right in rights]), lefts)
        case _:
            return Asked(question, seed)


def _disordered(question: Order, chance: random.Random) -> list[tuple[str, str]]:
    """The items in any order but the right one, without what would give it away."""
    items = list(question.items)
    while items == list(question.items):
        items = _shuffled(question.items, chance)
    return [(shown(question, item), item) for item in items]


def shown(question: Order, item: str) -> str:
    """An item as it is shown before the answer."""
    return re.sub(question.hide_pattern, "", item) if question.hide_pattern else item


def _shuffled(values: Sequence[T], chance: random.Random) -> list[T]:
    return chance.sample(values, len(values))


def _signed(choices: Sequence[tuple[str, str]]) -> tuple[Choice, ...]:
    return tuple(
        Choice(sign, text, value)
        for sign, (text, value) in zip(string.ascii_lowercase, choices, strict=False)
    )
