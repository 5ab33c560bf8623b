"""ROC and calibration, beside scikit-learn's own."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlterm.training.assessment import Assessment, Calibration, Roc
from dlterm.training.learner import Learner
from dlterm.training.recipe import Recipe
from dlterm.training.scores import ClassScores, ValueScores

metrics = pytest.importorskip("sklearn.metrics")
calibration = pytest.importorskip("sklearn.calibration")
scored = st.lists(st.tuples(st.booleans(), st.integers(0, 8)), min_size=2, max_size=60)


@given(scored.filter(lambda drawn: len({positive for positive, _ in drawn}) == 2))
def test_a_roc_curve_and_its_area_are_scikit_learns(drawn: list[tuple[bool, int]]) -> None:
    positive, scores = np.array([p for p, _ in drawn]), np.array([s for _, s in drawn]) / 8
    roc = Roc.of(positive, scores)
    assert roc is not None
    x, y, thresholds = metrics.roc_curve(positive, scores, drop_intermediate=False)
    assert roc.auc == pytest.approx(metrics.roc_auc_score(positive, scores))
    kept = np.isin(thresholds, roc.thresholds)
    np.testing.assert_allclose(roc.false_positives, x[kept])
    np.testing.assert_allclose(roc.true_positives, y[kept])
    assert np.trapezoid(roc.true_positives, roc.false_positives) == pytest.approx(roc.auc)
    assert (roc.false_positives[0], roc.true_positives[0]) == (0, 0)
    assert (roc.false_positives[-1], roc.true_positives[-1]) == (1, 1)


def test_there_is_no_roc_curve_of_one_class() -> None:
    assert Roc.of(np.array([True, True]), np.array([0.1, 0.9])) is None
    assert Roc.of(np.array([], np.bool_), np.array([])) is None


def test_a_perfect_classifier_has_three_points_and_all_the_area() -> None:
    roc = Roc.of(np.arange(1000) >= 500, np.linspace(0, 1, 1000))
    assert roc is not None
    assert roc.auc == 1
    assert list(zip(roc.false_positives, roc.true_positives, strict=True)) == [(0, 0), (0, 1), (1, 1)]


@given(st.integers(2, 5), st.integers(1, 80), st.integers(0, 100))
def test_calibration_is_scikit_learns_of_confidence_and_rightness(
    classes: int, count: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    answers = rng.dirichlet(np.ones(classes), count)
    targets = rng.integers(0, classes, count)
    found = Calibration.of(targets, answers, answers.argmax(1))
    accuracy, confidence = calibration.calibration_curve(
        answers.argmax(1) == targets, answers.max(1), n_bins=10
    )
    there = found.counts > 0
    np.testing.assert_allclose(found.accuracy[there], accuracy)
    np.testing.assert_allclose(found.confidence[there], confidence)
    assert np.isnan(found.accuracy[~there]).all()
    assert found.counts.sum() == count
    shares = found.counts[there] / count
    assert found.error == pytest.approx(np.sum(shares * np.abs(accuracy - confidence)))


def test_who_is_always_right_and_half_sure_is_half_off() -> None:
    targets = np.zeros(4, np.int64)
    answers = np.full((4, 2), 0.5)
    found = Calibration.of(targets, answers, np.zeros(4, np.int64))
    assert found.error == 0.5
    assert found.counts.tolist() == [0, 0, 0, 0, 4, 0, 0, 0, 0, 0]


def assess(learner: Learner, *, held_out: bool = True) -> Assessment:
    rows = learner.split.test if held_out else learner.split.train
    outputs = learner.activations(learner.dataset.inputs[rows])[-1]
    objective, dataset = learner.objective, learner.dataset
    chosen = objective.choices(outputs) if dataset.classes else None
    return Assessment.of(dataset.classes, dataset.targets[rows], objective.predictions(outputs), chosen)


@pytest.mark.parametrize(
    "line", ["moons?noise=0.8", "spirals?loss=hinge", "iris", "gaussians?classes=3&loss=mse"]
)
@pytest.mark.parametrize("held_out", [True, False])
def test_a_classifier_is_assessed_as_it_is_measured(line: str, held_out: bool) -> None:
    learner = Learner(Recipe.parse(line))
    learner.advance(500)
    found, measured = assess(learner, held_out=held_out), learner.evaluate()
    assert isinstance(found.scores, ClassScores)
    assert found.scores.accuracy == pytest.approx(
        measured.test_accuracy if held_out else measured.train_accuracy
    )
    assert (found.roc is not None) == (len(learner.dataset.classes) == 2)
    assert found.calibration is not None
    assert 0 <= found.calibration.error <= 1


def test_a_regression_has_scores_alone() -> None:
    found = assess(Learner(Recipe(data="hills")))
    assert isinstance(found.scores, ValueScores)
    assert (found.roc, found.calibration) == (None, None)
