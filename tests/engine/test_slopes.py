"""Every op's gradient rule against finite differences, in float64 on the reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from dlterm.engine import ops
from dlterm.engine.reference import ReferenceMachine
from tests.engine.support import Argument, Probe, each, label, once, target

if TYPE_CHECKING:
    from collections.abc import Callable

    from dlterm.engine.graph import Tensor

EPSILON = 1e-5


def dropped(x: Tensor) -> Tensor:
    return ops.dropout(x, stream=7)


OPS: dict[str, tuple[Callable[..., Tensor], tuple[Argument, ...]]] = {
    "linear": (ops.linear, (each(3), once(5, 3), once(5))),
    "linear of one unit": (ops.linear, (each(1), once(1, 1), once(1))),
    "identity": (ops.identity, (each(4),)),
    "tanh": (ops.tanh, (each(4),)),
    "sigmoid": (ops.sigmoid, (each(4),)),
    "relu": (ops.relu, (each(4),)),
    "leaky_relu": (ops.leaky_relu, (each(4),)),
    "step": (ops.step, (each(4),)),
    "softmax": (ops.softmax, (each(4),)),
    "dropout": (dropped, (each(40),)),
    "add": (ops.add, (each(2, 3), each(2, 3))),
    "subtract": (ops.subtract, (each(2, 3), each(2, 3))),
    "multiply": (ops.multiply, (each(2, 3), each(2, 3))),
    "divide": (ops.divide, (each(2, 3), each(2, 3))),
    "negative": (ops.negative, (each(2, 3),)),
    "negative of a parameter": (ops.negative, (once(17),)),
    "multiply, one factor for all": (lambda a, b: a * b, (each(2, 3), once(3))),
    "divide, both broadcast": (lambda a, b: a / b, (each(2, 1), once(1, 3))),
    "subtract from a number": (lambda a: 2.0 - a, (each(3),)),
    "divide a number": (lambda a: 2.0 / a, (each(3),)),
    "reduce_sum": (ops.reduce_sum, (each(2, 3),)),
    "reduce_sum over an axis": (lambda a: ops.reduce_sum(a, shape=(2, 1), batched=True), (each(2, 3),)),
    "reduce_sum over the batch": (lambda a: ops.reduce_sum(a, shape=(2, 3)), (each(2, 3),)),
    "reduce_mean": (ops.reduce_mean, (each(2, 3),)),
    "reduce_mean of a parameter": (lambda a: ops.reduce_mean(a, shape=(3,)), (once(2, 3),)),
    "reduce_mean over an axis": (lambda a: ops.reduce_mean(a, shape=(3,), batched=True), (each(2, 3),)),
    "reduce_mean over the batch": (lambda a: ops.reduce_mean(a, shape=(2, 3)), (each(2, 3),)),
    "mse": (ops.mse, (each(3), target(3))),
    "binary_cross_entropy": (ops.binary_cross_entropy, (each(3), target(3))),
    "cross_entropy": (ops.cross_entropy, (each(3), label(3))),
}


@pytest.mark.parametrize("fused", [True, False], ids=["fused", "not fused"])
@pytest.mark.parametrize("name", OPS)
def test_the_gradient_rule_is_the_slope(name: str, fused: bool) -> None:
    op, arguments = OPS[name]
    probe = Probe(op, arguments, examples=5, batch=3, fused=fused)
    machine = ReferenceMachine(probe.plan, dtype=np.float64)
    machine.memory.set_hyper(dropout=0.3)
    rng = np.random.default_rng(1)
    probe.run(machine)
    parameters = machine.memory.parameters()
    start = {key: value.copy() for key, value in parameters.items()}
    slopes = {key: value.copy() for key, value in machine.memory.gradients().items()}
    for _ in range(3):
        direction = {key: rng.normal(size=value.shape) for key, value in start.items()}
        ends = []
        for sign in (1, -1):
            for key, value in parameters.items():
                value[...] = start[key] + sign * EPSILON * direction[key]
            ends.append(probe.value(machine))
        measured = (ends[0] - ends[1]) / (2 * EPSILON)
        predicted = sum(float((slopes[key] * direction[key]).sum()) for key in start)
        np.testing.assert_allclose(measured, predicted, rtol=1e-6, atol=1e-8)


def test_every_op_with_a_gradient_is_checked() -> None:
    checked = {name.partition(" ")[0].rstrip(",") for name in OPS}
    with_a_rule = {name for name in ops.__all__ if getattr(getattr(ops, name), "gradient", None) is not None}
    assert (
        with_a_rule - {"broadcast_to", "sum_to"} <= checked
    )  # those two are what broadcasting and reduce_* make
