from __future__ import annotations

import itertools

import numpy as np
import pytest

from dlterm.drawing import palette
from dlterm.drawing.depth import codes
from dlterm.drawing.palette import DARK, LIGHT, reduced
from tests.drawing.support import is_blue, is_orange

# Machado, Oliveira and Fernandes (2009), severity 1: what is seen without one kind of cone, linear RGB
PROTAN = [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
DEUTAN = [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
TRITAN = [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]


def seen(colour, matrix):
    linear = (palette.channels(colour) / 255) ** 2.2
    return (np.array(matrix) @ linear).clip(0, 1) ** (1 / 2.2) * 255


@pytest.mark.parametrize("theme", [DARK, LIGHT])
@pytest.mark.parametrize("matrix", [np.eye(3), PROTAN, DEUTAN, TRITAN])
def test_negative_and_positive_stay_apart_without_a_kind_of_cone(theme, matrix):
    negative, positive = seen(theme.ramp[0], matrix), seen(theme.ramp[-1], matrix)
    assert np.linalg.norm(negative - positive) > 90


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_the_ramp_is_blue_below_and_orange_above_zero(theme):
    ramp = palette.packed_ramp(theme.ramp, smooth=True)
    assert all(is_blue(int(colour)) for colour in ramp[:60])
    assert all(is_orange(int(colour)) for colour in ramp[-60:])
    middle = palette.channels(int(ramp[palette.LEVELS // 2]))
    assert np.ptp(middle) < 20


@pytest.mark.parametrize("depth", ["truecolor", "256", "16"])
@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_six_classes_have_six_colours_at_every_depth(theme, depth):
    _, backgrounds = codes(depth)
    shown = [backgrounds[colour] for colour in reduced(theme, depth).classes]
    assert all(one != other for one, other in itertools.combinations(shown, 2))


def test_with_sixteen_colours_a_themes_background_decides_between_dark_and_light():
    assert reduced(LIGHT, "16").text == 0
    assert reduced(DARK, "16").text == 0xFFFFFF
    assert reduced(DARK, "16").background == DARK.background


def test_levels_take_what_is_no_number_for_zero():
    assert palette.levels(np.array([-9, -1, np.nan, 1, np.inf], np.float32), 3).tolist() == [0, 0, 1, 2, 2]
