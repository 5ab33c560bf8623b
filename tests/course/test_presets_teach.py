"""Every preset shows what its note says."""

import contextlib

import pytest

from dlterm.course.content import presets
from dlterm.training.learner import DivergedError, Learner
from dlterm.training.recipe import Recipe

RECIPES = {preset.id: Recipe.parse(preset.recipe) for preset in presets()}


@pytest.fixture(params=[0, 1])
def trained(request):
    """Train a preset to its end, with two seeds."""

    def train(name):
        learner = Learner(RECIPES[name].with_(seed=request.param))
        learner.advance(learner.recipe.epochs * learner.steps_per_epoch)
        return learner.evaluate()

    return train


@pytest.mark.parametrize("name", ["one-neuron", "xor-hidden", "circle-tanh", "spirals-deep", "three-rings"])
def test_what_can_be_learned_is_learned(trained, name):
    assert trained(name).test_accuracy > 0.95


@pytest.mark.parametrize("name", ["digits", "iris", "wine", "breast-cancer"])
def test_settings_that_suit_a_real_set_learn_it(trained, name):
    assert trained(name).test_accuracy > 0.9


def test_half_of_what_comes_is_explained(trained):
    assert trained("diabetes").test_rmse < 65  # a constant guess: 77


@pytest.mark.parametrize("name", ["xor-alone", "circle-linear"])
def test_a_straight_line_is_not_enough(trained, name):
    assert trained(name).train_accuracy < 0.7


def test_the_noise_is_learned_by_heart(trained):
    metrics = trained("overfit-moons")
    early = Learner(RECIPES["overfit-moons"])
    early.advance(30 * early.steps_per_epoch)
    assert metrics.train_loss < 0.01
    assert metrics.test_loss > 2 * early.evaluate().test_loss


def test_the_surface_is_met(trained):
    assert trained("regression").test_rmse < 0.2


def test_too_large_a_learning_rate_learns_nothing(trained):
    with contextlib.suppress(DivergedError):
        assert trained("too-fast").train_accuracy < 0.7


def test_every_preset_is_looked_at():
    assert set(RECIPES) == {
        "one-neuron", "xor-hidden", "circle-tanh", "spirals-deep", "three-rings",
        "digits", "iris", "wine", "breast-cancer", "diabetes",
        "xor-alone", "circle-linear", "overfit-moons", "regression", "too-fast",
    }  # fmt: skip
