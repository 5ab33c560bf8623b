"""Predictions and challenges: the recipes and experiments they mean, run on their seeds, and what that comes to."""

from __future__ import annotations

import operator
from functools import partial
from typing import TYPE_CHECKING, Any

from dlterm.course.questions import REQUIREMENT, RUNNERS
from dlterm.course.runnable import experiments
from dlterm.course.schema import Predict
from dlterm.errors import DltermError
from dlterm.quiz.experimenting import ExperimentRun
from dlterm.quiz.grading import NotAnAnswerError
from dlterm.quiz.outcomes import Attempt, Challenged, Predicted
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from dlterm.course.schema import Question, Task
    from dlterm.quiz.measuring import Measured
    from dlterm.quiz.memory import Measurer
    from dlterm.training.recipe import Recipe

    Tick = Callable[[], None]

# What a challenge decides; what else its data line says is where a learner begins, who builds the rest.
GIVEN = ("data", "count", "noise", "classes", "target", "task", "ignore", "missing", "na", "test")
_COMPARED = {"<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt, "==": operator.eq}


class NotRunnableError(Exception):
    """A question whose experiment or challenge means nothing that can be run; the text says what."""


def _nothing() -> None:
    pass


# --- predictions --------------------------------------------------------------------------------------------------


def runs(question: Predict) -> list[Recipe | ExperimentRun]:
    """What a prediction trains or runs, option by option, each on all seeds; where options are measures of one run,
    that run on all seeds. Raises NotRunnableError.
    """
    experiment = question.experiment
    if experiment.runner not in RUNNERS:
        raise NotRunnableError(f'there is no runner "{experiment.runner}"')
    make = _recipe if experiment.runner == "train" else partial(_experiment_run, experiment.id)
    return [make({**given, "seed": seed}) for given in _given(question) for seed in experiment.seeds]


def _given(question: Predict) -> list[dict[str, Any]]:
    """What runs differ in beside their seed."""
    experiment, options = question.experiment, len(question.options)
    if experiment.measures:
        if len(experiment.measures) != options:
            raise NotRunnableError("there is not one measure for each option")
        return [experiment.params]
    if {len(column) for column in experiment.sweep.values()} != {options}:
        raise NotRunnableError("the sweep has not one value for each option")
    return [
        {**experiment.params, **{name: column[k] for name, column in experiment.sweep.items()}}
        for k in range(options)
    ]


def measures(question: Predict) -> dict[str, str]:
    """What is measured of each option, by its id."""
    names = question.experiment.measures or (question.experiment.measure,) * len(question.options)
    return {option.id: name for option, name in zip(question.options, names, strict=True)}


def values(question: Predict, measured: Sequence[Measured]) -> dict[str, tuple[float, ...]]:
    """What was measured of each option, in the order of the seeds, once so many of its `runs` are over.

    Raises NotRunnableError.
    """
    seeds = len(question.experiment.seeds)
    names = measures(question)
    of_all = bool(question.experiment.measures)
    return {
        option: tuple(
            _value(each, name) for each in (measured if of_all else measured[k * seeds : (k + 1) * seeds])
        )
        for k, (option, name) in enumerate(names.items())
    }


def experiment_of(question: Question) -> ExperimentRun | None:
    """The experiment that a question is about: on its first seed, as it has to come out; or that it links."""
    if isinstance(question, Predict) and question.experiment.runner == "experiment":
        about, ids = question.experiment, [option.id for option in question.options]
        given = _given(question)[0 if about.measures else ids.index(about.expect)]
        return _experiment_run(about.id, {**given, "seed": about.seeds[0]})
    links = [link.partition(":")[2] for link in question.links if link.startswith("experiment:")]
    return ExperimentRun(links[0]) if links else None


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


def _experiment_run(name: str, fields: dict[str, Any]) -> ExperimentRun:
    """An experiment whose knobs are given as TOML holds them. Raises NotRunnableError."""
    if name not in experiments():
        raise NotRunnableError(f'there is no experiment "{safe(name, limit=60)}"')
    seed = fields.pop("seed")
    said = {
        knob: ("off", "on")[value] if isinstance(value, bool) else str(value)
        for knob, value in fields.items()
    }
    return ExperimentRun(name, tuple(sorted(said.items())), seed)


def run_prediction(question: Predict, memory: Measurer, tick: Tick = _nothing) -> Predicted:
    """Run what the prediction is about, on all its seeds. Raises NotRunnableError, DltermError."""
    found = values(question, [_in_time(each, memory.measure(each, tick)) for each in runs(question)])
    sign = 1 if question.experiment.answer == "argmax" else -1
    ids = list(found)
    winners, margins = [], []
    for of_seed in zip(*found.values(), strict=True):
        signed = [sign * value for value in of_seed]
        best, second, *_ = sorted(signed, reverse=True)
        winners.append(ids[signed.index(best)])
        margins.append(best - second if best > second else 0.0)  # two may have diverged
    mean = [sum(sign * value for value in of_option) / len(of_option) for of_option in found.values()]
    return Predicted(
        chosen=ids[mean.index(max(mean))],
        measure=question.experiment.measure,
        values=found,
        winners=tuple(winners),
        margins=tuple(margins),
    )


def _in_time(what: Recipe | ExperimentRun, measured: Measured) -> Measured:
    if measured.ended == "too slow":
        raise NotRunnableError(f"{what} takes more than a minute")
    return measured


def _value(measured: Measured, name: str) -> float:
    try:
        return measured.value(name)
    except KeyError:
        raise NotRunnableError(f'there is no measure "{name}" of this') from None


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


def run_challenge(task: Task, recipe: Recipe, memory: Measurer, tick: Tick = _nothing) -> Challenged:
    """Train a recipe on the challenge's seeds. Raises NotRunnableError, and DltermError of the training."""
    _recipe({"data": recipe.data})
    attempts, names = [], measures_in((*task.require, *task.stars))
    for seed in task.seeds:
        measured = memory.measure(recipe.with_(seed=seed), tick)
        found = {name: _value(measured, name) for name in names}
        missed = [each for each in task.require if not _met(each, found)]
        if measured.ended != "finished":
            missed = [f"training {'diverged' if measured.ended == 'diverged' else 'took too long'}", *missed]
        stars = tuple(not missed and _met(each, found) for each in task.stars)
        attempts.append(Attempt(seed, found, tuple(missed), stars))
    passed = sum(not attempt.missed for attempt in attempts) >= task.pass_seeds
    reached = [
        sum(attempt.stars[k] for attempt in attempts) >= task.pass_seeds for k in range(len(task.stars))
    ]
    return Challenged(str(recipe), tuple(attempts), passed, sum(reached) if passed else 0, len(task.stars))


def measures_in(requirements: Iterable[str]) -> list[str]:
    """The measures that requirements speak of. Raises NotRunnableError."""
    return list(dict.fromkeys(_parsed(each)[0] for each in requirements))


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
