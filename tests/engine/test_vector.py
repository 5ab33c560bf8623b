"""The words of the kernels, through small kernels of their own: what they compute, and how exactly."""

from __future__ import annotations

import ctypes
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dlterm.engine import native, vector_math
from dlterm.engine import random as numpy_random
from dlterm.engine.objects import ObjectStore
from dlterm.engine.vector import (
    LANES,
    load,
    maximum,
    minimum,
    multiply_high,
    offset,
    store,
    store_words,
    total,
    total_eight,
    total_four,
    unit_interval,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def _math(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """Row: numbers N; floats: x[N], then of each function its N values."""
    N = row[0]
    for n in range(0, N, LANES):
        x = load(floats, n)
        store(floats, N + n, vector_math.exp(x))
        store(floats, 2 * N + n, vector_math.log(x))
        store(floats, 3 * N + n, vector_math.tanh(x))
        store(floats, 4 * N + n, vector_math.sigmoid(x))
        store(floats, 5 * N + n, vector_math.softplus_of_minus_abs(x))
        store(floats, 6 * N + n, vector_math.normal_cdf(x))
        store(floats, 7 * N + n, vector_math.normal_density(x))
        store(floats, 8 * N + n, vector_math.cosine_of_turns(x))


def _sums(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """Eight registers; after them the sums of eight, of four, and of one."""
    a, b, c, d = load(floats, 0), load(floats, 16), load(floats, 32), load(floats, 48)
    e, f, g, h = load(floats, 64), load(floats, 80), load(floats, 96), load(floats, 112)
    store(floats, 128, total_eight(a, b, c, d, e, f, g, h))
    store(floats, 144, total_four(a, b, c, d))
    floats[160] = total(a)


def _choices(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """Two registers a, b; after them min, max, a kept below position row[0]."""
    a, b = load(floats, 0), load(floats, 16)
    store(floats, 32, minimum(a, b))
    store(floats, 48, maximum(a, b))
    store(floats, 64, vector_math.keep(a, 0, row[0]))


def _words(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """Row: seed, stream, first index, stride, bound; integers: words, then their places below the bound."""
    words = vector_math.random_words(row[0], row[1], step, vector_math.consecutive(row[2], row[3]))
    store_words(integers, 0, words)
    store_words(offset(integers, LANES), 0, multiply_high(words, vector_math.consecutive(row[4], 0)))
    store(floats, 0, unit_interval(words))


_Function = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 4, ctypes.c_int64)


def compiled(function: Callable[..., None]) -> Callable[..., None]:
    """A function `(row, floats, integers, step)` over arrays; compiled here, kept nowhere."""
    kernel = native.Kernel(f"test{function.__name__}", function)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(native._loader(), "store", ObjectStore(None))
        call = _Function(kernel.address)

    def run(row: list[int], floats: np.ndarray, integers: np.ndarray | None = None, step: int = 0) -> None:
        numbers = np.array(row, np.int64)
        integers = np.zeros(0, np.int64) if integers is None else integers
        call(numbers.ctypes.data, floats.ctypes.data, integers.ctypes.data, None, step)

    return run


def normal_cdf(x: np.ndarray) -> np.ndarray:
    return np.array([math.erfc(-number / math.sqrt(2)) / 2 for number in x])


@pytest.fixture(scope="module")
def functions() -> Callable[[np.ndarray], dict[str, np.ndarray]]:
    run = compiled(_math)

    def values(x: np.ndarray) -> dict[str, np.ndarray]:
        padded = np.resize(x.astype(np.float32), -(-len(x) // LANES) * LANES)
        names = [
            "exp",
            "log",
            "tanh",
            "sigmoid",
            "softplus",
            "normal_cdf",
            "normal_density",
            "cosine_of_turns",
        ]
        floats = np.zeros((1 + len(names), len(padded)), np.float32)
        floats[0] = padded
        run([len(padded)], floats)
        return {name: row[: len(x)].astype(np.float64) for name, row in zip(names, floats[1:], strict=True)}

    return values


@pytest.mark.parametrize(
    ("name", "exact", "x", "bound"),
    [
        ("exp", np.exp, np.linspace(-87, 88, 100_000), 2e-7),
        ("log", np.log, np.geomspace(1.2e-38, 3.4e38, 100_000), 2e-7),
        ("tanh", np.tanh, np.linspace(-12, 12, 100_000), 4e-7),
        ("tanh", np.tanh, np.geomspace(1e-30, 1, 10_000), 4e-7),
        ("sigmoid", lambda x: 1 / (1 + np.exp(-x)), np.linspace(-80, 80, 100_000), 3e-7),
        ("normal_cdf", normal_cdf, np.linspace(-5, 8, 20_000), 3e-6),
        (
            "normal_density",
            lambda x: np.exp(-x * x / 2) / math.sqrt(2 * math.pi),
            np.linspace(-5, 5, 20_000),
            2e-6,
        ),
    ],
)
def test_functions_are_as_exact_as_they_say(
    functions: Callable[[np.ndarray], dict[str, np.ndarray]],
    name: str,
    exact: Callable[[np.ndarray], np.ndarray],
    x: np.ndarray,
    bound: float,
) -> None:
    x = x.astype(np.float32).astype(np.float64)
    expected, found = exact(x), functions(x)[name]
    error = np.abs(found - expected) / np.maximum(np.abs(expected), 1e-30)
    if name == "log":
        error = np.minimum(error, np.abs(found - expected) / 0.5)  # near 1: absolutely
    assert error.max() <= bound, f"at {x[error.argmax()]}"


@pytest.mark.parametrize(
    ("name", "exact", "x", "bound"),
    [
        ("normal_cdf", normal_cdf, np.linspace(-12, 12, 20_000), 2e-7),
        ("cosine_of_turns", lambda x: np.cos(2 * math.pi * x), np.arange(2**20) / 2**20, 1e-6),
    ],
)
def test_what_comes_near_0_is_absolutely_exact(
    functions: Callable[[np.ndarray], dict[str, np.ndarray]],
    name: str,
    exact: Callable[[np.ndarray], np.ndarray],
    x: np.ndarray,
    bound: float,
) -> None:
    x = x.astype(np.float32).astype(np.float64)
    np.testing.assert_allclose(functions(x)[name], exact(x), rtol=0, atol=bound)


def test_the_surprise_is_absolutely_exact(functions: Callable[[np.ndarray], dict[str, np.ndarray]]) -> None:
    x = np.linspace(-100, 100, 100_000).astype(np.float32).astype(np.float64)
    np.testing.assert_allclose(functions(x)["softplus"], np.log1p(np.exp(-np.abs(x))), rtol=0, atol=1e-7)


def test_functions_stay_in_their_range_at_the_ends(
    functions: Callable[[np.ndarray], dict[str, np.ndarray]],
) -> None:
    found = functions(np.array([-np.inf, -1e30, -100, 0, 100, 1e30, np.inf]))
    assert np.isfinite(found["exp"]).all()
    assert (found["exp"][:3] < 1e-37).all()
    assert (np.abs(found["tanh"]) <= 1).all()
    assert ((found["sigmoid"] >= 0) & (found["sigmoid"] <= 1)).all()
    assert found["tanh"][3] == 0
    assert found["exp"][3] == 1


def test_what_is_not_a_number_stays_so(functions: Callable[[np.ndarray], dict[str, np.ndarray]]) -> None:
    found = functions(np.full(16, np.nan))
    for name in ("exp", "tanh", "sigmoid"):
        assert np.isnan(found[name]).all(), name


def test_sums_over_lanes_come_in_the_order_of_their_registers() -> None:
    registers = np.random.default_rng(0).integers(-100, 100, (8, LANES)).astype(np.float32)
    floats = np.concatenate([registers.ravel(), np.zeros(48, np.float32)])
    compiled(_sums)([0], floats)
    sums = registers.sum(1)
    np.testing.assert_array_equal(floats[128:136], sums)
    np.testing.assert_array_equal(floats[144:148], sums[:4])
    assert floats[160] == sums[0]


def test_choices_keep_the_first_where_it_is_not_a_number() -> None:
    run = compiled(_choices)
    for end in (0, 1, 15, 16, 17):
        floats = np.zeros(80, np.float32)
        floats[:32] = np.random.default_rng(end).normal(size=32)
        floats[3] = np.nan
        run([end], floats)
        a, b, smaller, larger, kept = floats.reshape(5, LANES)
        np.testing.assert_array_equal(smaller, np.minimum(a, b))
        np.testing.assert_array_equal(larger, np.maximum(a, b))
        np.testing.assert_array_equal(kept, np.where(np.arange(LANES) < end, a, 0))


def test_words_in_kernels_are_the_words_in_numpy() -> None:
    run = compiled(_words)
    rng = np.random.default_rng(0)
    for _ in range(50):
        seed, stream, step, start, stride, bound = rng.integers(0, 2**32, 6).tolist()
        floats, integers = np.zeros(LANES, np.float32), np.zeros(2 * LANES, np.int64)
        run([seed, stream, start, stride, bound], floats, integers, step)
        index = (start + stride * np.arange(LANES)) % 2**32
        expected = numpy_random.random_words(seed, stream, step, index)
        np.testing.assert_array_equal(integers[:LANES], expected)
        np.testing.assert_array_equal(integers[LANES:], [int(word) * bound >> 32 for word in expected])
        np.testing.assert_array_equal(floats, numpy_random.uniform(seed, stream, step, index))


def test_the_words_of_kernels_cannot_be_called_from_python() -> None:
    with pytest.raises(TypeError, match="load exists in compiled kernels only"):
        load(None, 0)
