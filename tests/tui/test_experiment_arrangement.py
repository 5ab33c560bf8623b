from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dlterm.tui.experiment_arrangement import Shape, experiment_arranged, rows_of

forms, heights = st.sampled_from(["square", "wide"]), st.sampled_from([0, 0, 3, 8])
shapes = st.lists(st.builds(Shape, forms, heights), min_size=1, max_size=6)
frames = st.sampled_from([(1, 1), (2, 2)])


@given(shapes.map(tuple), st.integers(1, 300), st.integers(1, 100), frames)
def test_every_view_has_a_place_and_no_row_is_left_over(views, columns, rows, frame):
    found = rows_of(views, columns, rows, frame)
    assert sum(row.views for row in found) == len(views)
    assert all(row.rows >= 0 for row in found)
    if rows >= 4 * len(views) + 60:
        assert sum(row.rows for row in found) == rows


@given(st.integers(1, 4), st.integers(60, 300), st.integers(14, 100))
def test_one_to_four_views_all_have_room_on_the_least_terminal(count, columns, rows):
    for row in rows_of((Shape(),) * count, columns, rows, (1, 1)):
        assert columns // row.views - 1 >= 14
        assert row.rows - 1 >= 3


def test_a_row_of_bars_has_its_own_height_and_the_pictures_have_the_rest():
    assert [row.rows for row in rows_of((Shape("square"), Shape(rows=4)), 60, 30, (2, 2))] == [24, 6]


def test_wide_views_stand_below_each_other_and_square_ones_side_by_side():
    assert [row.views for row in rows_of((Shape("wide"),) * 2, 80, 40, (2, 2))] == [1, 1]
    assert [row.views for row in rows_of((Shape("square"),) * 2, 80, 20, (2, 2))] == [2]


@given(st.integers(60, 300), st.integers(14, 100), st.integers(0, 12), st.booleans())
def test_views_words_and_knobs_share_out_the_page(columns, rows, knobs, ended):
    found = experiment_arranged(columns, rows, knobs, ended=ended)
    if found.beside:
        assert 40 <= found.words <= columns - 56
        assert found.knobs <= rows / 2
    else:
        assert 6 <= found.words <= rows - 6
        assert found.knobs <= columns - 30
    assert bool(found.knobs) == bool(knobs)


def test_a_sheet_to_draw_on_has_room_for_a_mouse_where_there_is_any():
    sheet = Shape("square", wanted=(32, 16))
    first = rows_of((sheet, Shape(rows=10), *[Shape("square")] * 4), 78, 36, (2, 2))[0]
    assert 78 // first.views - 2 >= 32
    assert first.rows - 2 >= 16


def test_a_verdict_has_more_room_than_a_prediction_where_room_is_short():
    assert (
        experiment_arranged(80, 19, 3, ended=True).words > experiment_arranged(80, 19, 3, ended=False).words
    )


def test_four_curves_can_be_drawn_above_a_verdict_at_80_by_24():
    rows = 24 - 3  # without title, progress and keys
    above = rows - experiment_arranged(80, rows, 3, ended=True).words
    for row in rows_of((Shape(least=(20, 5)),) * 4, 80, above, (1, 1)):
        assert 80 // row.views - 1 >= 20
        assert row.rows - 1 >= 5
