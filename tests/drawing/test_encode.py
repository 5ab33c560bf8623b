from __future__ import annotations

import re

import numpy as np
import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dlterm.drawing.encode import ansi_lines, segments
from dlterm.drawing.frame import Label, blank, from_colours, overlaid
from tests.drawing.support import pixels

DEPTHS = ["truecolor", "256", "16", "none"]


def test_a_run_of_equal_cells_has_one_code():
    (line,) = ansi_lines(blank(50, 1, 0x102030), "truecolor")
    assert line.count("\x1b[") == 2  # its colours, and their end
    assert line.endswith("\x1b[0m")


def test_only_the_colour_that_changes_is_written():
    frame = from_colours(np.array([[1, 2], [3, 3]], np.int32))
    (line,) = ansi_lines(frame, "truecolor")
    assert re.findall(r"\x1b\[([^m]*)m", line) == ["38;2;0;0;1;48;2;0;0;3", "38;2;0;0;2", "0"]


def test_colours_that_a_terminal_shows_alike_are_one_run_there():
    frame = from_colours(np.array([[0x000000, 0x000001]] * 2, np.int32))
    assert ansi_lines(frame, "16")[0].count("\x1b[") == 2


def test_no_colours_means_no_codes():
    frame = overlaid(blank(6, 1, 0), [Label(0, 0, "年x", 1)])
    assert ansi_lines(frame, "none") == ["年x   "]


@pytest.mark.parametrize(
    ("depth", "pattern"), [("256", r"48;5;\d+"), ("16", r"(4|10)\d"), ("truecolor", "48;2;")]
)
def test_each_depth_writes_its_own_codes(depth, pattern):
    assert re.search(pattern, ansi_lines(blank(3, 1, 0xE08020), depth)[0])


@pytest.mark.parametrize("depth", DEPTHS)
def test_lines_and_segments_show_the_same_glyphs(depth):
    colours = np.random.default_rng(0).integers(0, 3, (8, 9)).astype(np.int32) * 0x7F0000
    frame = from_colours(colours)
    plain = [re.sub(r"\x1b\[[^m]*m", "", line) for line in ansi_lines(frame, depth)]
    assert plain == list(frame.glyphs)
    assert ["".join(segment.text for segment in row) for row in segments(frame, depth)] == plain


@given(
    arrays(
        np.int32,
        st.tuples(st.integers(1, 6).map(lambda n: 2 * n), st.integers(1, 12)),
        elements=st.sampled_from([0, 0xFF0000, 0x00FF00, 0x0000FF]),
    )
)
def test_a_terminal_shows_the_pixels_that_were_drawn(colours):
    frame = from_colours(colours)
    screen = pyte.Screen(frame.columns, frame.rows)
    stream = pyte.Stream(screen)
    for row, line in enumerate(ansi_lines(frame, "truecolor"), 1):
        stream.feed(f"\x1b[{row};1H{line}")
    shown = np.empty_like(colours)
    for row in range(frame.rows):
        for column in range(frame.columns):
            cell = screen.buffer[row][column]
            shown[2 * row + 1, column] = int(cell.bg, 16)
            shown[2 * row, column] = int(cell.fg if cell.data == "▀" else cell.bg, 16)
    assert (shown == colours).all()
    assert (pixels(frame) == colours).all()
