"""What the experiments of the second chapter compute themselves: features, borders, crossings."""

from __future__ import annotations

import numpy as np
import pytest

from dlterm.experiments.catalogue.feature_engineering import FeatureEngineering, accuracy
from dlterm.experiments.catalogue.ml_vs_dl import MlVsDl, tried
from dlterm.experiments.driving import moments, run
from dlterm.experiments.shape_features import FEATURES, by_hand, enclosed, features
from dlterm.experiments.shapes import KINDS, shapes
from dlterm.training import classic
from dlterm.training.learner import Learner
from dlterm.training.recipe import Recipe


def test_features_made_by_hand_keep_still_while_a_shape_moves_and_turns():
    large = shapes(7 * 30, seed=0, noise=0, size=64)
    found = features(large.inputs)
    for kind in ("square", "triangle", "circle", "open square", "cross"):
        alike = found[large.targets == KINDS.index(kind)][
            :, 1:
        ]  # the line is as thick in a small shape as in a large
        assert (alike.std(axis=0) < 0.12).all(), kind


def test_features_made_by_hand_are_what_their_names_say():
    pictures = shapes(7 * 30, seed=1, noise=0)
    means = features(pictures.inputs)
    of = {
        kind: dict(zip(FEATURES, means[pictures.targets == number].mean(axis=0), strict=True))
        for number, kind in enumerate(KINDS)
    }
    assert max(KINDS, key=lambda kind: of[kind]["area"]) == "circle"
    assert max(KINDS, key=lambda kind: of[kind]["3-fold"]) == "triangle"
    assert min(KINDS, key=lambda kind: of[kind]["uneven"]) == "circle"
    assert max(KINDS, key=lambda kind: of[kind]["centre"]) == "cross"
    assert max(KINDS, key=lambda kind: of[kind]["skewed"]) == "open square"
    assert of["open square"]["area"] == 0


def test_only_what_a_closed_line_surrounds_is_enclosed():
    ring = np.zeros((6, 6), np.bool_)
    ring[1:5, 1:5] = True
    ring[2:4, 2:4] = False
    broken = ring.copy()
    broken[1, 2] = False
    found = enclosed(np.stack([ring, broken, ~ring]).reshape(3, -1), 6)
    assert found.ravel().tolist() == [4, 0, 12]


def test_an_empty_picture_has_features():
    assert np.isfinite(features(np.zeros((2, 256), np.float32))).all()


def test_features_take_the_place_of_the_pixels_of_the_same_examples():
    pictures = shapes(50, seed=2)
    made = by_hand(pictures)
    assert (made.inputs.shape, made.features, made.image) == ((50, len(FEATURES)), FEATURES, None)
    assert np.array_equal(made.targets, pictures.targets)


def test_all_three_ways_learn_from_the_same_pictures_and_are_asked_about_the_same():
    running = moments(FeatureEngineering(train=100, epochs=1), seed=1)
    assert list(next(running).views) == ["accuracy", "pictures", "by hand", "found"]
    running.close()
    pictures = shapes(200, seed=1)
    learners = [
        Learner(Recipe(model="linear", test=0.5), dataset) for dataset in (pictures, by_hand(pictures))
    ]
    assert np.array_equal(learners[0].split.test, learners[1].split.test)
    assert accuracy(learners[0]) == pytest.approx(learners[0].evaluate().test_accuracy)


@pytest.mark.parametrize("tool", ["logistic", "tree"])
def test_a_tool_is_as_right_as_it_says_itself(tool):
    pytest.importorskip("sklearn")
    learner = Learner(Recipe(data="moons", noise=0.5, count=200, test=0.5))
    fitted = classic.fit(tool, learner)
    found = tried(fitted, learner, 1.5)
    assert found.accuracy == pytest.approx(fitted.quality(held_out=True))
    assert found.training == 1.5
    assert np.abs(found.border).max() <= 1


def test_the_borders_of_any_set_are_shown_afterwards():
    pytest.importorskip("sklearn")
    experiment = MlVsDl(train=40, steps=100)
    run(experiment)
    experiment.tune(shown="moons")
    borders = experiment.explore()["borders"]
    assert borders.title.startswith("moons")
    assert len(borders.images) == 7
