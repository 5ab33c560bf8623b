"""A learner's progress in plain lines, and on a terminal a calendar of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlterm.quiz.days import as_date
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlterm.quiz.statistics import Statistics

_SHADES = "·░▒▓█"
_LEVELS = (1, 5, 15, 30)  # answers on a day, for each shade but the first
_WEEK, _LABEL = 7, 4  # days; columns of their names
_TITLE = 42  # columns
_SOON = 7
_SHOWN = 3  # questions that show a misconception


def progress_words(found: Statistics, *, width: int = 0) -> Iterator[str]:
    """Everything, a line each; the calendar where there is a terminal of that width."""
    total = found.total
    if not total.answers:
        yield "Nothing is answered yet: dlterm quiz begins."
        yield from _flagged(found)
        return
    days = f"{len(found.days):,} day{'s' * (len(found.days) != 1)}"
    right = f"{total.right / total.answers:.0%} right"
    yield f"{total.answers:,} answer{'s' * (total.answers != 1)} on {days}, in {_time(total.seconds)}; {right}."
    yield _today(found)
    if found.streak is not None:
        yield f"Days in a row: {found.streak.now} (longest: {found.streak.longest})."
    if width:
        yield ""
        yield from calendar(found, width)
    yield from _lessons(found)
    yield from _memory(found)
    yield from _flagged(found)


def _flagged(found: Statistics) -> Iterator[str]:
    if found.flags:
        yield f"Flagged: {', '.join(found.flags)}"


def _today(found: Statistics) -> str:
    if found.off:
        return "Vacation: nothing is due. dlterm progress vacation --end ends it."
    day = found.days.get(found.today)
    soon = sum(count for after, count in found.due.items() if 0 < after <= _SOON)
    return (
        f"Today: {day.answers if day else 0} answered, {found.due.get(0, 0)} due, {found.new_left} new. "
        f"Coming back in the next {_SOON} days: {soon}."
    )


def calendar(found: Statistics, width: int) -> Iterator[str]:
    """A heat map: a column a week, a row a weekday, darker for more answers."""
    weeks = min(53, (width - _LABEL) // 2)
    monday = found.today - as_date(found.today).weekday() - _WEEK * (weeks - 1)
    months = [" "] * (2 * weeks)
    for week in range(weeks):
        date = as_date(monday + _WEEK * week)
        if date.day <= _WEEK and 2 * week + 3 <= len(months):
            months[2 * week : 2 * week + 3] = f"{date:%b}"
    yield " " * _LABEL + "".join(months).rstrip()
    for weekday in range(_WEEK):
        days = [monday + _WEEK * week + weekday for week in range(weeks)]
        cells = "".join(f"{_shade(found, day)} " for day in days if day <= found.today)
        yield f"{as_date(monday + weekday):%a} {cells}".rstrip()
    yield ""


def _shade(found: Statistics, day: int) -> str:
    answers = found.days[day].answers if day in found.days else 0
    return _SHADES[sum(answers >= level for level in _LEVELS)]


def _lessons(found: Statistics) -> Iterator[str]:
    yield "Lessons: seen, mastered, due"
    for lesson in found.lessons:
        mastered = "  mastered" if lesson.is_mastered else ""
        counts = f"{lesson.seen:>3} of {lesson.questions:<3} {lesson.mastered:>3}  {lesson.due:>3}"
        yield f"  {safe(lesson.title, limit=_TITLE):{_TITLE}}  {counts}{mastered}"


def _memory(found: Statistics) -> Iterator[str]:
    if found.retention:
        parts = (f"{_span(*span)} {share.share:.0%} of {share.asked}" for span, share in found.retention)
        yield f"Known when asked again after days: {'; '.join(parts)}."
    if found.confidence:
        parts = (
            f"{name} {share.share:.0%} right of {share.asked}" for name, share in found.confidence.items()
        )
        yield f"Confidence: {'; '.join(parts)}."
    for held in found.misconceptions[:10]:
        more = f" and {len(held.questions) - _SHOWN} more" if len(held.questions) > _SHOWN else ""
        yield f"Misconception: {held.misconception.replace('-', ' ')} ({', '.join(held.questions[:_SHOWN])}{more})"


def _span(low: int, high: int) -> str:
    if high > 10_000:
        return f"{low} and more:"
    return f"{low}:" if low == high else f"{low} to {high}:"


def _time(seconds: float) -> str:
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
