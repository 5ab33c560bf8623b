from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dlterm.training.learner import Learner
from dlterm.training.lens import look
from dlterm.training.recipe import LOSSES, Recipe
from dlterm.training.session import Session
from dlterm.training.surgery import NOTHING
from tests.training.test_session import Screen

RECIPE = Recipe(hidden=(5, 4), count=100)


def trained(steps: int = 60, **how: Any) -> Learner:
    learner = Learner(RECIPE.with_(**how))
    learner.advance(steps)
    return learner


def bits(learner: Learner) -> dict[str, bytes]:
    return {name: array.tobytes() for name, array in learner.state().arrays.items()}


@pytest.mark.parametrize(
    "how", [{}, {"dropout": 0.3}, {"norm": "batch"}, {"clip": 0.1, "schedule": "cosine"}]
)
def test_looking_changes_no_bit_of_the_run(how: dict[str, Any]) -> None:
    looked, plain = trained(**how), trained(**how)
    for _ in range(3):
        look(looked, 0, 7)
        looked.advance(17)
        plain.advance(17)
    assert bits(looked) == bits(plain)


@pytest.mark.parametrize(
    "how",
    [{"loss": name} for name in LOSSES]
    + [{"class_weight": "balanced"}, {"data": "plane"}, {"data": "gaussians", "classes": 4}],
)
def test_the_examples_losses_are_what_the_loss_is_the_mean_of(how: dict[str, Any]) -> None:
    learner = trained(**how)
    losses = look(learner, 0).losses
    for rows, mean in (
        (learner.split.train, learner.evaluate().train_loss),
        (learner.split.test, learner.evaluate().test_loss),
    ):
        weights = learner.objective.weights(learner.dataset.targets[rows])
        assert np.average(losses[rows], weights=weights) == pytest.approx(mean, rel=1e-4)


def test_what_is_wrong_is_what_accuracy_counts() -> None:
    learner = trained()
    wrong = look(learner, 0).wrong
    assert 1 - wrong[learner.split.train].mean() == pytest.approx(learner.evaluate().train_accuracy)
    assert 1 - wrong[learner.split.test].mean() == pytest.approx(learner.evaluate().test_accuracy)
    assert not look(trained(data="plane"), 0).wrong.any()


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"norm": "batch"},
        {"norm": "batch", "dropout": 0.3},
        {"activation": "gelu"},
        {"loss": "mse"},
        {"data": "gaussians", "classes": 3},
        {"data": "plane", "loss": "huber"},
    ],
)
def test_an_examples_gradients_are_the_slopes_of_its_loss(how: dict[str, Any]) -> None:
    learner = trained(**how)
    lens = look(learner, 0, 7)
    seen = lens.example
    assert seen is not None
    assert seen.loss == pytest.approx(float(lens.losses[7]), rel=1e-3)
    values = learner.activations(learner.dataset.inputs[7:8])
    for layer, activations in zip(values, seen.activations, strict=True):
        np.testing.assert_allclose(activations, layer[0], rtol=1e-3, atol=1e-5)
    name = learner.network.layers[1].name
    width = 1e-2
    for unit in range(4):  # a bias, and with it the sum, is moved a little
        norm = f"{name}.norm" if "norm" in how else name
        bias = learner.machine.memory.parameters()[f"{norm}.bias"]
        before = bias[unit]
        losses = []
        for moved in (before + width, before - width):
            bias[unit] = moved
            losses.append(float(look(learner, 0).losses[7]))
        bias[unit] = before
        slope = (losses[0] - losses[1]) / (2 * width)
        assert seen.errors[1][unit] == pytest.approx(slope, rel=2e-2, abs=1e-4)
        below = seen.activations[0]
        if "norm" not in how:
            np.testing.assert_allclose(seen.gradients[1][unit], slope * below, rtol=2e-2, atol=2e-4)


def test_the_gradient_is_the_mean_over_the_training_part() -> None:
    learner = trained(batch=7)
    rows = learner.split.train
    whole = learner.gradients()
    one_by_one = [learner.gradients(np.array([row])) for row in rows]
    for name, gradient in whole.items():
        np.testing.assert_allclose(gradient, np.mean([g[name] for g in one_by_one], 0), rtol=1e-3, atol=1e-6)
    norms = [layer.gradient_norm for layer in look(learner, 0).layers]
    assert norms[0] == pytest.approx(
        np.hypot(np.linalg.norm(whole["hidden1.weight"]), np.linalg.norm(whole["hidden1.bias"])), rel=1e-5
    )


def test_histograms_count_every_weight_around_zero() -> None:
    for layer, weight in zip(look(trained(), 0).layers, (10, 20, 4), strict=True):
        assert layer.weights.counts.sum() == layer.gradients.counts.sum() == weight
        assert layer.weights.edges[0] == -layer.weights.edges[-1]


def test_a_dead_relu_and_a_saturated_tanh_are_found_and_no_others() -> None:
    relu = trained(activation="relu")
    alive = [layer.dead.tolist() for layer in look(relu, 0).layers]
    relu.edit(("hidden1", 3, None), -1000.0)
    dead = look(relu, 0).layers
    assert dead[0].dead[3]
    assert [k for k in range(5) if dead[0].dead[k] != alive[0][k]] in ([3], [])
    assert not dead[2].dead.any()
    tanh = trained()
    assert not any(layer.saturated.any() for layer in look(tanh, 0).layers)
    tanh.edit(("hidden1", 2, None), 50.0)
    assert look(tanh, 0).layers[0].saturated.tolist() == [False, False, True, False, False]
    knocked = relu.operated(NOTHING.knock_out([("hidden1", 3)], on=True))
    assert not look(knocked, 0).layers[0].dead[3]


def test_a_session_looks_only_when_it_is_asked_to() -> None:
    screen = Screen()
    session = Session(RECIPE, screen.publish, field_size=(20, 10))
    session.start()
    session.play()
    try:
        plain = screen.until(lambda s: s.step > 0)
        assert plain.lens is None
        session.inspect(True, example=3)
        looked = screen.until(lambda s: s.lens is not None, after=plain.number)
        assert looked.lens is not None
        assert looked.lens.example is not None
        assert looked.lens.example.number == 3
        session.pause()
        paused = screen.until(lambda s: s.status == "paused", after=looked.number)
        assert paused.lens is not None
        assert paused.lens.at == paused.at
        session.edit_weight(1, 0, 0, 3.0)
        edited = screen.until(lambda s: s.weights[0][0, 0] == 3.0, after=paused.number)
        assert edited.lens is not None
        assert not np.array_equal(edited.lens.losses, paused.lens.losses)
        session.inspect(True, example=1_000_000)
        none = screen.until(lambda s: s.lens is not None and s.lens.example is None, after=edited.number)
        session.inspect(False)
        screen.until(lambda s: s.lens is None, after=none.number)
    finally:
        session.close()
