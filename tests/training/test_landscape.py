"""Planes through the weights, and the loss over them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlterm.training.landscape import EXAMPLES, Prober, Surface, Surveyor, survey
from dlterm.training.learner import Learner
from dlterm.training.recipe import Recipe
from dlterm.training.weight_plane import WeightPlane, flat, principal_plane, random_plane

if TYPE_CHECKING:
    from numpy.typing import NDArray


def trained(line: str, steps: int = 100) -> Learner:
    learner = Learner(Recipe.parse(line))
    learner.advance(steps)
    return learner


def final(learner: Learner, plane: WeightPlane, size: int = 9) -> Surface:
    *_, last = survey(learner.apart(), plane, size=size)
    return last


def walked(learner: Learner, moments: int) -> NDArray[np.float64]:
    """The weights after each of so many stretches of training: [moments, n]."""
    path = []
    for _ in range(moments):
        learner.advance(20)
        path.append(flat(learner.weights()))
    return np.array(path).reshape(moments, learner.parameters)


RECIPES = (
    "spirals",
    "moons?hidden=4&norm=batch&dropout=0.2",
    "hills?loss=huber",
    "gaussians?classes=4&class_weight=balanced&count=303",
    "iris?hidden=3",
    "xor?model=linear",
)


@pytest.mark.parametrize("line", RECIPES)
def test_in_the_middle_is_the_learners_own_loss(line: str) -> None:
    learner = trained(line)
    losses = final(learner, random_plane(learner.weights(), 1)).losses
    assert losses[4, 4] == pytest.approx(learner.evaluate().train_loss, abs=1e-6)
    assert len(np.unique(losses)) > 1


def test_every_place_is_the_loss_of_its_weights_in_numpy() -> None:
    learner = trained("xor?hidden=3&count=40")
    plane = random_plane(learner.weights(), 5)
    surface = final(learner, plane)
    rows = learner.split.train
    x, t = (
        learner.scaler.scale(learner.dataset.inputs[rows]).astype(np.float64),
        learner.dataset.targets[rows],
    )
    columns, lines = surface.coordinates()
    for row, y in enumerate(lines):
        for column, across in enumerate(columns):
            parts = np.split(
                plane.at(across, y), np.cumsum([a.size for a in learner.weights().values()])[:-1]
            )
            shaped = zip(learner.weights().items(), parts, strict=True)
            w = {name: part.reshape(array.shape) for (name, array), part in shaped}
            h = np.tanh(x @ w["hidden1.weight"].T + w["hidden1.bias"])
            z = (h @ w["output.weight"].T + w["output.bias"])[:, 0]
            expected = np.mean(np.logaddexp(0, z) - t * z)
            assert surface.losses[row, column] == pytest.approx(expected, abs=1e-5)


def test_a_learner_that_is_surveyed_stays_as_it_is() -> None:
    learner, other = trained("spirals?dropout=0.1"), trained("spirals?dropout=0.1")
    final(learner, random_plane(learner.weights(), 0))
    learner.advance(50)
    other.advance(50)
    for name, array in learner.state().arrays.items():
        assert array.tobytes() == other.state().arrays[name].tobytes()


def test_a_learner_apart_goes_on_to_the_same_bits() -> None:
    learner = trained("moons?dropout=0.3&batch=7")
    other = learner.apart()
    learner.advance(60)
    other.advance(60)
    assert flat(learner.weights()).tobytes() == flat(other.weights()).tobytes()


def test_of_many_examples_a_part_is_measured() -> None:
    learner = trained("spirals?count=20000&noise=0.3")
    other = learner.apart(EXAMPLES)
    assert other.examples == EXAMPLES
    assert other.loss() == pytest.approx(learner.loss(), rel=0.05)


def test_the_first_picture_needs_few_losses_and_the_last_has_all() -> None:
    learner = trained("spirals")
    pictures = list(survey(learner.apart(), random_plane(learner.weights(), 0)))
    known = [picture.known for picture in pictures]
    assert known[0] == pytest.approx(36 / 1681)
    assert known == sorted(known)
    assert known[-1] == 1
    assert all(np.isfinite(picture.losses).all() for picture in pictures)
    first, last = pictures[0].losses, pictures[-1].losses
    np.testing.assert_array_equal(first[::8, ::8], last[::8, ::8])
    assert np.corrcoef(first.ravel(), last.ravel())[0, 1] > 0.8


def test_a_loss_that_is_no_number_is_infinite() -> None:
    learner = trained("plane?activation=relu")
    prober = Prober(learner.apart())
    assert prober.loss(flat(learner.weights()) * 1e30) == np.inf
    assert prober.loss(flat(learner.weights())) == pytest.approx(learner.evaluate().train_loss, abs=1e-6)


def test_a_seed_draws_one_plane() -> None:
    weights = trained("spirals").weights()
    one, same, other = (random_plane(weights, seed).directions for seed in (3, 3, 4))
    np.testing.assert_array_equal(one, same)
    assert np.abs(one - other).max() > 0.1


def test_a_step_is_as_long_as_the_weights_of_each_unit() -> None:
    weights = trained("spirals").weights()
    for direction in random_plane(weights, 3).directions:
        parts = np.split(direction, np.cumsum([array.size for array in weights.values()])[:-1])
        for array, part in zip(weights.values(), parts, strict=True):
            moved = part.reshape(array.shape)
            if array.ndim > 1:
                np.testing.assert_allclose(
                    np.linalg.norm(moved, axis=1), np.linalg.norm(array, axis=1), rtol=1e-5
                )
            else:
                assert not moved.any()


def test_weights_that_are_all_zero_have_a_plane() -> None:
    weights = Learner(Recipe(init="zeros")).weights()
    plane = random_plane(weights, 0)
    assert np.linalg.matrix_rank(plane.directions) == 2


places = st.lists(st.tuples(st.floats(-3, 3), st.floats(-3, 3)), min_size=1, max_size=20)


@given(places, st.integers(0, 50))
def test_a_path_on_the_plane_is_found_where_it_is(drawn: list[tuple[float, float]], seed: int) -> None:
    rng = np.random.default_rng(seed)
    weights = {"w": rng.normal(size=(4, 3)), "b": rng.normal(size=4)}
    plane = random_plane(weights, seed)
    path = np.array([plane.at(x, y) for x, y in drawn])
    np.testing.assert_allclose(plane.project(path), drawn, atol=1e-9)
    assert plane.shown(path) == pytest.approx(1)
    x0, x1, y0, y1 = plane.domain(plane.project(path))
    assert all(x0 - 1e-9 <= x <= x1 + 1e-9 and y0 - 1e-9 <= y <= y1 + 1e-9 for x, y in drawn)


def test_principal_directions_are_those_of_the_singular_value_decomposition() -> None:
    learner = Learner(Recipe(data="moons"))
    path = walked(learner, 80)
    weights = learner.weights()
    plane = principal_plane(weights, path)
    steps = path - flat(weights)
    _, strengths, directions = np.linalg.svd(steps, full_matrices=False)
    for found, expected in zip(plane.directions, directions[:2], strict=True):
        assert abs(found @ expected) == pytest.approx(1, abs=1e-6)
    shares = strengths**2 / (strengths**2).sum()
    assert plane.names == tuple(f"PC{k + 1}, {shares[k]:.0%} of the path" for k in range(2))
    assert plane.shown(path) == pytest.approx(shares[:2].sum())


@pytest.mark.parametrize("moments", [0, 1, 2])
def test_a_path_too_short_for_a_plane_is_given_one(moments: int) -> None:
    learner = Learner(Recipe(data="moons"))
    path = walked(learner, moments)
    plane = principal_plane(learner.weights(), path)
    np.testing.assert_allclose(plane.directions @ plane.directions.T, np.eye(2), atol=1e-9)
    assert np.isfinite(final(learner, plane).losses).all()


def test_a_new_survey_takes_the_place_of_the_one_under_way() -> None:
    learner = trained("spirals?count=2000")
    done, found = threading.Event(), []

    def publish(surface: Surface) -> None:
        found.append(surface)
        if surface.plane is second and surface.known == 1:
            done.set()

    first, second = (random_plane(learner.weights(), seed) for seed in (0, 1))
    surveyor: Surveyor[Surface] = Surveyor(publish)
    surveyor.begin(survey(learner.apart(), first, size=201))
    surveyor.begin(survey(learner.apart(), second, size=11))
    assert done.wait(30)
    surveyor.close()
    assert not any(surface.plane is first and surface.known == 1 for surface in found)
