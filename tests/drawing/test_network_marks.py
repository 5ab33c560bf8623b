from __future__ import annotations

import numpy as np
import pytest

from dlterm.drawing.frame import overlaid
from dlterm.drawing.network import network_frame
from dlterm.drawing.network_marks import dead_marks, value_marks, value_text
from dlterm.drawing.palette import DARK
from tests.drawing.test_network import network

SIZES = [2, 4, 3, 1]
VALUES = [np.linspace(-0.9, 0.9, size).astype(np.float32) for size in SIZES]


def test_a_dead_neuron_has_its_mark_in_the_corner_of_its_tile():
    drawn = network_frame(*network(SIZES), 80, 30, DARK)
    dead = [np.zeros(size, np.bool_) for size in SIZES[1:]]
    dead[0][2] = True
    (mark,) = dead_marks(drawn.boxes, dead, DARK)
    assert drawn.neuron_at(mark.column, mark.row) == (1, 2)
    assert drawn.neuron_at(mark.column + 1, mark.row) is None


@pytest.mark.parametrize(("columns", "rows"), [(140, 45), (80, 30), (50, 14)])
def test_values_are_on_their_neurons_or_beside_them_and_never_on_others(columns, rows):
    drawn = network_frame(*network(SIZES), columns, rows, DARK)
    marks = list(value_marks(drawn.boxes, VALUES, DARK))
    assert len(marks) == sum(SIZES)
    frame = overlaid(drawn.frame, marks)
    for mark, value in zip(marks, np.concatenate(VALUES).tolist(), strict=True):
        assert mark.text == value_text(value)
        assert mark.text in frame.glyphs[mark.row]
        met = {drawn.neuron_at(mark.column + place, mark.row) for place in range(len(mark.text))} - {None}
        assert len(met) <= 1


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.5, "+0.50"),
        (-1.0, "-1.00"),
        (0.0123, "+0.012"),
        (-0.00001234, "-1e-05"),
        (12.34, "+12.3"),
        (123456.0, "+1e+05"),
        (float("inf"), "+inf"),
        (float("nan"), "+nan"),
    ],
)
def test_a_number_is_short_and_has_its_sign(value, text):
    assert value_text(value) == text
