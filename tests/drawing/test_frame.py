from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from dlterm.drawing.frame import (
    Label,
    blank,
    fitted,
    from_colours,
    from_pixels,
    message,
    overlaid,
    shortened,
    stacked,
)
from tests.drawing.support import assert_whole, pixels

sizes = st.integers(1, 40)


def test_a_cell_shows_two_pixels_one_above_the_other():
    frame = from_colours(np.array([[0xFF0000], [0x0000FF]], np.int32))
    assert frame.glyphs == ("▀",)
    assert (frame.foreground[0, 0], frame.background[0, 0]) == (0xFF0000, 0x0000FF)


def test_a_cell_of_one_colour_is_a_blank():
    frame = from_colours(np.full((2, 3), 0x123456, np.int32))
    assert frame.glyphs == ("   ",)
    assert (frame.background == 0x123456).all()


def test_colours_keep_five_bits_a_channel_and_black_and_white_stay():
    frame = from_pixels(np.array([[[0, 0, 0], [255, 255, 255], [100, 101, 102]]] * 2, np.uint8))
    assert frame.background[0, :2].tolist() == [0, 0xFFFFFF]
    assert len({channel >> 3 for channel in frame.background[0, 2:].tolist()}) == 1


def test_pixels_like_the_background_become_exactly_it():
    frame = from_pixels(np.full((2, 4, 3), [0x12, 0x14, 0x1A], np.uint8), background=0x12141A)
    assert (frame.background == 0x12141A).all()


def test_a_label_stands_where_it_is_put_and_is_cut_at_the_edge():
    frame = overlaid(blank(6, 2, 0), [Label(1, 3, "abcdef", 0xFFFFFF), Label(7, 0, "far", 1)])
    assert frame.glyphs == ("      ", "   abc")
    assert frame.foreground[1].tolist() == [0, 0, 0, 0xFFFFFF, 0xFFFFFF, 0xFFFFFF]


@given(st.text(max_size=12), st.integers(-3, 12), sizes)
def test_any_label_leaves_a_row_as_wide_as_it_was(text, column, columns):
    frame = overlaid(blank(columns, 1, 0), [Label(0, max(0, column), shortened(text, columns), 1)])
    assert_whole(frame, columns, 1)
    assert cell_len(str(frame)) == columns


def test_a_wide_letter_takes_two_cells():
    assert str(overlaid(blank(6, 1, 0), [Label(0, 1, "年齢", 1)])) == " 年齢 "
    assert str(overlaid(blank(2, 1, 0), [Label(0, 1, "年", 1)])) == "  "


@given(st.text(max_size=30), st.integers(0, 10))
def test_shortened_text_fits_and_moves_no_cursor(text, cells):
    shown = shortened(text, cells)
    assert cell_len(shown) <= cells
    assert "\x1b" not in shown


@given(sizes, sizes, sizes, sizes)
def test_a_fitted_frame_has_the_size_asked_for(columns, rows, wanted_columns, wanted_rows):
    frame = fitted(message("hello", columns, rows, 1, 2), wanted_columns, wanted_rows, 3)
    assert_whole(frame, wanted_columns, wanted_rows)


def test_stacked_frames_keep_their_order():
    frame = stacked([blank(3, 1, 1), blank(3, 2, 2)])
    assert frame.background[:, 0].tolist() == [1, 2, 2]


def test_a_frame_prints_through_rich_in_its_own_size():
    console = Console(width=10, color_system="truecolor", force_terminal=True, record=True)
    with console.capture() as capture:
        console.print(from_pixels(np.full((4, 5, 3), 255.0)))
    assert capture.get().count("\n") == 2
    assert "48;2;255;255;255" in capture.get()


def test_a_frame_prints_without_codes_where_there_are_no_colours():
    console = Console(width=10, color_system=None)
    with console.capture() as capture:
        console.print(message("ab", 4, 1, 1, 2))
    assert capture.get() == " ab \n"


def test_pixels_come_back_from_a_frame():
    colours = np.random.default_rng(0).integers(0, 2, (6, 5)).astype(np.int32) * 0xFFFFFF
    assert (pixels(from_colours(colours)) == colours).all()
