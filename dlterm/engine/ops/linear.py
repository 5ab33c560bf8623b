"""linear: y[..., O] = w[O, I] x[..., I] + b[O], with its two gradients; and linear followed by an activation, fused.

In other libraries' layout y = x w^T + b; weights are [outputs, inputs], as in PyTorch. In memory x is [T, I, B], where
T counts the places of the leading axes: the time steps of a sequence, 1 where there are none. Narrow layers are done
column by column with the activation in the registers; wide ones in the register tiles of `tiles.py`, and the activation
in a second pass. Both are kernels of their own: a playground's first step, ever, does not wait for the tiles.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from dlterm.engine.formulas import define
from dlterm.engine.graph import Call, Node, Op, Spec, Tensor, Wide
from dlterm.engine.native import Kernel
from dlterm.engine.ops.tiles import add_products, multiply
from dlterm.engine.vector import (
    LANES,
    fma,
    formula,
    formula_of_two,
    helper,
    interleave,
    lane,
    load,
    offset,
    splat,
    store,
    store_eight,
    store_four,
    total,
    total_eight,
    total_four,
)
from dlterm.engine.vector_math import put, put_number

if TYPE_CHECKING:
    from dlterm.engine.tape import Instruction

F = np.float32


_WIDE = 32  # inputs from which a register tile pays even for a single column
_NARROW = 8  # inputs up to which it does not pay even for many: 16 are 9 % faster in tiles, 8 are 3 % slower


def forward_kernel(name: str, activation: str) -> Kernel:
    """y[T, O, B] = activation(w[O, I] x[T, I, B] + b[O]); row: y x w b, T O I B."""

    def kernel(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
        y, x = offset(floats, row[4]), offset(floats, row[5])
        w, b = offset(floats, row[6]), offset(floats, row[7])
        T, O, I, B = row[8], row[9], row[10], row[11]
        four = O - O % 4
        for t in range(T):
            for n in range(0, B, LANES):
                u, v = offset(y, t * O * B + n), offset(x, t * I * B + n)
                for o in range(0, four, 4):  # four outputs share each x
                    z0, z1, z2, z3 = splat(b[o]), splat(b[o + 1]), splat(b[o + 2]), splat(b[o + 3])
                    for i in range(I):
                        a = load(v, i * B)
                        z0 = fma(splat(w[o * I + i]), a, z0)
                        z1 = fma(splat(w[(o + 1) * I + i]), a, z1)
                        z2 = fma(splat(w[(o + 2) * I + i]), a, z2)
                        z3 = fma(splat(w[(o + 3) * I + i]), a, z3)
                    put(u, o * B, formula(activation, z0), row[3])
                    put(u, (o + 1) * B, formula(activation, z1), row[3])
                    put(u, (o + 2) * B, formula(activation, z2), row[3])
                    put(u, (o + 3) * B, formula(activation, z3), row[3])
                for o in range(four, O):
                    z = splat(b[o])
                    for i in range(I):
                        z = fma(splat(w[o * I + i]), load(v, i * B), z)
                    put(u, o * B, formula(activation, z), row[3])

    return Kernel(name, kernel)


def wide_forward(name: str, activation: str) -> Wide:
    """The same in register tiles."""
    plain = activation == "identity"

    def kernel(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
        y, x = offset(floats, row[4]), offset(floats, row[5])
        w, b = offset(floats, row[6]), offset(floats, row[7])
        T, O, I, B = row[8], row[9], row[10], row[11]
        multiply(y, x, w, b, True, T, O, I, B, I, 1, row[3])
        if not plain:
            for n in range(0, T * O * B, LANES):
                store(y, n, formula(activation, load(y, n)))

    def suits(instruction: Instruction) -> bool:
        T, _, I, B = instruction.sizes
        many = T * B >= 4 * LANES and I > _NARROW
        return (plain or not instruction.accumulate) and (many or I >= _WIDE)

    return Wide(Kernel(f"{name}_wide", kernel), suits)


def input_gradient_kernel(name: str, derivative: str) -> Kernel:
    """dx[T, I, B] = derivative(w^T[I, O] dz[T, O, B], x[T, I, B]); row: dx w dz x, T O I B.

    x is the output of the activation before this layer.
    """

    def kernel(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
        dx, w = offset(floats, row[4]), offset(floats, row[5])
        dz, x = offset(floats, row[6]), offset(floats, row[7])
        T, O, I, B = row[8], row[9], row[10], row[11]
        four = I - I % 4
        for t in range(T):
            for n in range(0, B, LANES):
                at = t * I * B + n
                u, v, s = offset(dx, at), offset(x, at), offset(dz, t * O * B + n)
                for i in range(0, four, 4):  # four inputs share each dz
                    d0, d1, d2, d3 = splat(F(0)), splat(F(0)), splat(F(0)), splat(F(0))
                    for o in range(O):
                        a, k = load(s, o * B), o * I + i
                        d0 = fma(splat(w[k]), a, d0)
                        d1 = fma(splat(w[k + 1]), a, d1)
                        d2 = fma(splat(w[k + 2]), a, d2)
                        d3 = fma(splat(w[k + 3]), a, d3)
                    k = i * B
                    put(u, k, formula_of_two(derivative, d0, load(v, k)), row[3])
                    put(u, k + B, formula_of_two(derivative, d1, load(v, k + B)), row[3])
                    put(u, k + 2 * B, formula_of_two(derivative, d2, load(v, k + 2 * B)), row[3])
                    put(u, k + 3 * B, formula_of_two(derivative, d3, load(v, k + 3 * B)), row[3])
                for i in range(four, I):
                    d = splat(F(0))
                    for o in range(O):
                        d = fma(splat(w[o * I + i]), load(s, o * B), d)
                    put(u, i * B, formula_of_two(derivative, d, load(v, i * B)), row[3])

    return Kernel(name, kernel)


def wide_input_gradient(name: str, derivative: str) -> Wide:
    """The same in register tiles."""
    plain = derivative == "identity_dx"

    def kernel(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
        dx, w = offset(floats, row[4]), offset(floats, row[5])
        dz, x = offset(floats, row[6]), offset(floats, row[7])
        T, O, I, B = row[8], row[9], row[10], row[11]
        multiply(dx, dz, w, w, False, T, I, O, B, 1, I, row[3])
        if not plain:
            for n in range(0, T * I * B, LANES):
                store(dx, n, formula_of_two(derivative, load(dx, n), load(x, n)))

    def suits(instruction: Instruction) -> bool:
        T, O, _, B = instruction.sizes
        return (plain or not instruction.accumulate) and (T * B >= 4 * LANES or O >= _WIDE)

    return Wide(Kernel(f"{name}_wide", kernel), suits)


@helper
def _product(dz: Any, x: Any, o: Any, i: Any, B: Any) -> Any:
    """dz[o, B] x[i, B], summed over the blocks of lanes, not yet over the lanes."""
    s = splat(F(0))
    for n in range(0, B, LANES):
        s = fma(load(dz, o * B + n), load(x, i * B + n), s)
    return s


@helper
def _sum(dz: Any, o: Any, B: Any) -> Any:
    s = splat(F(0))
    for n in range(0, B, LANES):
        s = s + load(dz, o * B + n)
    return s


@helper
def _eight_products(dz: Any, x: Any, o: Any, i: Any, B: Any) -> Any:
    """dw[o, i..i + 8] in lanes 0 to 7."""
    s0, s1, s2, s3 = splat(F(0)), splat(F(0)), splat(F(0)), splat(F(0))
    s4, s5, s6, s7 = splat(F(0)), splat(F(0)), splat(F(0)), splat(F(0))
    for n in range(0, B, LANES):
        v, at = load(dz, o * B + n), i * B + n
        s0, s1 = fma(v, load(x, at), s0), fma(v, load(x, at + B), s1)
        s2, s3 = fma(v, load(x, at + 2 * B), s2), fma(v, load(x, at + 3 * B), s3)
        s4, s5 = fma(v, load(x, at + 4 * B), s4), fma(v, load(x, at + 5 * B), s5)
        s6, s7 = fma(v, load(x, at + 6 * B), s6), fma(v, load(x, at + 7 * B), s7)
    return total_eight(s0, s1, s2, s3, s4, s5, s6, s7)


@helper
def _four_outputs(dz: Any, x: Any, o: Any, i: Any, B: Any) -> Any:
    """dw[o..o + 4, i] in lanes 0 to 3."""
    p0, p1 = _product(dz, x, o, i, B), _product(dz, x, o + 1, i, B)
    return total_four(p0, p1, _product(dz, x, o + 2, i, B), _product(dz, x, o + 3, i, B))


def _weight_gradient(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """dw[O, I] = sum of dz[T, O, B] x^T[T, B, I], db[O] = sum of dz, over any number of pairs (dz, x).

    Row: dw db, dz x of each pair, T O I B. Padded lanes of dz are 0.
    """
    end = row[1]
    T, O, I, B = row[end - 4], row[end - 3], row[end - 2], row[end - 1]
    dw, db = offset(floats, row[4]), offset(floats, row[5])
    for p in range((end - 10) // 2):
        dz, x = offset(floats, row[6 + 2 * p]), offset(floats, row[7 + 2 * p])
        for t in range(T):
            _few(dw, db, offset(dz, t * O * B), offset(x, t * I * B), O, I, B, row[3] or p + t > 0)


def _wide_weight_gradient(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """The same in register tiles."""
    end = row[1]
    pairs = (end - 10) // 2
    T, O, I, B = row[end - 4], row[end - 3], row[end - 2], row[end - 1]
    dw, db = offset(floats, row[4]), offset(floats, row[5])
    add_products(dw, row, 6, pairs, floats, T, O, I, B, row[3])
    _add_sums(db, row, pairs, floats, T, O, B)


def _suits_wide_weight_gradient(instruction: Instruction) -> bool:
    pairs, (T, O, I, B) = len(instruction.inputs) // 2, instruction.sizes
    return pairs * T > 4 or (B >= 4 * LANES and O * I >= 256)


@helper
def _add_sums(db: Any, row: Any, pairs: Any, floats: Any, T: Any, O: Any, B: Any) -> None:
    for o in range(O):
        s = splat(F(0))
        for p in range(pairs):
            dz = offset(floats, row[6 + 2 * p] + o * B)
            for t in range(T):
                for n in range(0, B, LANES):
                    s = s + load(dz, t * O * B + n)
        put_number(db, o, total(s), row[3])


@helper
def _few(dw: Any, db: Any, dz: Any, x: Any, O: Any, I: Any, B: Any, add: Any) -> None:
    """One pair of few columns, of one place.

    The sums over the lanes are the work: eight weights of one output at a time, or four; or one
    weight of four outputs, or both of a plane's two coordinates.
    """
    eights = I - I % 8
    fours = I - I % 4
    for o in range(O):
        for i in range(0, eights, 8):
            t = _eight_products(dz, x, o, i, B)
            if add:
                t = t + load(dw, o * I + i)
            store_eight(dw, o * I + i, t)
        for i in range(eights, fours, 4):
            p0, p1 = _product(dz, x, o, i, B), _product(dz, x, o, i + 1, B)
            t = total_four(p0, p1, _product(dz, x, o, i + 2, B), _product(dz, x, o, i + 3, B))
            if add:
                t = t + load(dw, o * I + i)
            store_four(dw, o * I + i, t)
    whole = O - O % 4
    for o in range(0, whole, 4):
        t = total_four(_sum(dz, o, B), _sum(dz, o + 1, B), _sum(dz, o + 2, B), _sum(dz, o + 3, B))
        if add:
            t = t + load(db, o)
        store_four(db, o, t)
        if I == 2:  # a plane's two coordinates: eight weights that lie together
            t = interleave(_four_outputs(dz, x, o, 0, B), _four_outputs(dz, x, o, 1, B))
            if add:
                t = t + load(dw, o * 2)
            store_eight(dw, o * 2, t)
        else:
            for i in range(fours, I):
                t = _four_outputs(dz, x, o, i, B)
                for k in range(4):
                    put_number(dw, (o + k) * I + i, lane(t, k), add)
    for o in range(whole, O):
        put_number(db, o, total(_sum(dz, o, B)), add)
        for i in range(fours, I):
            put_number(dw, o * I + i, total(_product(dz, x, o, i, B)), add)


def infer(x: Spec, w: Spec, b: Spec) -> Spec:
    """The spec of linear's output."""
    outputs, inputs = w.shape[:1], w.shape[1:]
    wanted = Spec(x.shape[:-1] + inputs), Spec(outputs + inputs, batched=False), Spec(outputs, batched=False)
    if (x, w, b) != wanted or len(inputs) != 1:
        raise ValueError(f"linear: input {x} and bias {b} do not fit the weight {w}")
    return Spec(x.shape[:-1] + outputs)


