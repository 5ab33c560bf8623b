"""Sums that the norms share: over numbers that lie `stride` apart in memory, sixteen examples at a time."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlterm.engine.vector import fma, helper, load, splat

F = np.float32
EPSILON = 1e-5  # added to a variance before its root is taken; PyTorch's default


@helper
def sum_of(x: Any, count: Any, stride: Any) -> Any:
    """The sum of `count` numbers; four at a time, for an addition takes four cycles."""
    a, b, c, d = splat(F(0)), splat(F(0)), splat(F(0)), splat(F(0))
    fours = count - count % 4
    for k in range(0, fours, 4):
        at = k * stride
        a, b = a + load(x, at), b + load(x, at + stride)
        c, d = c + load(x, at + 2 * stride), d + load(x, at + 3 * stride)
    for k in range(fours, count):
        a = a + load(x, k * stride)
    return (a + b) + (c + d)


@helper
def squares_of(x: Any, mean: Any, count: Any, stride: Any) -> Any:
    """The sum of (x - mean)^2: a second pass, for E[x^2] - mean^2 loses all digits where the mean is large."""
    a, b, c, d = splat(F(0)), splat(F(0)), splat(F(0)), splat(F(0))
    fours = count - count % 4
    for k in range(0, fours, 4):
        at = k * stride
        e, f = load(x, at) - mean, load(x, at + stride) - mean
        g, h = load(x, at + 2 * stride) - mean, load(x, at + 3 * stride) - mean
        a, b, c, d = fma(e, e, a), fma(f, f, b), fma(g, g, c), fma(h, h, d)
    for k in range(fours, count):
        e = load(x, k * stride) - mean
        a = fma(e, e, a)
    return (a + b) + (c + d)


@helper
def products_of(x: Any, mean: Any, y: Any, count: Any, stride: Any) -> Any:
    """The sum of (x - mean) y."""
    a, b, c, d = splat(F(0)), splat(F(0)), splat(F(0)), splat(F(0))
    fours = count - count % 4
    for k in range(0, fours, 4):
        at = k * stride
        a = fma(load(x, at) - mean, load(y, at), a)
        b = fma(load(x, at + stride) - mean, load(y, at + stride), b)
        c = fma(load(x, at + 2 * stride) - mean, load(y, at + 2 * stride), c)
        d = fma(load(x, at + 3 * stride) - mean, load(y, at + 3 * stride), d)
    for k in range(fours, count):
        a = fma(load(x, k * stride) - mean, load(y, k * stride), a)
    return (a + b) + (c + d)
