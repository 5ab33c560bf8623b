from __future__ import annotations

import itertools

import numpy as np
import pytest

from dlterm.drawing import palette, views
from dlterm.drawing.depth import DEFAULT, codes, shown_color
from dlterm.drawing.draw import draw
from dlterm.drawing.encode import ansi_lines
from dlterm.drawing.frame import from_colours, message
from dlterm.drawing.palette import CONTRAST, DARK, LIGHT, TERMINAL, TERMINAL_LIGHT, reduced
from tests.drawing.support import is_blue, is_orange
from tests.drawing.vision import EYES, ciede2000, contrast, distance, least_distance

THEMES = {"dark": DARK, "light": LIGHT, "contrast": CONTRAST}
every_theme = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)


def test_distances_are_those_of_the_paper():
    """Sharma, Wu and Dalal (2005), table 1, pairs 1, 17, 25 and 34."""
    assert ciede2000((50, 2.6772, -79.7751), (50, 0, -82.7485)) == pytest.approx(2.0425, abs=1e-4)
    assert ciede2000((50, 2.5, 0), (73, 25, -18)) == pytest.approx(27.1492, abs=1e-4)
    assert ciede2000((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387)) == pytest.approx(
        1.2644, abs=1e-4
    )
    assert ciede2000((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514)) == pytest.approx(0.9082, abs=1e-4)


@every_theme
@pytest.mark.parametrize("eye", EYES)
def test_negative_and_positive_stay_apart_to_every_eye(theme, eye):
    assert distance(theme.ramp[0], theme.ramp[-1], eye) > 40
    assert distance(theme.negative, theme.positive, eye) > 30
    assert distance(theme.train, theme.test, eye) > 15
    for points in theme.point_ramps:
        assert distance(points[0], points[-1], eye) > 8


@every_theme
@pytest.mark.parametrize("eye", EYES)
def test_six_classes_stay_apart_to_every_eye(theme, eye):
    assert least_distance(theme.classes, eye) > 8
    train, test = theme.class_points
    assert least_distance(train, eye) > 8
    assert least_distance(test, eye) > 5  # paler, or darker: that they are test points comes first


@every_theme
@pytest.mark.parametrize("eye", EYES)
def test_six_classes_stay_apart_with_256_colours(theme, eye):
    assert least_distance([shown(colour, "256") for colour in reduced(theme, "256").classes], eye) > 6


@every_theme
def test_words_can_be_read(theme):
    least = 7 if theme is CONTRAST else 4.5
    for colour in (theme.text, theme.muted, theme.negative, theme.positive):
        assert contrast(colour, theme.background) >= least


def test_in_high_contrast_every_mark_stands_out_from_what_is_below_it():
    fields = (*CONTRAST.classes, CONTRAST.ramp[0], CONTRAST.ramp[-1])
    marks = (*fields, CONTRAST.line, CONTRAST.train, CONTRAST.test)
    assert all(contrast(colour, CONTRAST.background) >= 3 for colour in marks)
    points = [
        colour for kinds in (CONTRAST.class_points, CONTRAST.point_ramps) for kind in kinds for colour in kind
    ]
    assert all(contrast(point, field) >= 3 for point in points for field in fields)


def shown(colour, depth):
    """What a terminal of that depth shows."""
    red, green, blue = shown_color(colour, depth).get_truecolor()
    return red << 16 | green << 8 | blue


@every_theme
def test_the_ramp_is_blue_below_and_orange_above_zero(theme):
    ramp = palette.packed_ramp(theme.ramp, smooth=True)
    assert all(is_blue(int(colour)) for colour in ramp[:60])
    assert all(is_orange(int(colour)) for colour in ramp[-60:])
    middle = palette.channels(int(ramp[palette.LEVELS // 2]))
    assert np.ptp(middle) < 20


@pytest.mark.parametrize("depth", ["truecolor", "256", "16"])
@every_theme
def test_six_classes_have_six_colours_at_every_depth(theme, depth):
    _, backgrounds = codes(depth)
    shown = [backgrounds[colour] for colour in reduced(theme, depth).classes]
    assert all(one != other for one, other in itertools.combinations(shown, 2))


def test_with_sixteen_colours_a_themes_background_decides_between_dark_and_light():
    assert reduced(LIGHT, "16").text == 0
    assert reduced(DARK, "16").text == 0xFFFFFF
    assert reduced(DARK, "16").background == DARK.background


@pytest.mark.parametrize("theme", [TERMINAL, TERMINAL_LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("depth", ["truecolor", "256", "16"])
def test_the_terminals_theme_stays_as_it_is_at_every_depth(theme, depth):
    assert reduced(theme, depth) == theme
    assert theme.background == theme.text == theme.ramp[1] == DEFAULT


def test_what_is_not_inked_is_the_terminals_own_ground():
    ink = 0xAA5500
    frame = from_colours(np.array([[DEFAULT, ink, DEFAULT, ink], [DEFAULT, ink, ink, DEFAULT]], np.int32))
    assert ansi_lines(frame, "16") == ["\x1b[39;49m \x1b[33;43m \x1b[49m▄▀\x1b[0m"]
    text = ansi_lines(message("x", 1, 1, TERMINAL.text, TERMINAL.background), "16")
    assert text == ["\x1b[39;49mx\x1b[0m"]


def test_nothing_is_painted_in_the_terminals_colour_of_text():
    """As a block's ink DEFAULT would be text's colour where the ground was meant."""
    bars = draw(views.Bars(("a", "b"), (1.3, -0.37)), 40, 2, TERMINAL, "16")
    image = draw(views.Images((np.array([[0.0, 1.0]]),)), 20, 4, TERMINAL, "16")
    heat = draw(views.HeatMap(np.array([[0.0, 1.0], [np.nan, -1.0]])), 20, 4, TERMINAL, "16")
    for frame in (bars, image, heat):
        blocks = np.array([[glyph in "▀▄█▏▎▍▌▋▊▉" for glyph in row] for row in frame.glyphs])
        assert not (blocks & (frame.foreground == DEFAULT)).any()
        assert (frame.background == DEFAULT).any()


def test_levels_take_what_is_no_number_for_zero():
    assert palette.levels(np.array([-9, -1, np.nan, 1, np.inf], np.float32), 3).tolist() == [0, 0, 1, 2, 2]
