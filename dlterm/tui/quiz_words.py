"""What the quiz says on screen: of an answer, of a session; signs say what colours say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from dlterm.course.library import lessons, unlinked
from dlterm.course.schema import Challenge, Numeric
from dlterm.course.shelf import sources
from dlterm.quiz.outcomes import Challenged
from dlterm.quiz.running import NotRunnableError, experiment_of
from dlterm.text import safe
from dlterm.tui.answering import RIGHT, WRONG
from dlterm.tui.experiment_player import Trial

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlterm.course.schema import Question
    from dlterm.quiz.feedback import Feedback
    from dlterm.quiz.report import Report

PARTLY, PENDING, HERE = "◐", "·", "●"
_FULL, _EMPTY, _STAR, _NO_STAR = "━", "─", "★", "☆"
_BAR = 12  # columns
MODE_TITLES = {
    "review": "Review",
    "lesson": "Lesson",
    "topic": "Topic",
    "cram": "Cram",
    "exam": "Exam",
    "pretest": "Pretest",
    "placement": "Placement",
    "marathon": "Marathon",
}


def verdict(feedback: Feedback) -> Content:
    """Right, partly right or wrong: a sign and a word."""
    credit = feedback.grade.credit
    if feedback.right:
        return Content.styled(f"{RIGHT} Right", "bold $success")
    if credit:
        return Content.styled(f"{PARTLY} Partly right, {credit:.0%}", "bold $warning")
    return Content.styled(
        f"{WRONG} Wrong" if feedback.given is not None else f"{WRONG} Not known", "bold $error"
    )


def told(feedback: Feedback) -> Content:
    """All that is said of an answer."""
    return Content("\n\n").join(_told(feedback))


def _told(feedback: Feedback) -> Iterator[Content]:
    question = feedback.entry.question
    yield Content.assemble(verdict(feedback), (_confidence(feedback), "$text-muted"))
    if feedback.surely_wrong:
        yield Content.styled("You were sure: look twice. What surprises is what is best remembered.", "bold")
    if isinstance(feedback.outcome, Challenged):
        yield _attempts(feedback.outcome)
    if feedback.grade.whys:
        yield Content("\n").join([Content.styled(why, "$foreground") for why in feedback.grade.whys])
    if feedback.solution and not feedback.right and not _is_shown(question):
        named = "One that passes  " if isinstance(question, Challenge) else "The answer  "
        yield Content.assemble((named, "$text-muted"), (safe(feedback.solution, limit=400), "bold"))
    yield Content(unlinked(question.explain.strip()))
    known = sources()
    found = [str(known[key]) for key in question.sources if key in known]
    if found:
        yield Content("\n").join([Content.styled(f"Source: {source}", "$text-muted") for source in found])
    after = _after(feedback)
    if after:
        yield Content.styled(after, "$text-muted")


def _confidence(feedback: Feedback) -> str:
    said = {"sure": ", and sure", "unsure": ", and not sure"}.get(feedback.confidence, "")
    hints = {0: "", 1: ", after a hint"}.get(feedback.hints, f", after {feedback.hints} hints")
    return said + hints


def _after(feedback: Feedback) -> str:
    if feedback.again:
        return "It comes again in this session."
    return f"It comes back on {feedback.due:%A, %d %B %Y}." if feedback.due is not None else ""


def _is_shown(question: Question) -> bool:
    """Whether the rows above say already what was right."""
    return hasattr(question, "options") or hasattr(question, "pairs") or hasattr(question, "items")


def _attempts(outcome: Challenged) -> Content:
    """How a challenge's networks did, seed by seed, and the stars."""
    lines = [Content.styled(outcome.recipe, "$primary")]
    for attempt in outcome.attempts:
        mark, style = (WRONG, "$error") if attempt.missed else (RIGHT, "$success")
        values = ", ".join(
            f"{name.replace('_', ' ')} {value:.4g}" for name, value in attempt.measures.items()
        )
        head = Content.assemble((f"{mark} ", f"bold {style}"), f"seed {attempt.seed}: {values}")
        missed = ", ".join(map(readable, attempt.missed))
        lines.append(Content.assemble(head, (f"\n  missed: {missed}" if missed else "", style)))
    if outcome.of_stars:
        stars = _STAR * outcome.stars + _NO_STAR * (outcome.of_stars - outcome.stars)
        lines.append(
            Content.assemble((stars, "bold $accent"), f"  {outcome.stars} of {outcome.of_stars} stars")
        )
    return Content("\n").join(lines)


# --- a session --------------------------------------------------------------------------------------------------------


