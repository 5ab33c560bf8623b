"""The picture of a learner: its answer and every unit over the plane."""

from __future__ import annotations

import numpy as np
import pytest

from dlterm.training.learner import Learner
from dlterm.training.picture import MAP_SIZE, Scene, field, maps
from dlterm.training.recipe import Recipe


def scene(recipe: Recipe) -> tuple[Learner, Scene]:
    learner = Learner(recipe)
    learner.advance(200)
    return learner, Scene.of(learner, (40, 20))


@pytest.mark.parametrize("axes", ["", "petal_length,petal_width", "sepal_width,petal_length", "pca"])
def test_the_field_is_the_answer_for_examples_of_the_plane(axes: str) -> None:
    learner, shown = scene(Recipe.of(data="iris", axes=axes))
    found = field(learner, shown.field_plane, 40, 20)
    x0, x1, y0, y1 = shown.domain
    place = np.array([[x0 + (x1 - x0) * 12.5 / 40, y1 - (y1 - y0) * 3.5 / 20]])
    expected = learner.predict(learner.plane.inputs(place))[0]
    np.testing.assert_allclose(found[:, 3, 12], expected, atol=1e-5)


@pytest.mark.parametrize("axes", ["petal_length,petal_width", "pca"])
def test_every_example_lies_inside_the_domain(axes: str) -> None:
    _, shown = scene(Recipe.of(data="iris", axes=axes))
    x0, x1, y0, y1 = shown.domain
    places = shown.points.inputs
    assert ((places > (x0, y0)) & (places < (x1, y1))).all()


def test_the_maps_of_inputs_show_each_feature_over_the_plane() -> None:
    learner, shown = scene(Recipe(features=("x1", "x2", "x1^2", "x1x2")))
    across, up, square, product = maps(learner, shown.maps_plane)[0]
    assert learner.inputs == ("x1", "x2", "x1²", "x1·x2")
    assert (np.diff(across, axis=1) > 0).all()
    assert (np.diff(up, axis=0) < 0).all()  # rows go down
    assert (square >= 0).all()
    assert square[:, 0].min() > square[:, MAP_SIZE // 2].max()
    assert product[0, -1] > 0 > product[0, 0]


def test_each_layer_is_scaled_by_its_own_activation() -> None:
    learner, shown = scene(Recipe(hidden=(3, 3), activation=("sigmoid", "relu")))
    _, first, second, _ = maps(learner, shown.maps_plane)
    outputs = [layer.T.reshape(-1, MAP_SIZE, MAP_SIZE) for layer in learner.activations(shown.maps_plane)]
    np.testing.assert_allclose(first, 2 * outputs[0] - 1, atol=1e-6)
    assert second.max() == pytest.approx(1)
