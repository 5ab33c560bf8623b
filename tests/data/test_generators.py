from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlterm.data.generators import GENERATORS

SURFACES = ("plane", "hills")
LABELLED = tuple(name for name in GENERATORS if name not in SURFACES)

names = st.sampled_from(sorted(GENERATORS))
counts = st.integers(2, 400)
noises = st.floats(0, 10)
class_counts = st.integers(2, 6)
seeds = st.integers(0, 2**32 - 1)


@given(names, counts, noises, class_counts, seeds)
def test_every_set_keeps_the_contract(name, count, noise, classes, seed):
    dataset = GENERATORS[name].function(count, noise, classes, seed)
    assert dataset.name == name
    assert dataset.inputs.dtype == np.float32
    assert dataset.inputs.shape == (count, 2)
    assert dataset.inputs.flags.c_contiguous
    assert np.isfinite(dataset.inputs).all()
    assert dataset.features == ("x1", "x2")
    assert dataset.targets.shape == (count,)


@given(names, class_counts, seeds)
def test_without_noise_a_set_stays_within_six_units(name, classes, seed):
    inputs = GENERATORS[name].function(300, 0.0, classes, seed).inputs
    assert np.abs(inputs).max() < 6.5
    assert (np.ptp(inputs, axis=0) > 5).all()


@given(names, counts, noises, class_counts, seeds)
def test_the_same_seed_gives_the_same_bits(name, count, noise, classes, seed):
    first, second = (GENERATORS[name].function(count, noise, classes, seed) for _ in range(2))
    assert first.inputs.tobytes() == second.inputs.tobytes()
    assert first.targets.tobytes() == second.targets.tobytes()


@pytest.mark.parametrize("name", GENERATORS)
def test_another_seed_gives_other_examples(name):
    function = GENERATORS[name].function
    assert not np.array_equal(function(50, 0.0, 2, 0).inputs, function(50, 0.0, 2, 1).inputs)


@given(st.sampled_from(LABELLED), counts, class_counts, seeds)
def test_classes_are_balanced_to_one_example(name, count, classes, seed):
    dataset = GENERATORS[name].function(count, 0.0, classes, seed)
    assert dataset.task == "classification"
    assert dataset.targets.dtype == np.int64
    assert len(dataset.classes) == classes
    assert np.ptp(np.bincount(dataset.targets, minlength=classes)) <= 1


@pytest.mark.parametrize("name", LABELLED)
def test_the_examples_come_in_shuffled_order(name):
    targets = GENERATORS[name].function(400, 0.0, 2, 0).targets
    changes = np.count_nonzero(np.diff(targets))
    assert 150 < changes < 250


@pytest.mark.parametrize("name", LABELLED)
@pytest.mark.parametrize("classes", range(2, 7))
def test_without_noise_an_example_lies_among_its_own_class(name, classes):
    dataset = GENERATORS[name].function(1000, 0.0, classes, 0)
    distances = np.linalg.norm(dataset.inputs[:, None] - dataset.inputs, axis=2)
    np.fill_diagonal(distances, np.inf)
    agree = dataset.targets[distances.argmin(axis=1)] == dataset.targets
    assert agree.mean() > 0.95


def test_two_classes_of_xor_are_told_by_the_signs():
    dataset = GENERATORS["xor"].function(500, 0.0, 2, 3)
    differ = dataset.inputs[:, 0] * dataset.inputs[:, 1] < 0
    np.testing.assert_array_equal(dataset.targets, differ)


def test_the_first_class_of_circle_is_the_disc():
    dataset = GENERATORS["circle"].function(500, 0.0, 2, 3)
    radius = np.linalg.norm(dataset.inputs, axis=1)
    assert radius[dataset.targets == 0].max() < radius[dataset.targets == 1].min()


@pytest.mark.parametrize("name", LABELLED)
def test_noise_moves_the_positions_by_its_standard_deviation(name):
    function = GENERATORS[name].function
    moved = function(5000, 0.5, 2, 0).inputs - function(5000, 0.0, 2, 0).inputs
    assert moved.std() == pytest.approx(0.5, rel=0.05)


@pytest.mark.parametrize("name", SURFACES)
def test_noise_moves_the_values_of_a_surface_by_its_standard_deviation(name):
    function = GENERATORS[name].function
    clean, noisy = function(5000, 0.0, 2, 0), function(5000, 0.5, 2, 0)
    np.testing.assert_array_equal(clean.inputs, noisy.inputs)
    assert (noisy.targets - clean.targets).std() == pytest.approx(0.5, rel=0.05)


@pytest.mark.parametrize("name", SURFACES)
def test_a_surface_has_values_between_minus_five_and_five(name):
    dataset = GENERATORS[name].function(2000, 0.0, 2, 0)
    assert dataset.task == "regression"
    assert dataset.targets.dtype == np.float32
    assert dataset.classes == ()
    assert -5.5 < dataset.targets.min() < -4
    assert 4 < dataset.targets.max() < 5.5
