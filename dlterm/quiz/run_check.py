"""Whether what a pack's predictions and challenges say is so, by running every one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlterm.course.pack import Pack
from dlterm.course.problem import Problem, ProblemError
from dlterm.course.questions import read_quiz
from dlterm.course.schema import Challenge, Predict
from dlterm.errors import DltermError
from dlterm.quiz.running import (
    NotRunnableError,
    baselines,
    recipes,
    reference,
    run_challenge,
    run_prediction,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from dlterm.quiz.measuring import Memory
    from dlterm.training.recipe import Recipe

    Say = Callable[[str], None]


def check_by_running(root: Path, memory: Memory, say: Say = lambda _: None) -> list[Problem]:
    """Every problem that running shows, sorted; `say` is told of each question that has to be trained."""
    found: list[Problem] = []
    for question, file, line in _runnable(root):
        name = f"question {question.id}"
        try:
            if any(not memory.holds(recipe) for recipe in _recipes(question)):
                say(f"running {question.id}")
            faults = (
                _prediction(question, memory)
                if isinstance(question, Predict)
                else _challenge(question, memory)
            )
            found += [Problem(file, line, f"{name}: {what}", mend) for what, mend in faults]
        except NotRunnableError as error:
            found.append(Problem(file, line, f"{name}: {error}", "see docs/writing-content.md"))
        except DltermError as error:
            found.append(Problem(file, line, f"{name}: {error.message}", error.hint))
    return sorted(found)


def _runnable(root: Path) -> Iterator[tuple[Predict | Challenge, str, int]]:
    """With file and line. What is wrong with the files themselves is told by `course.check`."""
    pack = Pack(root)
    ignored: list[Problem] = []
    try:
        names = [name for name in pack.files() if name.startswith("lessons/") and name.endswith(".quiz.toml")]
    except ProblemError:
        return
    for name in names:
        quiz = read_quiz(pack, name, ignored)
        if quiz is not None:
            for question, line in zip(quiz.questions, quiz.lines, strict=True):
                if isinstance(question, (Predict, Challenge)):
                    yield question, quiz.file, line


def _recipes(question: Predict | Challenge) -> list[Recipe]:
    if isinstance(question, Predict):
        return [recipe for row in recipes(question) for recipe in row]
    task = question.challenge
    tried = [reference(task), *(recipe for _, recipe in baselines(task))]
    return [recipe.with_(seed=seed) for recipe in tried for seed in task.seeds]


def _prediction(question: Predict, memory: Memory) -> Iterator[tuple[str, str]]:
    experiment, outcome = question.experiment, run_prediction(question, memory)
    for seed, winner, margin in zip(experiment.seeds, outcome.winners, outcome.margins, strict=True):
        if winner != experiment.expect:
            yield f'with seed {seed}, "{winner}" wins, not "{experiment.expect}"', _measured(outcome.lines())
        elif margin < experiment.min_margin:
            yield (
                f'with seed {seed}, "{winner}" wins by {margin:.3g}; at least {experiment.min_margin:g} was stated',
                _measured(outcome.lines()),
            )


def _challenge(question: Challenge, memory: Memory) -> Iterator[tuple[str, str]]:
    task = question.challenge
    outcome = run_challenge(task, reference(task), memory)
    if not outcome.passed:
        yield "its reference does not pass", _measured(outcome.lines())
    for name, recipe in baselines(task):
        if run_challenge(task, recipe, memory).passed:
            yield f"{name} pass", "ask for more: a challenge is not met by doing nothing"


def _measured(lines: list[str]) -> str:
    return "measured: " + "; ".join(lines)
