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
    lane,
    load,
    offset,
    splat,
    total,
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
    """dx[I, B] = derivative(w^T[I, O] dz[O, B], x[I, B]), x the output of the activation before; row: dx w dz x, O I B."""

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


def _weight_gradient(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """dw[O, I] = dz[O, B] x^T[B, I], db[O] = sum over B of dz; row: dw db dz x, O I B. Padded lanes of dz are 0."""
    dw, db = offset(floats, row[4]), offset(floats, row[5])
    dz, x = offset(floats, row[6]), offset(floats, row[7])
    O, I, B = row[8], row[9], row[10]
    four = O - O % 4
    for o in range(0, four, 4):  # four outputs share each x
        s0, s1, s2, s3 = splat(F(0)), splat(F(0)), splat(F(0)), splat(F(0))
        for n in range(0, B, LANES):
            s0, s1 = s0 + load(dz, o * B + n), s1 + load(dz, (o + 1) * B + n)
            s2, s3 = s2 + load(dz, (o + 2) * B + n), s3 + load(dz, (o + 3) * B + n)
        t = total_four(s0, s1, s2, s3)
        for k in range(4):
            put_number(db, o + k, lane(t, k), row[3])
        for i in range(I):
            s0, s1, s2, s3 = splat(F(0)), splat(F(0)), splat(F(0)), splat(F(0))
            for n in range(0, B, LANES):
                v = load(x, i * B + n)
                s0 = fma(load(dz, o * B + n), v, s0)
                s1 = fma(load(dz, (o + 1) * B + n), v, s1)
                s2 = fma(load(dz, (o + 2) * B + n), v, s2)
                s3 = fma(load(dz, (o + 3) * B + n), v, s3)
            t = total_four(s0, s1, s2, s3)
            for k in range(4):
                put_number(dw, (o + k) * I + i, lane(t, k), row[3])
    for o in range(four, O):
        s = splat(F(0))
        for n in range(0, B, LANES):
            s = s + load(dz, o * B + n)
        put_number(db, o, total(s), row[3])
        for i in range(I):
            s = splat(F(0))
            for n in range(0, B, LANES):
                s = fma(load(dz, o * B + n), load(x, i * B + n), s)
            put_number(dw, o * I + i, total(s), row[3])


def infer(x: Spec, w: Spec, b: Spec) -> Spec:
    """The spec of linear's output."""
    if x.shape != w.shape[1:] or b.shape != w.shape[:1]:
        raise ValueError(f"linear: input {x.shape} and bias {b.shape} do not fit the weight {w.shape}")
    return Spec(b.shape)


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
    x, w, b = node.inputs
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
