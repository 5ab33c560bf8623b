"""What the words of `vector.py` mean to the compiler: their Numba types and their LLVM instructions.

Imported only when a kernel is compiled. LLVM types: `floats` is <16 x float>, `words` <16 x i32>, `mask` <16 x i1>.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import llvmlite.binding as llvm
from llvmlite import ir
from numba import cfunc, njit
from numba.core import types
from numba.core.datamodel import models
from numba.core.typing.templates import ConcreteTemplate, infer_global, signature
from numba.extending import lower_builtin, overload, register_jitable, register_model

from dlterm.engine import vector
from dlterm.engine.formulas import FORMULAS
from dlterm.engine.pipeline import HELPERS, KERNELS
from dlterm.engine.vector import LANES

# What the compiler may assume of float arithmetic. Not "nnan" and "ninf": isnan must keep telling the truth.
FAST_MATH = ("contract", "reassoc", "nsz", "arcp", "afn")

_I32, _F32 = ir.IntType(32), ir.FloatType()
_FLOATS, _WORDS = ir.VectorType(_F32, LANES), ir.VectorType(_I32, LANES)
_WIDE = ir.VectorType(ir.IntType(64), LANES)
_MASK = ir.VectorType(ir.IntType(1), LANES)
_TRIPLE = llvm.get_process_triple()
_LANE_NUMBERS = ir.Constant(_WORDS, list(range(LANES)))


class VectorType(types.Type):
    """A Numba type that is one LLVM vector."""

    def __init__(self, name: str, register: ir.VectorType) -> None:
        super().__init__(name)
        self.register = register


@register_model(VectorType)
class _VectorModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: VectorType) -> None:
        super().__init__(manager, kind, kind.register)


floats = VectorType("float32x16", _FLOATS)
words = VectorType("uint32x16", _WORDS)
mask = VectorType("maskx16", _MASK)
float32_pointer, int64_pointer = types.CPointer(types.float32), types.CPointer(types.int64)
float64_pointer = types.CPointer(types.float64)

# row, float arena, integer arena, hyper-parameters, step
KERNEL = types.void(int64_pointer, float32_pointer, int64_pointer, float64_pointer, types.int64)

Emit = Callable[..., ir.Value]


def _define(function: Any, emit: Emit, result: types.Type, *arguments: types.Type) -> None:
    """`emit(builder, *values)` writes the instructions of one of the names of vector.py."""
    fields = {"key": function, "cases": [signature(result, *arguments)]}
    template = type(f"{function.__name__}_template", (ConcreteTemplate,), fields)
    infer_global(function, types.Function(template))
    _lower(function, emit, *arguments)


def _extend(symbol: Any, emit: Emit, result: types.Type, *arguments: types.Type) -> None:
    """One more meaning of an operator."""
    fields = {"key": symbol, "cases": [signature(result, *arguments)]}
    infer_global(symbol)(type(f"{symbol.__name__}_template", (ConcreteTemplate,), fields))
    _lower(symbol, emit, *arguments)


def _lower(function: Any, emit: Emit, *arguments: types.Type) -> None:
    @lower_builtin(function, *arguments)
    def lower(context: Any, builder: ir.IRBuilder, _signature: Any, values: Any) -> ir.Value:
        result = emit(builder, *values)
        return context.get_dummy_value() if result is None else result


def _splat(builder: ir.IRBuilder, scalar: ir.Value, register: ir.VectorType) -> ir.Value:
    undefined = ir.Constant(register, ir.Undefined)
    first = builder.insert_element(undefined, scalar, ir.Constant(_I32, 0))
    return builder.shuffle_vector(first, undefined, ir.Constant(_WORDS, [0] * LANES))


def _constant(register: ir.VectorType, value: float) -> ir.Constant:
    return ir.Constant(register, [value] * LANES)


def _intrinsic(
    builder: ir.IRBuilder, name: str, result: ir.Type, *values: ir.Value, **options: Any
) -> ir.Value:
    function = builder.module.globals.get(name)
    if function is None:
        function = ir.Function(builder.module, ir.FunctionType(result, [v.type for v in values]), name)
    return builder.call(function, values, **options)


# --- arithmetic ---------------------------------------------------------------------------------------------------


def _arithmetic(symbol: Any, instruction: str) -> None:
    def emit(builder: ir.IRBuilder, a: ir.Value, b: ir.Value) -> ir.Value:
        a = a if a.type == _FLOATS else _splat(builder, a, _FLOATS)
        b = b if b.type == _FLOATS else _splat(builder, b, _FLOATS)
        return getattr(builder, instruction)(a, b, flags=FAST_MATH)

    for left, right in ((floats, floats), (floats, types.float32), (types.float32, floats)):
        _extend(symbol, emit, floats, left, right)


for _symbol, _instruction in (("add", "fadd"), ("sub", "fsub"), ("mul", "fmul"), ("truediv", "fdiv")):
    _arithmetic(getattr(operator, _symbol), _instruction)
_extend(operator.neg, lambda b, x: b.fneg(x), floats, floats)
_extend(operator.add, lambda b, x, y: b.add(x, y), words, words, words)
_extend(operator.mul, lambda b, x, y: b.mul(x, y), words, words, words)
_extend(operator.xor, lambda b, x, y: b.xor(x, y), words, words, words)

_define(vector.splat, lambda b, x: _splat(b, x, _FLOATS), floats, types.float32)
_define(vector.splat_word, lambda b, x: _splat(b, x, _WORDS), words, types.uint32)
_define(vector.iota, lambda _: _LANE_NUMBERS, words)
_define(vector.fma, lambda b, *v: _intrinsic(b, "llvm.fmuladd.v16f32", _FLOATS, *v), floats, *[floats] * 3)
_define(vector.floor, lambda b, x: _intrinsic(b, "llvm.floor.v16f32", _FLOATS, x), floats, floats)
_define(vector.sqrt, lambda b, x: _intrinsic(b, "llvm.sqrt.v16f32", _FLOATS, x), floats, floats)
_define(vector.absolute, lambda b, x: _intrinsic(b, "llvm.fabs.v16f32", _FLOATS, x), floats, floats)

# --- choice -------------------------------------------------------------------------------------------------------


def _before(builder: ir.IRBuilder, start: ir.Value, end: ir.Value) -> ir.Value:
    left = _splat(builder, builder.trunc(builder.sub(end, start), _I32), _WORDS)
    return builder.icmp_signed("<", _LANE_NUMBERS, left)


_define(vector.less, lambda b, x, y: b.fcmp_ordered("<", x, y), mask, floats, floats)
_define(vector.select, lambda b, *v: b.select(*v), floats, mask, floats, floats)
_define(vector.minimum, lambda b, x, y: b.select(b.fcmp_ordered("<", y, x), y, x), floats, floats, floats)
_define(vector.maximum, lambda b, x, y: b.select(b.fcmp_ordered(">", y, x), y, x), floats, floats, floats)
_define(vector.before, _before, mask, types.int64, types.int64)

# --- sums over the lanes ------------------------------------------------------------------------------------------


def _total(builder: ir.IRBuilder, x: ir.Value) -> ir.Value:
    zero = ir.Constant(_F32, 0.0)
    return _intrinsic(builder, "llvm.vector.reduce.fadd.v16f32", _F32, zero, x, fastmath=("reassoc",))


def _fold(builder: ir.IRBuilder, a: ir.Value, b: ir.Value, first: list[int], second: list[int]) -> ir.Value:
    halves = [builder.shuffle_vector(a, b, ir.Constant(_WORDS, lanes)) for lanes in (first, second)]
    return builder.fadd(*halves, flags=("reassoc",))


def _total_each(builder: ir.IRBuilder, *registers: ir.Value) -> ir.Value:
    """Halve pairs of registers into one, until one is left with every sum in as many lanes; then within it."""
    even = list(range(0, 2 * LANES, 2))
    odd = [lane + 1 for lane in even]
    level = list(registers)
    while len(level) > 1:
        level = [_fold(builder, a, b, even, odd) for a, b in zip(level[::2], level[1::2], strict=True)]
    result, width = level[0], LANES // len(registers)
    while width > 1:
        result = _fold(builder, result, result, even, odd)
        width //= 2
    return result


def _interleave(builder: ir.IRBuilder, a: ir.Value, b: ir.Value) -> ir.Value:
    lanes = [lane for k in range(LANES // 2) for lane in (k, LANES + k)]
    return builder.shuffle_vector(a, b, ir.Constant(_WORDS, lanes))


_define(vector.interleave, _interleave, floats, floats, floats)
_define(vector.total, _total, types.float32, floats)
_define(vector.total_four, _total_each, floats, *[floats] * 4)
_define(vector.total_eight, _total_each, floats, *[floats] * 8)
_define(
    vector.lane, lambda b, x, k: b.extract_element(x, b.trunc(k, _I32)), types.float32, floats, types.int64
)

# --- the insides of numbers ---------------------------------------------------------------------------------------

_BITS_OF_SQRT_HALF = 0x3F3504F3


def _exponent_bits(builder: ir.IRBuilder, x: ir.Value) -> ir.Value:
    above = builder.sub(builder.bitcast(x, _WORDS), _constant(_WORDS, _BITS_OF_SQRT_HALF))
    return builder.ashr(above, _constant(_WORDS, 23))


def _mantissa(builder: ir.IRBuilder, x: ir.Value) -> ir.Value:
    shift = builder.shl(_exponent_bits(builder, x), _constant(_WORDS, 23))
    return builder.bitcast(builder.sub(builder.bitcast(x, _WORDS), shift), _FLOATS)


def _times_power_of_two(builder: ir.IRBuilder, x: ir.Value, k: ir.Value) -> ir.Value:
    biased = builder.add(builder.fptosi(k, _WORDS), _constant(_WORDS, 127))
    return builder.fmul(x, builder.bitcast(builder.shl(biased, _constant(_WORDS, 23)), _FLOATS))


def _multiply_high(builder: ir.IRBuilder, x: ir.Value, y: ir.Value) -> ir.Value:
    wide = builder.mul(builder.zext(x, _WIDE), builder.zext(y, _WIDE))
    return builder.trunc(builder.lshr(wide, _constant(_WIDE, 32)), _WORDS)


def _rotate_left(builder: ir.IRBuilder, x: ir.Value, count: ir.Value) -> ir.Value:
    return _intrinsic(builder, "llvm.fshl.v16i32", _WORDS, x, x, _splat(builder, count, _WORDS))


def _unit_interval(builder: ir.IRBuilder, x: ir.Value) -> ir.Value:
    top = builder.lshr(x, _constant(_WORDS, 8))
    return builder.fmul(builder.uitofp(top, _FLOATS), _constant(_FLOATS, 2.0**-24))


_define(vector.exponent, lambda b, x: b.sitofp(_exponent_bits(b, x), _FLOATS), floats, floats)
_define(vector.mantissa, _mantissa, floats, floats)
_define(vector.times_power_of_two, _times_power_of_two, floats, floats, floats)
_define(vector.multiply_high, _multiply_high, words, words, words)
_define(vector.rotate_left, _rotate_left, words, words, types.uint32)
_define(vector.unit_interval, _unit_interval, floats, words)

# --- memory and calls ---------------------------------------------------------------------------------------------


def _sixteen(builder: ir.IRBuilder, pointer: ir.Value, at: ir.Value) -> ir.Value:
    return builder.bitcast(builder.gep(pointer, [at]), _FLOATS.as_pointer())


def _load(builder: ir.IRBuilder, pointer: ir.Value, at: ir.Value) -> ir.Value:
    return builder.load(_sixteen(builder, pointer, at), align=4)


def _store(builder: ir.IRBuilder, pointer: ir.Value, at: ir.Value, value: ir.Value) -> None:
    builder.store(value, _sixteen(builder, pointer, at), align=4)


def _store_first(count: int) -> Emit:
    part = ir.VectorType(_F32, count)
    lanes = ir.Constant(ir.VectorType(_I32, count), list(range(count)))

    def emit(builder: ir.IRBuilder, pointer: ir.Value, at: ir.Value, value: ir.Value) -> None:
        place = builder.bitcast(builder.gep(pointer, [at]), part.as_pointer())
        builder.store(builder.shuffle_vector(value, value, lanes), place, align=4)

    return emit


def _store_words(builder: ir.IRBuilder, pointer: ir.Value, at: ir.Value, value: ir.Value) -> None:
    place = builder.bitcast(builder.gep(pointer, [at]), _WIDE.as_pointer())
    builder.store(builder.zext(value, _WIDE), place, align=8)


def _call_kernel(builder: ir.IRBuilder, address: ir.Value, *values: ir.Value) -> None:
    kind = ir.FunctionType(ir.VoidType(), [value.type for value in values])
    builder.call(builder.inttoptr(address, kind.as_pointer()), values)


for _pointer in (float32_pointer, int64_pointer, float64_pointer):
    _define(vector.offset, lambda b, p, n: b.gep(p, [n]), _pointer, _pointer, types.int64)
_define(vector.load, _load, floats, float32_pointer, types.int64)
_define(vector.store, _store, types.void, float32_pointer, types.int64, floats)
_define(vector.store_eight, _store_first(8), types.void, float32_pointer, types.int64, floats)
_define(vector.store_four, _store_first(4), types.void, float32_pointer, types.int64, floats)
_define(vector.store_words, _store_words, types.void, int64_pointer, types.int64, words)
_define(vector.floats_at, lambda b, a: b.inttoptr(a, _F32.as_pointer()), float32_pointer, types.int64)
_define(
    vector.integers_at, lambda b, a: b.inttoptr(a, ir.IntType(64).as_pointer()), int64_pointer, types.int64
)
_define(vector.call_kernel, _call_kernel, types.void, types.int64, *KERNEL.args)

# --- the processor's handling of denormal numbers -----------------------------------------------------------------

_X86_FLUSH = 0x8040  # MXCSR: flush to zero, denormals are zero
_ARM_FLUSH = 1 << 24  # FPCR: flush to zero


def _control_word(builder: ir.IRBuilder, instruction: str, place: ir.Value) -> None:
    address = builder.bitcast(place, ir.IntType(8).as_pointer())
    _intrinsic(builder, f"llvm.x86.sse.{instruction}", ir.VoidType(), address)


def _flush_denormals(builder: ir.IRBuilder) -> ir.Value:
    wide = ir.IntType(64)
    if _TRIPLE.startswith("x86_64"):
        place = builder.alloca(_I32)
        _control_word(builder, "stmxcsr", place)
        before = builder.load(place)
        builder.store(builder.or_(before, ir.Constant(_I32, _X86_FLUSH)), place)
        _control_word(builder, "ldmxcsr", place)
        return builder.zext(before, wide)
    if _TRIPLE.startswith(("aarch64", "arm64")):
        before = _intrinsic(builder, "llvm.aarch64.get.fpcr", wide)
        flushing = builder.or_(before, ir.Constant(wide, _ARM_FLUSH))
        _intrinsic(builder, "llvm.aarch64.set.fpcr", ir.VoidType(), flushing)
        return before
    return ir.Constant(wide, 0)  # elsewhere denormals are only slow


def _restore_denormals(builder: ir.IRBuilder, before: ir.Value) -> None:
    if _TRIPLE.startswith("x86_64"):
        place = builder.alloca(_I32)
        builder.store(builder.trunc(before, _I32), place)
        _control_word(builder, "ldmxcsr", place)
    elif _TRIPLE.startswith(("aarch64", "arm64")):
        _intrinsic(builder, "llvm.aarch64.set.fpcr", ir.VoidType(), before)


_define(vector.flush_denormals, _flush_denormals, types.int64)
_define(vector.restore_denormals, _restore_denormals, types.void, types.int64)

# --- formulas -----------------------------------------------------------------------------------------------------

for _function in vector.HELPERS:
    register_jitable(**HELPERS)(_function)


@overload(vector.formula, jit_options=HELPERS, prefer_literal=True, strict=False)
def _formula(name: Any, a: Any) -> Any:
    chosen = njit(**HELPERS)(FORMULAS[name.literal_value])
    return lambda name, a: chosen(a)


@overload(vector.formula_of_two, jit_options=HELPERS, prefer_literal=True, strict=False)
def _formula_of_two(name: Any, a: Any, b: Any) -> Any:
    chosen = njit(**HELPERS)(FORMULAS[name.literal_value])
    return lambda name, a, b: chosen(a, b)


def compile_kernel(function: Callable[..., None]) -> tuple[str, str]:
    """Compile a kernel: its symbol and its LLVM assembly, not yet optimised."""
    kernel = cfunc(KERNEL, fastmath=set(FAST_MATH), error_model="numpy", **KERNELS)(function)
    return kernel.native_name, kernel.inspect_llvm()
