"""Reverse mode over graphs that are not chains: tensors used twice, shared gradients, accumulation."""

from __future__ import annotations

import functools
import operator
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlterm.engine import ops
from dlterm.engine.gradient import gradients
from dlterm.engine.graph import parameter, variable
from dlterm.engine.machine import Machine
from dlterm.engine.memory import Cursor, Feed
from dlterm.engine.plan import plan
from dlterm.engine.reference import ReferenceMachine

if TYPE_CHECKING:
    from collections.abc import Callable

    from dlterm.engine.graph import Tensor

A, B = np.array([0.5, -0.3, 0.8]), np.array([0.2, 0.7, -0.4])


def slopes(
    build: Callable[[Tensor, Tensor], Tensor], *, fused: bool, reference: bool
) -> dict[str, np.ndarray]:
    """The gradients for the parameters a and b of the loss that `build` makes, over a batch of two ones."""
    one = variable("one", ())
    loss = build(parameter("a", A), parameter("b", B)) * ops.reduce_mean(one)
    planned = plan(loss, [], batch=2, fused=fused)
    machine = ReferenceMachine(planned) if reference else Machine(planned)
    machine.run("gradient", [Feed(one, np.ones(2, np.float32))], Cursor(), 1)
    return machine.memory.gradients()


def total(x: Tensor) -> Tensor:
    return ops.reduce_sum(x)


def diamond(a: Tensor, b: Tensor) -> Tensor:
    left, right = ops.tanh(a) * b, ops.sigmoid(a)
    return total(left * right)


def long_and_short_way(a: Tensor, b: Tensor) -> Tensor:
    return total(ops.tanh(ops.tanh(ops.tanh(a))) + a * b)


def shared_by_two_with_later_uses(a: Tensor, b: Tensor) -> Tensor:
    """The gradient of c goes through to both of its terms, and each term has another use."""
    a, b = ops.tanh(a), ops.tanh(b)
    c = a + b
    return total(c * 3.0) + total(a * 2.0) + total(b * 5.0)


def shared_by_two_with_earlier_uses(a: Tensor, b: Tensor) -> Tensor:
    a, b = ops.tanh(a), ops.tanh(b)
    early = total(a * 2.0)
    return early + total((a + b) * 3.0)


def passed_through_twice(a: Tensor, b: Tensor) -> Tensor:
    a, b = ops.tanh(a), ops.tanh(b)
    early = total(a * 2.0) + total(b * 4.0)
    return early + total(ops.identity(ops.identity(a) + b) * 3.0)


GRAPHS: dict[str, tuple[Callable[[Tensor, Tensor], Tensor], np.ndarray, np.ndarray]] = {
    "a tensor times itself": (lambda a, b: total(a * a * b), 2 * A * B, A * A),
    "a tensor plus itself": (lambda a, b: total(a + a + b), 0 * A + 2, 0 * B + 1),
    "a tensor minus itself": (lambda a, b: total(a - a + b), 0 * A, 0 * B + 1),
    "a tensor over itself": (lambda a, b: total(a / a * b), 0 * A, 0 * B + 1),
    "a parameter in two places": (lambda a, b: total(a * b) + total(a * 7.0), B + 7, A),
    "a parameter in three places": (
        lambda a, b: total(a * b) + total(a * 7.0) + total(ops.tanh(a)),
        B + 7 + 1 - np.tanh(A) ** 2,
        A,
    ),
    "a diamond": (
        diamond,
        B * ((1 - np.tanh(A) ** 2) / (1 + np.exp(-A)) + np.tanh(A) * np.exp(-A) / (1 + np.exp(-A)) ** 2),
        np.tanh(A) / (1 + np.exp(-A)),
    ),
    "a long way and a short one": (
        long_and_short_way,
        (1 - np.tanh(np.tanh(np.tanh(A))) ** 2) * (1 - np.tanh(np.tanh(A)) ** 2) * (1 - np.tanh(A) ** 2) + B,
        A,
    ),
    "shared by two, used later": (
        shared_by_two_with_later_uses,
        5 * (1 - np.tanh(A) ** 2),
        8 * (1 - np.tanh(B) ** 2),
    ),
    "shared by two, used earlier": (
        shared_by_two_with_earlier_uses,
        5 * (1 - np.tanh(A) ** 2),
        3 * (1 - np.tanh(B) ** 2),
    ),
    "passed through twice": (
        passed_through_twice,
        5 * (1 - np.tanh(A) ** 2),
        7 * (1 - np.tanh(B) ** 2),
    ),
    "directly the sum": (lambda a, b: total(a) + total(b), 0 * A + 1, 0 * B + 1),
}


