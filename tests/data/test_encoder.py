"""What a network reads: the data's features, or some made of the two axes."""

from __future__ import annotations

import numpy as np
import pytest

from dlterm.data.encoder import FEATURES, Encoder, names
from dlterm.data.plane import plane_of
from dlterm.data.split import Scaler
from dlterm.errors import DltermError
from dlterm.training import recipe


def encoder(inputs: np.ndarray, features: tuple[str, ...], *axes: str) -> Encoder:
    scaler = Scaler.fit(inputs)
    known = tuple("abcdef"[: inputs.shape[1]])
    return Encoder.of(scaler, features, plane_of(axes, known, inputs, scaler))


def cloud(examples: int = 300, features: int = 4) -> np.ndarray:
    return np.random.default_rng(0).normal(5, 3, (examples, features)).astype(np.float32)


def test_the_features_of_a_recipe_are_those_that_can_be_made() -> None:
    assert set(recipe.FEATURES) == set(FEATURES)


def test_without_a_word_every_feature_goes_in_scaled_to_the_bit() -> None:
    inputs = cloud()
    np.testing.assert_array_equal(encoder(inputs, ()).encode(inputs), Scaler.fit(inputs).scale(inputs))


def test_every_feature_is_its_formula_of_the_scaled_axes() -> None:
    inputs = cloud()
    x1, x2 = Scaler.fit(inputs).scale(inputs)[:, [3, 1]].T.astype(np.float64)
    found = encoder(inputs, tuple(FEATURES), "d", "b").encode(inputs)
    expected = [x1, x2, x1**2, x2**2, x1 * x2, np.sin(np.pi * x1), np.sin(np.pi * x2)]
    np.testing.assert_allclose(found.T, expected, atol=1e-6)
    assert names(tuple(FEATURES), ("d", "b")) == ("d", "b", "d²", "b²", "d·b", "sin πd", "sin πb")


def test_features_of_principal_components_are_uncorrelated_and_of_one_size() -> None:
    inputs = cloud() @ np.random.default_rng(1).normal(size=(4, 4)).astype(np.float32)
    found = encoder(inputs, ("x1", "x2"), "pca").encode(inputs)
    np.testing.assert_allclose(np.cov(found.T, bias=True), np.eye(2), atol=1e-4)


def test_an_example_is_encoded_alike_alone_and_among_others() -> None:
    inputs = cloud(features=6)
    for axes in ((), ("pca",)):
        found = encoder(inputs, tuple(FEATURES), *axes)
        alone = np.concatenate([found.encode(inputs[k : k + 1]) for k in range(len(inputs))])
        np.testing.assert_array_equal(alone, found.encode(inputs))


def test_a_second_axis_that_is_not_there_is_refused() -> None:
    with pytest.raises(DltermError, match="x1x2 needs two features"):
        encoder(cloud(features=1), ("x1", "x1x2"))
    assert encoder(cloud(features=1), ("x1", "x1^2", "sinx1")).encode(cloud(features=1)).shape == (300, 3)
