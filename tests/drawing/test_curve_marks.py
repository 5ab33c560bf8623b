from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dlterm.drawing import palette, views
from dlterm.drawing.draw import draw
from dlterm.drawing.show import as_text

PLACES = st.lists(st.tuples(st.integers(1950, 2024), st.integers(1, 99)), min_size=1, max_size=40)


def scatter(places, words):
    x, y = (np.array(values, float) for values in zip(*places, strict=True))
    marks = tuple(views.Mark(x, word, y) for (x, y), word in zip(places, words, strict=True))
    return views.Curves((views.Series("", x, y, joined=False),), marks=marks)


@settings(max_examples=60, deadline=None)
@given(PLACES, st.integers(20, 120), st.integers(5, 40))
def test_words_hide_no_point_and_no_other_word(places, columns, rows):
    words = [f"w{number:03}w" for number in range(len(places))]
    bare = draw(scatter(places, [""] * len(places)), columns, rows)
    full = draw(scatter(places, words), columns, rows)
    for before, after in zip(bare.glyphs, full.glyphs, strict=True):
        for old, new in zip(before, after, strict=True):
            assert new == old or old not in palette.POINTS
    text = str(full)
    assert "◆" not in text  # each mark stands where its point is
    for letter in text.split():
        assert "w" not in letter or letter in words  # whole, and apart from what is beside it


def test_a_word_never_stands_nearer_to_another_point_than_to_its_own():
    near = [(2000, 10), (2001, 10), (2010, 90), (1960, 1)]
    lines = as_text(scatter(near, ["left", "right", "up", "low"]), 60, 12).split("\n")
    (row,) = [line for line in lines if "right" in line]
    assert "left ●" in row
    assert "● right" in row


def test_an_upright_mark_is_named_and_hides_no_curve():
    x = np.linspace(0, 10, 50)
    curves = views.Curves((views.Series("loss", x, x**2),), marks=(views.Mark(5.0, "here"),))
    lines = as_text(curves, 50, 12).split("\n")
    assert "┊ here" in lines[1]
    assert sum("┊" in line for line in lines) >= 7


def test_a_mark_beyond_the_axes_is_left_out():
    x = np.linspace(1, 10, 50)
    marks = (views.Mark(99.0, "far"), views.Mark(5.0, "none", float("nan")), views.Mark(-1.0, "low"))
    text = as_text(views.Curves((views.Series("loss", x, x),), marks=marks, log_x=True), 50, 12)
    assert not {"far", "none", "low"} & set(text.split())


def test_a_marked_point_that_no_series_has_gets_a_sign():
    x = np.linspace(0, 10, 50)
    assert "◆ best" in as_text(
        views.Curves((views.Series("", x, x),), marks=(views.Mark(5.0, "best", 1.0),)), 50, 12
    )


def test_no_axis_goes_beyond_what_can_be():
    x = np.arange(1.0, 11)
    certain = views.Series("accuracy", x, np.full(10, 100.0))
    assert "102" in as_text(views.Curves((certain,)), 50, 16)
    assert "102" not in as_text(views.Curves((certain,), y_most=100), 50, 16)
