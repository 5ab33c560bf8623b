"""lstm_cell: one step of a long short-term memory, all that is not a product in one kernel each way.

With z = p + r, what the input and the state before contribute to four gates of H units each, in the order i f g o:

    c' = sigmoid(z_f) c + sigmoid(z_i) tanh(z_g)        h = sigmoid(z_o) tanh(c')

Hochreiter and Schmidhuber, "Long Short-Term Memory", Neural Computation 9, 1997; with the forget gate of Gers,
Schmidhuber and Cummins, 2000. The gates' values and tanh(c') are kept for the gradient.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dlterm.engine.graph import Call, Node, Op, Spec, Tensor
from dlterm.engine.native import Kernel
from dlterm.engine.ops.joining import zeros
from dlterm.engine.vector import LANES, fma, load, offset, store
from dlterm.engine.vector_math import sigmoid, tanh

F = np.float32


def _forward(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """Row: h c' gates tanh(c') p r c, numbers of a gate."""
    h, after, gates = offset(floats, row[4]), offset(floats, row[5]), offset(floats, row[6])
    squashed, p, r = offset(floats, row[7]), offset(floats, row[8]), offset(floats, row[9])
    before, N = offset(floats, row[10]), row[11]
    for n in range(0, N, LANES):
        i = sigmoid(load(p, n) + load(r, n))
        f = sigmoid(load(p, N + n) + load(r, N + n))
        g = tanh(load(p, 2 * N + n) + load(r, 2 * N + n))
        o = sigmoid(load(p, 3 * N + n) + load(r, 3 * N + n))
        c = fma(f, load(before, n), i * g)
        t = tanh(c)
        store(gates, n, i)
        store(gates, N + n, f)
        store(gates, 2 * N + n, g)
        store(gates, 3 * N + n, o)
        store(after, n, c)
        store(squashed, n, t)
        store(h, n, o * t)


def _backward(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """Row: dz dc dh dc' gates tanh(c') c, numbers of a gate."""
    dz, dc, dh = offset(floats, row[4]), offset(floats, row[5]), offset(floats, row[6])
    dafter, gates, squashed = offset(floats, row[7]), offset(floats, row[8]), offset(floats, row[9])
    before, N = offset(floats, row[10]), row[11]
    for n in range(0, N, LANES):
        i, f = load(gates, n), load(gates, N + n)
        g, o = load(gates, 2 * N + n), load(gates, 3 * N + n)
        t, d = load(squashed, n), load(dh, n)
        dcell = fma(d * o, F(1) - t * t, load(dafter, n))
        store(dz, n, dcell * g * (i * (F(1) - i)))
        store(dz, N + n, dcell * load(before, n) * (f * (F(1) - f)))
        store(dz, 2 * N + n, dcell * i * (F(1) - g * g))
        store(dz, 3 * N + n, d * t * (o * (F(1) - o)))
        store(dc, n, dcell * f)


def _infer(p: Spec, r: Spec, c: Spec) -> tuple[Spec, ...]:
    if c != Spec(c.shape) or len(c.shape) != 1 or {p, r} != {Spec((4 * c.shape[0],))}:
        raise ValueError(f"lstm_cell takes four gates [4 H] twice and a state [H], not {p}, {r}, {c}")
    return c, c, p, c


def _infer_gradient(*specs: Spec) -> tuple[Spec, Spec]:
    return specs[2], specs[0]


def _reference(call: Call) -> tuple[Any, ...]:
    p, r, c = call.inputs
    i, f, g, o = np.split(p + r, 4)
    i, f, o = (0.5 * (1 + np.tanh(0.5 * z)) for z in (i, f, o))
    g = np.tanh(g)
    after = f * c + i * g
    return o * np.tanh(after), after, np.concatenate([i, f, g, o]), np.tanh(after)


def _reference_gradient(call: Call) -> tuple[Any, Any]:
    dh, dafter, gates, t, c = call.inputs
    i, f, g, o = np.split(gates, 4)
    dcell = dafter + dh * o * (1 - t * t)
    dz = [dcell * g * i * (1 - i), dcell * c * f * (1 - f), dcell * i * (1 - g * g), dh * t * o * (1 - o)]
    return np.concatenate(dz), dcell * f


def _gradient(node: Node, dh: Tensor | None, dafter: Tensor | None, *_kept: None) -> tuple[Tensor, ...]:
    gates, squashed = node.outputs[2:]
    c = node.inputs[2]
    kept = [zeros(c.spec) if d is None else d for d in (dh, dafter)]
    dz, dc = lstm_cell_gradient.apply(*kept, gates, squashed, c).outputs
    return dz, dz, dc


def _sizes(node: Node, lanes: int) -> tuple[int]:
    return (node.inputs[-1].spec.size * lanes,)


lstm_cell = Op("lstm_cell", _infer, _reference, Kernel("lstm_cell", _forward), _sizes, _gradient)
lstm_cell_gradient = Op(
    "lstm_cell_gradient",
    _infer_gradient,
    _reference_gradient,
    Kernel("lstm_cell_gradient", _backward),
    _sizes,
)
