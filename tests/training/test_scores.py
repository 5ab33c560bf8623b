"""Scores, beside scikit-learn's own."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlterm.training.scores import ClassScores, ValueScores

metrics = pytest.importorskip("sklearn.metrics")
pairs = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=60)
NAMES = ("a", "b", "c", "d")


@given(pairs)
def test_scores_of_classes_are_scikit_learns(drawn: list[tuple[int, int]]) -> None:
    targets, predicted = np.array(drawn, np.int64).T
    scores = ClassScores.of(NAMES, targets, predicted)
    labels = range(4)
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        targets, predicted, labels=labels, zero_division=0
    )
    np.testing.assert_array_equal(
        scores.confusion, metrics.confusion_matrix(targets, predicted, labels=labels)
    )
    np.testing.assert_allclose(scores.precision, precision)
    np.testing.assert_allclose(scores.recall, recall)
    np.testing.assert_allclose(scores.f1, f1)
    np.testing.assert_array_equal(scores.support, support)
    assert scores.accuracy == pytest.approx(metrics.accuracy_score(targets, predicted))
    assert json.loads(json.dumps(scores.as_json()))["classes"][1]["class"] == "b"


@given(st.lists(st.tuples(st.floats(-100, 100), st.floats(-100, 100)), min_size=2, max_size=60))
def test_scores_of_values_are_scikit_learns(drawn: list[tuple[float, float]]) -> None:
    targets, predicted = np.array(drawn).T
    scores = ValueScores.of(targets, predicted)
    assert scores.rmse == pytest.approx(metrics.root_mean_squared_error(targets, predicted))
    assert scores.mae == pytest.approx(metrics.mean_absolute_error(targets, predicted))
    if scores.r2 is not None and np.ptp(targets) > 1e-3:
        assert scores.r2 == pytest.approx(metrics.r2_score(targets, predicted))


def test_scores_that_are_no_numbers_are_none_in_json() -> None:
    scores = ValueScores.of(np.array([1.0, 2.0]), np.array([np.inf, 0.0]))
    assert scores.as_json() == {"rmse": None, "mae": None, "r2": None}
    assert ValueScores.of(np.array([3.0, 3.0]), np.array([3.0, 4.0])).r2 is None
