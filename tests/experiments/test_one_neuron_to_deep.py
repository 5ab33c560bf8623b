"""What the experiments of the first chapter compute themselves: rules, bounds, gradients, gaps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlterm.experiments.catalogue.backprop import Backprop, differences, relative
from dlterm.experiments.catalogue.gradient_descent import GradientDescent, loss
from dlterm.experiments.catalogue.loss_landscape import from_the_end
from dlterm.experiments.catalogue.neuron import ACTIVATIONS, Neuron
from dlterm.experiments.catalogue.optimizers import first_below, goal
from dlterm.experiments.catalogue.overfitting import losses
from dlterm.experiments.catalogue.perceptron import corrections, novikoff, separable
from dlterm.experiments.catalogue.universal import network
from dlterm.experiments.driving import run
from dlterm.training.landscape import Surface
from dlterm.training.learner import Learner
from dlterm.training.recipe import Recipe
from dlterm.training.weight_plane import random_plane

SEEDS = st.integers(0, 2**20)


@given(SEEDS, st.integers(4, 60), st.floats(0.1, 1.5))
def test_the_perceptron_makes_no_more_mistakes_than_novikoff_allows(seed, count, gap):
    inputs, sides, truth = separable(count, gap, seed)
    assert (sides * (inputs @ truth) >= gap).all()
    weights = list(corrections(inputs, sides))
    assert len(weights) <= novikoff(inputs, sides, truth)
    assert (sides * (inputs @ weights[-1]) > 0).all()


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_neuron_answers_what_is_computed_by_hand(activation):
    by_hand = {
        "step": 1,
        "sigmoid": 1 / (1 + np.exp(-0.7)),
        "tanh": np.tanh(0.7),
        "relu": 0.7,
        "identity": 0.7,
    }
    result = run(Neuron(x1=0.5, x2=-1, w1=2, w2=1.5, bias=1.2, activation=activation))
    assert result.measures["z"] == pytest.approx(0.7)
    assert result.measures["answer"] == pytest.approx(by_hand[activation])
    assert not result.holds


def test_a_ball_at_the_right_rate_stands_still_at_the_lowest_place():
    assert loss(np.zeros(2)) == 0
    assert run(GradientDescent(steps=300)).measures["right"] == pytest.approx(0, abs=1e-12)


def test_a_rate_is_turned_while_the_balls_roll():
    experiment = GradientDescent()
    experiment.tune(right=0.25)
    assert run(experiment).measures["right"] > 1


@pytest.mark.parametrize("knobs", [{}, {"activation": "sigmoid"}, {"target": "0"}, {"x1": -2.0, "x2": 1.5}])
def test_slopes_of_the_backward_pass_are_those_of_finite_differences(knobs):
    result = run(Backprop(**knobs), seed=1)
    assert result.measures["difference"] < 1e-5
    assert result.measures["after"] < result.measures["loss"]


def test_differences_are_slopes_and_a_wrong_slope_is_seen():
    weights = {"a": np.array([[1.0, 2.0]]), "b": np.array([3.0])}
    found = differences(lambda w: float((w["a"] ** 2).sum() + 5 * w["b"][0]), weights)
    assert relative(found, {"a": 2 * weights["a"], "b": np.array([5.0])}) < 1e-8
    assert relative(found, {"a": weights["a"], "b": np.array([5.0])}) == pytest.approx(1)


def test_every_width_begins_with_its_bends_in_and_around_the_interval():
    hidden = network(64, seed=3)
    weight, bias = (p.initial.astype(np.float64) for p in hidden.parameters[:2])
    bends = -bias / weight[:, 0]
    assert np.abs(bends).max() <= 1.8
    assert np.ptp(bends) > 3


def test_who_is_down_first_is_counted_in_looks():
    assert goal([1.0, 0.6, 0.0]) == pytest.approx(0.1)
    assert first_below([1.0, 0.5, 0.2, 0.3], 0.25) == 2
    assert first_below([1.0, 0.5], 0.25) == 2


def test_the_lowest_place_is_found_by_cells_from_the_middle():
    learner = Learner(Recipe(data="xor", hidden=(2,)))
    field = np.ones((41, 41))
    field[20 - 3, 20 + 1] = 0
    surface = Surface(random_plane(learner.weights(), 0), (-1.0, 1.0, -1.0, 1.0), field, 1.0)
    assert from_the_end(surface) == 3


def test_the_halves_of_what_is_held_out_make_the_held_out_loss():
    learner = Learner(Recipe(data="moons", noise=1.0, count=200, test=0.5))
    learner.advance(200)
    train, one, other = losses(learner)
    metrics = learner.evaluate()
    assert train == pytest.approx(metrics.train_loss, rel=1e-5)
    assert (one + other) / 2 == pytest.approx(metrics.test_loss, rel=1e-5)
