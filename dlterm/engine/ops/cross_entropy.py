"""cross_entropy: of logits z[..., K] and class numbers c[...], the mean of log(sum_k e^(z_k)) - z_c.

dz_k = (softmax(z)_k - [k = c]) / (examples L), where L counts the places of the leading axes: the tokens of a text. In
memory z is [L, K, B] and c is [L, B]. Class numbers are checked before a tape runs: a kernel does not check.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dlterm.engine.graph import Spec, Tensor
from dlterm.engine.ops.broadcast import reduce_sum
from dlterm.engine.ops.embedding import embedding, pick
from dlterm.engine.ops.loss import declare
from dlterm.engine.ops.reshape import reshape
from dlterm.engine.ops.softmax import largest, log_softmax, places
from dlterm.engine.ops.softmax import reference as softmax_reference
from dlterm.engine.vector import LANES, helper, lane, load, offset, splat, store, total
from dlterm.engine.vector_math import exp, keep, log

F = np.float32


@helper
def _log_sum(z: Any, top: Any, K: Any, B: Any, n: Any) -> Any:
    """log(sum_k e^(z_k - top)), never below 0; NaN where a z_k is, which `log` alone would take for a number."""
    sum = splat(F(0))
    for k in range(K):
        sum = sum + exp(load(z, k * B + n) - top)
    return log(sum) + sum * F(0)


@helper
def _below_top(z: Any, labels: Any, top: Any, B: Any, n: Any, count: Any) -> Any:
    """The sum of top - z_c over the examples among the lanes from n on; never below 0, so nothing cancels."""
    sum = F(0)
    for k in range(n, min(n + LANES, count)):
        sum += lane(top, k - n) - z[labels[k] * B + k]
    return sum


@helper
def _probabilities(dz: Any, z: Any, normaliser: Any, scale: Any, K: Any, B: Any, n: Any, count: Any) -> None:
    for k in range(K):
        p = exp(load(z, k * B + n) - normaliser)
        store(dz, k * B + n, keep(p * scale, n, count))


@helper
def _minus_labels(dz: Any, labels: Any, scale: Any, B: Any, count: Any) -> None:
    for k in range(count):
        dz[labels[k] * B + k] -= scale


def _value(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    L, K, B, count = row[7], row[8], row[9], integers[0]
    s, below = splat(F(0)), F(0)
    for r in range(L):
        z, labels = offset(floats, row[5] + r * K * B), offset(integers, row[6] + r * B)
        for n in range(0, B, LANES):
            top = largest(z, K, B, n)
            s = s + keep(_log_sum(z, top, K, B, n), n, count)
            below += _below_top(z, labels, top, B, n, count)
    floats[row[4]] = (total(s) + below) / F(L * count)


def _gradient(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    L, K, B, count = row[8], row[9], row[10], integers[0]
    scale = floats[row[5]] / F(L * count)
    for r in range(L):
        dz, z = offset(floats, row[4] + r * K * B), offset(floats, row[6] + r * K * B)
        for n in range(0, B, LANES):
            top = largest(z, K, B, n)
            normaliser = _log_sum(z, top, K, B, n) + top
            _probabilities(dz, z, normaliser, scale, K, B, n, count)
        _minus_labels(dz, offset(integers, row[7] + r * B), scale, B, count)


def _both(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    L, K, B, count = row[9], row[10], row[11], integers[0]
    scale, s, below = floats[row[6]] / F(L * count), splat(F(0)), F(0)
    for r in range(L):
        dz, z = offset(floats, row[5] + r * K * B), offset(floats, row[7] + r * K * B)
        labels = offset(integers, row[8] + r * B)
        for n in range(0, B, LANES):
            top = largest(z, K, B, n)
            log_sum = _log_sum(z, top, K, B, n)
            s = s + keep(log_sum, n, count)
            below += _below_top(z, labels, top, B, n, count)
            _probabilities(dz, z, log_sum + top, scale, K, B, n, count)
        _minus_labels(dz, labels, scale, B, count)
    floats[row[4]] = (total(s) + below) / F(L * count)


def _infer(z: Spec, labels: Spec) -> Spec:
    if z != Spec(z.shape) or not z.shape or labels != Spec(z.shape[:-1], integer=True):
        raise ValueError(f"cross_entropy takes logits [..., classes] and class numbers, not {z}, {labels}")
    return Spec((), batched=False)


def _each(z: Any, labels: Any) -> Any:
    top = z.max(-2, keepdims=True)
    log_sum = np.log(np.exp(z - top).sum(-2)) + top[..., 0, :]
    surprise = log_sum - np.take_along_axis(z, labels[..., None, :], -2)[..., 0, :]
    return surprise.mean(tuple(range(surprise.ndim - 1)))


def _reference_dz(z: Any, labels: Any, call: Any) -> Any:
    classes = np.arange(z.shape[-2])[:, None]
    dz = softmax_reference(z, -2) - (labels[..., None, :] == classes)
    return np.where(call.valid, dz / (places(call.input_specs[-2]) * call.count), 0)


_cross_entropy = declare(
    "cross_entropy",
    _infer,
    _each,
    _reference_dz,
    lambda z: (places(z), z.shape[-1]),
    value=_value,
    gradient=_gradient,
    both=_both,
)


def cross_entropy(z: Tensor, labels: Tensor, *, weight: Tensor | None = None) -> Tensor:
    """The mean surprise of class numbers [batch, ...] under logits [batch, ..., K].

    With a `weight` [K] for each class the mean is weighted by that of the label, so that a rare class may count as
    much as a frequent one.
    """
    if weight is None:
        return _cross_entropy(z, labels)
    weights = reshape(embedding(labels, reshape(weight, shape=(*weight.shape, 1))), shape=labels.shape)
    surprise = -pick(log_softmax(z), labels)
    return reduce_sum(surprise * weights) / reduce_sum(weights)
