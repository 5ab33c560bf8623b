"""exp, log, tanh and friends on sixteen lanes, each with its error as `tests/engine/test_vector.py` measures it.

A scalar `math.tanh` costs 11 to 34 ns a number inside a kernel; these cost under 1 ns. Plain functions over the words
of `vector.py`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dlterm.engine.vector import (
    absolute,
    before,
    exponent,
    floor,
    fma,
    helper,
    iota,
    less,
    load,
    mantissa,
    maximum,
    minimum,
    rotate_left,
    select,
    splat,
    splat_word,
    store,
    times_power_of_two,
)

F = np.float32
U = np.uint32


@helper
def exp(x: Any) -> Any:
    """e to the x, relative error 2e-7; 0 below -87, the largest finite value's neighbourhood above 88.

    x = k ln 2 + r with |r| <= ln 2 / 2, and e^r by its Taylor series to the seventh power.
    """
    x = minimum(maximum(x, splat(F(-87.3))), splat(F(88.3)))
    k = floor(x * F(1.4426950408889634) + F(0.5))
    r = fma(k, splat(F(-0.693359375)), x)  # ln 2 in two pieces, the first exact in few bits
    r = fma(k, splat(F(2.12194440054690583e-4)), r)
    y = splat(F(1 / 5040))
    y = fma(y, r, splat(F(1 / 720)))
    y = fma(y, r, splat(F(1 / 120)))
    y = fma(y, r, splat(F(1 / 24)))
    y = fma(y, r, splat(F(1 / 6)))
    y = fma(y, r, splat(F(1 / 2)))
    y = fma(y, r, splat(F(1)))
    y = fma(y, r, splat(F(1)))
    return times_power_of_two(y, k)


@helper
def log(x: Any) -> Any:
    """Natural logarithm of normal positive numbers, absolute error 1e-7 near 1, relative error 2e-7.

    x = m 2^k; log m = 2 artanh(s) with s = (m - 1) / (m + 1), by its series to the ninth power.
    """
    k = exponent(x)
    m = mantissa(x)
    s = (m - F(1)) / (m + F(1))
    t = s * s
    y = splat(F(2 / 9))
    y = fma(y, t, splat(F(2 / 7)))
    y = fma(y, t, splat(F(2 / 5)))
    y = fma(y, t, splat(F(2 / 3)))
    y = fma(y, t, splat(F(2)))
    return fma(k, splat(F(0.6931471805599453)), y * s)


@helper
def log_of_any(x: Any) -> Any:
    """Natural logarithm of any number: minus infinity of 0, NaN of what is below."""
    y = select(less(splat(F(0)), x), log(x), splat(F(-np.inf)))
    return select(less(x, splat(F(0))), splat(F(np.nan)), y) + x * F(0)


@helper
def tanh(x: Any) -> Any:
    """Hyperbolic tangent, relative error 4e-7, never beyond 1.

    x P(x^2) / Q(x^2), both of degree 4, fitted for the least largest relative error on |x| <= 7.9.
    """
    x = minimum(maximum(x, splat(F(-7.9))), splat(F(7.9)))
    s = x * x
    p = fma(splat(F(1.542798185e-08)), s, splat(F(2.202325455e-05)))
    p = fma(p, s, splat(F(3.578992702e-03)))
    p = fma(p, s, splat(F(1.345062117e-01)))
    p = fma(p, s, splat(F(9.999999944e-01)))
    q = fma(splat(F(8.598784707e-07)), s, splat(F(3.423651590e-04)))
    q = fma(q, s, splat(F(2.619224061e-02)))
    q = fma(q, s, splat(F(4.678394917e-01)))
    q = fma(q, s, splat(F(1)))
    return x * p / q


@helper
def sigmoid(x: Any) -> Any:
    """1 / (1 + e^-x), relative error 3e-7."""
    return splat(F(1)) / (exp(-x) + F(1))


@helper
def softplus_of_minus_abs(x: Any) -> Any:
    """log(1 + e^-|x|), the part of a cross-entropy from logits that does not overflow; absolute error 1e-7."""
    return log(exp(-absolute(x)) + F(1))


@helper
def softplus(x: Any) -> Any:
    """log(1 + e^x), without overflow."""
    return maximum(x, splat(F(0))) + softplus_of_minus_abs(x)


@helper
def silu(x: Any) -> Any:
    """x sigmoid(x)."""
    return x * sigmoid(x)


@helper
def silu_slope(x: Any) -> Any:
    """The derivative of silu."""
    s = sigmoid(x)
    return s * (F(1) + x * (F(1) - s))


@helper
def sigmoid_times(factor: Any, x: Any) -> Any:
    """factor sigmoid(x)."""
    return factor * sigmoid(x)


@helper
def normal_cdf(x: Any) -> Any:
    """The share of a standard normal distribution below x; absolute error 2e-7, relative error 3e-6 above -5.

    e^(-x^2 / 2) P(t) / 2 for x <= 0 with t = 1 / (1 + 0.3 |x| / sqrt 2): P, of degree 9, fitted to the scaled
    complementary error function for the least largest relative error.
    """
    z = absolute(x) * F(0.7071067811865476)
    t = splat(F(1)) / (z * F(0.3) + F(1))
    p = splat(F(-1.295221693e-01))
    p = fma(p, t, splat(F(4.855596604e-01)))
    p = fma(p, t, splat(F(-5.122707785e-01)))
    p = fma(p, t, splat(F(5.477116539e-01)))
    p = fma(p, t, splat(F(-9.464489725e-02)))
    p = fma(p, t, splat(F(2.149235385e-01)))
    p = fma(p, t, splat(F(1.483398305e-01)))
    p = fma(p, t, splat(F(1.707151312e-01)))
    p = fma(p, t, splat(F(1.691880111e-01)))
    tail = p * t * exp(-z * z) * F(0.5)
    return select(less(x, splat(F(0))), tail, F(1) - tail)


@helper
def normal_density(x: Any) -> Any:
    """e^(-x^2 / 2) / sqrt(2 pi), relative error 2e-6 within 5 of 0."""
    return exp(x * x * F(-0.5)) * F(0.3989422804014327)


@helper
def cosine_of_turns(u: Any) -> Any:
    """cos(2 pi u) for u in [0, 1), absolute error 1e-6: the cosine's series around half a turn."""
    t = u - F(0.5)
    s = t * t * F(39.47841760435743)
    y = splat(F(-1 / 6402373705728000))
    y = fma(y, s, splat(F(1 / 20922789888000)))
    y = fma(y, s, splat(F(-1 / 87178291200)))
    y = fma(y, s, splat(F(1 / 479001600)))
    y = fma(y, s, splat(F(-1 / 3628800)))
    y = fma(y, s, splat(F(1 / 40320)))
    y = fma(y, s, splat(F(-1 / 720)))
    y = fma(y, s, splat(F(1 / 24)))
    y = fma(y, s, splat(F(-1 / 2)))
    y = fma(y, s, splat(F(1)))
    return -y


