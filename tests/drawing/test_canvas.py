from __future__ import annotations

import numpy as np
import pytest

from dlterm.drawing import palette
from dlterm.drawing.canvas import canvas_frame, canvas_scale

PIXELS = np.zeros((4, 6), np.float32)
PIXELS[1, 2] = 1


@pytest.mark.parametrize(
    ("columns", "rows", "scale"), [(5, 5, 0), (6, 2, 1), (12, 4, 2), (20, 8, 3), (24, 8, 4), (60, 1, 0)]
)
def test_pixels_are_squares_as_large_as_there_is_room_for(columns, rows, scale):
    assert canvas_scale(PIXELS.shape, columns, rows) == scale


@pytest.mark.parametrize("theme", [palette.DARK, palette.LIGHT, palette.CONTRAST, palette.TERMINAL])
@pytest.mark.parametrize("depth", ["truecolor", "256", "16", "none"])
@pytest.mark.parametrize("size", [(3, 1), (6, 2), (12, 4), (13, 5), (40, 20)])
def test_it_fills_its_place_at_every_size_and_depth(size, theme, depth):
    frame = canvas_frame(PIXELS, (0, 0), *size, theme, depth)
    assert (frame.columns, frame.rows) == size


def test_ink_paper_and_ground_are_told_apart_and_so_is_the_brush():
    frame = canvas_frame(PIXELS, None, 14, 5, palette.DARK)
    ink, paper, ground = (int(frame.background[at]) for at in ((1, 4), (0, 0), (4, 13)))
    assert len({ink, paper, ground}) == 3
    held = canvas_frame(PIXELS, (0, 0), 14, 5, palette.DARK)
    assert int(held.background[0, 0]) not in (ink, paper, ground)


def test_without_colours_ink_and_brush_are_signs():
    lines = canvas_frame(PIXELS, (3, 5), 12, 4, palette.DARK, "none").glyphs
    assert lines[1][4:6] == "██"
    assert "·" in lines[0]
    assert "+" in lines[3]
