"""Sums that the norms share: over numbers that lie `stride` apart in memory, sixteen examples at a time."""

from __future__ import annotations

from typing import Any

import numpy as np

from dlterm.engine.vector import fma, helper, load, splat

F = np.float32
EPSILON = 1e-5  # added to a variance before its root is taken; PyTorch's default


@helper
def sum_of(x: Any, count: Any, stride: Any) -> Any:
    """The sum of `count` numbers, two at a time: an addition takes four cycles, a load half of one."""
    a, b = splat(F(0)), splat(F(0))
    for k in range(0, count - 1, 2):
        a, b = a + load(x, k * stride), b + load(x, k * stride + stride)
    if count % 2:
        a = a + load(x, (count - 1) * stride)
    return a + b


@helper
def squares_of(x: Any, mean: Any, count: Any, stride: Any) -> Any:
    """The sum of (x - mean)^2: a second pass, for E[x^2] - mean^2 loses all digits where the mean is large."""
    a, b = splat(F(0)), splat(F(0))
    for k in range(0, count - 1, 2):
        c, d = load(x, k * stride) - mean, load(x, k * stride + stride) - mean
        a, b = fma(c, c, a), fma(d, d, b)
    if count % 2:
        c = load(x, (count - 1) * stride) - mean
        a = fma(c, c, a)
    return a + b
