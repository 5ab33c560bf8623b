"""What the experiments on seeing compute themselves: drawings as digits, distortions, lines, corners, choosiness."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dlterm import data
from dlterm.errors import DltermError
from dlterm.experiments.catalogue import residual
from dlterm.experiments.catalogue.digits import Digits, as_digit, mistakes, parts_of, worst
from dlterm.experiments.catalogue.square import LIKES, Square, network
from dlterm.experiments.driving import moments, run
from dlterm.experiments.probes import CORNERS, LINES, answers, bars, choosiness, drawn, prefer_corners, ray
from dlterm.experiments.seeing import distorted
from dlterm.experiments.shapes import shapes
from dlterm.training.learner import Learner, State
from dlterm.training.recipe import Recipe

THREE = """
................
....999999......
..........99....
............9...
............9...
..........99....
......9999......
..........99....
............9...
............9...
............9...
..99......99....
....999999......
................
................
................
"""
DRAWN = np.array([[pixel == "9" for pixel in row] for row in THREE.split()], np.float32)


@pytest.fixture(scope="module")
def trained():
    experiment = Digits()
    run(experiment, seed=0)
    return experiment


def test_a_drawing_is_read_while_it_is_drawn(trained):
    assert trained.explore()["read"].title.startswith("a new ")
    trained.tune(drawing=DRAWN)
    assert trained.explore()["read"].title == "your drawing is read as 3"
    trained.tune(drawing=np.roll(DRAWN, (2, 2), axis=(0, 1)))
    assert trained.explore()["read"].title == "your drawing is read as 3"
    trained.tune(drawing=np.zeros((16, 16)))
    assert trained.explore()["read"].title.startswith("a new ")


def test_a_drawing_is_shown_before_training_is_over():
    experiment = Digits(drawing=DRAWN)
    running = moments(experiment, 0)
    assert next(running).views["read"].title.startswith("your drawing is read as ")
    running.close()


def test_a_drawing_as_text_is_rows_of_digits():
    text = THREE.strip().replace(".", "0").replace("\n", ",")
    assert np.array_equal(Digits.of({"drawing": text}).drawing, DRAWN)
    with pytest.raises(DltermError, match="16 rows of 16 digits, 0 blank to 9 full"):
        Digits.of({"drawing": "3"})


@given(arrays(np.float32, (16, 16), elements=st.sampled_from([0.0, 0.5, 1.0])).filter(np.any))
def test_whatever_is_drawn_becomes_a_picture_like_the_data(drawing):
    digit = as_digit(drawing)
    assert digit.shape == (8, 8)
    assert (digit >= 0).all()
    assert (digit <= 1).all()
    assert 0 < digit.sum() <= 20.01


def test_where_a_drawing_is_does_not_matter():
    moved = np.zeros((16, 16), np.float32)
    moved[3:, 4:] = DRAWN[:13, :12]
    assert np.array_equal(as_digit(moved), as_digit(np.roll(moved, (-3, -4), axis=(0, 1))))


def test_what_is_held_out_is_not_trained_on_in_any_copy():
    digits = data.load("digits")
    trained_on, (pictures, classes) = parts_of(digits, copies=2, seed=3)
    seen, new = ({row.tobytes() for row in inputs} for inputs in (trained_on.inputs, pictures))
    assert not seen & new
    assert len(trained_on.inputs) == 3 * (len(digits.inputs) - len(pictures)) == len(trained_on.targets)
    assert len(pictures) == len(classes)


def test_a_distorted_picture_is_still_nearly_the_same():
    pictures = data.load("digits").inputs[:200].reshape(-1, 8, 8)
    changed = distorted(pictures, np.random.default_rng(0))
    assert changed.shape == pictures.shape
    likeness = (changed * pictures).sum((1, 2)) / (
        np.linalg.norm(changed, axis=(1, 2)) * np.linalg.norm(pictures, axis=(1, 2))
    )
    assert 0.8 < np.median(likeness) < 0.999
    assert changed.min() >= 0
    assert changed.max() <= 16.001


def test_the_worst_come_first_and_say_what_they_are_read_as():
    chances = np.array([[0.9, 0.1], [0.8, 0.2], [0.4, 0.6]], np.float32)
    shown = worst(np.zeros((3, 64), np.float32), np.array([0, 1, 1]), chances)
    assert shown.titles == ("1 as 0", "1 60%", "0 90%")


def test_only_mistakes_are_counted():
    counts = mistakes(np.array([0, 0, 1, 2]), np.array([0, 1, 1, 0]), ("0", "1", "2")).values
    assert counts[0, 1] == counts[2, 0] == 1
    assert np.isnan(counts).sum() == 7


def test_a_ray_leaves_the_middle_in_its_direction():
    right, up, left = ray(0), ray(90), ray(180)
    assert right[7:9, 9:].min() > 0.5
    assert right[:, :7].max() == up[9:].max() == 0
    assert np.allclose(up[:8, 7:9], up[:8, 7:9].max())
    assert np.allclose(left, right[:, ::-1])


def test_lines_are_turned_as_their_signs_are():
    pictures = dict(zip(LINES, drawn(LINES), strict=True))
    corners = dict(zip(CORNERS, drawn(CORNERS), strict=True))
    assert pictures["╱"][2, 13] > 0.5 > pictures["╱"][2, 2]
    assert pictures["╲"][2, 2] > 0.5 > pictures["╲"][2, 13]
    assert corners["└"][2, 7] > 0.5 < corners["└"][8, 13]
    assert corners["∧"][13, 2] > 0.5 < corners["∧"][13, 13]
    assert corners["┐"][8, 2] > 0.5 < corners["┐"][13, 8]


@given(st.floats(0, 180), st.floats(0.1, 10))
def test_choosiness_is_1_for_one_direction_and_0_for_all_alike(angle, strength):
    one = np.zeros((16, 1))
    one[int(angle / 180 * 15)] = strength
    assert choosiness(one) == pytest.approx(1)
    assert choosiness(np.full((16, 1), strength)) == pytest.approx(0)
    assert choosiness(np.zeros((16, 1))) == 0


def test_a_filter_for_upright_lines_is_found_to_prefer_them():
    upright = np.zeros((1, 1, 5, 5), np.float32)
    upright[..., 2], upright[..., [0, 4]] = 1, -0.5
    learner = Learner(Recipe(), shapes(60, LIKES, seed=0), network=network(2, 0.1, seed=0))
    learner.restore(replaced(learner.state(), "conv1.weight", np.concatenate([upright, -upright])))
    found = answers(learner, 1, drawn(LINES))
    assert found[:, 0].argmax() == list(LINES).index("│")
    assert choosiness(answers(learner, 1, bars()))[0] > 0.5
    assert 0 <= prefer_corners(learner, 1) <= 1


def replaced(state, name, values):
    return State({**state.arrays, name: values.reshape(state.arrays[name].shape)}, state.counters)


@pytest.mark.parametrize(("layer", "maps"), [(1, 4), (2, 16), (3, 32)])
def test_every_map_of_every_layer_is_asked_about_lines_and_corners(layer, maps):
    experiment = Square(pictures=100, epochs=1, filters=4)
    shown = run(experiment).moment.views["parts"]
    assert (shown.row_labels, shown.values.shape[1]) == ((*LINES, *CORNERS), 16)
    experiment.tune(layer=layer)
    asked = experiment.explore()["parts"]
    assert asked.values.shape == (len(LINES) + len(CORNERS), maps)
    assert f"layer {layer}" in asked.title


def test_shortcuts_add_no_parameter_and_layers_are_as_many_as_is_said():
    plain, shortcuts = (residual.network(20, 8, way, norm=True, seed=0).parameters for way in (False, True))
    assert [(p.name, p.shape) for p in plain] == [(p.name, p.shape) for p in shortcuts]
    assert sum(p.name.startswith(("conv", "output")) and p.name.endswith(".weight") for p in plain) == 20


def test_a_network_whose_blocks_add_nothing_passes_its_input_on():
    learner = Learner(Recipe(data="digits"), network=residual.network(12, 4, True, norm=False, seed=0))
    state = learner.state()
    silent = {
        name: values if name.startswith(("conv1.", "output")) else 0 * values
        for name, values in state.arrays.items()
    }
    learner.restore(State(silent, state.counters))
    blocks = learner.activations(learner.dataset.inputs[:5])[:-1]
    assert blocks[0].any()
    assert all(np.array_equal(block, blocks[0]) for block in blocks)


def test_there_is_a_gradient_norm_for_every_convolution():
    learner = Learner(Recipe(data="digits"), network=residual.network(12, 4, True, norm=True, seed=0))
    assert len(residual.gradient_norms(learner)) == 11
