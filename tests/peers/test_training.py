"""Whole training runs, step by step beside PyTorch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlterm.engine.machine import Machine
from dlterm.engine.memory import Cursor, Fetch
from tests.engine.support import net
from tests.peers.support import assert_close, quick, seeds
from tests.peers.twin import Twin

HYPER = {"lr": 0.01, "momentum": 0.9, "epsilon": 1e-8, "l1": 0.0, "l2": 0.0, "dropout": 0.0}


def both(
    sizes: tuple[int, ...],
    *,
    examples: int,
    batch: int,
    seed: int,
    rates: list[tuple[int, float]],
    **how: Any,
) -> tuple[np.ndarray, np.ndarray, Machine, Twin]:
    """Train for so many steps at each rate: the losses of the machine, of PyTorch, and the two themselves."""
    names = ("activation", "loss", "optimizer")
    activation, loss, optimizer = (how.pop(name) for name in names)
    schedule, clip = how.pop("schedule", "constant"), how.pop("clip", None)
    hyper = HYPER | how
    subject = net(
        sizes, loss=loss, examples=examples, seed=seed % 1000, activation=activation,
        dropout=bool(hyper["dropout"]), batch=batch, optimizer=optimizer,
        schedule=schedule, clip=clip is not None,
    )  # fmt: skip
    machine = Machine(subject.plan, seed=seed)
    machine.memory.set_hyper(**hyper, clip=clip or 0.0)
    twin = Twin(
        subject,
        seed,
        activation=activation,
        loss=loss,
        optimizer=optimizer,
        clip=clip,
        schedule=schedule,
        **hyper,
    )
    cursor, mine, theirs = Cursor(), [], []
    for steps, lr in rates:
        machine.memory.set_hyper(lr=lr)
        twin.set_lr(lr)
        fetch = Fetch(subject.loss, np.empty(steps, np.float32))
        machine.run("train", subject.feeds, cursor, steps, shuffle=True, fetches=[fetch])
        mine.append(fetch.array)
        theirs.append(twin.train(steps))
    return np.concatenate(mine), np.concatenate(theirs), machine, twin


RUNS: list[dict[str, Any]] = [
    {"activation": "tanh", "loss": "mse", "optimizer": "sgd"},
    {"activation": "relu", "loss": "cross_entropy", "optimizer": "adam"},
    {"activation": "sigmoid", "loss": "binary_cross_entropy", "optimizer": "momentum"},
    {"activation": "relu", "loss": "cross_entropy", "optimizer": "adam", "dropout": 0.1, "l2": 0.01},
    {"activation": "gelu", "loss": "mae", "optimizer": "nesterov", "l2": 0.01},
    {"activation": "silu", "loss": "huber", "optimizer": "rmsprop", "epsilon": 1e-4},
    {"activation": "softplus", "loss": "hinge", "optimizer": "adamw", "l2": 0.1},
    {"activation": "tanh", "loss": "mse", "optimizer": "sgd", "clip": 0.3},
    {
        "activation": "tanh",
        "loss": "mse",
        "optimizer": "adam",
        "schedule": "step",
        "period": 8.0,
        "gamma": 0.5,
    },
    {"activation": "tanh", "loss": "mse", "optimizer": "momentum", "schedule": "cosine", "period": 60.0},
    {"activation": "tanh", "loss": "mse", "optimizer": "sgd", "schedule": "warmup", "warmup": 9.0},
]


@pytest.mark.parametrize("run", RUNS, ids=lambda run: "-".join(map(str, run.values())))
@pytest.mark.parametrize("seed", range(3))
def test_fifty_steps_follow_pytorch(run: dict[str, Any], seed: int) -> None:
    mine, theirs, *_ = both(
        (2, 8, 6, 3), examples=107, batch=10, seed=seed, rates=[(50, 0.03)], **({"lr": 0.03} | run)
    )
    np.testing.assert_allclose(mine, theirs, rtol=1e-4)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw"])
@quick
@given(
    sizes=st.lists(st.integers(1, 18), min_size=2, max_size=4).map(tuple),
    examples=st.integers(1, 40),
    batch=st.sampled_from([1, 10, 15, 16, 17]),
    l1=st.sampled_from([0.0, 0.01, 0.1]),
    l2=st.sampled_from([0.0, 0.01, 0.1]),
    momentum=st.floats(0, 0.95),
    lr=st.floats(0, 0.1),
    seed=seeds,
)
def test_optimizers_leave_the_same_weights_with_decay_and_changing_rates(
    optimizer: str, sizes: tuple[int, ...], examples: int, batch: int, lr: float, seed: int, **hyper: float
) -> None:
    # With Adam's usual epsilon a gradient that is 0 but for rounding moves a weight by a whole lr, in either direction.
    mine, theirs, machine, twin = both(
        sizes, examples=examples, batch=batch, seed=seed, rates=[(4, lr), (3, lr / 3), (3, 0.05)],
        activation="tanh", loss="mse", optimizer=optimizer, epsilon=1e-3, **hyper,
    )  # fmt: skip
    # What is rounded at 1e-7 leaves squares of 1e-9 with an error of some 1e-12, whoever computes them.
    np.testing.assert_allclose(mine, theirs, rtol=1e-4, atol=1e-10)
    for name, values in machine.memory.parameters().items():
        assert_close(values, twin.parameters[name].detach(), tolerance=1e-4)


@pytest.mark.parametrize("clip", [0.05, 0.2, 100.0])
def test_a_gradient_is_clipped_as_in_pytorch_and_its_norm_is_told(clip: float) -> None:
    how = {"activation": "tanh", "loss": "mse", "optimizer": "sgd", "clip": clip}
    mine, theirs, machine, twin = both(
        (3, 8, 2), examples=40, batch=10, seed=1, rates=[(30, 0.5)], lr=0.5, **how
    )
    np.testing.assert_allclose(mine, theirs, rtol=1e-4)
    (span,) = machine.plan.norms
    assert float(machine.memory.view(span)[0]) == pytest.approx(twin.norms[-1], rel=1e-4)
    assert clip == 100 or max(twin.norms) > clip, "nothing was clipped"
