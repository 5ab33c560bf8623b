"""What a plan trains: frozen parameters stay, several trainings take turns, schedules and clipping change a step."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dlterm.engine import ops
from dlterm.engine.graph import buffer, parameter, variable
from dlterm.engine.machine import Machine
from dlterm.engine.memory import Cursor, Feed
from dlterm.engine.plan import Training, plan
from dlterm.engine.reference import ReferenceMachine
from tests.engine.support import net, persistent_bits

if TYPE_CHECKING:
    from collections.abc import Callable

    from dlterm.engine.graph import Tensor
    from dlterm.engine.plan import Plan

MACHINES = pytest.mark.parametrize("machine", [Machine, ReferenceMachine], ids=["machine", "reference"])


class Duel:
    """Two numbers a and b, trained in turn: a towards b + x, b towards 2 a, by half the way each."""

    def __init__(self, **how: Any) -> None:
        self.x = variable("x", ())
        self.a, self.b = parameter("a", np.array(1.0)), parameter("b", np.array(10.0))
        mean = ops.reduce_mean(self.x)
        to_a, to_b = self.a - self.b - mean, self.b - self.a * 2.0
        self.plan = plan(
            [Training(to_a * to_a, [self.a]), Training(to_b * to_b, [self.b])], [], batch=2, **how
        )

    def after(self, steps: int, machine: Callable[..., Any]) -> tuple[float, float]:
        running = machine(self.plan)
        running.memory.set_hyper(lr=0.25)
        running.run("train", [Feed(self.x, np.ones(2, np.float32))], Cursor(), steps)
        numbers = running.memory.parameters()
        return float(numbers["a"]), float(numbers["b"])


@MACHINES
@pytest.mark.parametrize("fused", [True, False])
def test_each_training_sees_what_the_one_before_has_learned(machine: Callable[..., Any], fused: bool) -> None:
    a, b = 1.0, 10.0
    for steps in range(1, 5):
        a = (a + b + 1.0) / 2
        b = (b + 2 * a) / 2  # the new a
        assert Duel(fused=fused).after(steps, machine) == pytest.approx((a, b), rel=1e-6)


def test_what_an_earlier_phase_made_is_used_again_unless_a_step_made_it_stale() -> None:
    duel = Duel(fused=False)
    made = [i.node.op.name for i in duel.plan.tapes["train"].instructions]
    assert made.count("sgd") == 2
    assert made.count("sum_to") == 1  # the mean of x serves both

    x, w = variable("x", (3,)), parameter("w", np.ones((2, 3)))
    h = ops.linear(x, w, parameter("b", np.zeros(2)))
    v = parameter("v", np.ones(2))
    first, second = ops.reduce_sum(h * h), ops.reduce_sum(h * v)
    both = plan([Training(first, [w]), Training(second, [v])], [], fused=False)
    made = [i.node.op.name for i in both.tapes["train"].instructions]
    assert made.count("linear") == 2  # the first step has changed w


@MACHINES
def test_each_training_has_hyper_parameters_of_its_own(machine: Callable[..., Any]) -> None:
    duel = Duel()
    running = machine(duel.plan)
    running.memory.set_hyper(lr=0.25)
    running.memory.set_hyper(1, lr=0.0)
    running.run("train", [Feed(duel.x, np.ones(2, np.float32))], Cursor(), 3)
    assert running.memory.parameters()["b"] == 10
    assert running.memory.parameters()["a"] != 1


def test_no_parameter_is_trained_twice() -> None:
    a = parameter("a", np.array(1.0))
    with pytest.raises(ValueError, match="two trainings change a"):
        plan([Training(a * a), Training(a * 2.0)], [])


def two_layers(*, frozen: bool) -> tuple[Plan, list[Feed]]:
    x = variable("x", (3,))
    first = parameter("first", np.ones((2, 3)), frozen=frozen)
    h = ops.tanh(ops.linear(x, first, parameter("bias", np.zeros(2), frozen=frozen)))
    last = ops.linear(h, parameter("last", np.ones((1, 2))), parameter("bias of last", np.zeros(1)))
    data = np.random.default_rng(0).normal(size=(20, 3)).astype(np.float32)
    return plan(ops.reduce_mean(last * last), [last], optimizer="adam"), [Feed(x, data)]


@MACHINES
def test_frozen_parameters_stay_and_are_kept(machine: Callable[..., Any]) -> None:
    planned, feeds = two_layers(frozen=True)
    running = machine(planned)
    before = persistent_bits(running)
    running.run("train", feeds, Cursor(), 5)
    after = persistent_bits(running)
    changed = {name for name in after if after[name] != before[name]}
    assert {"first", "bias"} <= after.keys() - changed
    assert {"last", "bias of last"} <= changed
    assert set(running.memory.gradients()) == {"last", "bias of last"}


def test_what_is_frozen_costs_no_gradient() -> None:
    def length(*, frozen: bool) -> int:
        return len(two_layers(frozen=frozen)[0].tapes["train"].instructions)

    assert length(frozen=True) < length(frozen=False)


def rates(machine: Callable[..., Any], chunks: list[int], *, schedule: str, **hyper: float) -> list[float]:
    """How far plain SGD has gone after each chunk of steps along a gradient of -1."""
    x, w = variable("x", ()), parameter("w", np.zeros(()))
    planned = plan(ops.reduce_mean(x) * w, [], schedule=schedule)
    running = machine(planned)
    running.memory.set_hyper(lr=1.0, **hyper)
    cursor, way = Cursor(), []
    for steps in chunks:
        running.run("train", [Feed(x, -np.ones(4, np.float32))], cursor, steps)
        way.append(float(running.memory.parameters()["w"]))
    return way


SHAPES: dict[str, tuple[dict[str, float], Callable[[int], float]]] = {
    "constant": ({}, lambda t: 1.0),
    "step": ({"period": 4.0, "gamma": 0.5}, lambda t: 0.5 ** (t // 4)),
    "cosine": ({"period": 8.0}, lambda t: (1 + math.cos(math.pi * min(t / 8, 1))) / 2),
}


@MACHINES
@pytest.mark.parametrize("warmup", [0, 3])
@pytest.mark.parametrize("name", SHAPES)
def test_a_schedule_sets_the_rate_of_every_step(machine: Callable[..., Any], name: str, warmup: int) -> None:
    hyper, shape = SHAPES[name]
    steps = range(12)
    expected = [(t + 1) / (warmup + 1) if t < warmup else shape(t - warmup) for t in steps]
    kind = name if name != "constant" or not warmup else "warmup"
    one_by_one = rates(machine, [1] * 12, schedule=kind, warmup=float(warmup), **hyper)
    assert np.diff([0, *one_by_one]) == pytest.approx(expected, abs=1e-6)
    assert rates(machine, [5, 7], schedule=kind, warmup=float(warmup), **hyper)[-1] == one_by_one[-1]


@MACHINES
@pytest.mark.parametrize("clip", [0.0, 0.01, 1e6])
def test_clipping_shortens_the_gradient_and_keeps_its_direction(
    machine: Callable[..., Any], clip: float
) -> None:
    def gradients(**how: Any) -> tuple[dict[str, np.ndarray], Any]:
        subject = net(seed=1, **how)
        running = machine(subject.plan)
        running.memory.set_hyper(clip=clip, lr=0.0)
        running.run("train", subject.feeds, Cursor(), 1)
        return running.memory.gradients(), running

    whole, _ = gradients()
    clipped, running = gradients(clip=True)
    norm = math.sqrt(sum(float((g * g).sum()) for g in whole.values()))
    (span,) = running.plan.norms
    assert float(running.memory.view(span)[0]) == pytest.approx(norm, rel=1e-5)
    factor = min(1.0, clip / norm) if clip else 1.0
    for name, g in whole.items():
        np.testing.assert_allclose(clipped[name], g * factor, rtol=1e-4, atol=1e-7)


def test_a_buffer_is_kept_with_the_parameters() -> None:
    x, mean = variable("x", ()), buffer("mean", np.array([1.0, 2.0]))
    y: Tensor = ops.reduce_mean(x) * ops.reduce_sum(mean) * parameter("w", np.array(3.0))
    machine = Machine(plan(y, []))
    assert machine.memory.buffers()["mean"].tolist() == [1, 2]
    assert "mean" in machine.memory.persistent()
    saved = machine.memory.save()
    machine.memory.buffers()["mean"][:] = 0
    machine.memory.restore(saved)
    assert machine.memory.buffers()["mean"].tolist() == [1, 2]
