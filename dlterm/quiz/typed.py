"""An answer as it is typed in a line: letters of options, numbers, words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dlterm.course.schema import Challenge, Fill, Match, Multiple, Numeric, Order, Predict, Single, TrueFalse
from dlterm.quiz.grading import Given, NotAnAnswerError
from dlterm.quiz.wording import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dlterm.quiz.asking import Asked, Choice

_TRUE, _FALSE = {"t", "true", "y", "yes", "right"}, {"f", "false", "n", "no", "wrong"}
_PAIR = re.compile(r"(?P<left>\d{1,2})\s*[-=:>.)]*\s*(?P<right>[a-z])")


def form(asked: Asked) -> str:
    """What an answer looks like, as a prompt says it."""
    last = asked.choices[-1].sign if asked.choices else ""
    match asked.question:
        case Single() | Predict():
            return f"a to {last}"
        case Multiple():
            return f"letters, a to {last}, all that are right"
        case TrueFalse():
            return "t or f"
        case Numeric(unit=unit):
            return f"a number, in {unit}" if unit else "a number"
        case Fill():
            return "a word or two"
        case Order():
            return "letters, the first one first"
        case Match():
            return "pairs, such as 1b 2a"
        case Challenge():
            return "a recipe, such as hidden=4&lr=0.03&epochs=100"


def read(asked: Asked, line: str) -> Given:
    """The answer that a line is. Raises NotAnAnswerError: what one looks like."""
    line = line.strip()
    match asked.question:
        case Single() | Predict():
            return _one(asked, line)
        case Multiple():
            return [choice.value for choice in _listed(asked, line)]
        case TrueFalse():
            return _truth(plain(line))
        case Order():
            found = _listed(asked, line)
            if len(found) != len(asked.choices):
                raise NotAnAnswerError(f"name all {len(asked.choices)} letters, the first one first")
            return [choice.value for choice in found]
        case Match():
            return _pairs(asked, line)
        case _:
            return line


def _one(asked: Asked, line: str) -> str:
    word = plain(line)
    for said in ("sign", "text"):  # an option may read as another one's letter
        for choice in asked.choices:
            if word and word == plain(getattr(choice, said)):
                return choice.value
    raise NotAnAnswerError(f"answer with a letter, {form(asked)}")


def _truth(word: str) -> bool:
    if word in _TRUE | _FALSE:
        return word in _TRUE
    raise NotAnAnswerError("answer t for true or f for false")


def _listed(asked: Asked, line: str) -> list[Choice]:
    signs = re.sub(r"[\s,;>]+|\band\b", "", line.casefold())
    by_sign = {choice.sign: choice for choice in asked.choices}
    if not signs or not set(signs) <= by_sign.keys():
        raise NotAnAnswerError(f"answer with {form(asked)}")
    if len(set(signs)) < len(signs):
        raise NotAnAnswerError("name each letter once")
    return [by_sign[sign] for sign in signs]


def _pairs(asked: Asked, line: str) -> list[list[str]]:
    """`1b 2a 3c`, or `b a c` for the left sides in their order."""
    by_sign = {choice.sign: choice.value for choice in asked.choices}
    words = re.sub(r"[\s,;]+", " ", line.casefold()).strip()
    pairs = {match["left"]: match["right"] for match in _PAIR.finditer(words)}
    if not pairs:
        pairs = _in_turn(asked.lefts, words.replace(" ", ""))
    elif _PAIR.sub("", words).strip():
        pairs = {}
    if pairs.keys() != {left.sign for left in asked.lefts} or not set(pairs.values()) <= by_sign.keys():
        raise NotAnAnswerError(f"answer with {len(asked.lefts)} pairs, such as 1b 2a")
    return [[left.value, by_sign[pairs[left.sign]]] for left in asked.lefts]


def _in_turn(lefts: Sequence[Choice], signs: str) -> dict[str, str]:
    if len(signs) != len(lefts):
        return {}
    return {left.sign: sign for left, sign in zip(lefts, signs, strict=True)}
