from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlterm.drawing.field import field_frame
from dlterm.drawing.field_points import nearest
from dlterm.drawing.palette import DARK, LIGHT
from tests.drawing.support import assert_whole, is_blue, is_orange, pixels, points

DOMAIN = (-1.0, 1.0, -1.0, 1.0)
ACROSS = np.tile(np.linspace(-1, 1, 50, dtype=np.float32), (1, 50, 1))  # positive on the right
UP = np.ascontiguousarray(-ACROSS.transpose(0, 2, 1))  # positive at the top: the first row is the top


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_a_positive_right_half_is_orange_on_the_right(theme):
    picture = pixels(field_frame(ACROSS, None, DOMAIN, 20, 10, theme))
    assert all(map(is_blue, picture[:, 0].tolist()))
    assert all(map(is_orange, picture[:, -1].tolist()))


def test_a_positive_upper_half_is_orange_at_the_top():
    picture = pixels(field_frame(UP, None, DOMAIN, 20, 10, DARK))
    assert all(map(is_orange, picture[0].tolist()))
    assert all(map(is_blue, picture[-1].tolist()))


def test_a_point_to_the_upper_right_is_drawn_there():
    dot = points([[0.95, 0.95]], [0], [False])
    change = pixels(field_frame(ACROSS, dot, DOMAIN, 20, 10, DARK)) != pixels(
        field_frame(ACROSS, None, DOMAIN, 20, 10, DARK)
    )
    assert np.argwhere(change).tolist() == [[0, 19]]


def test_the_corners_of_the_domain_are_inside_and_the_rest_is_not_drawn():
    dots = points([[-1, -1], [1, 1], [1.5, 0], [0, np.nan]], [0, 1, 0, 0], [False] * 4)
    change = pixels(field_frame(ACROSS, dots, DOMAIN, 20, 10, DARK)) != pixels(
        field_frame(ACROSS, None, DOMAIN, 20, 10, DARK)
    )
    assert np.argwhere(change).tolist() == [[0, 19], [19, 0]]


@pytest.mark.parametrize("theme", [DARK, LIGHT])
@pytest.mark.parametrize("outputs", [1, 3])
def test_points_stand_out_from_their_own_class_and_test_points_from_training_points(theme, outputs):
    field = np.ones((1, 9, 9), np.float32) if outputs == 1 else np.eye(3, dtype=np.float32)[1][:, None, None]
    field = np.broadcast_to(field, (outputs, 9, 9))
    dots = points([[-0.9, 0], [0.9, 0]], [1, 1], [False, True])
    picture = pixels(field_frame(field, dots, DOMAIN, 10, 5, theme))
    ground, train, test = picture[0, 0], *picture[picture != picture[0, 0]].tolist()
    assert len({ground, train, test}) == 3
    lightness = [
        sum(((colour >> 16) * 0.3, (colour >> 8 & 255) * 0.59, (colour & 255) * 0.11))
        for colour in (ground, train, test)
    ]
    assert lightness == sorted(lightness, reverse=theme is LIGHT)
    assert abs(lightness[0] - lightness[1]) > 30


def test_test_points_can_be_left_out():
    dots = points([[0, 0]], [0], [True])
    bare = pixels(field_frame(ACROSS, None, DOMAIN, 20, 10, DARK))
    assert (pixels(field_frame(ACROSS, dots, DOMAIN, 20, 10, DARK, test_points=False)) == bare).all()


def test_a_regressions_points_are_coloured_by_their_value():
    dots = points([[-0.5, 0.0], [0.5, 0.0]], [10, 20], [False, False])
    picture = pixels(field_frame(ACROSS * 0, dots, DOMAIN, 20, 10, DARK, target_range=(10, 20)))
    low, high = picture[picture != picture[0, 0]].tolist()
    assert is_blue(low)
    assert is_orange(high)


def test_each_class_has_its_colour_and_ties_have_none():
    field = np.zeros((3, 3, 30), np.float32)
    for number in range(3):
        field[number, :, 10 * number : 10 * number + 10] = 1
    picture = pixels(field_frame(field, None, DOMAIN, 30, 2, DARK))
    assert len({picture[0, 4], picture[0, 14], picture[0, 24]}) == 3
    tie = pixels(field_frame(np.full((3, 3, 3), 1 / 3, np.float32), None, DOMAIN, 8, 4, DARK))
    assert len(np.unique(tie)) == 1
    assert tie[0, 0] not in picture


