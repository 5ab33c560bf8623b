"""binary_cross_entropy: of logits z and targets y in 0..1, the mean of log(1 + e^z) - z y.

Written so that nothing overflows: max(z, 0) - z y + log(1 + e^-|z|), and dz = (sigmoid(z) - y) / (outputs examples).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dlterm.engine.ops.loss import declare, same_shape
from dlterm.engine.vector import LANES, helper, load, maximum, offset, splat, store, total
from dlterm.engine.vector_math import keep, sigmoid, softplus_of_minus_abs

F = np.float32


@helper
def _surprise(z: Any, y: Any) -> Any:
    return maximum(z, splat(F(0))) - z * y + softplus_of_minus_abs(z)


def _value(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    z, y, O, B = offset(floats, row[5]), offset(floats, row[6]), row[7], row[8]
    s = splat(F(0))
    for o in range(O):
        for n in range(0, B, LANES):
            s = s + keep(_surprise(load(z, o * B + n), load(y, o * B + n)), n, integers[0])
    floats[row[4]] = total(s) / F(O * integers[0])


def _gradient(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    dz, z, y = offset(floats, row[4]), offset(floats, row[6]), offset(floats, row[7])
    O, B = row[8], row[9]
    scale = floats[row[5]] / F(O * integers[0])
    for o in range(O):
        for n in range(0, B, LANES):
            at = o * B + n
            store(dz, at, keep((sigmoid(load(z, at)) - load(y, at)) * scale, n, integers[0]))


def _both(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    dz, z, y = offset(floats, row[5]), offset(floats, row[7]), offset(floats, row[8])
    O, B = row[9], row[10]
    mean = F(1) / F(O * integers[0])
    scale, s = floats[row[6]] * mean, splat(F(0))
    for o in range(O):
        for n in range(0, B, LANES):
            at = o * B + n
            s = s + keep(_surprise(load(z, at), load(y, at)), n, integers[0])
            store(dz, at, keep((sigmoid(load(z, at)) - load(y, at)) * scale, n, integers[0]))
    floats[row[4]] = total(s) * mean


def _reference(z: Any, y: Any, call: Any) -> Any:
    surprise = np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))
    return np.where(call.valid, surprise, 0).sum() / (z.shape[0] * call.count)


def _reference_dz(z: Any, y: Any, call: Any) -> Any:
    return np.where(call.valid, (0.5 * (1 + np.tanh(0.5 * z)) - y) / (z.shape[0] * call.count), 0)


binary_cross_entropy = declare(
    "binary_cross_entropy",
    same_shape,
    _reference,
    _reference_dz,
    value=_value,
    gradient=_gradient,
    both=_both,
)
