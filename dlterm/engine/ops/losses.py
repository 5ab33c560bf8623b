"""Losses number by number: the mean, over the examples and all numbers of one, of a formula of prediction and target.

mse: (p - y)^2. mae: |p - y|. huber: d^2 / 2 where |d| < 1 and |d| - 1/2 beyond, with d = p - y: Huber, "Robust
Estimation of a Location Parameter", 1964. binary_cross_entropy: of a logit p and a target y in 0..1,
log(1 + e^p) - p y, written so that nothing overflows. hinge: max(0, 1 - p) where y is 1 and max(0, 1 + p) where it is
0, the support vector machine's: Cortes and Vapnik, "Support-Vector Networks", 1995.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlterm.engine.formulas import define
from dlterm.engine.graph import Op, Spec
from dlterm.engine.ops.loss import declare
from dlterm.engine.vector import (
    LANES,
    absolute,
    formula_of_two,
    helper,
    less,
    load,
    maximum,
    offset,
    select,
    splat,
    store,
    total,
)
from dlterm.engine.vector_math import keep, sigmoid, softplus_of_minus_abs

if TYPE_CHECKING:
    from collections.abc import Callable

F = np.float32


def number_by_number(
    name: str,
    value: Callable[[Any, Any], Any],
    slope: Callable[[Any, Any], Any],
    reference: Callable[[Any, Any], Any],
    reference_slope: Callable[[Any, Any], Any],
) -> Op:
    """Declare a loss by the formula of one number, `value(p, y)`, and its derivative by p; and again in NumPy."""
    values, slopes = define(name, value), define(f"{name}_slope", slope)

    def value_kernel(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
        p, y, O, B = offset(floats, row[5]), offset(floats, row[6]), row[7], row[8]
        s = splat(F(0))
        for o in range(O):
            for n in range(0, B, LANES):
                at = o * B + n
                s = s + keep(formula_of_two(values, load(p, at), load(y, at)), n, integers[0])
        floats[row[4]] = total(s) / F(O * integers[0])

    def gradient_kernel(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
        dp, p, y = offset(floats, row[4]), offset(floats, row[6]), offset(floats, row[7])
        O, B = row[8], row[9]
        scale = floats[row[5]] / F(O * integers[0])
        for o in range(O):
            for n in range(0, B, LANES):
                at = o * B + n
                d = formula_of_two(slopes, load(p, at), load(y, at))
                store(dp, at, keep(d * scale, n, integers[0]))

    def both_kernel(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
        dp, p, y = offset(floats, row[5]), offset(floats, row[7]), offset(floats, row[8])
        O, B = row[9], row[10]
        mean = F(1) / F(O * integers[0])
        scale, s = floats[row[6]] * mean, splat(F(0))
        for o in range(O):
            for n in range(0, B, LANES):
                at = o * B + n
                a, b = load(p, at), load(y, at)
                s = s + keep(formula_of_two(values, a, b), n, integers[0])
                store(dp, at, keep(formula_of_two(slopes, a, b) * scale, n, integers[0]))
        floats[row[4]] = total(s) * mean

    return declare(
        name,
        _same_shape,
        lambda p, y: reference(p, y).mean(tuple(range(p.ndim - 1))),
        lambda p, y, call: np.where(call.valid, reference_slope(p, y) / (_each(p) * call.count), 0),
        lambda p: (p.size,),
        value=value_kernel,
        gradient=gradient_kernel,
        both=both_kernel,
    )


def _each(p: Any) -> int:
    return p.size // p.shape[-1]


def _same_shape(p: Spec, y: Spec) -> Spec:
    """One number for the batch, where targets are of the predictions' shape."""
    if p != y or p != Spec(p.shape):
        raise ValueError(f"predictions {p} and targets {y} do not fit")
    return Spec((), batched=False)


@helper
def _sign(d: Any) -> Any:
    zero = splat(F(0))
    return select(less(zero, d), splat(F(1)), select(less(d, zero), splat(F(-1)), zero))


def _huber(p: Any, y: Any) -> Any:
    far = absolute(p - y)
    return select(less(far, splat(F(1))), far * far * F(0.5), far - F(0.5))


def _hinge_slope(p: Any, y: Any) -> Any:
    side = y * F(2) - F(1)
    return select(less(side * p, splat(F(1))), -side, splat(F(0)))


mse = number_by_number(
    "mse",
    lambda p, y: (p - y) * (p - y),
    lambda p, y: (p - y) * F(2),
    lambda p, y: (p - y) ** 2,
    lambda p, y: 2 * (p - y),
)
mae = number_by_number(
    "mae",
    lambda p, y: absolute(p - y),
    lambda p, y: _sign(p - y),
    lambda p, y: abs(p - y),
    lambda p, y: np.sign(p - y),
)
huber = number_by_number(
    "huber",
    _huber,
    lambda p, y: select(less(absolute(p - y), splat(F(1))), p - y, _sign(p - y)),
    lambda p, y: np.where(abs(p - y) < 1, (p - y) ** 2 / 2, abs(p - y) - 0.5),
    lambda p, y: np.clip(p - y, -1, 1),
)
binary_cross_entropy = number_by_number(
    "binary_cross_entropy",
    lambda p, y: maximum(p, splat(F(0))) - p * y + softplus_of_minus_abs(p),
    lambda p, y: sigmoid(p) - y,
    lambda p, y: np.maximum(p, 0) - p * y + np.log1p(np.exp(-np.abs(p))),
    lambda p, y: 0.5 * (1 + np.tanh(0.5 * p)) - y,
)
hinge = number_by_number(
    "hinge",
    lambda p, y: maximum(F(1) - (y * F(2) - F(1)) * p, splat(F(0))),
    _hinge_slope,
    lambda p, y: np.maximum(1 - (2 * y - 1) * p, 0),
    lambda p, y: np.where((2 * y - 1) * p < 1, 1 - 2 * y, 0),
)