def test_without_colours_classes_differ_by_glyph():
    dots = points(
        [[-0.8, 0.5], [0.8, 0.5], [-0.8, -0.5], [0.8, -0.5]], [0, 1, 0, 1], [False, False, True, True]
    )
    text = str(field_frame(ACROSS, dots, DOMAIN, 20, 10, DARK, depth="none"))
    assert all(text.count(letter) == 1 for letter in "oxOX")
    assert text.split("\n")[0][0] != text.split("\n")[0][-1]


def test_a_coarse_field_is_smoothed():
    picture = pixels(field_frame(np.array([[[-1, 1]]], np.float32), None, DOMAIN, 40, 2, DARK))
    assert len(np.unique(picture[0])) > 10


def test_before_there_is_a_field_the_frame_says_so():
    assert "no field yet" in str(field_frame(None, None, DOMAIN, 30, 5, DARK))


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 200),
    st.integers(1, 80),
    st.sampled_from([1, 2, 3, 9]),
    st.sampled_from(["truecolor", "256", "16", "none"]),
    st.booleans(),
)
def test_any_size_gives_a_whole_frame(columns, rows, outputs, depth, finite):
    random = np.random.default_rng(0)
    field = random.random((outputs, 7, 9)).astype(np.float32)
    if not finite:
        field[:, 2] = np.nan
    dots = points(
        random.uniform(-2, 2, (30, 2)), random.integers(0, max(2, outputs), 30), random.random(30) < 0.3
    )
    assert_whole(field_frame(field, dots, DOMAIN, columns, rows, DARK, depth=depth), columns, rows)


# --- marks on the points --------------------------------------------------------------------------------------------

FOUR = points([[-0.9, 0.9], [0.9, 0.9], [-0.9, -0.9], [0.9, -0.9]], [0, 1, 1, 0], [False, False, False, True])
WRONG = np.array([False, False, True, True])


@pytest.mark.parametrize("depth", ["truecolor", "256", "16"])
@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_wrong_points_are_crosses_in_their_colour_on_the_fields(theme, depth):
    plain = field_frame(ACROSS, None, DOMAIN, 20, 10, theme, depth=depth)
    frame = field_frame(ACROSS, FOUR, DOMAIN, 20, 10, theme, depth=depth, wrong=WRONG)
    crossed = [(row, line.index("╳")) for row, line in enumerate(frame.glyphs) if "╳" in line]
    assert len(crossed) == 1
    assert "".join(frame.glyphs).count("╳") == 2
    row = crossed[0][0]
    for column in (1, 19):
        assert frame.background[row, column] == plain.background[row, column]
        assert frame.glyphs[row][column] == "╳"
        assert frame.foreground[row, column] != frame.background[row, column]


def test_without_colours_wrong_points_keep_their_letter_and_have_a_mark():
    frame = field_frame(ACROSS, FOUR, DOMAIN, 20, 10, DARK, depth="none", wrong=WRONG)
    row = next(line for line in frame.glyphs if "!" in line)
    assert "x!" in row
    assert "O!" in row or "!O" in row


def test_a_wrong_point_that_is_left_out_has_no_cross():
    frame = field_frame(ACROSS, FOUR, DOMAIN, 20, 10, DARK, wrong=WRONG, test_points=False)
    assert str(frame).count("╳") == 1


@pytest.mark.parametrize("depth", ["truecolor", "none"])
def test_the_chosen_point_stands_in_brackets(depth):
    frame = field_frame(ACROSS, FOUR, DOMAIN, 20, 10, DARK, depth=depth, example=0)
    row = frame.glyphs[0]
    assert row.index("]") - row.index("[") == 2
    assert row.index("[") == 0


def test_the_nearest_point_is_the_one_that_is_drawn_nearest():
    for number, cell in enumerate([(1, 0), (18, 0), (1, 9), (18, 9)]):
        assert nearest(FOUR, DOMAIN, 20, 10, cell, 1.5) == number
    assert nearest(FOUR, DOMAIN, 20, 10, (10, 5), 1.5) is None
    assert nearest(FOUR, DOMAIN, 20, 10, (11, 9), np.inf, test_points=False) == 2
    nowhere = points([[np.nan, 0], [np.nan, 0]], [0, 1], [False, False])
    assert nearest(nowhere, DOMAIN, 20, 10, (1, 1), np.inf) is None
    assert nearest(points([], [], []), DOMAIN, 20, 10, (1, 1), np.inf) is None
