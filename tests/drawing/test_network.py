from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlterm.drawing.network import network_frame
from dlterm.drawing.palette import DARK, LIGHT, TERMINAL
from dlterm.training.snapshot import Marks
from tests.drawing.support import assert_whole, is_blue, is_orange, network, pixels


def between(picture, boxes):
    """The pixels between the first two layers."""
    first, second = (next(box for box in boxes if box.layer == layer) for layer in (0, 1))
    return picture[:, first.column + first.columns + 1 : second.column - 1]


@pytest.mark.parametrize("theme", [DARK, LIGHT])
@pytest.mark.parametrize(("weight", "right_colour"), [(2.0, is_orange), (-2.0, is_blue)])
def test_a_weights_sign_is_its_edges_colour(theme, weight, right_colour):
    weights = [np.array([[weight]], np.float32), np.array([[weight]], np.float32)]
    drawn = network_frame((), weights, [np.zeros(1, np.float32)] * 2, 60, 15, theme)
    edge = between(pixels(drawn.frame), drawn.boxes)
    assert right_colour(int(edge[edge.shape[0] // 2, 3]))


def test_a_larger_weight_has_a_wider_edge():
    weights = [np.array([[2.0], [0.3]], np.float32), np.ones((1, 2), np.float32)]
    drawn = network_frame((), weights, [np.zeros(2, np.float32), np.zeros(1, np.float32)], 80, 30, DARK)
    column = between(pixels(drawn.frame), drawn.boxes)[:, -1]
    upper, lower = np.split(column != DARK.background, 2)
    assert upper.sum() > lower.sum() > 0


def test_where_edges_cross_their_order_does_not_matter():
    _, weights, biases = network([4, 4, 4])
    biases = [bias * 0 for bias in biases]
    upright = network_frame((), weights, biases, 60, 20, DARK)
    turned = network_frame((), [layer[::-1, ::-1] for layer in weights], biases, 60, 20, DARK)
    assert (pixels(upright.frame)[::-1] == pixels(turned.frame)).all()


def test_a_neuron_shows_its_map():
    maps, weights, biases = network([2, 4, 1])
    maps[1][0, :, :10], maps[1][0, :, 10:] = -1, 1
    drawn = network_frame(maps, weights, biases, 80, 30, DARK)
    box = next(box for box in drawn.boxes if (box.layer, box.unit) == (1, 0))
    picture = pixels(drawn.frame)
    row = 2 * box.row + box.rows
    assert is_blue(int(picture[row, box.column]))
    assert is_orange(int(picture[row, box.column + box.columns - 1]))


@pytest.mark.parametrize("theme", [DARK, LIGHT, TERMINAL])
def test_with_sixteen_colours_a_weak_map_still_shows_its_sign(theme):
    def shown(value):
        maps, weights, biases = network([2, 4, 1])
        maps[1][0] = value
        drawn = network_frame(maps, weights, biases, 80, 30, theme, depth="16")
        box = next(box for box in drawn.boxes if (box.layer, box.unit) == (1, 0))
        return int(pixels(drawn.frame)[2 * box.row + box.rows, box.column + box.columns // 2])

    assert shown(-0.2) == shown(-1) != shown(0)
    assert shown(0.2) == shown(1) != shown(0)
    assert shown(-1) != shown(1)


def surgery(weights, frozen=(), out=()):
    marks = Marks(
        tuple(np.zeros(layer.shape, bool) for layer in weights),
        tuple(np.zeros(len(layer), bool) for layer in weights),
        tuple(np.zeros(len(layer), bool) for layer in weights),
    )
    for layer, unit in frozen:
        marks.frozen_weights[layer - 1][unit] = marks.frozen_biases[layer - 1][unit] = True
    for layer, unit in out:
        marks.knocked_out[layer - 1][unit] = True
    return marks


@pytest.mark.parametrize("depth", ["truecolor", "none"])
def test_a_unit_that_is_knocked_out_is_a_hollow_tile_with_a_cross(depth):
    maps, weights, biases = network([2, 2, 1])
    marks = surgery(weights, out=[(1, 0)])
    drawn = network_frame(maps, weights, biases, 80, 30, DARK, marks=marks, depth=depth)
    box = next(box for box in drawn.boxes if (box.layer, box.unit) == (1, 0))
    inner = [row[box.column + 1 : box.column + box.columns - 1] for row in drawn.frame.glyphs]
    inner = "".join(inner[box.row + 1 : box.row + box.rows - 1])
    assert inner.strip() == "×"


def test_the_edges_of_a_unit_that_is_knocked_out_are_faint():
    weights = [np.full((1, 1), 2, np.float32), np.full((1, 1), 2, np.float32)]
    biases = [np.zeros(1, np.float32)] * 2
    inks = []
    for marks in (None, surgery(weights, out=[(1, 0)])):
        drawn = network_frame((), weights, biases, 60, 15, DARK, marks=marks)
        _, before, after = drawn.boxes
        between_them = pixels(drawn.frame)[:, before.column + before.columns + 1 : after.column - 1]
        inks.append((between_them >> 16 & 255).max())
    assert inks[1] < inks[0] / 1.5


def test_what_is_frozen_has_a_star_that_is_pale_where_not_all_is():
    maps, weights, biases = network([2, 2, 1])
    marks = surgery(weights, frozen=[(1, 0)])
    marks.frozen_weights[0][1, 0] = True
    drawn = network_frame(maps, weights, biases, 80, 30, DARK, marks=marks)
    for unit, colour in ((0, DARK.text), (1, DARK.muted)):
        box = next(box for box in drawn.boxes if (box.layer, box.unit) == (1, unit))
        column = box.column + box.columns - 1
        assert drawn.frame.glyphs[box.row][column] == "✱"
        assert drawn.frame.foreground[box.row, column] == colour


def test_a_cell_tells_whose_weight_passes_it():
    _, weights, biases = network([2, 3, 1])
    drawn = network_frame((), weights, biases, 80, 30, DARK)
    first, second = (
        next(box for box in drawn.boxes if (box.layer, box.unit) == unit) for unit in ((0, 0), (1, 0))
    )
    column = first.column + first.columns + 1
    found = {drawn.weight_at(column, row) for row in range(30)} - {None}
    assert {source for _, _, source in found} == {0, 1}
    assert {unit for _, unit, _ in found} == {0, 1, 2}
    assert drawn.weight_at(second.column + 1, second.row) is None
    assert drawn.weight_at(0, 0) is None
    assert network_frame((), weights, biases, 3, 2, DARK).weight_at(1, 1) is None


def test_a_click_on_a_neuron_finds_it_and_a_click_beside_finds_none():
    drawn = network_frame(*network([2, 8, 8, 8, 1]), 80, 36, DARK)
    assert len(drawn.boxes) == 27
    for box in drawn.boxes:
        assert drawn.neuron_at(box.column, box.row + box.rows // 2) == (box.layer, box.unit)
        assert drawn.neuron_at(box.column + box.columns, box.row) is None


@pytest.mark.parametrize(
    ("sizes", "columns", "rows"),
    [
        ([2, 4, 2, 1], 60, 15),
        ([2, 8, 8, 8, 1], 60, 15),
        ([7, 8, 8, 6, 4, 3], 60, 15),
        ([7, 8, 8, 6, 4, 3], 140, 45),
    ],
)
def test_every_neuron_of_a_usual_network_is_drawn_apart_from_the_others(sizes, columns, rows):
    boxes = network_frame(*network(sizes), columns, rows, DARK).boxes
    assert len(boxes) == sum(sizes)
    for layer in range(len(sizes)):
        tops = [box.row for box in boxes if box.layer == layer]
        assert tops == sorted(set(tops))
    columns_of_layers = [box.column for box in boxes if box.unit == 0]
    assert all(after - before >= 5 for before, after in pairwise(columns_of_layers))


def test_what_is_not_drawn_is_counted():
    drawn = network_frame(*network([2, 64, 1]), 80, 24, DARK)
    shown = sum(box.layer == 1 for box in drawn.boxes)
    assert f"+{64 - shown}" in str(drawn.frame)
    deep = network_frame(*network([2, *[4] * 40, 1]), 80, 24, DARK)
    shown = len({box.layer for box in deep.boxes})
    assert f"+{42 - shown}" in str(deep.frame)
    assert {box.layer for box in deep.boxes} >= {0, 1, 40, 41}


def test_features_and_classes_are_named():
    text = str(
        network_frame(
            *network([2, 3, 1]), 80, 24, DARK, features=("width", "height"), classes=("no", "yes")
        ).frame
    )
    assert all(word in text for word in ("width", "height", "no", "yes"))
    text = str(
        network_frame(
            *network([2, 3, 3]), 80, 24, DARK, features=("x", "y"), classes=("red", "green", "blue")
        ).frame
    )
    assert all(word in text for word in ("red", "green", "blue"))


def test_a_name_from_outside_cannot_reach_the_terminal_as_a_command():
    text = str(network_frame(*network([1, 2, 1]), 80, 24, DARK, features=("\x1b[31mred",)).frame)
    assert "\x1b" not in text


def test_a_diverged_network_is_still_drawn():
    maps, weights, biases = network([2, 4, 1])
    broken = [layer * np.float32(np.nan) for layer in weights]
    assert_whole(
        network_frame(maps, broken, [bias * np.float32(np.inf) for bias in biases], 60, 20, DARK).frame,
        60,
        20,
    )


def test_before_there_is_a_network_the_frame_says_so():
    assert "no network yet" in str(network_frame((), (), (), 40, 10, DARK).frame)


def test_without_colours_signs_differ_by_glyph():
    biases = [np.zeros(1, np.float32)] * 2
    drawings = {
        sign: str(
            network_frame(
                (), [np.full((1, 1), sign, np.float32)] * 2, biases, 60, 15, DARK, depth="none"
            ).frame
        )
        for sign in (-1, 1)
    }
    assert set("▀▄█") & set(drawings[1])
    assert not set("▀▄█") & set(drawings[-1])
    assert set(":'.") & set(drawings[-1])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(1, 40), min_size=2, max_size=9),
    st.integers(1, 200),
    st.integers(1, 80),
    st.sampled_from(["truecolor", "16", "none"]),
)
def test_any_network_in_any_size_gives_a_whole_frame(sizes, columns, rows, depth):
    names = [f"a long feature {number}" for number in range(sizes[0])]
    drawn = network_frame(
        *network(sizes), columns, rows, DARK, features=names, classes=("no", "yes"), depth=depth
    )
    assert_whole(drawn.frame, columns, rows)
    for box in drawn.boxes:
        assert 0 <= box.column <= box.column + box.columns <= columns
        assert 0 <= box.row < box.row + box.rows <= rows
