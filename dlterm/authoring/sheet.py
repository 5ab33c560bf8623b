"""A lesson's questions as they stand on paper: to be ticked, numbered, joined or written, with the key apart."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from string import ascii_uppercase
from typing import TYPE_CHECKING

from dlterm.course.schema import (
    Challenge,
    Fill,
    Match,
    Multiple,
    Numeric,
    Order,
    Predict,
    Single,
    TrueFalse,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dlterm.course.schema import Question


@dataclass(frozen=True)
class Asked:
    """A question on paper. Texts are Markdown.

    `task` says what to do; `choices` have the letters A, B, ... before them; `pairs_with` are the numbered halves that
    the choices belong to; `lines` are to write on. `key` is the answer, `explain` why.
    """

    prompt: str
    task: str
    key: str
    explain: str
    choices: tuple[str, ...] = ()
    pairs_with: tuple[str, ...] = ()
    lines: int = 0


def asked(question: Question) -> Asked:
    """The question as it is printed; what is to be put in order is mixed, in the same way each time."""
    prompt, explain = question.prompt, question.explain
    match question:
        case Single():
            letters = _letters([option.correct for option in question.options])
            return Asked(prompt, "Tick one.", letters, explain, _texts(question))
        case Multiple():
            letters = _letters([option.correct for option in question.options])
            return Asked(prompt, "Tick all that are right.", letters, explain, _texts(question))
        case TrueFalse():
            return Asked(prompt, "Tick one.", "A" if question.answer else "B", explain, ("True", "False"))
        case Numeric():
            task = f"Write a number, in {question.unit}." if question.unit else "Write a number."
            return Asked(prompt, task, f"{question.answer:.10g} {question.unit}".strip(), explain, lines=2)
        case Fill():
            return Asked(prompt, "Write a word or two.", " or ".join(question.accept[:2]), explain, lines=1)
        case Order():
            return _order(question)
        case Match():
            return _match(question)
        case Predict():
            expected = [option.id == question.experiment.expect for option in question.options]
            return Asked(
                prompt, "What will come out? Tick one.", _letters(expected), explain, _texts(question)
            )
        case Challenge():
            task = f"Meet {', '.join(question.challenge.require)} on {question.challenge.data}. Write your settings."
            return Asked(prompt, task, f"for one: `{question.challenge.reference}`", explain, lines=2)


def letter(place: int) -> str:
    """A, B, C, ..."""
    return ascii_uppercase[place]


def _texts(question: Single | Multiple | Predict) -> tuple[str, ...]:
    return tuple(option.text for option in question.options)


def _letters(right: Sequence[bool]) -> str:
    return ", ".join(letter(place) for place, each in enumerate(right) if each)


def _mixed(count: int, seed: str) -> list[int]:
    """The places from 0 in another order."""
    places = list(range(count))
    generator = random.Random(seed)
    while places == sorted(places):
        generator.shuffle(places)
    return places


def _order(question: Order) -> Asked:
    hidden = re.compile(question.hide_pattern) if question.hide_pattern else None
    items = [hidden.sub("", item) if hidden else item for item in question.items]
    places = _mixed(len(items), question.id)
    return Asked(
        question.prompt,
        "Write the letters in their order.",
        ", ".join(letter(places.index(place)) for place in range(len(items))),
        question.explain,
        tuple(items[place] for place in places),
        lines=1,
    )


def _match(question: Match) -> Asked:
    right = [*(pair[1] for pair in question.pairs), *question.extra_right]
    places = _mixed(len(right), question.id)
    return Asked(
        question.prompt,
        "Write the letter that belongs to each number.",
        ", ".join(f"{place + 1} {letter(places.index(place))}" for place in range(len(question.pairs))),
        question.explain,
        tuple(right[place] for place in places),
        tuple(pair[0] for pair in question.pairs),
    )
