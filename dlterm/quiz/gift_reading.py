"""Questions in GIFT: read, as a file of questions of ours. What has no form here is told of, line by line.

https://docs.moodle.org/en/GIFT_format: blank lines part questions; {} holds the answers: T or F, # a number, = right
and ~ wrong ones with %weights%, -> pairs, # feedback, #### feedback on all.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from dlterm.course.problem import Problem
from dlterm.course.schema import Question

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST = 20_000  # characters of a question
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_HELD = {
    "~": "\ue000",
    "=": "\ue001",
    "#": "\ue002",
    "{": "\ue003",
    "}": "\ue004",
    ":": "\ue005",
    "\\": "\ue006",
}
_FREED = {value: sign for sign, value in _HELD.items()}
_WEIGHT = re.compile(r"^%(?P<weight>-?\d+(\.\d+)?)%")
_TRUTH = re.compile(r"^(?P<word>T|TRUE|F|FALSE)\s*(#(?P<wrong>[^#]*))?(#[^#]*)?$", re.IGNORECASE)
_NUMBER = r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?"
_NEAR = re.compile(rf"^(?P<value>{_NUMBER})\s*(?::\s*(?P<room>{_NUMBER}))?$")
_BETWEEN = re.compile(rf"^(?P<low>{_NUMBER})\s*\.\.\s*(?P<high>{_NUMBER})$")
_FORMAT = re.compile(r"^\s*\[(?P<name>html|moodle|plain|markdown)\]", re.IGNORECASE)
_TITLE = re.compile(r"^\s*::(?P<title>.*?)::", re.DOTALL)


class _WrongError(Exception):
    pass


@dataclass(frozen=True)
class _Answer:
    """One answer: `right` by its sign, `weight` in per cent where one is given, the other side of a pair."""

    right: bool
    weight: float | None
    text: str
    other: str | None
    feedback: str


def read_gift(content: str, file: str) -> tuple[list[dict[str, Any]], list[Problem]]:
    """The questions of a file, as the tables of a quiz file, and what was wrong or has no form."""
    found: list[dict[str, Any]] = []
    problems: list[Problem] = []
    taken: set[str] = set()
    for line, block in _blocks(content):
        try:
            question = _question(block, taken)
            msgspec.convert(question, Question)
        except (_WrongError, msgspec.ValidationError) as error:
            problems.append(Problem(file, line, str(error), "it is left out"))
            continue
        taken.add(question["id"])
        found.append(question)
    return found, problems


def _blocks(content: str) -> Iterator[tuple[int, str]]:
    """The questions with the lines they begin on, without comments and categories."""
    lines: list[str] = []
    begin = 0
    for number, line in enumerate([*content.replace("\r\n", "\n").lstrip("\ufeff").split("\n"), ""], start=1):
        if line.lstrip().startswith("//") or line.startswith("$CATEGORY:"):
            continue
        if line.strip():
            begin = begin if lines else number
            lines.append(line)
        elif lines:
            yield begin, "\n".join(lines)
            lines = []


def _question(block: str, taken: set[str]) -> dict[str, Any]:
    if len(block) > _LONGEST:
        raise _WrongError("a question of more than 20,000 characters")
    if any(sign in block for sign in _FREED):
        raise _WrongError("signs of the private use area")
    text = _ESCAPED.sub(lambda match: _HELD.get(match[1], "\n" if match[1] == "n" else match[0]), block)
    title = _TITLE.match(text)
    text = text[title.end() :] if title else text
    written = _FORMAT.match(text)
    is_html = written is not None and written["name"].lower() in ("html", "moodle")
    text = text[written.end() :] if written else text
    before, brace, rest = text.partition("{")
    body, closed, after = rest.partition("}")
    if not brace or not closed:
        raise _WrongError("no answers between { and }: a description")
    body, _, explain = body.partition("####")
    prompt = f"{before.strip()} ____ {after.strip()}" if after.strip() else before
    fields = _fields(body.strip(), is_html)
    name = _id(_plain(title["title"] if title else before), taken)
    return {
        "id": name,
        "prompt": _plain(prompt, is_html) or name,
        "explain": _plain(explain, is_html) or "No explanation was given.",
        **fields,
    }


def _fields(body: str, is_html: bool) -> dict[str, Any]:
    """The type of a question, and what that type has."""
    if not body:
        raise _WrongError("an essay has no form here")
    if truth := _TRUTH.match(body):
        return {
            "type": "truefalse",
            "answer": truth["word"].upper().startswith("T"),
            "why_wrong": _plain(truth["wrong"] or "", is_html),
        }
    if body.startswith("#"):
        return _number(body[1:].strip(), is_html)
    answers = list(_answers(body, is_html))
    if not answers:
        raise _WrongError("answers begin with = or ~")
    if all(answer.right and answer.other is not None for answer in answers):
        pairs = [[answer.text, answer.other] for answer in answers if answer.text]
        extra = [answer.other for answer in answers if not answer.text]
        return {"type": "match", "pairs": pairs, "extra_right": extra}
    if all(answer.right for answer in answers):
        whole = [answer.text for answer in answers if answer.weight in (None, 100)]
        return {"type": "fill", "accept": whole or [answers[0].text]}
    return _options(answers)


def _options(answers: list[_Answer]) -> dict[str, Any]:
    several = not any(answer.right for answer in answers)
    options = []
    for number, answer in enumerate(answers, start=1):
        right = (answer.weight or 0) > 0 if several else answer.right
        option = {"id": f"o{number}", "text": answer.text, "correct": right}
        options.append(option | ({"why": answer.feedback} if answer.feedback else {}))
    kind = {"type": "multiple", "score": "partial"} if several else {"type": "single"}
    return {**kind, "options": options}


def _number(body: str, is_html: bool) -> dict[str, Any]:
    """`7850:0`, `1..2`, or several of them with weights and feedback."""
    answers = list(_answers(body if body.startswith(("=", "~")) else f"={body}", is_html))
    numbers = [(answer, *_centre(answer.text)) for answer in answers]
    right = next((each for each in numbers if each[0].weight in (None, 100)), None)
    if right is None:
        raise _WrongError("no number is right")
    _, value, room = right
    traps = [
        {"value": other, "why": answer.feedback}
        for answer, other, _ in numbers
        if answer.feedback and not (answer.weight or answer.weight is None)
    ]
    return {
        "type": "numeric",
        "answer": value,
        "tolerance": {"abs": room},
        **({"traps": traps} if traps else {}),
    }


def _centre(text: str) -> tuple[float, float]:
    """A number and its tolerance."""
    if match := _NEAR.match(text):
        return float(match["value"]), abs(float(match["room"] or 0))
    if match := _BETWEEN.match(text):
        low, high = float(match["low"]), float(match["high"])
        return (low + high) / 2, abs(high - low) / 2
    raise _WrongError(f'"{text[:40]}" is no number')


def _answers(body: str, is_html: bool) -> Iterator[_Answer]:
    for match in re.finditer(r"(?P<sign>[=~])(?P<text>[^=~]*)", body):
        text = match["text"].strip()
        weight = _WEIGHT.match(text)
        text = text[weight.end() :] if weight else text
        text, _, feedback = text.partition("#")
        left, arrow, right = text.partition("->")
        yield _Answer(
            match["sign"] == "=",
            float(weight["weight"]) if weight else None,
            _plain(left, is_html),
            _plain(right, is_html) if arrow else None,
            _plain(feedback, is_html),
        )


def _plain(text: str, is_html: bool = False) -> str:
    text = "".join(_FREED.get(sign, sign) for sign in text)
    if is_html:
        text = html.unescape(re.sub(r"<[^<>]*>", "", text))
    return text.strip()


def _id(text: str, taken: set[str]) -> str:
    stem = re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")[:50] or "question"
    names = (stem, *(f"{stem}-{number}" for number in range(2, 10_000)))
    return next(name for name in names if name not in taken)
