"""softmax over the features: y_k = e^(x_k) / sum_j e^(x_j), with its gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlterm.engine.graph import Call, Node, Op, Spec, Tensor
from dlterm.engine.native import Kernel
from dlterm.engine.vector import LANES, fma, helper, load, maximum, offset, splat, store
from dlterm.engine.vector_math import exp, put

F = np.float32


@helper
def largest(x: Any, K: Any, B: Any, n: Any) -> Any:
    """The largest of x[0..K] in the lanes from n on: subtracted, so that no exponential overflows."""
    top = load(x, n)
    for k in range(1, K):
        top = maximum(top, load(x, k * B + n))
    return top


def _softmax(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """Row: y x, K B."""
    y, x, K, B = offset(floats, row[4]), offset(floats, row[5]), row[6], row[7]
    for n in range(0, B, LANES):
        top, sum = largest(x, K, B, n), splat(F(0))
        for k in range(K):
            e = exp(load(x, k * B + n) - top)
            sum = sum + e
            store(y, k * B + n, e)
        for k in range(K):
            store(y, k * B + n, load(y, k * B + n) / sum)


def _gradient_kernel(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """dx_k = y_k (dy_k - sum_j dy_j y_j); row: dx dy y, K B."""
    dx, dy, y = offset(floats, row[4]), offset(floats, row[5]), offset(floats, row[6])
    K, B = row[7], row[8]
    for n in range(0, B, LANES):
        s = splat(F(0))
        for k in range(K):
            s = fma(load(dy, k * B + n), load(y, k * B + n), s)
        for k in range(K):
            put(dx, k * B + n, load(y, k * B + n) * (load(dy, k * B + n) - s), row[3])


def reference(x: Any) -> Any:
    """Softmax over the first axis of an array."""
    e = np.exp(x - x.max(0))
    return e / e.sum(0)


def _reference_dx(call: Call) -> Any:
    dy, y = call.inputs
    return y * (dy - (dy * y).sum(0))


def _infer(x: Spec) -> Spec:
    if x != Spec(x.shape) or len(x.shape) != 1:
        raise ValueError(f"softmax takes one vector an example, not {x}")
    return x


def classes(node: Node, lanes: int) -> tuple[int, int]:
    """K, B."""
    return node.inputs[0].shape[0], lanes


def _gradient(node: Node, dy: Tensor) -> tuple[Tensor]:
    return (softmax_dx(dy, node.outputs[0]),)


softmax = Op(
    "softmax", _infer, lambda call: reference(call.inputs[0]), Kernel("softmax", _softmax), classes, _gradient
)
softmax_dx = Op(
    "softmax_dx",
    lambda dy, y: y,
    _reference_dx,
    Kernel("softmax_dx", _gradient_kernel),
    classes,
    accumulates=True,
)
