"""A learner's progress as views, to be drawn anywhere and at any size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm.drawing.views import Bars, Curves, HeatMap, Line, Series, Table, Text
from dlterm.quiz.days import as_date

if TYPE_CHECKING:
    from dlterm.drawing.views import View
    from dlterm.quiz.statistics import Statistics

_WEEK, _DAYS = 7, ("Mon", "", "Wed", "", "Fri", "", "Sun")
_MOST = 30  # answers on a day that is a full one
_SOON = 14  # days
_BAR = 10  # columns
_MISCONCEPTIONS, _SHOWN = 12, 3  # of them, and of the questions that show one


def calendar(found: Statistics, weeks: int) -> View:
    """A heat map: a column a week, a row a weekday, stronger for more answers; days to come are gaps."""
    monday = found.today - as_date(found.today).weekday() - _WEEK * (weeks - 1)
    values = np.full((_WEEK, weeks), np.nan)
    for day in range(monday, found.today + 1):
        week, weekday = divmod(day - monday, _WEEK)
        values[weekday, week] = (
            100 * min(found.days[day].answers, _MOST) / _MOST if day in found.days else 0.0
        )
    begin = [as_date(monday + _WEEK * week) for week in range(weeks)]
    months = tuple(f"{date:%b}"[0] if date.day <= _WEEK else "" for date in begin)
    return HeatMap(values, row_labels=_DAYS, column_labels=months)


def mastery(found: Statistics) -> View:
    """A row a lesson: a bar of what is mastered, and how many questions that is of how many; what is due."""
    rows = tuple(
        (each.title, _bar(each.mastered, each.questions), f"{each.mastered}/{each.questions}", each.due or "")
        for each in found.lessons
    )
    return Table(("lesson", "", "mastered", "due"), rows)


def _bar(part: int, whole: int) -> str:
    full = min(round(_BAR * part / whole) or bool(part), _BAR) if whole else 0
    return "━" * full + "─" * (_BAR - full)


def retention(found: Statistics, wanted: int) -> View:
    """The share of questions that is known when they come back, by days since; and the share that is `wanted`."""
    if not found.retention:
        return Text((Line("Nothing has come back yet.", "muted"),))
    days = np.array([low if high > 10_000 else (low * high) ** 0.5 for (low, high), _ in found.retention])
    shares = np.array([100 * share.share for _, share in found.retention])
    span = np.array([1.0, max(90.0, float(days[-1]))])
    series = (
        Series("known", days, shares),
        Series("wanted", span, np.full(2, float(wanted)), style="muted"),
    )
    return Curves(series, x_label="days", y_label="%", log_x=True, y_most=100.0)


def confidence(found: Statistics) -> View:
    """How often one is right who is sure, and who is not."""
    if not found.confidence:
        return Text((Line("Nobody has said yet how sure they were.", "muted"),))
    names = [name for name in ("sure", "unsure") if name in found.confidence]
    labels = tuple(f"{name} ({found.confidence[name].asked})" for name in names)
    return Bars(labels, np.array([round(100 * found.confidence[name].share) for name in names]), unit="%")


def coming(found: Statistics) -> View:
    """How many questions come back on each of the next days."""
    labels = ("today", "tomorrow", *(f"{as_date(found.today + after):%a %d %b}" for after in range(2, _SOON)))
    return Bars(labels, np.array([found.due.get(after, 0) for after in range(_SOON)]))


def misconceptions(found: Statistics) -> View:
    """What is held wrongly, by the last answers."""
    lines = []
    for held in found.misconceptions[:_MISCONCEPTIONS]:
        more = f" and {len(held.questions) - _SHOWN} more" if len(held.questions) > _SHOWN else ""
        lines.append(Line(f"✗ {held.misconception.replace('-', ' ')}"))
        lines.append(Line(f"  in {', '.join(held.questions[:_SHOWN])}{more}", "muted"))
    return Text(tuple(lines) or (Line("None shows in your last answers.", "muted"),))
