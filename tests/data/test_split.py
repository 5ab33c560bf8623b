from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from dlterm.data.dataset import Dataset
from dlterm.data.split import Scaler, split

shares = st.floats(0, 1, exclude_max=True)
seeds = st.integers(0, 2**32 - 1)
labels = st.lists(st.integers(0, 5), min_size=1, max_size=200)


def labelled(targets):
    names = tuple(map(str, range(6)))
    inputs = np.zeros((len(targets), 1), np.float32)
    return Dataset("made", inputs, np.array(targets, np.int64), "classification", ("x",), names, "y")


def valued(count):
    inputs = np.zeros((count, 1), np.float32)
    return Dataset("made", inputs, np.arange(count, dtype=np.float32), "regression", ("x",), (), "y")


@given(labels, shares, seeds)
def test_every_example_is_in_exactly_one_part(targets, share, seed):
    parts = split(labelled(targets), share, seed)
    together = np.concatenate([parts.train, parts.test])
    np.testing.assert_array_equal(np.sort(together), np.arange(len(targets)))


@given(labels, shares, seeds)
def test_every_class_keeps_an_example_for_training(targets, share, seed):
    dataset = labelled(targets)
    parts = split(dataset, share, seed)
    assert set(dataset.targets[parts.train]) == set(targets)


@given(labels, shares, seeds)
def test_each_class_is_held_out_in_the_same_share_to_one_example(targets, share, seed):
    dataset = labelled(targets)
    parts = split(dataset, share, seed)
    sizes = np.bincount(dataset.targets, minlength=6)
    held_out = np.bincount(dataset.targets[parts.test], minlength=6)
    possible = np.minimum(sizes * share, np.maximum(sizes - 1, 0))
    assert (np.abs(held_out - possible) <= 1).all()


@given(st.integers(2, 300), st.floats(0.001, 0.999), seeds)
def test_regression_holds_out_the_share_and_neither_part_is_empty(count, share, seed):
    parts = split(valued(count), share, seed)
    assert len(parts.test) == min(max(round(share * count), 1), count - 1)


@given(labels, seeds)
def test_a_share_of_zero_holds_out_nothing(targets, seed):
    assert len(split(labelled(targets), 0, seed).test) == 0


def test_the_held_out_part_has_the_size_that_was_asked_for():
    assert len(split(labelled([0, 1, 2] * 50), 0.25, 0).test) == round(0.25 * 150)


def test_the_seed_chooses_what_is_held_out():
    dataset = labelled([0, 1] * 100)
    np.testing.assert_array_equal(split(dataset, 0.5, 1).test, split(dataset, 0.5, 1).test)
    assert not np.array_equal(split(dataset, 0.5, 1).test, split(dataset, 0.5, 2).test)


tables = arrays.arrays(
    np.float32,
    st.tuples(st.integers(1, 30), st.integers(1, 5)),
    elements=st.floats(-1e6, 1e6, width=32),
)


@given(tables)
def test_scaled_features_are_standard_or_zero(inputs):
    scaled = Scaler.fit(inputs).scale(inputs)
    assert scaled.dtype == np.float32
    assert np.isfinite(scaled).all()
    constant = np.ptp(inputs, axis=0) == 0
    np.testing.assert_allclose(scaled.mean(axis=0, dtype=np.float64), 0, atol=1e-3)
    np.testing.assert_allclose(scaled.std(axis=0), np.where(constant, 0, 1), atol=1e-3)


def test_scaling_is_the_same_whatever_the_held_out_part_holds():
    inputs = np.arange(20, dtype=np.float32)[:, None]
    parts = split(valued(20), 0.25, 0)
    before = Scaler.fit(inputs[parts.train])
    inputs[parts.test] = 1e6
    after = Scaler.fit(inputs[parts.train])
    np.testing.assert_array_equal(before.scale(inputs), after.scale(inputs))


@pytest.mark.parametrize("value", [0.1, 1e30, -3e38, 1e-38])
def test_a_constant_feature_becomes_zero(value):
    inputs = np.full((1000, 1), value, np.float32)
    np.testing.assert_array_equal(Scaler.fit(inputs).scale(inputs), 0)


def test_huge_values_stay_finite():
    inputs = np.array([[-3e38], [0], [3e38]], np.float32)
    assert np.isfinite(Scaler.fit(inputs).scale(inputs)).all()