def trail(report: Report, left: int, width: int, *, hidden: bool) -> Content:
    """A sign an answer, one for the question that is asked, and what is left; `hidden`: not how it went."""
    signs = [_sign(each, hidden=hidden) for each in report.given]
    signs += [(HERE, "bold $accent")] * bool(left) + [(PENDING, "$text-muted")] * max(0, left - 1)
    gap = " " if 2 * len(signs) <= width else ""
    if len(signs) > width:
        signs = signs[max(0, min(len(report.given) - width // 2, len(signs) - width)) :][:width]
    return Content(gap).join([Content.styled(*sign) for sign in signs])


def _sign(feedback: Feedback, *, hidden: bool) -> tuple[str, str]:
    if hidden:
        return "■", "$text-muted"
    if feedback.right:
        return RIGHT, "$success"
    return (PARTLY, "$warning") if feedback.grade.credit else (WRONG, "bold $error")


def summary(report: Report) -> Content:
    """How a session went: the mark, lesson by lesson, and what to look at again."""
    if not report.first:
        return Content.styled("Nothing was answered.", "bold")
    return Content("\n\n").join(_summary(report))


def _summary(report: Report) -> Iterator[Content]:
    first = report.first
    exam = report.mode == "exam"
    asked = f"{len(first) + len(report.left)} right" if exam else f"{len(first)} right at first"
    yield Content.assemble(
        (f"{report.right} of {asked}", "bold $accent"),
        f"  {report.mark:.0%}",
        (f"   in {time_words(report.seconds)}", "$text-muted"),
    )
    if report.mode == "placement":
        start = report.as_json()["start_at"]
        named = lessons()[start].head.title if start in lessons() else start
        yield Content.styled(f"Begin with: {named}" if start else "You know what the lessons ask.", "bold")
    by_lesson = report.lessons()
    if len(by_lesson) > 1:
        titles = {each.entry.lesson.id: each.entry.lesson.title for each in first}
        width = max(map(len, titles.values()))
        yield Content("\n").join(
            [
                Content.assemble(
                    f"{titles[name]:{width}}  ", bar(right, right, asked, _BAR), f"  {right} of {asked}"
                )
                for name, (right, asked) in by_lesson.items()
            ]
        )
    sure = sum(each.surely_wrong for each in first)
    if sure:
        yield Content(f"{sure} of the wrong ones you were sure of; they come back first.")
    if report.left:
        yield Content.styled(f"{len(report.left)} not asked.", "$text-muted")
    shown = report.given if report.mode == "exam" else tuple(report.wrong)
    if shown:
        yield Content.styled(
            "Question by question" if report.mode == "exam" else "To look at again", "bold $primary"
        )
    for feedback in shown:
        yield _looked_at(feedback)


def _looked_at(feedback: Feedback) -> Content:
    """A question of the session, what was answered, and what is right."""
    question = feedback.entry.question
    parts: list[str | Content | tuple[str, str]] = [
        verdict(feedback),
        (f"  {feedback.entry.lesson.title}\n", "$text-muted"),
        (unlinked(question.prompt.strip()), "bold"),
    ]
    if not feedback.right:
        given = given_words(feedback)
        parts += [("\nYou said    ", "$text-muted"), given] if given else []
        parts += [("\nThe answer  ", "$text-muted"), safe(feedback.solution, limit=400)]
        parts += [f"\n{each}" for each in feedback.grade.whys]
    parts += ["\n", (unlinked(question.explain.strip()), "$text-muted")]
    return Content.assemble(*parts)


def given_words(feedback: Feedback) -> str:
    """What was answered, in words; "" for nothing."""
    given, question = feedback.given, feedback.entry.question
    texts = {option.id: option.text for option in getattr(question, "options", ())}
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, str):
        unit = question.unit if isinstance(question, Numeric) and question.unit not in given else ""
        return f"{texts.get(given, safe(given, limit=200))} {unit}".strip()
    parts = [": ".join(each) if isinstance(each, list) else texts.get(each, each) for each in given or ()]
    return "; ".join(parts)


def bar(mastered: int, seen: int, total: int, width: int) -> Content:
    """A bar: what is mastered, what is seen beside it, and what is not."""
    if not total:
        return Content(" " * width)
    full = min(round(width * mastered / total) or bool(mastered), width)
    begun = min(max(round(width * seen / total), full), width)
    return Content.assemble(
        (_FULL * full, "$success"),
        (_FULL * (begun - full), "$accent"),
        (_EMPTY * (width - begun), "$text-muted 50%"),
    )


def time_words(seconds: float) -> str:
    """A time, as short as it is said."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def clock_words(seconds: float) -> str:
    """Time that is left, as a clock shows it."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02} left"


def readable(requirement: str) -> str:
    """What a challenge requires, with signs that are read more easily."""
    return requirement.replace("_", " ").replace("<=", "≤").replace(">=", "≥")


def recipe_of(feedback: Feedback) -> str:
    """What can be opened in the lab after an answer; "" for nothing."""
    question = feedback.entry.question
    for link in question.links:
        if link.startswith("lab:"):
            return link.removeprefix("lab:")
    if isinstance(question, Challenge):
        return (
            feedback.outcome.recipe if isinstance(feedback.outcome, Challenged) else question.challenge.data
        )
    return ""


def trial_of(feedback: Feedback) -> Trial | None:
    """The experiment that can be opened after an answer."""
    try:
        found = experiment_of(feedback.entry.question)
    except NotRunnableError:
        return None
    return None if found is None else Trial(found.id, found.seed, dict(found.settings))
