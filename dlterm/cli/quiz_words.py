"""Questions, feedback and reports in plain lines: no colours, boxes or signs that a screen reader would spell out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlterm.course.library import unlinked
from dlterm.course.schema import Challenge, Predict
from dlterm.course.shelf import sources
from dlterm.quiz.asking import KINDS
from dlterm.quiz.running import experiment_of
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlterm.quiz.asking import Asked
    from dlterm.quiz.bank import Entry
    from dlterm.quiz.feedback import Feedback
    from dlterm.quiz.report import Report
    from dlterm.quiz.session import Session


def question_words(session: Session, entry: Entry, asked: Asked) -> Iterator[str]:
    """A question as it is put."""
    again = " Once more." if session.repeated else ""
    yield f"Question {session.number} of {session.total}. {entry.lesson.title}. {KINDS[entry.kind]}{again}"
    left = session.seconds_left
    if left is not None:
        yield f"{int(left // 60)} minutes {int(left % 60)} seconds are left."
    yield unlinked(asked.question.prompt.strip())
    yield from (f"{each.sign}. {each.text}" for each in asked.lefts)
    yield from (f"{choice.sign}) {choice.text}" for choice in asked.choices)
    if isinstance(asked.question, Challenge):
        task = asked.question.challenge
        seeds = f"{task.pass_seeds} of {len(task.seeds)} seeds"
        yield f"Data: {task.data}. Required, with {seeds}: {', '.join(task.require)}."
        if task.stars:
            yield f"A star each for: {', '.join(task.stars)}."


def answer_words(feedback: Feedback) -> Iterator[str]:
    """What is said of an answer."""
    question = feedback.entry.question
    credit = feedback.grade.credit
    yield "Right." if feedback.right else f"Partly right, {credit:.0%}." if credit else "Wrong."
    if feedback.surely_wrong:
        yield "You were sure: look twice, this is what is best remembered."
    yield from feedback.grade.whys
    if feedback.outcome is not None:
        yield from feedback.outcome.lines()
        stars = getattr(feedback.outcome, "stars", 0)
        if stars:
            yield f"Stars: {stars} of {getattr(feedback.outcome, 'of_stars', 0)}."
    if feedback.solution and not feedback.right:
        yield f"The answer: {feedback.solution}"
    yield unlinked(question.explain.strip())
    known = sources()
    yield from (f"Source: {known[key]}" for key in question.sources if key in known)
    yield from (f"See: {_place(link)}" for link in question.links)
    if isinstance(question, Predict) and (run := experiment_of(question)) is not None:
        yield f"See: {' '.join(['dlterm run', run.id, *(f'--set {knob}={value}' for knob, value in run.settings)])}"
    if feedback.again:
        yield "It comes again in this session."
    elif feedback.due is not None:
        yield f"It comes back on {feedback.due}."


def _place(link: str) -> str:
    """A link as what to type."""
    scheme, _, rest = link.partition(":")
    name = rest.partition("#")[0]
    commands = {
        "lesson": f"dlterm read {name}",
        "lab": f"dlterm lab '{rest}'",
        "term": f"dlterm glossary {name}",
        "experiment": f"dlterm run {name}",
    }
    return safe(commands.get(scheme, link))


def report_words(report: Report) -> Iterator[str]:
    """How a session went."""
    first = report.first
    if not first:
        yield "Nothing was answered."
        return
    time = _time(report.seconds)
    if report.mode == "exam":
        yield f"{report.right} of {len(first) + len(report.left)} right, a mark of {report.mark:.0%}, in {time}."
    else:
        yield f"{report.right} of {len(first)} right at first ({report.mark:.0%}), in {time}."
    lessons = report.lessons()
    if len(lessons) > 1:
        yield from (f"{name}: {right} of {asked}" for name, (right, asked) in lessons.items())
    wrong = report.wrong
    sure = sum(feedback.surely_wrong for feedback in wrong)
    if sure:
        yield f"{sure} of the wrong ones you were sure of; they come back first."
    if wrong:
        yield f"To look at again: {', '.join(feedback.entry.id for feedback in wrong)}"
    if report.left:
        yield f"{len(report.left)} not asked."
    if report.mode == "placement":
        start = report.as_json()["start_at"]
        yield f"Begin with the lesson {start}." if start else "You know what the lessons ask."


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
