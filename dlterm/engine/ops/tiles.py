"""Register tiles: the inner loops of wide products.

Sixteen accumulators fill the pipeline of two fused multiply-adds a cycle; four numbers times four registers need eight
loads for sixteen of them, where one number at a time needs two loads each. A column is the sixteen lanes of one block
of the batch, of one place (time step, token) of the tensor.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dlterm.engine.vector import LANES, fma, helper, load, offset, splat, store_four, total, total_four
from dlterm.engine.vector_math import put, put_number

F = np.float32


@helper
def column(c: Any, blocks: Any, size: Any, B: Any) -> Any:
    """Where column c of a tensor [T, size, B] begins; `blocks` columns share a place."""
    t = c // blocks
    return t * size * B + (c - t * blocks) * LANES


@helper
def multiply(
    y: Any,
    x: Any,
    w: Any,
    b: Any,
    biased: Any,
    T: Any,
    O: Any,
    I: Any,
    B: Any,
    across: Any,
    along: Any,
    add: Any,
) -> None:
    """y[t, o, B] (+)= b[o] + sum_i w[o across + i along] x[t, i, B], with b only if it is `biased`."""
    blocks = B // LANES
    columns = T * blocks
    fours = columns - columns % 4
    for c in range(0, fours, 4):
        x0, x1 = column(c, blocks, I, B), column(c + 1, blocks, I, B)
        x2, x3 = column(c + 2, blocks, I, B), column(c + 3, blocks, I, B)
        y0, y1 = column(c, blocks, O, B), column(c + 1, blocks, O, B)
        y2, y3 = column(c + 2, blocks, O, B), column(c + 3, blocks, O, B)
        rows = O - O % 4
        for o in range(0, rows, 4):
            _four_by_four(y, y0, y1, y2, y3, x, x0, x1, x2, x3, w, b, biased, o, I, B, across, along, add)
        for o in range(rows, O):
            _one_by_four(y, y0, y1, y2, y3, x, x0, x1, x2, x3, w, b, biased, o, I, B, across, along, add)
    for c in range(fours, columns):
        x0, y0 = column(c, blocks, I, B), column(c, blocks, O, B)
        rows = O - O % 8
        for o in range(0, rows, 8):
            _eight_by_one(y, y0, x, x0, w, b, biased, o, I, B, across, along, add)
        for o in range(rows, O):
            _one_by_one(y, y0, x, x0, w, b, biased, o, I, B, across, along, add)


@helper
def _start(b: Any, biased: Any, o: Any) -> Any:
    return splat(b[o]) if biased else splat(F(0))


@helper
def _four_by_four(
    y: Any, y0: Any, y1: Any, y2: Any, y3: Any, x: Any, x0: Any, x1: Any, x2: Any, x3: Any,
    w: Any, b: Any, biased: Any, o: Any, I: Any, B: Any, across: Any, along: Any, add: Any,
) -> None:  # fmt: skip
    a0 = a1 = a2 = a3 = _start(b, biased, o)
    b0 = b1 = b2 = b3 = _start(b, biased, o + 1)
    c0 = c1 = c2 = c3 = _start(b, biased, o + 2)
    d0 = d1 = d2 = d3 = _start(b, biased, o + 3)
    first, second = offset(w, o * across), offset(w, (o + 1) * across)
    third, fourth = offset(w, (o + 2) * across), offset(w, (o + 3) * across)
    for i in range(I):
        at, k = i * B, i * along
        v0, v1, v2, v3 = load(x, x0 + at), load(x, x1 + at), load(x, x2 + at), load(x, x3 + at)
        s = splat(first[k])
        a0, a1, a2, a3 = fma(s, v0, a0), fma(s, v1, a1), fma(s, v2, a2), fma(s, v3, a3)
        s = splat(second[k])
        b0, b1, b2, b3 = fma(s, v0, b0), fma(s, v1, b1), fma(s, v2, b2), fma(s, v3, b3)
        s = splat(third[k])
        c0, c1, c2, c3 = fma(s, v0, c0), fma(s, v1, c1), fma(s, v2, c2), fma(s, v3, c3)
        s = splat(fourth[k])
        d0, d1, d2, d3 = fma(s, v0, d0), fma(s, v1, d1), fma(s, v2, d2), fma(s, v3, d3)
    _put_four(y, o * B, y0, y1, y2, y3, a0, a1, a2, a3, add)
    _put_four(y, (o + 1) * B, y0, y1, y2, y3, b0, b1, b2, b3, add)
    _put_four(y, (o + 2) * B, y0, y1, y2, y3, c0, c1, c2, c3, add)
    _put_four(y, (o + 3) * B, y0, y1, y2, y3, d0, d1, d2, d3, add)


@helper
def _one_by_four(
    y: Any, y0: Any, y1: Any, y2: Any, y3: Any, x: Any, x0: Any, x1: Any, x2: Any, x3: Any,
    w: Any, b: Any, biased: Any, o: Any, I: Any, B: Any, across: Any, along: Any, add: Any,
) -> None:  # fmt: skip
    a0 = a1 = a2 = a3 = _start(b, biased, o)
    row = offset(w, o * across)
    for i in range(I):
        s, at = splat(row[i * along]), i * B
        a0, a1 = fma(s, load(x, x0 + at), a0), fma(s, load(x, x1 + at), a1)
        a2, a3 = fma(s, load(x, x2 + at), a2), fma(s, load(x, x3 + at), a3)
    _put_four(y, o * B, y0, y1, y2, y3, a0, a1, a2, a3, add)


@helper
def _eight_by_one(
    y: Any,
    y0: Any,
    x: Any,
    x0: Any,
    w: Any,
    b: Any,
    biased: Any,
    o: Any,
    I: Any,
    B: Any,
    across: Any,
    along: Any,
    add: Any,
) -> None:
    a0, a1 = _start(b, biased, o), _start(b, biased, o + 1)
    a2, a3 = _start(b, biased, o + 2), _start(b, biased, o + 3)
    a4, a5 = _start(b, biased, o + 4), _start(b, biased, o + 5)
    a6, a7 = _start(b, biased, o + 6), _start(b, biased, o + 7)
    w = offset(w, o * across)
    for i in range(I):
        v, k = load(x, x0 + i * B), i * along
        a0, a1 = fma(splat(w[k]), v, a0), fma(splat(w[k + across]), v, a1)
        a2, a3 = fma(splat(w[k + 2 * across]), v, a2), fma(splat(w[k + 3 * across]), v, a3)
        a4, a5 = fma(splat(w[k + 4 * across]), v, a4), fma(splat(w[k + 5 * across]), v, a5)
        a6, a7 = fma(splat(w[k + 6 * across]), v, a6), fma(splat(w[k + 7 * across]), v, a7)
    _put_four(y, y0, o * B, (o + 1) * B, (o + 2) * B, (o + 3) * B, a0, a1, a2, a3, add)
    _put_four(y, y0, (o + 4) * B, (o + 5) * B, (o + 6) * B, (o + 7) * B, a4, a5, a6, a7, add)


@helper
def _one_by_one(
    y: Any,
    y0: Any,
    x: Any,
    x0: Any,
    w: Any,
    b: Any,
    biased: Any,
    o: Any,
    I: Any,
    B: Any,
    across: Any,
    along: Any,
    add: Any,
) -> None:
    a = _start(b, biased, o)
    row = offset(w, o * across)
    for i in range(I):
        a = fma(splat(row[i * along]), load(x, x0 + i * B), a)
    put(y, y0 + o * B, a, add)


@helper
def _put_four(
    y: Any, row: Any, y0: Any, y1: Any, y2: Any, y3: Any, a0: Any, a1: Any, a2: Any, a3: Any, add: Any
) -> None:
    put(y, row + y0, a0, add)
    put(y, row + y1, a1, add)
    put(y, row + y2, a2, add)
    put(y, row + y3, a3, add)


@helper
def add_products(
    dw: Any, row: Any, first: Any, pairs: Any, floats: Any, T: Any, O: Any, I: Any, B: Any, add: Any
) -> None:
    """dw[o, i] (+)= sum over pairs (dz, x), places t and lanes of dz[t, o, B] x[t, i, B].

    The operands of pair p are row[first + 2 p] and the one after it.
    """
    for o in range(0, O - O % 4, 4):
        for i in range(0, I - I % 4, 4):
            _add_tile(dw, row, first, pairs, floats, T, O, I, B, o, i, add)
    for o in range(O - O % 4, O):
        for i in range(I):
            put_number(dw, o * I + i, _sum_of_products(row, first, pairs, floats, T, O, I, B, o, i), add)
    for o in range(O - O % 4):
        for i in range(I - I % 4, I):
            put_number(dw, o * I + i, _sum_of_products(row, first, pairs, floats, T, O, I, B, o, i), add)


@helper
def _sum_of_products(
    row: Any, first: Any, pairs: Any, floats: Any, T: Any, O: Any, I: Any, B: Any, o: Any, i: Any
) -> Any:
    s = splat(F(0))
    for p in range(pairs):
        dz, x = offset(floats, row[first + 2 * p] + o * B), offset(floats, row[first + 2 * p + 1] + i * B)
        for t in range(T):
            for n in range(0, B, LANES):
                s = fma(load(dz, t * O * B + n), load(x, t * I * B + n), s)
    return total(s)


@helper
def _add_tile(
    dw: Any, row: Any, first: Any, pairs: Any, floats: Any,
    T: Any, O: Any, I: Any, B: Any, o: Any, i: Any, add: Any,
) -> None:  # fmt: skip
    a0 = a1 = a2 = a3 = splat(F(0))
    b0 = b1 = b2 = b3 = splat(F(0))
    c0 = c1 = c2 = c3 = splat(F(0))
    d0 = d1 = d2 = d3 = splat(F(0))
    for p in range(pairs):
        dz, x = offset(floats, row[first + 2 * p] + o * B), offset(floats, row[first + 2 * p + 1] + i * B)
        for t in range(T):
            for n in range(0, B, LANES):
                at, k = t * I * B + n, t * O * B + n
                v0, v1, v2, v3 = load(x, at), load(x, at + B), load(x, at + 2 * B), load(x, at + 3 * B)
                s = load(dz, k)
                a0, a1, a2, a3 = fma(s, v0, a0), fma(s, v1, a1), fma(s, v2, a2), fma(s, v3, a3)
                s = load(dz, k + B)
                b0, b1, b2, b3 = fma(s, v0, b0), fma(s, v1, b1), fma(s, v2, b2), fma(s, v3, b3)
                s = load(dz, k + 2 * B)
                c0, c1, c2, c3 = fma(s, v0, c0), fma(s, v1, c1), fma(s, v2, c2), fma(s, v3, c3)
                s = load(dz, k + 3 * B)
                d0, d1, d2, d3 = fma(s, v0, d0), fma(s, v1, d1), fma(s, v2, d2), fma(s, v3, d3)
    _put_totals(dw, o * I + i, total_four(a0, a1, a2, a3), add)
    _put_totals(dw, (o + 1) * I + i, total_four(b0, b1, b2, b3), add)
    _put_totals(dw, (o + 2) * I + i, total_four(c0, c1, c2, c3), add)
    _put_totals(dw, (o + 3) * I + i, total_four(d0, d1, d2, d3), add)


@helper
def _put_totals(dw: Any, at: Any, totals: Any, add: Any) -> None:
    if add:
        totals = totals + load(dw, at)
    store_four(dw, at, totals)