def _places(x: Spec) -> int:
    return math.prod(x.shape[:-1])


def sizes(node: Node, lanes: int) -> tuple[int, ...]:
    """T, O, I, B of linear."""
    x, w, _ = node.inputs
    return _places(x.spec), *w.shape, lanes


def _input_sizes(node: Node, lanes: int) -> tuple[int, ...]:
    w, dz, _ = node.inputs
    return _places(dz.spec), *w.shape, lanes


def _weight_sizes(node: Node, lanes: int) -> tuple[int, ...]:
    return _places(node.inputs[0].spec), *node.outputs[0].shape, lanes


def reference(call: Call) -> Any:
    """W x + b over the places and the batch."""
    x, w, b = call.inputs
    return np.moveaxis(np.tensordot(w, x, ([1], [x.ndim - 2])), 0, -2) + b[:, None]


def reference_input_gradient(call: Call) -> Any:
    """w^T dz."""
    w, dz, _ = call.inputs
    return np.moveaxis(np.tensordot(w, dz, ([0], [dz.ndim - 2])), 0, -2)


def _reference_weight_gradient(call: Call) -> tuple[Any, Any]:
    dw, db = 0, 0
    for dz, x in zip(call.inputs[::2], call.inputs[1::2], strict=True):
        dw = dw + np.einsum("tob,tib->oi", _flat(dz), _flat(x))
        db = db + _flat(dz).sum((0, 2))
    return dw, db


