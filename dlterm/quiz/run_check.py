"""Whether what a pack's predictions and challenges say is so, by running every one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlterm.course.problem import Problem
from dlterm.course.schema import Challenge, Predict
from dlterm.errors import DltermError
from dlterm.quiz.running import (
    NotRunnableError,
    baselines,
    measures,
    measures_in,
    reference,
    run_challenge,
    run_prediction,
    runs,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from dlterm.course.whole import Whole
    from dlterm.quiz.memory import Measurable, Measurer
    from dlterm.quiz.results import Item, Results

    Say = Callable[[str], None]


def check_by_running(pack: Whole, results: Results, say: Say = lambda _: None) -> list[Problem]:
    """Every problem that running shows, sorted; `say` is told of each question that has to be run."""
    found: list[Problem] = []
    for question, file, line in _runnable(pack):
        name = f"question {question.id}"
        try:
            item = _item(question, results)
            if not all(map(item.holds, _wanted(question))):
                say(f"running {question.id}")
            faults = (
                _prediction(question, item) if isinstance(question, Predict) else _challenge(question, item)
            )
            found += [Problem(file, line, f"{name}: {what}", mend) for what, mend in faults]
        except NotRunnableError as error:
            found.append(Problem(file, line, f"{name}: {error}", "see docs/writing-content.md"))
        except DltermError as error:
            found.append(Problem(file, line, f"{name}: {error.message}", error.hint))
    return sorted(found)


def questions_not_kept(pack: Whole, results: Results) -> Iterator[str]:
    """The questions of which the pack's results do not say what comes out as they are now."""
    for question, _, _ in _runnable(pack):
        try:
            if not all(map(_item(question, results).keeps, _wanted(question))):
                yield question.id
        except NotRunnableError:
            yield question.id


def _runnable(pack: Whole) -> Iterator[tuple[Predict | Challenge, str, int]]:
    """With file and line."""
    for quiz in pack.quizzes:
        for question, line in zip(quiz.questions, quiz.lines, strict=True):
            if isinstance(question, (Predict, Challenge)):
                yield question, quiz.file, line


def _item(question: Predict | Challenge, results: Results) -> Item:
    if isinstance(question, Predict):
        names = list(measures(question).values())
    else:
        names = measures_in((*question.challenge.require, *question.challenge.stars))
    return results.item(f"question {question.id}", names)


def _wanted(question: Predict | Challenge) -> Sequence[Measurable]:
    """All that has to be run. Raises NotRunnableError."""
    if isinstance(question, Predict):
        return runs(question)
    task = question.challenge
    tried = [reference(task), *(recipe for _, recipe in baselines(task))]
    return [recipe.with_(seed=seed) for recipe in tried for seed in task.seeds]


def _prediction(question: Predict, item: Measurer) -> Iterator[tuple[str, str]]:
    experiment, outcome = question.experiment, run_prediction(question, item)
    for seed, winner, margin in zip(experiment.seeds, outcome.winners, outcome.margins, strict=True):
        if winner != experiment.expect:
            yield f'with seed {seed}, "{winner}" wins, not "{experiment.expect}"', _measured(outcome.lines())
        elif margin < experiment.min_margin:
            yield (
                f'with seed {seed}, "{winner}" wins by {margin:.3g}; at least {experiment.min_margin:g} was stated',
                _measured(outcome.lines()),
            )


def _challenge(question: Challenge, item: Measurer) -> Iterator[tuple[str, str]]:
    task = question.challenge
    outcome = run_challenge(task, reference(task), item)
    if not outcome.passed:
        yield "its reference does not pass", _measured(outcome.lines())
    for name, recipe in baselines(task):
        if run_challenge(task, recipe, item).passed:
            yield f"{name} pass", "ask for more: a challenge is not met by doing nothing"


def _measured(lines: list[str]) -> str:
    return "measured: " + "; ".join(lines)
