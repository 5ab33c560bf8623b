"""What the experiments on time and on reasons compute: costs, copies, slopes, marks, rules."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest

from dlterm import data
from dlterm.experiments.catalogue import black_box, time_cost
from dlterm.experiments.catalogue.black_box import BlackBox
from dlterm.experiments.catalogue.time_cost import Clock, Costs, break_even, copies, doublings
from dlterm.experiments.driving import run
from dlterm.training import classic
from dlterm.training.learner import Learner
from dlterm.training.recipe import Recipe


@pytest.fixture(scope="module")
def learner():
    recipe = Recipe(data="digits", hidden=(16, 8), activation="relu", batch=16, lr=0.003)
    trained = Learner(recipe)
    trained.advance(500)
    return trained


def test_the_slower_in_training_makes_up_for_it_where_both_lines_meet():
    one, other = Costs(train=1.0, answer=0.5), Costs(train=11.0, answer=0.25)
    questions = break_even(one, other)
    assert one.train + questions * one.answer == pytest.approx(other.train + questions * other.answer)
    assert break_even(one, Costs(11.0, 0.5)) == math.inf


def test_a_clock_knows_all_and_the_fastest():
    clock = Clock(time.sleep)
    for seconds in (0.02, 0.001, 0.01):
        clock(seconds)
    assert clock.seconds >= 0.031
    assert 0.001 <= clock.fastest < 0.02


def test_examples_double_up_to_the_most():
    assert doublings(500, 4000) == [500, 1000, 2000, 4000]
    assert doublings(500, 3999) == [500, 1000, 2000]


def test_what_is_asked_is_not_among_the_copies():
    digits = data.load("digits")
    rows = np.array([3, 5, 8])
    made = copies(digits, rows, 50, 1e-6, np.random.default_rng(0))
    originals = digits.inputs[rows]
    nearest = np.abs(made.inputs[:, None] - originals).max(axis=2)
    assert made.inputs.shape == (50, 64)
    assert nearest.min(axis=1).max() < 1e-3
    np.testing.assert_array_equal(made.targets, digits.targets[rows][nearest.argmin(axis=1)])


def test_an_experiment_on_time_reports_what_it_timed():
    result = run(time_cost.TimeCost(most=2000, epochs=1))
    assert 0.8 < result.measures["knn_accuracy"] <= 1
    assert result.measures["training"] > 0


def test_the_slope_of_every_pixel_is_that_of_finite_differences(learner):
    inputs = learner.dataset.inputs[:4]
    found = black_box.slopes(learner, inputs)
    outputs = learner.activations(inputs)[-1]
    step = 0.01  # of a standard deviation
    differences = np.zeros_like(found)
    for pixel in range(64):
        moved = inputs.astype(np.float64)
        moved[:, pixel] += step * learner.scaler.std[pixel]
        after = learner.activations(moved.astype(np.float32))[-1]
        differences[:, pixel] = (after - outputs)[np.arange(4), outputs.argmax(axis=1)] / step
    close = np.isclose(found, differences, atol=0.02)
    assert close.mean() > 0.95  # a ReLU may bend within a step


def test_a_hidden_pixel_tells_what_its_mean_tells(learner):
    inputs = learner.dataset.inputs[:5]
    hidden = np.tile([10, 20], (5, 1))
    changed = black_box.without(learner, inputs, hidden)
    assert (changed != inputs).sum(axis=0).nonzero()[0].tolist() == [10, 20]
    assert np.abs(learner.encoder.encode(changed)[:, [10, 20]]).max() < 1e-6
    np.testing.assert_array_equal(inputs, learner.dataset.inputs[:5])


@pytest.mark.parametrize("tool", black_box.TOOLS)
def test_every_tool_orders_all_pixels(tool, learner):
    inputs, _ = black_box.held_out(learner)
    numbers = black_box.order(tool, learner, inputs[:10])
    assert (np.sort(numbers, axis=1) == np.arange(64)).all()


def test_occlusion_is_what_the_answer_loses(learner):
    inputs = learner.dataset.inputs[:3]
    costs = black_box.marks("occlusion", learner, inputs)
    before = learner.predict(inputs)
    after = learner.predict(black_box.without(learner, inputs, np.full((3, 1), 27)))
    chosen = before.argmax(axis=1)
    np.testing.assert_allclose(costs[:, 27], (before - after)[np.arange(3), chosen], atol=1e-6)


def test_the_rules_of_the_tree_lead_to_what_it_says(learner):
    tree = classic.fit("tree", learner)
    inputs, targets = black_box.held_out(learner)
    answers = tree.predict(inputs).argmax(axis=1)
    for number in range(10):
        *rules, last = black_box.reasons(tree, number).lines
        assert f"says {answers[number]};" in last.text
        assert last.text.endswith(str(targets[number]))
        for rule in rules:
            name, sign, border = rule.text.split()
            grey = inputs[number, learner.dataset.features.index(name)]
            assert (grey <= float(border) + 0.051) if sign == "≤" else (grey >= float(border) - 0.051)


def test_what_marks_pixels_is_turned_after_the_run():
    experiment = BlackBox(epochs=1)
    assert experiment.explore() is None
    shown = run(experiment).moment.views
    experiment.tune(tool="occlusion", pixels=5)
    explored = experiment.explore()
    assert list(explored) == list(shown)
    assert explored["digits"].title == "digits, occlusion, and 5 pixels hidden"
    holes = np.isnan(explored["digits"].images[-1])
    assert holes.sum() == 5
