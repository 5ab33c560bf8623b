"""softmax and log_softmax over the last axis: y_k = e^(x_k) / sum_j e^(x_j), and its logarithm, with their gradients.

In memory x is [L, K, B], where L counts the places of the leading axes. With `causal`, which takes scores [..., T, T],
row t sees the columns 0 to t, and the others become 0: what a token may look at in Vaswani et al., "Attention Is All
You Need", NeurIPS 2017, arXiv:1706.03762.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dlterm.engine.graph import Call, Node, Op, Spec, Tensor
from dlterm.engine.native import Kernel
from dlterm.engine.vector import LANES, fma, helper, load, maximum, offset, splat, store
from dlterm.engine.vector_math import exp, log, put

F = np.float32


@helper
def largest(x: Any, K: Any, B: Any, n: Any) -> Any:
    """The largest of x[0..K] in the lanes from n on: subtracted, so that no exponential overflows."""
    top = load(x, n)
    for k in range(1, K):
        top = maximum(top, load(x, k * B + n))
    return top


@helper
def _seen(row: Any, K: Any, causal: Any) -> Any:
    return row % K + 1 if causal else K


def _softmax(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """Row: y x, L K causal B."""
    L, K, B = row[6], row[7], row[9]
    for r in range(L):
        y, x = offset(floats, row[4] + r * K * B), offset(floats, row[5] + r * K * B)
        seen = _seen(r, K, row[8])
        for n in range(0, B, LANES):
            top, sum = largest(x, seen, B, n), splat(F(0))
            for k in range(seen):
                e = exp(load(x, k * B + n) - top)
                sum = sum + e
                store(y, k * B + n, e)
            share = splat(F(1)) / sum
            for k in range(seen):
                store(y, k * B + n, load(y, k * B + n) * share)
            for k in range(seen, K):
                store(y, k * B + n, splat(F(0)))


def _gradient_kernel(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """dx_k = y_k (dy_k - sum_j dy_j y_j); row: dx dy y, L K causal B. Where nothing was seen y is 0, and so is dx."""
    L, K, B = row[7], row[8], row[10]
    for r in range(L):
        at = r * K * B
        dx, dy, y = offset(floats, row[4] + at), offset(floats, row[5] + at), offset(floats, row[6] + at)
        seen = _seen(r, K, row[9])
        for n in range(0, B, LANES):
            s = splat(F(0))
            for k in range(seen):
                s = fma(load(dy, k * B + n), load(y, k * B + n), s)
            for k in range(seen):
                put(dx, k * B + n, load(y, k * B + n) * (load(dy, k * B + n) - s), row[3])
            for k in range(seen, K):
                put(dx, k * B + n, splat(F(0)), row[3])


def _log_softmax(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """y_k = x_k - log sum_j e^(x_j); row: y x, L K causal B."""
    L, K, B = row[6], row[7], row[9]
    for r in range(L):
        y, x = offset(floats, row[4] + r * K * B), offset(floats, row[5] + r * K * B)
        for n in range(0, B, LANES):
            top, sum = largest(x, K, B, n), splat(F(0))
            for k in range(K):
                sum = sum + exp(load(x, k * B + n) - top)
            top = top + log(sum) + sum * F(0)  # NaN stays NaN, which log alone would take for a number
            for k in range(K):
                put(y, k * B + n, load(x, k * B + n) - top, row[3])


def _log_gradient(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """dx_k = dy_k - e^(y_k) sum_j dy_j; row: dx dy y, L K causal B."""
    L, K, B = row[7], row[8], row[10]
    for r in range(L):
        at = r * K * B
        dx, dy, y = offset(floats, row[4] + at), offset(floats, row[5] + at), offset(floats, row[6] + at)
        for n in range(0, B, LANES):
            s = splat(F(0))
            for k in range(K):
                s = s + load(dy, k * B + n)
            for k in range(K):
                put(dx, k * B + n, load(dy, k * B + n) - exp(load(y, k * B + n)) * s, row[3])


def reference(x: Any, axis: int = 0) -> Any:
    """Softmax over an axis of an array."""
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


def _masked(call: Call) -> Any:
    (x,) = call.inputs
    if not call.attributes["causal"]:
        return x
    rows, columns = x.shape[-3:-1]
    return np.where(np.tri(rows, columns, dtype=bool)[..., None], x, -np.inf)


def _reference_dx(call: Call) -> Any:
    dy, y = call.inputs
    return y * (dy - (dy * y).sum(-2, keepdims=True))


def _reference_log(call: Call) -> Any:
    (x,) = call.inputs
    top = x.max(-2, keepdims=True)
    return x - top - np.log(np.exp(x - top).sum(-2, keepdims=True))


def _reference_log_dx(call: Call) -> Any:
    dy, y = call.inputs
    return dy - np.exp(y) * dy.sum(-2, keepdims=True)


def _infer(x: Spec, *, causal: bool = False) -> Spec:
    if x != Spec(x.shape) or not x.shape:
        raise ValueError(f"softmax takes one vector an example, or several, not {x}")
    if causal and x.shape[-2:] != x.shape[-1:] * 2:
        raise ValueError(f"causal softmax takes as many rows as columns, not {x}")
    return x


def places(spec: Spec) -> int:
    """L: how many vectors there are in an example."""
    return math.prod(spec.shape[:-1])


def _sizes(node: Node, lanes: int) -> tuple[int, int, int, int]:
    spec = node.outputs[0].spec
    return places(spec), spec.shape[-1], int(node.attributes["causal"]), lanes


def _op(name: str, reference: Any, kernel: Any, gradient: Any = None, *, infer: Any = _infer) -> Op:
    return Op(name, infer, reference, Kernel(name, kernel), _sizes, gradient, accumulates=gradient is None)


def _like_y(dy: Spec, y: Spec, *, causal: bool) -> Spec:
    return y


softmax_dx = _op("softmax_dx", _reference_dx, _gradient_kernel, infer=_like_y)
log_softmax_dx = _op("log_softmax_dx", _reference_log_dx, _log_gradient, infer=_like_y)
_softmax_op = _op(
    "softmax",
    lambda call: reference(_masked(call), -2),
    _softmax,
    lambda node, dy: (softmax_dx(dy, node.outputs[0], **node.attributes),),
)
_log_softmax_op = _op(
    "log_softmax",
    _reference_log,
    _log_softmax,
    lambda node, dy: (log_softmax_dx(dy, node.outputs[0], **node.attributes),),
)


def softmax(x: Tensor, *, causal: bool = False) -> Tensor:
    """[batch, ..., K] to the same: probabilities along the last axis; of `causal` scores, row t's first t + 1."""
    return _softmax_op(x, causal=causal)


def log_softmax(x: Tensor) -> Tensor:
    """[batch, ..., K] to the same: the logarithms of softmax, where none of them has become 0."""
    return _log_softmax_op(x, causal=False)
