"""layer_norm and group_norm: each example's numbers, or groups of them, to mean 0 and variance 1, scaled and shifted.

y = gamma (x - mean) / sqrt(variance + 1e-5) + beta. Ba, Kiros and Hinton, "Layer Normalization", 2016,
arXiv:1607.06450: over the last axis, at every place of the leading ones. Wu and He, "Group Normalization", ECCV 2018,
arXiv:1803.08494: over the channels of a group and all places of the image.

Both are one thing in memory. x is [R, C, S, B]: R places of C channels (features) of S numbers; every N channels that
follow each other are normalised together; gamma and beta have C numbers. A layer norm has S = 1 and N = C; a group
norm R = 1 and N = C / groups. The mean and 1 / sqrt(variance + 1e-5) of every N channels are kept for the gradient.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from dlterm.engine.graph import Call, Node, Op, Spec, Tensor
from dlterm.engine.native import Kernel
from dlterm.engine.ops.moments import EPSILON, squares_of, sum_of
from dlterm.engine.vector import LANES, fma, load, offset, splat, sqrt, store, total
from dlterm.engine.vector_math import put

if TYPE_CHECKING:
    from collections.abc import Callable

F = np.float32
Layout = tuple[int, int, int, int]  # R, C, S, N


def _forward(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """Row: y mean rstd x gamma beta, R C S N B."""
    y, mean, rstd = offset(floats, row[4]), offset(floats, row[5]), offset(floats, row[6])
    x, gamma, beta = offset(floats, row[7]), offset(floats, row[8]), offset(floats, row[9])
    R, C, S, N, B = row[10], row[11], row[12], row[13], row[14]
    share = F(1) / F(N * S)
    for q in range(R * C // N):
        for n in range(0, B, LANES):
            at = q * N * S * B + n
            u, v = offset(x, at), offset(y, at)
            m = sum_of(u, N * S, B) * share
            r = splat(F(1)) / sqrt(squares_of(u, m, N * S, B) * share + F(EPSILON))
            store(mean, q * B + n, m)
            store(rstd, q * B + n, r)
            for i in range(N):
                c = (q * N + i) % C
                scale, shift = r * gamma[c], splat(beta[c])
                for k in range(i * S, i * S + S):
                    store(v, k * B, fma(load(u, k * B) - m, scale, shift))


def _input_gradient(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """dx = rstd (dz - mean of dz - z mean of dz z), z the normalised x and dz = gamma dy.

    Row: dx dy x gamma mean rstd, R C S N B.
    """
    dx, dy, x = offset(floats, row[4]), offset(floats, row[5]), offset(floats, row[6])
    gamma, mean, rstd = offset(floats, row[7]), offset(floats, row[8]), offset(floats, row[9])
    R, C, S, N, B = row[10], row[11], row[12], row[13], row[14]
    share = F(1) / F(N * S)
    for q in range(R * C // N):
        for n in range(0, B, LANES):
            at = q * N * S * B + n
            d, u, v = offset(dy, at), offset(x, at), offset(dx, at)
            m, r = load(mean, q * B + n), load(rstd, q * B + n)
            sum, product = splat(F(0)), splat(F(0))
            for i in range(N):
                g = gamma[(q * N + i) % C]
                for k in range(i * S, i * S + S):
                    dz = load(d, k * B) * g
                    sum = sum + dz
                    product = fma(dz, load(u, k * B) - m, product)
            sum, product = sum * share, product * r * r * share
            for i in range(N):
                g = gamma[(q * N + i) % C]
                for k in range(i * S, i * S + S):
                    dz = load(d, k * B) * g - sum - (load(u, k * B) - m) * product
                    put(v, k * B, dz * r, row[3])


def _parameter_gradients(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """dgamma = sum of dy z, dbeta = sum of dy, over the examples and all that share them; padded lanes of dy are 0.

    Row: dgamma dbeta dy x mean rstd, R C S N B.
    """
    dgamma, dbeta = offset(floats, row[4]), offset(floats, row[5])
    dy, x = offset(floats, row[6]), offset(floats, row[7])
    mean, rstd = offset(floats, row[8]), offset(floats, row[9])
    R, C, S, N, B = row[10], row[11], row[12], row[13], row[14]
    for c in range(C):
        product, sum = splat(F(0)), splat(F(0))
        for p in range(c, R * C, C):
            for n in range(0, B, LANES):
                d, u = offset(dy, p * S * B + n), offset(x, p * S * B + n)
                m, r = load(mean, p // N * B + n), load(rstd, p // N * B + n)
                for k in range(S):
                    v = load(d, k * B)
                    sum = sum + v
                    product = fma((load(u, k * B) - m) * r, v, product)
        dgamma[c] = total(product)
        dbeta[c] = total(sum)


def _reference(call: Call, layout: Layout) -> tuple[Any, Any, Any]:
    x, gamma, beta = call.inputs
    R, C, S, N = layout
    together = x.reshape(R * C // N, N * S, -1)
    mean = together.mean(1, keepdims=True)
    rstd = 1 / np.sqrt(together.var(1, keepdims=True) + x.dtype.type(EPSILON))
    z = ((together - mean) * rstd).reshape(R, C, S, -1)
    y = z * gamma[:, None, None] + beta[:, None, None]
    return y.reshape(x.shape), mean[:, 0], rstd[:, 0]


def _reference_dx(call: Call) -> Any:
    dy, x, gamma, mean, rstd = call.inputs
    R, C, S, N = call.attributes["layout"]
    together = (R * C // N, N * S, -1)
    dz = (dy.reshape(R, C, S, -1) * gamma[:, None, None]).reshape(together)
    z = (x.reshape(together) - mean[:, None]) * rstd[:, None]
    dx = rstd[:, None] * (dz - dz.mean(1, keepdims=True) - z * (dz * z).mean(1, keepdims=True))
    return dx.reshape(x.shape)


def _reference_dw(call: Call) -> tuple[Any, Any]:
    dy, x, mean, rstd = call.inputs
    R, C, S, N = call.attributes["layout"]
    dy = dy.reshape(R, C, S, -1)
    z = ((x.reshape(R * C // N, N * S, -1) - mean[:, None]) * rstd[:, None]).reshape(dy.shape)
    return (dy * z).sum((0, 2, 3)), dy.sum((0, 2, 3))


def _norm(name: str, layout: Callable[..., Layout]) -> Op:
    """A norm by its `layout(x, **attributes)`, which raises ValueError where x does not fit."""

    def infer(x: Spec, gamma: Spec, beta: Spec, **attributes: Any) -> tuple[Spec, Spec, Spec]:
        if x != Spec(x.shape) or not x.shape:
            raise ValueError(f"{name} takes numbers of every example along an axis, not {x}")
        R, C, _space, N = layout(x, **attributes)
        if not gamma == beta == Spec((C,), batched=False):
            raise ValueError(f"{name}: {gamma} and {beta} do not fit the {C} channels of {x}")
        return x, Spec((R * C // N,)), Spec((R * C // N,))

    def of(node: Node) -> Layout:
        return layout(node.inputs[0].spec, **node.attributes)

    def gradient(node: Node, dy: Tensor, *_unused: None) -> tuple[Tensor, ...]:
        (x, gamma, _), (_, mean, rstd) = node.inputs, node.outputs
        dx = norm_dx(dy, x, gamma, mean, rstd, layout=of(node))
        return dx, *norm_dw.apply(dy, x, mean, rstd, layout=of(node)).outputs

    return Op(
        name,
        infer,
        lambda call: _reference(call, layout(call.input_specs[0], **call.attributes)),
        _KERNEL,
        lambda node, lanes: (*of(node), lanes),
        gradient,
    )


def _over_the_last_axis(x: Spec) -> Layout:
    return math.prod(x.shape[:-1]), x.shape[-1], 1, x.shape[-1]


def _over_groups(x: Spec, *, groups: int) -> Layout:
    channels = x.shape[0]
    if groups < 1 or channels % groups:
        raise ValueError(f"group_norm: {channels} channels do not fit into {groups} groups")
    return 1, channels, math.prod(x.shape[1:]), channels // groups


def _layout(node: Node, lanes: int) -> tuple[int, ...]:
    return (*node.attributes["layout"], lanes)


_KERNEL = Kernel("norm", _forward)
layer_norm = _norm("layer_norm", _over_the_last_axis)
group_norm = _norm("group_norm", _over_groups)
norm_dx = Op(
    "norm_dx",
    lambda dy, x, gamma, mean, rstd, *, layout: x,
    _reference_dx,
    Kernel("norm_dx", _input_gradient),
    _layout,
    accumulates=True,
)
norm_dw = Op(
    "norm_dw",
    lambda dy, x, mean, rstd, *, layout: [Spec((layout[1],), batched=False)] * 2,
    _reference_dw,
    Kernel("norm_dw", _parameter_gradients),
    _layout,
)
