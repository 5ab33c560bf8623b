"""What the experiments on features, data and transfer compute themselves: features, borders, crossings, spreads."""

from __future__ import annotations

import numpy as np
import pytest

from dlterm.experiments.catalogue.data_appetite import DataAppetite
from dlterm.experiments.catalogue.feature_engineering import FeatureEngineering, accuracy
from dlterm.experiments.catalogue.ml_vs_dl import MlVsDl, tried
from dlterm.experiments.catalogue.transfer import OLD, Transfer, body_of
from dlterm.experiments.driving import moments, run
from dlterm.experiments.shape_features import FEATURES, by_hand, enclosed, features
from dlterm.experiments.shape_network import shape_network
from dlterm.experiments.shapes import KINDS, SHAPES, shapes
from dlterm.experiments.spread import Spread, crossing
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


@pytest.mark.parametrize(
    ("ahead", "place"),
    [
        ([-1, 1], 100),
        ([-1, -3, 1, 2], 10**2.75),
        ([1, -1, 1], 100 * 10**0.5),
        ([1, 2], 10),
        ([1, -1], 0),
        ([-1, 0], 0),
    ],
)
def test_who_passes_whom_is_read_off_a_line_over_the_logarithm_and_counts_only_if_it_lasts(ahead, place):
    places = [10, 1000] if ahead == [-1, 1] else [10 ** (k + 1) for k in range(len(ahead))]
    assert crossing(places, np.array(ahead, float)) == pytest.approx(place)


def test_a_spread_shows_means_and_between_what_they_were_measured():
    spread = Spread({"one": "first way", "two": "second way"})
    for share in (0.2, 0.4):
        spread.add("one", 10, share)
    spread.add("one", 30, 0.9)
    spread.add("two", 10, 0.5)
    assert spread.means("one") == pytest.approx([0.3, 0.9])
    first, second = spread.curves("examples", "accuracy", "").series
    assert first.x.tolist() == [10] * 4 + [30] * 4
    assert first.y == pytest.approx([0.3, 0.2, 0.4, 0.3] + [0.9] * 4)
    assert second.name == "second way"
    assert spread.table("examples", "").rows == ((10, "30.0 (20-40)", "50.0"), (30, "90.0", ""))


def test_few_examples_suffice_where_features_are_made_by_hand():
    pytest.importorskip("sklearn")
    result = run(DataAppetite(most=100, draws=1), seed=1)
    assert result.measures["few"] > 20
    assert result.measures["passes"] == 0
    assert "nowhere" in result.why


def test_no_old_shape_is_among_the_new_ones():
    assert set(OLD) == set(SHAPES) - set(KINDS)


def test_a_frozen_body_stays_as_it_was_and_only_the_head_learns():
    old, new = shapes(100, OLD, seed=0), shapes(70, seed=1)
    elder = Learner(Recipe(test=0.0, batch=20, lr=0.01), old, network=shape_network(len(OLD), 0))
    elder.advance(20)
    body = body_of(elder)
    frozen, tuned = (
        Learner(
            Recipe(test=0.0, batch=20, lr=0.01), new, network=shape_network(7, 1, body=body, frozen=still)
        )
        for still in (True, False)
    )
    for learner in (frozen, tuned):
        assert all(np.array_equal(learner.weights()[name], values) for name, values in body.items())
        learner.advance(20)
    assert all(np.array_equal(frozen.weights()[name], values) for name, values in body.items())
    assert not any(np.array_equal(tuned.weights()[name], values) for name, values in body.items())
    fresh = Learner(Recipe(test=0.0, batch=20), new, network=shape_network(7, 1)).weights()
    assert not np.array_equal(frozen.weights()["output.weight"], fresh["output.weight"])


def test_the_old_shapes_are_learned_before_the_new_ones():
    running = moments(Transfer(before=100), seed=0)
    assert "old shapes" in next(running).news
    running.close()
