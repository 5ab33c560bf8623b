"""Questions: files of them beside the lessons, each checked for what its type demands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from dlterm.course.problem import ProblemError
from dlterm.course.runnable import experiments
from dlterm.course.schema import (
    Challenge,
    Experiment,
    Fill,
    Match,
    Multiple,
    Numeric,
    Order,
    Predict,
    Question,
    QuizHead,
    Single,
    Task,
)
from dlterm.course.shelf import convert

if TYPE_CHECKING:
    from dlterm.course.pack import Pack, Text
    from dlterm.course.problem import Problem

RUNNERS = ("train", "experiment")  # of predictions
REQUIREMENT = re.compile(r"(?P<name>[a-z_]+) *(?P<sign><=|>=|==|<|>) *(?P<value>-?\d+(\.\d+)?(e-?\d+)?)\Z")


@dataclass(frozen=True)
class Quiz:
    """A lesson's questions; `lines` say where each stands."""

    lesson: str
    questions: tuple[Question, ...]
    lines: tuple[int, ...]
    file: str


def read_quiz(pack: Pack, name: str, problems: list[Problem]) -> Quiz | None:
    """Read a file of questions; those that are wrong are left out, and told of one by one."""
    try:
        text, found = pack.read_toml(name)
    except ProblemError as error:
        problems.append(error.problem)
        return None
    entries = found.pop("question", [])
    head = convert(found, QuizHead, text, 1, problems)
    if head is None or not isinstance(entries, list):
        return None
    questions: list[Question] = []
    lines: list[int] = []
    for number, value in enumerate(entries):
        line = text.line_of("question", number)
        question = _question(value, text, line, problems)
        if question is not None:
            questions.append(question)
            lines.append(line)
    return Quiz(head.lesson, tuple(questions), tuple(lines), name)


def _question(value: Any, text: Text, line: int, problems: list[Problem]) -> Question | None:
    try:
        question: Question = msgspec.convert(value, Question)
    except msgspec.ValidationError as error:
        name = value.get("id", "?") if isinstance(value, dict) else "?"
        problems.append(text.problem(line, f"question {name}: {error}", "see the form of its type"))
        return None
    for what, mend in _faults(question):
        problems.append(text.problem(line, f"question {question.id}: {what}", mend))
    return question


def _faults(question: Question) -> list[tuple[str, str]]:
    """What is wrong with a question beyond its form."""
    faults: list[tuple[str, str]] = []
    if isinstance(question, (Single, Multiple, Predict)):
        faults += _option_faults(question)
    if isinstance(question, Numeric):
        room = max(question.tolerance.abs, question.tolerance.rel * abs(question.answer))
        if any(abs(trap.value - question.answer) <= room for trap in question.traps):
            faults.append(("a trap lies within the tolerance", "narrow the tolerance, or drop the trap"))
    if isinstance(question, Fill):
        faults += _fill_faults(question)
    if isinstance(question, Order):
        faults += _order_faults(question)
    if isinstance(question, Match):
        right = [*(pair[1] for pair in question.pairs), *question.extra_right]
        if len(set(right)) < len(right) or len({pair[0] for pair in question.pairs}) < len(question.pairs):
            faults.append(("a side of a pair is there twice", "pairs are matched one to one"))
    if isinstance(question, Challenge):
        faults += _task_faults(question.challenge)
    answers = [answer.casefold() for answer in question.accept] if isinstance(question, Fill) else []
    if any(answer in hint.casefold() for answer in answers for hint in question.hints):
        faults.append(("a hint holds an accepted answer", "hint at it"))
    return faults


def _option_faults(question: Single | Multiple | Predict) -> list[tuple[str, str]]:
    options = question.options
    faults = []
    if len({option.id for option in options}) < len(options):
        faults.append(("two options have one id", "name them apart"))
    right = sum(option.correct for option in options)
    if isinstance(question, Single) and right != 1:
        faults.append((f"{right} options are correct", "exactly one is, or make it multiple"))
    if isinstance(question, Multiple) and right == 0:
        faults.append(("no option is correct", "at least one is"))
    if isinstance(question, Predict):
        if right:
            faults.append(("an option is marked correct", "the experiment decides"))
        if question.experiment.expect not in {option.id for option in options}:
            faults.append(("what is expected is no option", "name the option that the experiment chooses"))
        faults += _experiment_faults(question.experiment, len(options))
    elif any(not option.correct and not option.why for option in options):
        faults.append(("a wrong option does not say why", "say what one who chooses it has wrong"))
    return faults


def _experiment_faults(experiment: Experiment, options: int) -> list[tuple[str, str]]:
    """What is wrong with what a prediction runs, as far as its text shows."""
    faults = []
    if experiment.runner not in RUNNERS:
        faults.append((f'there is no runner "{experiment.runner}"', f"one of {', '.join(RUNNERS)}"))
    elif experiment.runner == "train" and experiment.id:
        faults.append(("a recipe is trained, and no experiment run", 'drop id, or runner = "experiment"'))
    elif experiment.runner == "experiment" and experiment.id not in experiments():
        faults.append((f'there is no experiment "{experiment.id}"', "dlterm experiments lists them"))
    if bool(experiment.measures) == bool(experiment.sweep):
        faults.append(("what options differ in is not said, or twice", "write a sweep, or measures"))
    elif any(
        len(values) != options for values in (*experiment.sweep.values(), experiment.measures) if values
    ):
        what = "the sweep has not one value" if experiment.sweep else "there is not one measure"
        faults.append((f"{what} for each option", "list as many, in the options' order"))
    return faults


def _task_faults(task: Task) -> list[tuple[str, str]]:
    faults = [
        (f'"{each}" is no requirement', "write a measure, a comparison and a number: test_accuracy >= 0.97")
        for each in (*task.require, *task.stars)
        if not REQUIREMENT.match(each)
    ]
    if task.pass_seeds > len(task.seeds):
        faults.append(("more seeds are to pass than there are", "lower pass_seeds"))
    return faults


def _order_faults(question: Order) -> list[tuple[str, str]]:
    faults = _pattern_faults("hide_pattern", question.hide_pattern)
    if not faults and len({re.sub(question.hide_pattern, "", item) for item in question.items}) < len(
        question.items
    ):
        faults.append(("an item is there twice", "items to be put in order differ"))
    return faults


def _fill_faults(question: Fill) -> list[tuple[str, str]]:
    return [fault for pattern in question.accept_regex for fault in _pattern_faults("accept_regex", pattern)]


def _pattern_faults(name: str, pattern: str) -> list[tuple[str, str]]:
    try:
        re.compile(pattern)
    except re.error as error:
        return [(f"{name} {pattern!r}: {error}", "write a regular expression")]
    return []
