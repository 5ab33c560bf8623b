"""linear: y[O, B] = w[O, I] x[I, B] + b[O], with its two gradients; and linear followed by an activation, fused.

In other libraries' layout y = x w^T + b. Weights are [outputs, inputs], as in PyTorch.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dlterm.engine.formulas import define
from dlterm.engine.graph import Call, Node, Op, Spec, Tensor
from dlterm.engine.native import Kernel
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
    store_eight,
    store_four,
    total,
    total_eight,
    total_four,
)
from dlterm.engine.vector_math import put, put_number

F = np.float32


def forward_kernel(name: str, activation: str) -> Kernel:
    """y[O, B] = activation(w[O, I] x[I, B] + b[O]); row: y x w b, O I B."""

    def kernel(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
        y, x = offset(floats, row[4]), offset(floats, row[5])
        w, b = offset(floats, row[6]), offset(floats, row[7])
        O, I, B = row[8], row[9], row[10]
        four = O - O % 4
        for n in range(0, B, LANES):
            for o in range(0, four, 4):  # four outputs share each x
                z0, z1, z2, z3 = splat(b[o]), splat(b[o + 1]), splat(b[o + 2]), splat(b[o + 3])
                for i in range(I):
                    v = load(x, i * B + n)
                    z0 = fma(splat(w[o * I + i]), v, z0)
                    z1 = fma(splat(w[(o + 1) * I + i]), v, z1)
                    z2 = fma(splat(w[(o + 2) * I + i]), v, z2)
                    z3 = fma(splat(w[(o + 3) * I + i]), v, z3)
                put(y, o * B + n, formula(activation, z0), row[3])
                put(y, (o + 1) * B + n, formula(activation, z1), row[3])
                put(y, (o + 2) * B + n, formula(activation, z2), row[3])
                put(y, (o + 3) * B + n, formula(activation, z3), row[3])
            for o in range(four, O):
                z = splat(b[o])
                for i in range(I):
                    z = fma(splat(w[o * I + i]), load(x, i * B + n), z)
                put(y, o * B + n, formula(activation, z), row[3])

    return Kernel(name, kernel)


def input_gradient_kernel(name: str, derivative: str) -> Kernel:
    """dx[I, B] = derivative(w^T[I, O] dz[O, B], x[I, B]); row: dx w dz x, O I B.

    x is the output of the activation before this layer.
    """

    def kernel(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
        dx, w = offset(floats, row[4]), offset(floats, row[5])
        dz, x = offset(floats, row[6]), offset(floats, row[7])
        O, I, B = row[8], row[9], row[10]
        four = I - I % 4
        for n in range(0, B, LANES):
            for i in range(0, four, 4):  # four inputs share each dz
                d0, d1, d2, d3 = splat(F(0)), splat(F(0)), splat(F(0)), splat(F(0))
                for o in range(O):
                    v, at = load(dz, o * B + n), o * I + i
                    d0 = fma(splat(w[at]), v, d0)
                    d1 = fma(splat(w[at + 1]), v, d1)
                    d2 = fma(splat(w[at + 2]), v, d2)
                    d3 = fma(splat(w[at + 3]), v, d3)
                at = i * B + n
                put(dx, at, formula_of_two(derivative, d0, load(x, at)), row[3])
                put(dx, at + B, formula_of_two(derivative, d1, load(x, at + B)), row[3])
                put(dx, at + 2 * B, formula_of_two(derivative, d2, load(x, at + 2 * B)), row[3])
                put(dx, at + 3 * B, formula_of_two(derivative, d3, load(x, at + 3 * B)), row[3])
            for i in range(four, I):
                d = splat(F(0))
                for o in range(O):
                    d = fma(splat(w[o * I + i]), load(dz, o * B + n), d)
                put(dx, i * B + n, formula_of_two(derivative, d, load(x, i * B + n)), row[3])

    return Kernel(name, kernel)


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
    """dw[O, I] = dz[O, B] x^T[B, I], db[O] = sum over B of dz; row: dw db dz x, O I B. Padded lanes of dz are 0.

    The sums over the lanes are the work: eight weights of one output at a time, or four; or one
    weight of four outputs, or both of a plane's two coordinates.
    """
    dw, db = offset(floats, row[4]), offset(floats, row[5])
    dz, x = offset(floats, row[6]), offset(floats, row[7])
    O, I, B, add = row[8], row[9], row[10], row[3]
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
    wanted = Spec(inputs), Spec(outputs + inputs, batched=False), Spec(outputs, batched=False)
    if (x, w, b) != wanted or len(inputs) != 1:
        raise ValueError(f"linear: input {x} and bias {b} do not fit the weight {w}")
    return Spec(outputs)


def sizes(node: Node, lanes: int) -> tuple[int, int, int]:
    """O, I, B: the last numbers of the rows of all ops in this file; the weight gives O and I."""
    shapes = [tensor.shape for tensor in (*node.inputs, *node.outputs)]
    outputs, inputs = next(shape for shape in shapes if len(shape) == 2)
    return outputs, inputs, lanes


def reference(call: Call) -> Any:
    """W x + b over the batch."""
    x, w, b = call.inputs
    return w @ x + b[:, None]


def reference_input_gradient(call: Call) -> Any:
    """w^T dz."""
    w, dz, _ = call.inputs
    return w.T @ dz


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
)
linear_dx = Op(
    "linear_dx",
    lambda w, dz, x: Spec(x.shape),
    reference_input_gradient,
    input_gradient_kernel("linear_dx", define("identity_dx", lambda dy, y: dy)),
    sizes,
    accumulates=True,
)
linear_dw = Op(
    "linear_dw",
    lambda dz, x: (Spec(dz.shape + x.shape, batched=False), Spec(dz.shape, batched=False)),
    lambda call: (call.inputs[0] @ call.inputs[1].T, call.inputs[0].sum(1)),
    Kernel("linear_dw", _weight_gradient),
    sizes,
    accumulates=True,
)
