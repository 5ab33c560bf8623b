"""mse: the mean of (p - y)^2 over the examples and the outputs."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlterm.engine.ops.loss import declare, same_shape
from dlterm.engine.vector import LANES, fma, load, offset, splat, store, total
from dlterm.engine.vector_math import keep

F = np.float32


def _value(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    p, y, O, B = offset(floats, row[5]), offset(floats, row[6]), row[7], row[8]
    s = splat(F(0))
    for o in range(O):
        for n in range(0, B, LANES):
            d = keep(load(p, o * B + n) - load(y, o * B + n), n, integers[0])
            s = fma(d, d, s)
    floats[row[4]] = total(s) / F(O * integers[0])


def _gradient(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """dp = dloss 2 (p - y) / (outputs examples)."""
    dp, p, y = offset(floats, row[4]), offset(floats, row[6]), offset(floats, row[7])
    O, B = row[8], row[9]
    scale = floats[row[5]] * F(2) / F(O * integers[0])
    for o in range(O):
        for n in range(0, B, LANES):
            at = o * B + n
            store(dp, at, keep((load(p, at) - load(y, at)) * scale, n, integers[0]))


def _both(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    dp, p, y = offset(floats, row[5]), offset(floats, row[7]), offset(floats, row[8])
    O, B = row[9], row[10]
    mean = F(1) / F(O * integers[0])
    scale, s = floats[row[6]] * F(2) * mean, splat(F(0))
    for o in range(O):
        for n in range(0, B, LANES):
            at = o * B + n
            d = keep(load(p, at) - load(y, at), n, integers[0])
            s = fma(d, d, s)
            store(dp, at, d * scale)
    floats[row[4]] = total(s) * mean


mse = declare(
    "mse",
    same_shape,
    lambda p, y, call: np.where(call.valid, (p - y) ** 2, 0).sum() / (p.shape[0] * call.count),
    lambda p, y, call: np.where(call.valid, (p - y) * (2 / (p.shape[0] * call.count)), 0),
    value=_value,
    gradient=_gradient,
    both=_both,
)