@pytest.mark.parametrize("reference", [False, True], ids=["machine", "reference"])
@pytest.mark.parametrize("fused", [True, False], ids=["fused", "not fused"])
@pytest.mark.parametrize("name", GRAPHS)
def test_every_path_to_a_parameter_counts_once(name: str, fused: bool, reference: bool) -> None:
    build, da, db = GRAPHS[name]
    found = slopes(build, fused=fused, reference=reference)
    np.testing.assert_allclose(found["a"], da, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(found["b"], db, rtol=1e-5, atol=1e-6)


STEPS: list[Callable[[Tensor, Tensor], Tensor]] = [
    lambda x, y: x + y,
    lambda x, y: x - y,
    lambda x, y: x * y,
    lambda x, _: ops.tanh(x),
    lambda x, _: ops.identity(x),
    lambda x, _: -x,
]


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(range(len(STEPS))), st.integers(0, 9), st.integers(0, 9)), max_size=9
    ),
    ends=st.lists(st.integers(0, 9), min_size=1, max_size=3),
)
def test_any_graph_has_the_gradient_of_its_slope(steps: list[tuple[int, int, int]], ends: list[int]) -> None:
    def build(a: Tensor, b: Tensor) -> Tensor:
        made = [a, b]
        for step, first, second in steps:
            made.append(STEPS[step](made[first % len(made)], made[second % len(made)]))
        sums = [total(a * 0.5), total(b * 0.5), *(total(made[-1 - end % len(made)] * 0.3) for end in ends)]
        return functools.reduce(operator.add, sums)

    one = variable("one", ())
    loss = build(parameter("a", A), parameter("b", B)) * ops.reduce_mean(one)
    machine = ReferenceMachine(plan(loss, [], batch=1), dtype=np.float64)
    feeds = [Feed(one, np.ones(1, np.float32))]

    def value() -> float:
        machine.run("gradient", feeds, Cursor(), 1)
        return float(machine.memory.view(machine.plan.tapes["gradient"].spans[loss])[0])

    value()
    for name, slope in {name: g.copy() for name, g in machine.memory.gradients().items()}.items():
        numbers = machine.memory.parameters()[name]
        numbers += 1e-5
        up = value()
        numbers -= 2e-5
        down = value()
        numbers += 1e-5
        np.testing.assert_allclose((up - down) / 2e-5, slope.sum(), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("fused", [True, False], ids=["fused", "not fused"])
def test_a_weight_shared_by_two_layers_gets_both_gradients(fused: bool) -> None:
    rng = np.random.default_rng(0)
    data = rng.normal(size=(5, 4)).astype(np.float32)
    x = variable("x", (4,))
    w, b = parameter("w", rng.normal(size=(4, 4))), parameter("b", rng.normal(size=4))
    z = ops.linear(ops.tanh(ops.linear(x, w, b)), w, b)
    machine = Machine(plan(ops.reduce_sum(z), [z], batch=5, fused=fused))
    machine.run("gradient", [Feed(x, data)], Cursor(), 1)
    assert w.initial is not None
    assert b.initial is not None
    h = np.tanh(data @ w.initial.T + b.initial)
    dh = w.initial.sum(0) * (1 - h * h)
    found = machine.memory.gradients()
    np.testing.assert_allclose(found["w"], h.sum(0)[None] + dh.T @ data, rtol=1e-4)
    np.testing.assert_allclose(found["b"], 5 + dh.sum(0), rtol=1e-4)


def test_a_gradient_starts_from_one_number() -> None:
    a = parameter("a", A)
    with pytest.raises(ValueError, match="starts from one number"):
        gradients(a * 2.0, [a])


def test_a_loss_that_does_not_depend_on_a_parameter_names_it() -> None:
    a, lonely = parameter("a", A), parameter("lonely", B)
    with pytest.raises(ValueError, match="does not depend on lonely"):
        gradients(ops.reduce_sum(a), [a, lonely])
