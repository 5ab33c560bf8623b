from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dlterm.drawing import palette, views
from dlterm.drawing.draw import draw
from dlterm.drawing.palette import DARK
from dlterm.drawing.show import as_text
from dlterm.drawing.timeline_years import years_of

EVENTS = (
    views.Event(1960, "one", "idea"),
    views.Event(1970, "two", "idea"),
    views.Event(1970, "three", "model"),
    views.Event(1970, "four", "idea"),
    *(views.Event(2000, f"more {k}", "idea") for k in range(8)),
)


def test_more_events_than_rows_are_dots_over_their_years():
    assert as_text(views.Timeline(EVENTS, 1970), 40, 8).split("\n") == [
        "● idea  ■ model",
        "           │                         +",
        "           │                         ●",
        "           ●                         ●",
        "           ■                         ●",
        "  ●        ●                         ●",
        "───────────┴────────────────────────────",
        " 1960    1970     1980    1990     2000",
    ]


def test_the_marked_year_stands_out_in_both_forms():
    few = views.Timeline(EVENTS[:4], 1970)
    frame = draw(few, 40, 4)
    assert frame.background[1, 0] == DARK.text
    assert (frame.background[2:] == DARK.background).all()  # named once
    many = draw(views.Timeline(EVENTS, 1970), 40, 8)
    at = years_of(views.Timeline(EVENTS), 40).column(1970)
    assert many.background[-1, at] == DARK.text
    assert many.foreground[5, at] == DARK.class_points[0][0]


def test_a_year_without_events_is_not_marked():
    plain = draw(views.Timeline(EVENTS), 40, 8)
    assert str(draw(views.Timeline(EVENTS, 1985), 40, 8)) == str(plain)


@given(st.lists(st.integers(1600, 2100), min_size=1, max_size=40), st.integers(24, 200), st.integers(5, 30))
def test_every_year_has_its_dot_and_is_found_below_the_mouse(numbers, columns, rows):
    view = views.Timeline(tuple(views.Event(number, "", "") for number in numbers))
    years = years_of(view, columns)
    for year in numbers:
        found = years.at(years.column(year))
        assert found in numbers
        assert years.column(found) == years.column(year)
    assert years.at(-5) == min(numbers)
    assert years.column(years.at(columns + 5)) == years.column(max(numbers))
    if len(numbers) > rows:
        dots = draw(view, columns, rows).glyphs[rows - 3]
        assert {column for column, glyph in enumerate(dots) if glyph in palette.POINTS} == {
            years.column(year) for year in numbers
        }


def test_kinds_are_told_apart_without_colours():
    events = tuple(views.Event(1950 + k, "", f"kind {k % 7}") for k in range(70))
    glyphs = set("".join(draw(views.Timeline(events), 90, 12, depth="none").glyphs))
    assert len(glyphs & set(palette.POINTS)) == 7
    assert np.unique(list(palette.POINTS)).size == len(palette.POINTS)
