"""An exam in a terminal of 120 by 40: how soon it asks, how soon the next question follows an answer; seconds."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.answers import first_shown
from benchmarks.process import at_home, dlterm
from benchmarks.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

_OPENING, _PAUSE = 4.0, 0.8
_QUESTIONS = 16
_UNKNOWN = b"\x0e"  # ctrl+n: "I do not know", which works while one is typing, too
_ASKED = "I do not know"


@dataclass(frozen=True)
class QuizSitting:
    """What an exam measured."""

    first_question: float
    next_questions: tuple[float, ...]


def quiz_sitting(store: Path) -> QuizSitting:
    """Answer some questions. Raises RuntimeError where something had no answer."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**at_home(home), "DLTERM_PROGRESS": str(store)}
        command = dlterm(f"quiz --mode exam --n {_QUESTIONS} --seed 1")
        with Terminal(command, environment, directory=home) as terminal:
            terminal.watch(_OPENING)
            answered = []
            for _ in range(_QUESTIONS - 1):
                answered.append(terminal.press(_UNKNOWN))
                terminal.watch(_PAUSE)
            moments = list(terminal.moments())
    first = first_shown(moments, 0.0, _ASKED)
    following = (
        first_shown(moments, begin, f"{number} of {_QUESTIONS}") - begin
        for number, begin in enumerate(answered, start=2)
    )
    return QuizSitting(first, tuple(following))