@helper
def keep(value: Any, at: Any, end: Any) -> Any:
    """The lanes that stand for positions below `end`; zero in the others."""
    return select(before(at, end), value, splat(F(0)))


@helper
def put(pointer: Any, at: Any, value: Any, accumulate: Any) -> None:
    """Write sixteen numbers, or add them to what is there when the row's accumulate flag is set."""
    if accumulate:
        value = value + load(pointer, at)
    store(pointer, at, value)


@helper
def put_number(pointer: Any, at: Any, value: Any, accumulate: Any) -> None:
    """Write one number, or add it to what is there when the row's accumulate flag is set."""
    if accumulate:
        value = value + pointer[at]
    pointer[at] = value


@helper
def random_words(seed: Any, stream: Any, step: Any, index: Any) -> Any:
    """Sixteen random words that depend on nothing but (seed, stream, step, index): Threefry-2x32, 20 rounds.

    Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011, doi:10.1145/2063384.2063405. The key is
    (seed, stream), the counter (index, step); the first word of each block is the result.
    """
    key0, key1 = splat_word(U(seed)), splat_word(U(stream))
    key2 = key0 ^ key1 ^ splat_word(U(0x1BD11BDA))
    x0, x1 = index + key0, splat_word(U(step)) + key1
    x0, x1 = _four_rounds(x0, x1, U(13), U(15), U(26), U(6))
    x0, x1 = x0 + key1, x1 + key2 + splat_word(U(1))
    x0, x1 = _four_rounds(x0, x1, U(17), U(29), U(16), U(24))
    x0, x1 = x0 + key2, x1 + key0 + splat_word(U(2))
    x0, x1 = _four_rounds(x0, x1, U(13), U(15), U(26), U(6))
    x0, x1 = x0 + key0, x1 + key1 + splat_word(U(3))
    x0, x1 = _four_rounds(x0, x1, U(17), U(29), U(16), U(24))
    x0, x1 = x0 + key1, x1 + key2 + splat_word(U(4))
    x0, x1 = _four_rounds(x0, x1, U(13), U(15), U(26), U(6))
    return x0 + key2


@helper
def _four_rounds(x0: Any, x1: Any, a: Any, b: Any, c: Any, d: Any) -> Any:
    x0 = x0 + x1
    x1 = rotate_left(x1, a) ^ x0
    x0 = x0 + x1
    x1 = rotate_left(x1, b) ^ x0
    x0 = x0 + x1
    x1 = rotate_left(x1, c) ^ x0
    x0 = x0 + x1
    x1 = rotate_left(x1, d) ^ x0
    return x0, x1


@helper
def consecutive(start: Any, stride: Any) -> Any:
    """The words start, start + stride, start + 2 stride, ..."""
    return splat_word(U(start)) + iota() * splat_word(U(stride))
