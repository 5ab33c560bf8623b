"""The map of a surface: low and high, the way that was walked, and what the colours stand for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dlterm.drawing import palette, views
from dlterm.drawing.draw import draw
from dlterm.drawing.palette import CONTRAST, DARK, LIGHT
from dlterm.drawing.show import as_text
from tests.drawing.vision import luminance

X, Y = np.meshgrid(np.linspace(-2, 2, 41), np.linspace(2, -2, 41))
BOWL = views.Landscape(
    0.01 + X**2 + Y**2,
    (-2.0, 2.0, -2.0, 2.0),
    np.array([[-1.5, 1.5], [-1.5, 0.0], [0.0, 0.0]]),
    np.zeros(2),
    ("PC1", "PC2"),
    log=True,
)


def place(frame, glyph):
    row = next(number for number, line in enumerate(frame.glyphs) if glyph in line)
    return row, frame.glyphs[row].index(glyph)


def test_the_way_begins_and_ends_where_the_run_did():
    frame = draw(BOWL, 40, 21)
    assert place(frame, "○") == (2, 5)
    assert place(frame, "●") == (10, 20)
    dotted = {
        (row, column)
        for row, line in enumerate(frame.glyphs[:-1])
        for column, glyph in enumerate(line)
        if "⠀" < glyph <= "⣿"
    }
    assert all(column in range(4, 7) or row in range(9, 12) for row, column in dotted)
    assert len(dotted) > 15


def test_one_who_has_moved_on_since_is_joined_to_the_way():
    frame = draw(replace(BOWL, here=np.array([1.5, 0.0])), 40, 21)
    assert place(frame, "●") == (10, 35)
    assert all(glyph != " " for glyph in frame.glyphs[10][22:35])


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_low_is_blue_and_high_is_orange(theme):
    ground = draw(replace(BOWL, path=np.empty((0, 2))), 40, 21, theme).background
    red, _, blue = palette.channels(int(ground[10, 19])).tolist()
    assert blue > red
    red, _, blue = palette.channels(int(ground[0, 0])).tolist()
    assert red > blue


def test_heights_are_steps_as_on_a_map():
    colours = np.unique(draw(BOWL, 60, 30).background[:-1])
    assert 8 <= len(colours) <= 14


def test_what_is_no_number_is_high():
    values = np.where(X > 1, np.inf, BOWL.values)
    ground = draw(replace(BOWL, values=values), 40, 21).background
    assert ground[10, 39] == draw(BOWL, 40, 21).background[0, 0]


def test_without_colours_high_places_are_dark_and_the_scale_says_so():
    text = as_text(BOWL, 60, 21)
    assert text.split("\n")[0].startswith("█")
    assert "0.01" in text.split("\n")[-1]
    assert "░▒▓█" in "".join(dict.fromkeys(text.split("\n")[-1]))


def test_the_scale_has_the_lowest_and_the_highest_value_and_the_axes_where_there_is_room():
    line = draw(BOWL, 70, 12).glyphs[-1]
    assert line.split()[0] == "0.01"
    assert "8.01" in line
    assert "→ PC1  ↑ PC2" in line
    assert "PC1" not in draw(BOWL, 40, 12).glyphs[-1]


def test_the_cursor_is_where_it_points():
    frame = draw(replace(BOWL, cursor=(0.75, 0.25)), 40, 21)
    assert frame.glyphs[5][29:32] == "╺╋╸"


def test_marks_can_be_read_on_every_height():
    for theme in (DARK, LIGHT, CONTRAST):
        frame = draw(BOWL, 60, 30, theme)
        for colour in np.unique(frame.background[:-1]).tolist():
            one, other = sorted(luminance(each) for each in (colour, theme.text))
            assert (other + 0.05) / (one + 0.05) >= 3
