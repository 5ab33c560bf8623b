"""Batch norm: what it keeps, and what stands for it outside training."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dlterm.engine import ops
from dlterm.engine.graph import buffer, parameter, variable
from dlterm.engine.machine import Machine
from dlterm.engine.memory import Cursor, Feed, Fetch
from dlterm.engine.plan import plan
from dlterm.engine.reference import ReferenceMachine
from tests.engine.support import persistent_bits

if TYPE_CHECKING:
    from collections.abc import Callable

    from dlterm.engine.graph import Tensor

MACHINES = pytest.mark.parametrize("machine", [Machine, ReferenceMachine], ids=["machine", "reference"])
RNG = np.random.default_rng(0)


def normed(x: Tensor, name: str = "norm") -> Tensor:
    channels = x.shape[0]
    return ops.batch_norm(
        x,
        parameter(f"{name}.gamma", np.ones(channels)),
        parameter(f"{name}.beta", np.full(channels, 0.5)),
        buffer(f"{name}.mean", np.zeros(channels)),
        buffer(f"{name}.variance", np.ones(channels)),
    )


class Norm:
    """A batch norm of two features with drops before it, and a second one after."""

    def __init__(self, machine: Callable[..., Any], data: np.ndarray, *, batch: int) -> None:
        self.x = variable("x", data.shape[1:])
        self.y = normed(ops.dropout(self.x, stream=1))
        self.z = normed(self.y, "second")
        self.loss = ops.reduce_mean(self.z * self.z)
        self.machine = machine(plan(self.loss, [self.y, self.z], batch=batch))
        self.feeds = [Feed(self.x, data.astype(np.float32))]

    def train(self, steps: int, **hyper: float) -> None:
        self.machine.memory.set_hyper(**hyper)
        self.machine.run("train", self.feeds, Cursor(), steps)

    def predict(self, tensor: Tensor, examples: int) -> np.ndarray:
        fetch = Fetch(tensor, np.empty((examples, *tensor.shape), np.float32))
        self.machine.run("predict", self.feeds, Cursor(), 1, batch=examples, fetches=[fetch])
        return fetch.array

    @property
    def estimates(self) -> dict[str, np.ndarray]:
        return self.machine.memory.buffers()


@MACHINES
def test_the_estimates_move_a_tenth_of_the_way_each_step(machine: Callable[..., Any]) -> None:
    data = RNG.normal(3.0, 2.0, (20, 2))
    norm = Norm(machine, data, batch=10)
    mean, variance = np.zeros(2), np.ones(2)
    for steps, batch in [(1, data[:10]), (2, data[10:])]:
        norm = Norm(machine, data, batch=10)
        norm.train(steps, lr=0.0)
        mean += 0.1 * (batch.mean(0) - mean)
        variance += 0.1 * (batch.var(0, ddof=1) - variance)
        np.testing.assert_allclose(norm.estimates["norm.mean"], mean, rtol=1e-5)
        np.testing.assert_allclose(norm.estimates["norm.variance"], variance, rtol=1e-5)


@MACHINES
def test_predictions_use_the_estimates_and_change_nothing(machine: Callable[..., Any]) -> None:
    data = RNG.normal(1.0, 2.0, (12, 2))
    norm = Norm(machine, data, batch=6)
    norm.train(8, lr=0.1, dropout=0.5)
    before = persistent_bits(norm.machine)
    h = data
    for name, tensor in (("norm", norm.y), ("second", norm.z)):
        p = norm.machine.memory.parameters()
        rstd = 1 / np.sqrt(norm.estimates[f"{name}.variance"] + 1e-5)
        h = (h - norm.estimates[f"{name}.mean"]) * rstd * p[f"{name}.gamma"] + p[f"{name}.beta"]
        np.testing.assert_allclose(norm.predict(tensor, 12), h, rtol=1e-4, atol=1e-5)
    assert persistent_bits(norm.machine) == before


@MACHINES
def test_a_prediction_does_not_depend_on_the_other_examples(machine: Callable[..., Any]) -> None:
    norm = Norm(machine, RNG.normal(size=(12, 2)), batch=6)
    norm.train(8, lr=0.1)
    together, alone = norm.predict(norm.z, 12), norm.predict(norm.z, 1)
    np.testing.assert_array_equal(together[:1], alone)


@MACHINES
def test_a_single_number_becomes_beta_and_says_nothing_of_the_variance(machine: Callable[..., Any]) -> None:
    data = np.array([[2.0, 3.0], [4.0, 7.0], [100.0, -100.0]])  # batches of two, and of one
    norm = Norm(machine, data, batch=2)
    norm.train(1, lr=0.0)
    variance = norm.estimates["norm.variance"].copy()
    norm = Norm(machine, data, batch=2)
    norm.train(2, lr=0.0)
    np.testing.assert_array_equal(norm.estimates["norm.variance"], variance)
    np.testing.assert_allclose(norm.estimates["norm.mean"], [10.27, -9.55], rtol=1e-5)
    tape = norm.machine.plan.tapes["train"]
    y = norm.machine.memory.view(tape.spans[norm.y]).reshape(2, -1)
    np.testing.assert_array_equal(y[:, 0], [0.5, 0.5])
    assert all(np.isfinite(array).all() for array in norm.machine.memory.gradients().values())


@MACHINES
def test_a_scale_that_the_loss_uses_too_gets_both_gradients(machine: Callable[..., Any]) -> None:
    x, gamma = variable("x", (2,)), parameter("gamma", np.array([2.0, 3.0]))
    estimates = buffer("mean", np.zeros(2)), buffer("variance", np.ones(2))
    weights = parameter("w", np.array([1.0, -1.0]))
    y = ops.batch_norm(x * weights, gamma, parameter("beta", np.zeros(2)), *estimates)
    loss = ops.reduce_sum(gamma * gamma * 0.5) + ops.reduce_sum(y * y * 0.5)
    running = machine(plan(loss, []))
    data = np.random.default_rng(1).normal(size=(10, 2)).astype(np.float32)
    running.run("gradient", [Feed(x, data)], Cursor(), 1)
    gradients = running.memory.gradients()
    np.testing.assert_allclose(
        gradients["gamma"], [11 * 2.0, 11 * 3.0], rtol=1e-4
    )  # 10 examples of variance 1
    np.testing.assert_allclose(gradients["w"], 0, atol=0.01)  # y does not change with the size of x
