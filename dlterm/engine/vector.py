"""Sixteen lanes: the words that kernels are written in.

A kernel holds one register of sixteen float32 (`floats`), uint32 (`words`) or truth values (`mask`) in its hands, so a
formula over the batch reads as a formula and runs at the same speed whatever the batch size; LLVM splits the lanes into
what the machine has (AVX-512, AVX2, SSE, NEON). `+ - * /` work between two registers and between one and a float32.

These functions are names only: `lowering.py` gives them their instructions when a kernel is compiled, so that a start
with compiled kernels at hand needs no compiler. Called from Python they raise TypeError.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable

LANES = 16
HELPERS: list[Callable[..., Any]] = []


def helper(function: Callable[..., Any]) -> Callable[..., Any]:
    """A plain function that kernels may call; it is compiled into them."""
    HELPERS.append(function)
    return function


def _compiled_only(name: str) -> NoReturn:
    raise TypeError(f"{name} exists in compiled kernels only")


def splat(number: Any) -> Any:
    """One float32 in every lane."""
    _compiled_only("splat")


def splat_word(number: Any) -> Any:
    """One uint32 in every lane."""
    _compiled_only("splat_word")


def iota() -> Any:
    """The words 0, 1, ..., 15."""
    _compiled_only("iota")


def fma(a: Any, b: Any, c: Any) -> Any:
    """a * b + c, fused where the machine can (`llvm.fma` would call a slow function where it cannot)."""
    _compiled_only("fma")


def floor(x: Any) -> Any:
    """The largest whole numbers not above x."""
    _compiled_only("floor")


def sqrt(x: Any) -> Any:
    """Square roots."""
    _compiled_only("sqrt")


def absolute(x: Any) -> Any:
    """Absolute values."""
    _compiled_only("absolute")


def less(a: Any, b: Any) -> Any:
    """The mask a < b; false where either is NaN."""
    _compiled_only("less")


def select(which: Any, a: Any, b: Any) -> Any:
    """a where the mask holds, b elsewhere."""
    _compiled_only("select")


def minimum(a: Any, b: Any) -> Any:
    """The smaller of a and b; NaN where a is (compare-and-select keeps a unless b is smaller)."""
    _compiled_only("minimum")


def maximum(a: Any, b: Any) -> Any:
    """The larger of a and b; NaN where a is."""
    _compiled_only("maximum")


def before(start: Any, end: Any) -> Any:
    """The mask of the lanes that stand for positions start, start + 1, ... below end."""
    _compiled_only("before")


def total(x: Any) -> Any:
    """The sum of the sixteen lanes, a float32."""
    _compiled_only("total")


def total_four(a: Any, b: Any, c: Any, d: Any) -> Any:
    """The sums of a, b, c and d in lanes 0 to 3, by halving: 3 instructions a sum where one alone takes 8."""
    _compiled_only("total_four")


def total_eight(a: Any, b: Any, c: Any, d: Any, e: Any, f: Any, g: Any, h: Any) -> Any:
    """The sums of eight registers in lanes 0 to 7, by halving."""
    _compiled_only("total_eight")


def interleave(a: Any, b: Any) -> Any:
    """The first eight lanes of a and of b in turn: a0 b0 a1 b1 ..."""
    _compiled_only("interleave")


def lane(x: Any, k: Any) -> Any:
    """Lane k, a float32."""
    _compiled_only("lane")


def multiply_high(a: Any, b: Any) -> Any:
    """The upper 32 bits of the products of words: a number below b, in proportion to a."""
    _compiled_only("multiply_high")


def mantissa(x: Any) -> Any:
    """m in [sqrt(1/2), sqrt(2)) with x = m 2^exponent(x), for normal positive x."""
    _compiled_only("mantissa")


def exponent(x: Any) -> Any:
    """k, a whole number as floats, with x = mantissa(x) 2^k, for normal positive x."""
    _compiled_only("exponent")


def times_power_of_two(x: Any, k: Any) -> Any:
    """x 2^k for whole k in -126..127."""
    _compiled_only("times_power_of_two")


def rotate_left(x: Any, count: Any) -> Any:
    """Words rotated left by `count` bits."""
    _compiled_only("rotate_left")


def unit_interval(x: Any) -> Any:
    """The top 24 bits of each word as a number in [0, 1)."""
    _compiled_only("unit_interval")


def offset(pointer: Any, count: Any) -> Any:
    """The pointer, `count` elements further on."""
    _compiled_only("offset")


def load(pointer: Any, at: Any) -> Any:
    """Sixteen float32 from pointer[at] on."""
    _compiled_only("load")


def store(pointer: Any, at: Any, value: Any) -> Any:
    """Write sixteen float32 from pointer[at] on."""
    _compiled_only("store")


def store_eight(pointer: Any, at: Any, value: Any) -> None:
    """Write lanes 0 to 7 from pointer[at] on."""
    _compiled_only("store_eight")


def store_four(pointer: Any, at: Any, value: Any) -> None:
    """Write lanes 0 to 3 from pointer[at] on."""
    _compiled_only("store_four")


def store_words(pointer: Any, at: Any, value: Any) -> None:
    """Write sixteen words as int64 from pointer[at] on."""
    _compiled_only("store_words")


def floats_at(address: Any) -> Any:
    """The float32 at an integer address."""
    _compiled_only("floats_at")


def integers_at(address: Any) -> Any:
    """The int64 at an integer address."""
    _compiled_only("integers_at")


def call_kernel(address: Any, row: Any, memory: Any, integers: Any, hyper: Any, step: Any) -> Any:
    """Call the kernel at an address."""
    _compiled_only("call_kernel")


def flush_denormals() -> Any:
    """Have this thread's processor take numbers below 1.2e-38 for 0; what to give `restore_denormals` later."""
    _compiled_only("flush_denormals")


def restore_denormals(before: Any) -> None:
    """Undo `flush_denormals`."""
    _compiled_only("restore_denormals")


def formula(name: str, a: Any) -> Any:
    """Apply the formula of that name (`formulas.py`) to a; the name must be a constant of the kernel."""
    _compiled_only("formula")


def formula_of_two(name: str, a: Any, b: Any) -> Any:
    """Apply the formula of that name to a and b; the name must be a constant of the kernel."""
    _compiled_only("formula_of_two")
