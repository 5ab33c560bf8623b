"""The plane of a picture: any two features, or the two principal components."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from dlterm.data.plane import Plane, plane_of
from dlterm.data.split import Scaler
from dlterm.errors import DltermError, ExitCode

NAMES = ("petal length (cm)", "petal width (cm)", "age", "colour=red")

tables = arrays.arrays(
    np.float32, st.tuples(st.integers(2, 30), st.just(4)), elements=st.integers(-1000, 1000).map(float)
)


def plane(inputs: np.ndarray, *axes: str) -> Plane:
    return plane_of(axes, NAMES, inputs, Scaler.fit(inputs))


def cloud(seed: int = 0, examples: int = 400) -> np.ndarray:
    """Four features in four units, of which the first and the third go together."""
    rng = np.random.default_rng(seed)
    inputs = rng.normal(size=(examples, 4)) * [1, 1, 3, 0.2]
    inputs[:, 2] += 5 * inputs[:, 0]
    return (inputs * [100, 1, 1, 1] + [5000, 0, 0, 7]).astype(np.float32)


@given(tables)
def test_an_axis_shows_its_feature_in_its_own_units(inputs: np.ndarray) -> None:
    found = plane(inputs, "age", "petal_length")
    assert found.names == ("age", "petal length (cm)")
    np.testing.assert_allclose(found.coordinates(inputs), inputs[:, [2, 0]], atol=1e-3)


@given(tables, st.sampled_from([("age", "colour=red"), ("pca",)]))
def test_a_place_of_the_plane_is_an_example_that_lies_there(
    inputs: np.ndarray, axes: tuple[str, ...]
) -> None:
    found = plane(inputs, *axes)
    places = np.array([[0.5, -2.0], [3.0, 4.0]]) * found.spread + found.centre
    np.testing.assert_allclose(found.coordinates(found.inputs(places)), places, rtol=1e-3, atol=1e-2)


def test_across_the_plane_other_features_are_at_their_mean() -> None:
    inputs = cloud()
    made = plane(inputs, "age", "colour=red").inputs(np.array([[1.0, 2.0]]))[0]
    np.testing.assert_allclose(made, [inputs[:, 0].mean(), inputs[:, 1].mean(), 1, 2], rtol=1e-5)


def test_the_principal_components_are_those_of_the_scaled_examples() -> None:
    sklearn = pytest.importorskip("sklearn.decomposition")
    inputs = cloud()
    scaler = Scaler.fit(inputs)
    peer = sklearn.PCA(2).fit_transform(scaler.scale(inputs).astype(np.float64))
    found = plane(inputs, "pca").coordinates(inputs)
    np.testing.assert_allclose(np.abs(found), np.abs(peer), atol=2e-5)
    assert plane(inputs, "pca").names == ("PC1", "PC2")
    share = sklearn.PCA(2).fit(scaler.scale(inputs)).explained_variance_ratio_.sum()
    assert f"{share:.0%} of the variance" in plane(inputs, "pca").note


def test_a_component_has_one_sign_however_the_examples_are_ordered() -> None:
    inputs = cloud()
    found = plane(inputs, "pca").directions
    np.testing.assert_allclose(plane(inputs[::-1].copy(), "pca").directions, found, atol=1e-5)


def test_components_are_the_same_of_more_features_than_examples() -> None:
    sklearn = pytest.importorskip("sklearn.decomposition")
    rng = np.random.default_rng(0)
    inputs = (rng.normal(size=(30, 2)) @ rng.normal(size=(2, 200)) + rng.normal(0, 0.3, (30, 200))).astype(
        np.float32
    )
    scaler = Scaler.fit(inputs)
    found = plane_of(("pca",), [f"f{k}" for k in range(200)], inputs, scaler).coordinates(inputs)
    peer = sklearn.PCA(2, svd_solver="full").fit_transform(scaler.scale(inputs).astype(np.float64))
    np.testing.assert_allclose(np.abs(found), np.abs(peer), atol=2e-4)


@pytest.mark.parametrize("shape", [(5, 4), (3, 50), (1, 4)])
@pytest.mark.parametrize("varying", [0, 1])
def test_examples_of_one_line_have_a_plane_all_the_same(shape: tuple[int, int], varying: int) -> None:
    inputs = np.ones(shape, np.float32)
    inputs[:, :varying] = np.arange(len(inputs))[:, None]
    found = plane_of(("pca",), [f"f{k}" for k in range(shape[1])], inputs, Scaler.fit(inputs))
    assert np.isfinite(found.coordinates(inputs)).all()
    assert np.abs(found.coordinates(inputs)[:, varying:]).max() < 1e-4
    assert np.isfinite(found.inputs(np.zeros((1, 2)))).all()


def test_examples_without_a_spread_have_a_plane_all_the_same() -> None:
    found = plane(np.ones((5, 4), np.float32), "pca")
    assert np.isfinite(found.coordinates(np.ones((5, 4), np.float32))).all()
    assert np.isfinite(found.inputs(np.zeros((1, 2)))).all()


def test_gaps_lie_where_they_are_filled() -> None:
    inputs = np.array([[1, 0, 0, 0], [np.nan, 1, 0, 0], [3, 2, 0, 0]], np.float32)
    assert plane(inputs, "petal length", "petal width").coordinates(inputs)[1, 0] == 2


def test_without_a_word_the_axes_are_the_first_two_features() -> None:
    inputs = cloud()
    assert plane(inputs).names == NAMES[:2]
    one = plane_of((), ("age",), inputs[:, :1], Scaler.fit(inputs[:, :1]))
    assert one.names == ("age",)
    assert one.coordinates(inputs[:, :1])[:, 1].tolist() == [0.0] * len(inputs)
    np.testing.assert_allclose(one.inputs(np.array([[3.0, 9.0]])), [[3.0]])


@pytest.mark.parametrize(
    ("axes", "said"),
    [
        (("petal", "age"), 'the axis "petal" may be one of several features'),
        (("hight", "age"), 'no feature is named "hight"'),
        (("Age", "age"), "are one feature"),
    ],
)
def test_axes_that_cannot_be_meant_are_refused(axes: tuple[str, str], said: str) -> None:
    with pytest.raises(DltermError, match=said) as caught:
        plane(cloud(), *axes)
    assert caught.value.exit_code == ExitCode.USAGE
    assert caught.value.hint