def _flat(x: Any) -> Any:
    return x.reshape(-1, *x.shape[-2:])


def _infer_weight_gradient(dz: Spec, x: Spec, *_: Spec) -> tuple[Spec, Spec]:
    return Spec((dz.shape[-1], x.shape[-1]), batched=False), Spec(dz.shape[-1:], batched=False)


def _gradient(node: Node, dz: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    x, w, _ = node.inputs
    dw, db = linear_dw.apply(dz, x).outputs
    return linear_dx(w, dz, x), dw, db


linear = Op(
    "linear",
    infer,
    reference,
    forward_kernel("linear", define("identity", lambda x: x)),
    sizes,
    _gradient,
    accumulates=True,
    wide=wide_forward("linear", "identity"),
    work=lambda node: _places(node.inputs[0].spec) * node.inputs[1].spec.size,
)
linear_dx = Op(
    "linear_dx",
    lambda w, dz, x: Spec(x.shape),
    reference_input_gradient,
    input_gradient_kernel("linear_dx", define("identity_dx", lambda dy, y: dy)),
    _input_sizes,
    accumulates=True,
    wide=wide_input_gradient("linear_dx", "identity_dx"),
)
linear_dw = Op(
    "linear_dw",
    _infer_weight_gradient,
    _reference_weight_gradient,
    Kernel("linear_dw", _weight_gradient),
    _weight_sizes,
    accumulates=True,
    joins=True,
    wide=Wide(Kernel("linear_dw_wide", _wide_weight_gradient), _suits_wide_weight_gradient),
)
