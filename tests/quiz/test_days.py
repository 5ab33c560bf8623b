"""A day is a day, whatever the clock says of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlterm.quiz.days import as_date, clock_day, true_days

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("hour", "day"), [("2026-03-29T03:59", 28), ("2026-03-29T04:00", 29), ("2026-03-30T00:30", 29)]
)
def test_a_day_begins_at_four_even_when_clocks_are_put_forward(hour, day):
    assert as_date(clock_day(datetime.fromisoformat(hour).replace(tzinfo=BERLIN))).day == day


def test_somebody_a_little_earlier_every_evening_has_learned_on_every_day():
    evenings = [
        datetime(2026, 3, 20, 21, tzinfo=BERLIN) + timedelta(days=k, minutes=-20 * k) for k in range(30)
    ]
    days = [clock_day(evening) for evening in evenings]
    assert days == list(range(days[0], days[0] + 30))


@pytest.mark.parametrize(
    ("clock", "days"),
    [
        ([], []),
        ([5], [5]),
        ([1, 2, 2, 9], [1, 2, 2, 9]),
        ([1, 2, 90, 3], [1, 2, 3, 3]),  # ahead for a day
        ([1, 2, 90, 91, 3, 4], [1, 2, 3, 3, 3, 4]),
        ([50, 51, 2, 52], [50, 51, 51, 52]),  # behind for a day
        ([50, 51, 2], [50, 51, 51]),
        ([10, 11, 10, 11, 12], [10, 10, 10, 11, 12]),  # across the date line
        ([90, 3], [3, 3]),  # the latest word counts
    ],
)
def test_clocks_that_were_wrong_are_put_right(clock, days):
    assert true_days(clock) == days


@given(st.lists(st.integers(-50, 50), max_size=60))
def test_days_never_go_back_and_right_clocks_are_believed(clock):
    days = true_days(clock)
    assert days == sorted(days)
    assert len(days) == len(clock)
    assert true_days(sorted(clock)) == sorted(clock)
    assert true_days(days) == days
