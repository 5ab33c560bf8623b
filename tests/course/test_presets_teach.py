"""Every preset shows what its note says."""

import contextlib

import numpy as np
import pytest

from dlterm.course.content import presets
from dlterm.training.learner import DivergedError, Learner
from dlterm.training.recipe import Recipe

RECIPES = {preset.id: Recipe.parse(preset.recipe) for preset in presets()}


def ended(recipe):
    """A learner at the end of a recipe's training, and its test loss after ten epochs."""
    learner = Learner(recipe)
    learner.advance(10 * learner.steps_per_epoch)
    early = learner.evaluate().test_loss
    learner.advance((recipe.epochs - 10) * learner.steps_per_epoch)
    return learner, early


@pytest.fixture(params=[0, 1, 2])
def seed(request):
    return request.param


@pytest.fixture
def trained(seed):
    """Train a preset to its end, with several seeds, or with some settings changed."""

    def train(name, **changes):
        return ended(RECIPES[name].with_(seed=seed, **changes))[0].evaluate()

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


@pytest.mark.parametrize("name", ["circle-squares", "xor-product", "spirals-sines"])
def test_features_do_what_the_same_network_without_them_cannot(trained, name):
    assert trained(name).test_accuracy > 0.99
    assert trained(name, features=()).test_accuracy < 0.92


def test_the_noise_is_learned_by_heart(seed):
    learner, early = ended(RECIPES["overfit-moons"].with_(seed=seed))
    metrics = learner.evaluate()
    assert metrics.train_loss < 0.05
    assert metrics.test_loss > 1.4 * early


def test_small_weights_keep_the_test_loss_down(seed):
    learner, early = ended(RECIPES["l2-moons"].with_(seed=seed))
    freely, _ = ended(RECIPES["overfit-moons"].with_(seed=seed))
    loss = learner.evaluate().test_loss
    assert loss < 1.1 * early
    assert loss < 0.7 * freely.evaluate().test_loss


def test_dropout_lets_the_test_loss_climb_less(trained):
    assert trained("dropout-moons").test_loss < 0.75 * trained("overfit-moons").test_loss


def test_little_of_the_gradient_reaches_the_first_of_many_sigmoid_layers(seed, trained):
    learner, _ = ended(RECIPES["vanishing-gradient"].with_(seed=seed))
    norms = {name: np.linalg.norm(dw) for name, dw in learner.machine.memory.gradients().items()}
    assert 0 < norms["hidden1.weight"] < norms["output.weight"] / 1000
    assert learner.evaluate().train_accuracy < 0.6
    assert trained("vanishing-gradient", activation="relu").test_accuracy > 0.95


def test_units_of_too_large_a_rate_die_and_stay_dead(seed):
    learner, _ = ended(RECIPES["dying-relu"].with_(seed=seed))
    _, second, _ = learner.activations(learner.dataset.inputs[learner.split.train])
    assert not second.any()
    kept = learner.weights()
    learner.advance(100)
    assert all(np.array_equal(learner.weights()[name], kept[name]) for name in kept if "hidden" in name)
    assert learner.evaluate().train_accuracy < 0.6


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
        "circle-squares", "xor-product", "spirals-sines", "l2-moons", "dropout-moons",
        "vanishing-gradient", "dying-relu",
    }  # fmt: skip
