"""batch_norm: every channel to mean 0 and variance 1 over the batch's examples and the image, scaled and shifted.

y = gamma (x - mean) / sqrt(variance + 1e-5) + beta. Ioffe and Szegedy, "Batch Normalization: Accelerating Deep Network
Training by Reducing Internal Covariate Shift", ICML 2015, arXiv:1502.03167. x is [C, S, B]: C channels (features) of S
places. In training mean and variance are the batch's own, and the running estimates in the two buffers each move a
tenth of the way towards them, the variance towards its unbiased estimate, as in PyTorch; outside training the running
estimates are used in their place (`batch_norm_fixed`).

A batch of a single number a channel, one example without space, has variance 0: y = beta, no gradient for x, and the
running variance stays as it is, for one number says nothing of it. PyTorch refuses such a batch; here it is usually
the last of an epoch.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dlterm.engine.graph import Call, Node, Op, Spec, Tensor
from dlterm.engine.native import Kernel
from dlterm.engine.ops.broadcast import identity
from dlterm.engine.ops.moments import EPSILON, squares_of, sum_of
from dlterm.engine.vector import LANES, fma, load, offset, splat, store, total
from dlterm.engine.vector_math import keep, put

F = np.float32
MOMENTUM = 0.1  # how much of the way the running estimates move in a step


def _forward(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """Row: y mean rstd x gamma beta running_mean running_variance, C S B."""
    mean, rstd = offset(floats, row[5]), offset(floats, row[6])
    gamma, beta = offset(floats, row[8]), offset(floats, row[9])
    running_mean, running_variance = offset(floats, row[10]), offset(floats, row[11])
    C, S, B = row[12], row[13], row[14]
    count = integers[0]
    for c in range(C):
        x, y = offset(floats, row[7] + c * S * B), offset(floats, row[4] + c * S * B)
        sum, squares = splat(F(0)), splat(F(0))
        for n in range(0, B, LANES):
            sum = sum + keep(sum_of(offset(x, n), S, B), n, count)
        m = total(sum) / F(count * S)
        for n in range(0, B, LANES):
            squares = squares + keep(squares_of(offset(x, n), splat(m), S, B), n, count)
        variance = total(squares) / F(count * S)
        r = F(1.0 / math.sqrt(variance + EPSILON))
        mean[c], rstd[c] = m, r
        running_mean[c] += F(MOMENTUM) * (m - running_mean[c])
        if count * S > 1:
            unbiased = variance * F(count * S) / F(count * S - 1)
            running_variance[c] += F(MOMENTUM) * (unbiased - running_variance[c])
        scale, shift, middle = splat(gamma[c] * r), splat(beta[c]), splat(m)
        for n in range(0, S * B, LANES):
            store(y, n, fma(load(x, n) - middle, scale, shift))


def _input_gradient(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """dx = gamma rstd (dy - mean of dy - z mean of dy z), z the normalised x: the means of dbeta and dgamma.

    Row: dx dy x gamma mean rstd dgamma dbeta, C S B.
    """
    gamma, mean, rstd = offset(floats, row[7]), offset(floats, row[8]), offset(floats, row[9])
    dgamma, dbeta = offset(floats, row[10]), offset(floats, row[11])
    C, S, B = row[12], row[13], row[14]
    share = F(1) / F(integers[0] * S)
    for c in range(C):
        dx, dy = offset(floats, row[4] + c * S * B), offset(floats, row[5] + c * S * B)
        x, m = offset(floats, row[6] + c * S * B), splat(mean[c])
        d0, d1 = splat(dbeta[c] * share), splat(dgamma[c] * rstd[c] * share)
        scale = gamma[c] * rstd[c]
        for s in range(S):
            for n in range(0, B, LANES):
                at = s * B + n
                d = load(dy, at) - d0 - (load(x, at) - m) * d1
                put(dx, at, keep(d * scale, n, integers[0]), row[3])


def _parameter_gradients(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """dgamma = sum of dy z, dbeta = sum of dy, z the normalised x; padded lanes of dy are 0.

    Row: dgamma dbeta dy x mean rstd, C S B.
    """
    dgamma, dbeta = offset(floats, row[4]), offset(floats, row[5])
    mean, rstd = offset(floats, row[8]), offset(floats, row[9])
    C, S, B = row[10], row[11], row[12]
    for c in range(C):
        dy, x = offset(floats, row[6] + c * S * B), offset(floats, row[7] + c * S * B)
        sum, products, m = splat(F(0)), splat(F(0)), splat(mean[c])
        for n in range(0, S * B, LANES):
            d = load(dy, n)
            sum = sum + d
            products = fma(load(x, n) - m, d, products)
        dgamma[c], dbeta[c] = total(products) * rstd[c], total(sum)


def _fixed(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """Row: y x gamma beta mean variance, C S B."""
    gamma, beta = offset(floats, row[6]), offset(floats, row[7])
    mean, variance = offset(floats, row[8]), offset(floats, row[9])
    C, S, B = row[10], row[11], row[12]
    for c in range(C):
        y, x = offset(floats, row[4] + c * S * B), offset(floats, row[5] + c * S * B)
        scale = splat(F(gamma[c] / math.sqrt(variance[c] + EPSILON)))
        shift, middle = splat(beta[c]), splat(mean[c])
        for n in range(0, S * B, LANES):
            store(y, n, fma(load(x, n) - middle, scale, shift))


def _channels(x: Any, call: Call) -> Any:
    """An array [C, *space, lanes] as [C, S, lanes]."""
    return x.reshape(len(x), -1, call.lanes)


def _normalised(x: Any, mean: Any, rstd: Any) -> Any:
    return (x - mean[:, None, None]) * rstd[:, None, None]


def _reference(call: Call) -> tuple[Any, Any, Any]:
    x, gamma, beta, running_mean, running_variance = call.inputs
    seen = _channels(x, call)[..., : call.count].reshape(len(x), -1)
    numbers, moved = seen.shape[1], x.dtype.type(MOMENTUM)
    mean, variance = seen.mean(1), seen.var(1)
    running_mean += moved * (mean - running_mean)
    if numbers > 1:
        running_variance += moved * (seen.var(1, ddof=1) - running_variance)
    rstd = 1 / np.sqrt(variance + x.dtype.type(EPSILON))
    y = _normalised(_channels(x, call), mean, rstd) * gamma[:, None, None] + beta[:, None, None]
    return y.reshape(x.shape), mean, rstd


def _reference_dx(call: Call) -> Any:
    dy, x, gamma, mean, rstd, dgamma, dbeta = call.inputs
    z = _normalised(_channels(x, call), mean, rstd)
    numbers = call.count * z.shape[1]
    d = _channels(dy, call) - (dbeta[:, None, None] + z * dgamma[:, None, None]) / numbers
    return np.where(call.valid, d * (gamma * rstd)[:, None, None], 0).reshape(x.shape)


def _reference_dw(call: Call) -> tuple[Any, Any]:
    dy, x, mean, rstd = call.inputs
    dy = _channels(dy, call)
    return (dy * _normalised(_channels(x, call), mean, rstd)).sum((1, 2)), dy.sum((1, 2))


def _reference_fixed(call: Call) -> Any:
    x, gamma, beta, mean, variance = call.inputs
    rstd = 1 / np.sqrt(variance + x.dtype.type(EPSILON))
    y = _normalised(_channels(x, call), mean, rstd) * gamma[:, None, None] + beta[:, None, None]
    return y.reshape(x.shape)


def _infer(x: Spec, gamma: Spec, beta: Spec, mean: Spec, variance: Spec) -> tuple[Spec, Spec, Spec]:
    per_channel = Spec(x.shape[:1], batched=False)
    if x != Spec(x.shape) or not x.shape or {gamma, beta, mean, variance} != {per_channel}:
        raise ValueError(f"batch_norm: {gamma}, {beta}, {mean} and {variance} do not fit the channels of {x}")
    return x, per_channel, per_channel


def _sizes(of: int) -> Any:
    """C, S, B of the input of that number."""

    def sizes(node: Node, lanes: int) -> tuple[int, int, int]:
        shape = node.inputs[of].shape
        return shape[0], math.prod(shape[1:]), lanes

    return sizes


def _gradient(node: Node, dy: Tensor, *_unused: None) -> tuple[Tensor | None, ...]:
    (x, gamma, *_), (_, mean, rstd) = node.inputs, node.outputs
    dgamma, dbeta = batch_norm_dw.apply(dy, x, mean, rstd).outputs
    dx = batch_norm_dx(dy, x, gamma, mean, rstd, dgamma, dbeta)
    # dx reads the two sums, so a parameter that is used elsewhere must not have more added to them in their place
    return dx, identity(dgamma), identity(dbeta), None, None


def _outside_training(node: Node) -> Tensor:
    return batch_norm_fixed(*node.inputs)


batch_norm = Op(
    "batch_norm",
    _infer,
    _reference,
    Kernel("batch_norm", _forward),
    _sizes(0),
    _gradient,
    updates=(3, 4),
    outside_training=_outside_training,
)
batch_norm_fixed = Op(
    "batch_norm_fixed",
    lambda *specs: _infer(*specs)[0],
    _reference_fixed,
    Kernel("batch_norm_fixed", _fixed),
    _sizes(0),
)
batch_norm_dx = Op(
    "batch_norm_dx",
    lambda dy, x, *_: x,
    _reference_dx,
    Kernel("batch_norm_dx", _input_gradient),
    _sizes(1),
    accumulates=True,
)
batch_norm_dw = Op(
    "batch_norm_dw",
    lambda dy, x, mean, rstd: (mean, mean),
    _reference_dw,
    Kernel("batch_norm_dw", _parameter_gradients),
    _sizes(1),
)
