"""Questions in GIFT, the text format that Moodle and others import: written.

Order, predict and challenge have no form there and are left out; hints, sources and misconceptions are lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlterm.course.library import unlinked
from dlterm.course.schema import Fill, Match, Multiple, Numeric, Option, Single, TrueFalse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dlterm.course.schema import Question
    from dlterm.quiz.bank import Entry

_SPECIAL = "\\~=#{}:"


def as_gift(entries: Iterable[Entry]) -> tuple[str, list[str]]:
    """The file, and the ids of the questions that have no form in it."""
    blocks, left, lesson = ["// Questions of dlterm"], [], ""
    for entry in entries:
        body = _body(entry.question)
        if body is None:
            left.append(entry.id)
            continue
        if entry.lesson.id != lesson:
            lesson = entry.lesson.id
            blocks.append(f"$CATEGORY: dlterm/{lesson}")
        prompt = escaped(unlinked(entry.question.prompt.strip()))
        explain = escaped(unlinked(entry.question.explain.strip()))
        blocks.append(f"::{escaped(entry.id)}::[markdown]{prompt} {{\n{body}\n####{explain}\n}}")
    return "\n\n".join(blocks) + "\n", left


def escaped(text: str) -> str:
    """The text with a backslash before what means something in GIFT; a new line is \\n there."""
    return "".join(f"\\{sign}" if sign in _SPECIAL else sign for sign in text).replace("\n", "\\n")


def _body(question: Question) -> str | None:
    match question:
        case Single():
            return "\n".join(f"{'=' if each.correct else '~'}{_option(each)}" for each in question.options)
        case Multiple():
            return _several(question.options)
        case TrueFalse():
            feedback = f"#{escaped(question.why_wrong)}" if question.why_wrong else ""
            return ("TRUE" if question.answer else "FALSE") + feedback
        case Numeric():
            return _number(question)
        case Fill():
            return "\n".join(f"={escaped(answer)}" for answer in question.accept)
        case Match():
            pairs = [f"={escaped(left)} -> {escaped(right)}" for left, right in question.pairs]
            return "\n".join([*pairs, *(f"= -> {escaped(right)}" for right in question.extra_right)])
        case _:
            return None


def _option(option: Option) -> str:
    return escaped(option.text) + (f"#{escaped(option.why)}" if option.why else "")


def _several(options: Sequence[Option]) -> str:
    right = sum(option.correct for option in options)
    wrong = len(options) - right
    weights = {True: 100 / right, False: -100 / wrong if wrong else 0.0}
    return "\n".join(f"~%{weights[option.correct]:.5g}%{_option(option)}" for option in options)


def _number(question: Numeric) -> str:
    room = max(question.tolerance.abs, question.tolerance.rel * abs(question.answer))
    traps = [f"=%0%{trap.value:.12g}:0#{escaped(trap.why)}" for trap in question.traps]
    return "\n".join([f"#=%100%{question.answer:.12g}:{room:.6g}", *traps])
