"""What the experiment on deep belief networks computes itself: contrastive divergence, the stack, first weights."""

from __future__ import annotations

import numpy as np
import pytest

from dlterm import data
from dlterm.experiments.boltzmann import Machine, Stack, sigmoid
from dlterm.experiments.catalogue.deep_belief import DeepBelief, deep, first_weights, pixels
from dlterm.experiments.driving import run
from dlterm.training.learner import Learner
from dlterm.training.recipe import Recipe

DECAY = 1e-4


@pytest.fixture(scope="module")
def digits():
    return data.load("digits")


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def one_by_one(machine, seen, chances):
    """Contrastive divergence as it is written down: example by example, weight by weight, in float64."""
    weights, biases, seen_biases = (
        each.astype(np.float64) for each in (machine.weights, machine.biases, machine.seen_biases)
    )
    units, inputs = weights.shape
    slopes = np.zeros_like(weights), np.zeros(units), np.zeros(inputs)
    for v, chance in zip(seen.astype(np.float64), chances, strict=True):
        h = [sigmoid(sum(weights[j, i] * v[i] for i in range(inputs)) + biases[j]) for j in range(units)]
        on = [float(chance[j] < h[j]) for j in range(units)]
        dreamt = [
            sigmoid(sum(weights[j, i] * on[j] for j in range(units)) + seen_biases[i]) for i in range(inputs)
        ]
        again = [
            sigmoid(sum(weights[j, i] * dreamt[i] for i in range(inputs)) + biases[j]) for j in range(units)
        ]
        for j in range(units):
            slopes[1][j] += (h[j] - again[j]) / len(seen)
            for i in range(inputs):
                slopes[0][j, i] += (h[j] * v[i] - again[j] * dreamt[i]) / len(seen)
        for i in range(inputs):
            slopes[2][i] += (v[i] - dreamt[i]) / len(seen)
    return slopes[0] - DECAY * weights, slopes[1], slopes[2]


def test_contrastive_divergence_is_what_a_slow_loop_finds(rng):
    seen = rng.random((7, 5), np.float32)
    machine = Machine(seen, 4, rng)
    machine.weights[:] = rng.normal(0, 1, (4, 5))
    machine.biases[:], machine.seen_biases[:] = rng.normal(0, 1, 4), rng.normal(0, 1, 5)
    chances = rng.random((7, 4), np.float32)
    for found, slow in zip(machine.contrast(seen, chances), one_by_one(machine, seen, chances), strict=True):
        np.testing.assert_allclose(found, slow, atol=1e-6)


def test_a_machine_begins_by_redrawing_the_mean_and_ends_by_redrawing_what_it_saw(digits, rng):
    seen = pixels(digits.inputs[:500])
    machine = Machine(seen, 60, rng)
    begun = machine.error()
    assert begun == pytest.approx(seen.var(axis=0).mean() ** 0.5, abs=0.01)
    machine.advance(15 * machine.steps_per_epoch)
    assert machine.error() < begun / 2


def test_every_machine_of_a_stack_sees_what_the_one_below_says(digits, rng):
    seen = pixels(digits.inputs[:60])
    stack = Stack(seen, 8, rng)
    stack.machines[0].advance(6)
    stack.grow()
    lower, upper = stack.machines
    assert upper.weights.shape == (8, 8)
    np.testing.assert_allclose(stack.redrawn(seen, 1), lower.down(lower.up(seen)))
    np.testing.assert_allclose(stack.redrawn(seen), lower.down(upper.down(upper.up(lower.up(seen)))))


def test_a_pre_trained_network_begins_as_the_stack(digits, rng):
    seen = pixels(digits.inputs)
    stack = Stack(seen, 12, rng)
    stack.machines[0].advance(100)
    stack.grow()
    stack.machines[1].advance(100)
    network = deep(digits, 2, 12, "pretrained", stack.machines, 0)
    learner = Learner(Recipe(test=0.0), digits, network=network)
    (answers,) = learner.activations(digits.inputs, [network.layers[-2]])
    lower, upper = stack.machines
    np.testing.assert_allclose(answers, upper.up(lower.up(seen)), atol=1e-5)


def test_first_weights_differ_in_scale_alone_and_the_output_has_no_sigmoid_to_make_up_for():
    shape, output = (40, 50), (10, 40)
    plain, scaled = (first_weights(way, "hidden1.weight", shape, 3) for way in ("xavier", "scaled"))
    np.testing.assert_allclose(scaled, 4 * plain, rtol=1e-6)
    assert plain.std() == pytest.approx((2 / (40 + 50)) ** 0.5, rel=0.05)
    ends = [first_weights(way, "output.weight", output, 3) for way in ("xavier", "scaled")]
    np.testing.assert_array_equal(*ends)
    assert first_weights("small", "hidden1.weight", shape, 3).std() == pytest.approx(0.1, rel=0.05)


def test_without_passes_over_the_pictures_nothing_is_pre_trained():
    measures = run(DeepBelief(before=0, passes=5), seed=1).measures
    assert measures["pretrained"] < 0.3 < measures["scaled"]


def test_the_same_seed_measures_the_same_however_long_a_step_takes(monkeypatch):
    knobs = {"before": 4, "passes": 5, "units": 16, "layers": 2}
    first = run(DeepBelief(**knobs), seed=2).measures
    monkeypatch.setattr("dlterm.experiments.training._CHUNK_SECONDS", 0.0)
    assert run(DeepBelief(**knobs), seed=2).measures == first


def test_the_largest_rates_and_widths_stay_finite():
    measures = run(DeepBelief(before=5, passes=5, units=200, layers=1, rate=0.3), seed=0).measures
    assert np.isfinite([*measures.values()]).all()
