"""Predictions and challenges: the recipes they mean, trained on their seeds, and what that comes to."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

from dlterm.course.questions import REQUIREMENT
from dlterm.errors import DltermError
from dlterm.quiz.grading import NotAnAnswerError
from dlterm.quiz.outcomes import Attempt, Challenged, Predicted
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dlterm.course.schema import Experiment, Predict, Task
    from dlterm.quiz.measuring import Measured, Memory
    from dlterm.training.recipe import Recipe

    Tick = Callable[[], None]

RUNNER = "train"
# What a challenge decides; what else its data line says is where a learner begins, who builds the rest.
GIVEN = ("data", "count", "noise", "classes", "target", "task", "ignore", "missing", "na", "test")
_COMPARED = {"<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt, "==": operator.eq}


class NotRunnableError(Exception):
    """A question whose experiment or challenge means nothing that can be run; the text says what."""


def _nothing() -> None:
    pass


# --- predictions --------------------------------------------------------------------------------------------------


def recipes(question: Predict) -> list[list[Recipe]]:
    """What a prediction trains: for each option a recipe a seed. Raises NotRunnableError."""
    experiment = question.experiment
    if experiment.runner != RUNNER:
        raise NotRunnableError(f'there is no runner "{experiment.runner}"')
    if (
        any(len(values) != len(question.options) for values in experiment.sweep.values())
        or not experiment.sweep
    ):
        raise NotRunnableError("the sweep has not one value for each option")
    return [
        [_recipe({**experiment.params, **_at(experiment, k), "seed": seed}) for seed in experiment.seeds]
        for k in range(len(question.options))
    ]


def _at(experiment: Experiment, k: int) -> dict[str, Any]:
    return {name: values[k] for name, values in experiment.sweep.items()}


def _recipe(fields: dict[str, Any]) -> Recipe:
    """A recipe of a set that is known: a question reads no files. Raises NotRunnableError."""
    from dlterm.data import SETS
    from dlterm.training.recipe import Recipe

    try:
        recipe = Recipe.of(**fields)
    except DltermError as error:
        raise NotRunnableError(error.message) from None
    if recipe.data not in SETS:
        raise NotRunnableError(f'there is no set "{safe(recipe.data, limit=60)}"')
    return recipe


def run_prediction(question: Predict, memory: Memory, tick: Tick = _nothing) -> Predicted:
    """Train what the prediction is about, on all its seeds. Raises NotRunnableError, DltermError."""
    experiment = question.experiment
    by_option = [
        [_value(memory.measure(recipe, tick), experiment.measure) for recipe in row]
        for row in recipes(question)
    ]
    sign = 1 if experiment.answer == "argmax" else -1
    ids = [option.id for option in question.options]
    winners, margins = [], []
    for values in zip(*by_option, strict=True):
        ranked = sorted((sign * value for value in values), reverse=True)
        winners.append(ids[[sign * value for value in values].index(ranked[0])])
        margins.append(ranked[0] - ranked[1] if ranked[0] > ranked[1] else 0.0)  # two may have diverged
    mean = [sum(sign * value for value in values) / len(values) for values in by_option]
    return Predicted(
        chosen=ids[mean.index(max(mean))],
        measure=experiment.measure,
        values={name: tuple(values) for name, values in zip(ids, by_option, strict=True)},
        winners=tuple(winners),
        margins=tuple(margins),
    )


def _value(measured: Measured, name: str) -> float:
    try:
        return measured.value(name)
    except KeyError:
        raise NotRunnableError(f'there is no measure "{name}" of this task') from None


# --- challenges ---------------------------------------------------------------------------------------------------


def challenger(task: Task, text: str) -> Recipe:
    """The recipe that a learner's answer means: `hidden=4&lr=0.03`, with or without the data before it.

    Raises NotAnAnswerError where it means none, or changes what the challenge decides.
    """
    from dlterm.training.recipe import Recipe

    given = Recipe.settings(task.data)
    data, _, query = text.strip().partition("?")
    if "=" in data:
        data, query = "", data
    try:
        settings = Recipe.settings(f"{data or given['data']}?{query}")
        fixed = Recipe.of(**given)
        wanted = Recipe.of(**{**given, **settings})
    except DltermError as error:
        raise NotAnAnswerError(error.message) from None
    for name in GIVEN:
        if getattr(wanted, name) != getattr(fixed, name):
            raise NotAnAnswerError(f"{name} is given by the challenge: {task.data}")
    return wanted


def run_challenge(task: Task, recipe: Recipe, memory: Memory, tick: Tick = _nothing) -> Challenged:
    """Train a recipe on the challenge's seeds. Raises NotRunnableError, and DltermError of the training."""
    _recipe({"data": recipe.data})
    attempts = []
    for seed in task.seeds:
        measured = memory.measure(recipe.with_(seed=seed), tick)
        names = dict.fromkeys(_parsed(each)[0] for each in (*task.require, *task.stars))
        measures = {name: _value(measured, name) for name in names}
        missed = [each for each in task.require if not _met(each, measures)]
        if measured.ended != "finished":
            missed = [f"training {'diverged' if measured.ended == 'diverged' else 'took too long'}", *missed]
        stars = tuple(not missed and _met(each, measures) for each in task.stars)
        attempts.append(Attempt(seed, measures, tuple(missed), stars))
    passed = sum(not attempt.missed for attempt in attempts) >= task.pass_seeds
    reached = [
        sum(attempt.stars[k] for attempt in attempts) >= task.pass_seeds for k in range(len(task.stars))
    ]
    return Challenged(str(recipe), tuple(attempts), passed, sum(reached) if passed else 0, len(task.stars))


def reference(task: Task) -> Recipe:
    """The recipe that passes. Raises NotRunnableError."""
    try:
        return challenger(task, task.reference)
    except NotAnAnswerError as error:
        raise NotRunnableError(f"its reference: {error}") from None


def baselines(task: Task) -> Sequence[tuple[str, Recipe]]:
    """What must not pass: the lab as the challenge opens it, and the reference untrained. Raises NotRunnableError."""
    from dlterm.training.recipe import Recipe

    return (
        ("the lab's own settings", _recipe(dict(Recipe.settings(task.data)))),
        ("the reference without training", reference(task).with_(epochs=0)),
    )


def _parsed(requirement: str) -> tuple[str, str, float]:
    match = REQUIREMENT.match(requirement)
    if match is None:
        raise NotRunnableError(
            f'"{safe(requirement, limit=60)}" is no requirement, such as test_accuracy >= 0.97'
        )
    return match["name"], match["sign"], float(match["value"])


def _met(requirement: str, measures: dict[str, float]) -> bool:
    name, sign, value = _parsed(requirement)
    return bool(_COMPARED[sign](measures[name], value))
