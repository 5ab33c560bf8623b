"""conv2d: y[o, h, w] = b[o] + sum over c, i, j of k[o, c, i, j] x[c, h s - p + i d, w s - p + j d], and its gradients.

Stride s, padding p (with zeros) and dilation d; with `groups` the channels fall into as many groups that do not see
each other. As in PyTorch this is a cross-correlation, kernels are [outputs, channels / groups, height, width], and the
sums are those of Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", arXiv:1603.07285.

The convolution is done directly, eight channels of one pixel at a time with the batch in the lanes: no copy of patches
is made, and at the borders the loops are shorter, so that nothing is multiplied by padding. The gradient for the input
is the same loop the other way round; the kernel's gradient adds up over strips of rows that stay in the nearest cache.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dlterm.engine.graph import Call, Node, Op, Shape, Spec, Tensor
from dlterm.engine.native import Kernel
from dlterm.engine.vector import LANES, fma, helper, lane, load, offset, splat, total, total_four
from dlterm.engine.vector_math import put, put_number

F = np.float32
Pair = tuple[int, int]
_STRIP = 64  # columns (pixels times blocks of lanes) that two times four channels keep in the nearest cache


def pair(value: int | Pair) -> Pair:
    """One number for both axes, or one each."""
    return (value, value) if isinstance(value, int) else value


# --- one pixel of eight channels: forward, and the gradient for the input ------------------------------------------


@helper
def _taps(at: Any, size: Any, kernel: Any, stride: Any, padding: Any, dilation: Any, backward: Any) -> Any:
    """Where place `at` of one axis meets the other side: first tap, step of taps, their count; first place, step.

    Forward, tap i reads place at stride - padding + i dilation; backward, it reads (at + padding - i dilation) / stride
    where that is a whole number.
    """
    if not backward:
        start = at * stride - padding
        first = 0 if start >= 0 else (dilation - 1 - start) // dilation
        end = min(kernel, (size - start + dilation - 1) // dilation)
        return first, 1, max(0, end - first), start + first * dilation, dilation
    first, start = 0, at + padding
    if stride == 1:
        skipped = max(0, (start - (size - 1) + dilation - 1) // dilation)
        end = min(kernel, start // dilation + 1)
        return skipped, 1, max(0, end - skipped), start - skipped * dilation, -dilation
    step, count = stride, 0
    for i in range(kernel - 1, -1, -1):  # few: the last that fits is the first, and their distance the step
        place = start - i * dilation
        if place >= 0 and place % stride == 0 and place // stride < size:
            step, first, count = first - i, i, count + 1
    if count < 2:
        step = 1
    return first, step, count, (start - first * dilation) // stride, -(step * dilation) // stride


@helper
def _pixel(
    y: Any, y_at: Any, y_plane: Any, x: Any, x_plane: Any, w: Any, across: Any, along: Any, b: Any, biased: Any,
    rows: Any, channels: Any, i: Any, di: Any, m: Any, h: Any, dh: Any, j: Any, dj: Any, n: Any, v: Any, dv: Any,
    width: Any, kw: Any, B: Any, add: Any,
) -> None:  # fmt: skip
    """One pixel of `rows` channels, all lanes: m taps from i by di on rows h by dh, n from j by dj on v by dv."""
    w = offset(w, i * kw + j)
    x = offset(x, (h * width + v) * B)
    down, right, w_down = dh * width * B, dv * B, di * kw
    eights = rows - rows % 8
    pairs = B - B % (2 * LANES)
    for o in range(0, eights, 8):
        k = offset(w, o * across)
        for at in range(0, pairs, 2 * LANES):
            _eight_by_two(
                y, y_at + o * y_plane + at, y_plane, offset(x, at), x_plane, k, across, along, b, biased, o,
                channels, m, n, down, right, w_down, dj, add,
            )  # fmt: skip
        for at in range(pairs, B, LANES):
            _eight_by_one(
                y, y_at + o * y_plane + at, y_plane, offset(x, at), x_plane, k, across, along, b, biased, o,
                channels, m, n, down, right, w_down, dj, add,
            )  # fmt: skip
    for o in range(eights, rows):
        k = offset(w, o * across)
        for at in range(0, B, LANES):
            z = splat(b[o]) if biased else splat(F(0))
            for c in range(channels):
                for p in range(m):
                    t, u = c * along + p * w_down, c * x_plane + p * down + at
                    for q in range(n):
                        z = fma(splat(k[t + q * dj]), load(x, u + q * right), z)
            put(y, y_at + o * y_plane + at, z, add)


@helper
def _eight_by_two(
    y: Any, y_at: Any, y_plane: Any, x: Any, x_plane: Any, w: Any, across: Any, along: Any, b: Any, biased: Any,
    o: Any, channels: Any, m: Any, n: Any, down: Any, right: Any, w_down: Any, dj: Any, add: Any,
) -> None:  # fmt: skip
    z0 = v0 = splat(b[o]) if biased else splat(F(0))
    z1 = v1 = splat(b[o + 1]) if biased else splat(F(0))
    z2 = v2 = splat(b[o + 2]) if biased else splat(F(0))
    z3 = v3 = splat(b[o + 3]) if biased else splat(F(0))
    z4 = v4 = splat(b[o + 4]) if biased else splat(F(0))
    z5 = v5 = splat(b[o + 5]) if biased else splat(F(0))
    z6 = v6 = splat(b[o + 6]) if biased else splat(F(0))
    z7 = v7 = splat(b[o + 7]) if biased else splat(F(0))
    w1, w2, w3, w4 = offset(w, across), offset(w, 2 * across), offset(w, 3 * across), offset(w, 4 * across)
    w5, w6, w7 = offset(w, 5 * across), offset(w, 6 * across), offset(w, 7 * across)
    for c in range(channels):
        for p in range(m):
            t, u = c * along + p * w_down, c * x_plane + p * down
            for _ in range(n):
                s, r = load(x, u), load(x, u + LANES)
                k = splat(w[t])
                z0, v0 = fma(k, s, z0), fma(k, r, v0)
                k = splat(w1[t])
                z1, v1 = fma(k, s, z1), fma(k, r, v1)
                k = splat(w2[t])
                z2, v2 = fma(k, s, z2), fma(k, r, v2)
                k = splat(w3[t])
                z3, v3 = fma(k, s, z3), fma(k, r, v3)
                k = splat(w4[t])
                z4, v4 = fma(k, s, z4), fma(k, r, v4)
                k = splat(w5[t])
                z5, v5 = fma(k, s, z5), fma(k, r, v5)
                k = splat(w6[t])
                z6, v6 = fma(k, s, z6), fma(k, r, v6)
                k = splat(w7[t])
                z7, v7 = fma(k, s, z7), fma(k, r, v7)
                t += dj
                u += right
    _put_eight(y, y_at, y_plane, z0, z1, z2, z3, z4, z5, z6, z7, add)
    _put_eight(y, y_at + LANES, y_plane, v0, v1, v2, v3, v4, v5, v6, v7, add)


@helper
def _eight_by_one(
    y: Any, y_at: Any, y_plane: Any, x: Any, x_plane: Any, w: Any, across: Any, along: Any, b: Any, biased: Any,
    o: Any, channels: Any, m: Any, n: Any, down: Any, right: Any, w_down: Any, dj: Any, add: Any,
) -> None:  # fmt: skip
    z0 = splat(b[o]) if biased else splat(F(0))
    z1 = splat(b[o + 1]) if biased else splat(F(0))
    z2 = splat(b[o + 2]) if biased else splat(F(0))
    z3 = splat(b[o + 3]) if biased else splat(F(0))
    z4 = splat(b[o + 4]) if biased else splat(F(0))
    z5 = splat(b[o + 5]) if biased else splat(F(0))
    z6 = splat(b[o + 6]) if biased else splat(F(0))
    z7 = splat(b[o + 7]) if biased else splat(F(0))
    w1, w2, w3, w4 = offset(w, across), offset(w, 2 * across), offset(w, 3 * across), offset(w, 4 * across)
    w5, w6, w7 = offset(w, 5 * across), offset(w, 6 * across), offset(w, 7 * across)
    for c in range(channels):
        for p in range(m):
            t, u = c * along + p * w_down, c * x_plane + p * down
            for _ in range(n):
                s = load(x, u)
                z0, z1 = fma(splat(w[t]), s, z0), fma(splat(w1[t]), s, z1)
                z2, z3 = fma(splat(w2[t]), s, z2), fma(splat(w3[t]), s, z3)
                z4, z5 = fma(splat(w4[t]), s, z4), fma(splat(w5[t]), s, z5)
                z6, z7 = fma(splat(w6[t]), s, z6), fma(splat(w7[t]), s, z7)
                t += dj
                u += right
    _put_eight(y, y_at, y_plane, z0, z1, z2, z3, z4, z5, z6, z7, add)


@helper
def _put_eight(
    y: Any,
    at: Any,
    plane: Any,
    z0: Any,
    z1: Any,
    z2: Any,
    z3: Any,
    z4: Any,
    z5: Any,
    z6: Any,
    z7: Any,
    add: Any,
) -> None:
    put(y, at, z0, add)
    put(y, at + plane, z1, add)
    put(y, at + 2 * plane, z2, add)
    put(y, at + 3 * plane, z3, add)
    put(y, at + 4 * plane, z4, add)
    put(y, at + 5 * plane, z5, add)
    put(y, at + 6 * plane, z6, add)
    put(y, at + 7 * plane, z7, add)


def _forward(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """Row: y x w b, O C H W, H' W', kh kw, sh sw, ph pw, dh dw, groups, B."""
    y, x = offset(floats, row[4]), offset(floats, row[5])
    w, b = offset(floats, row[6]), offset(floats, row[7])
    O, C, H, W, P, Q, kh, kw = row[8], row[9], row[10], row[11], row[12], row[13], row[14], row[15]
    groups, B = row[22], row[23]
    rows, channels, taps = O // groups, C // groups, kh * kw
    for p in range(P):
        i, di, m, h, dh = _taps(p, H, kh, row[16], row[18], row[20], False)
        for q in range(Q):
            j, dj, n, v, dv = _taps(q, W, kw, row[17], row[19], row[21], False)
            for g in range(groups):
                _pixel(
                    y, (g * rows * P * Q + p * Q + q) * B, P * Q * B,
                    offset(x, g * channels * H * W * B), H * W * B,
                    offset(w, g * rows * channels * taps), channels * taps, taps, offset(b, g * rows), True,
                    rows, channels, i, di, m, h, dh, j, dj, n, v, dv, W, kw, B, row[3],
                )  # fmt: skip


def _input_gradient(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """Row: dx w dz, then as forward."""
    dx, w, dz = offset(floats, row[4]), offset(floats, row[5]), offset(floats, row[6])
    O, C, H, W, P, Q, kh, kw = row[7], row[8], row[9], row[10], row[11], row[12], row[13], row[14]
    groups, B = row[21], row[22]
    rows, channels, taps = O // groups, C // groups, kh * kw
    for h in range(H):
        i, di, m, p, dp = _taps(h, P, kh, row[15], row[17], row[19], True)
        for v in range(W):
            j, dj, n, q, dq = _taps(v, Q, kw, row[16], row[18], row[20], True)
            for g in range(groups):
                _pixel(
                    dx, (g * channels * H * W + h * W + v) * B, H * W * B,
                    offset(dz, g * rows * P * Q * B), P * Q * B,
                    offset(w, g * rows * channels * taps), taps, channels * taps, w, False,
                    channels, rows, i, di, m, p, dp, j, dj, n, q, dq, Q, kw, B, row[3],
                )  # fmt: skip


# --- the kernel's gradient -------------------------------------------------------------------------------------------


@helper
def _inside(tap: Any, size: Any, outputs: Any, stride: Any, padding: Any, dilation: Any) -> Any:
    """The outputs whose tap lies inside: from the first to before the end."""
    start = tap * dilation - padding  # + stride output >= 0 and < size
    first = 0 if start >= 0 else (stride - 1 - start) // stride
    end = min(outputs, (size - start + stride - 1) // stride)
    return first, max(first, end)


def _weight_gradient(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """Row: dw db dz x, then as forward. Padded lanes of dz are 0."""
    dw, db = offset(floats, row[4]), offset(floats, row[5])
    dz, x = offset(floats, row[6]), offset(floats, row[7])
    O, C, H, W, P, Q, kh, kw = row[8], row[9], row[10], row[11], row[12], row[13], row[14], row[15]
    groups, B = row[22], row[23]
    rows, channels, taps = O // groups, C // groups, kh * kw
    if not row[3]:
        for k in range(O * channels * taps):
            dw[k] = F(0)
    strip = max(1, _STRIP * LANES // (Q * B))
    for begin in range(0, P, strip):
        for g in range(groups):
            for i in range(kh):
                low, high = _inside(i, H, P, row[16], row[18], row[20])
                low, high = max(low, begin), min(high, begin + strip)
                for j in range(kw):
                    first, end = _inside(j, W, Q, row[17], row[19], row[21])
                    u = offset(dz, (g * rows * P * Q + low * Q + first) * B)
                    top = low * row[16] - row[18] + i * row[20]
                    left = first * row[17] - row[19] + j * row[21]
                    v = offset(x, (g * channels * H * W + top * W + left) * B)
                    d = offset(dw, g * rows * channels * taps + i * kw + j)
                    if low < high and first < end:
                        _tap(
                            d, taps, channels * taps, u, P * Q * B, Q * B, v, H * W * B, row[16] * W * B,
                            rows, channels, high - low, end - first, row[17] * B, B,
                        )  # fmt: skip
    for o in range(O):
        s = splat(F(0))
        for at in range(0, P * Q * B, LANES):
            s = s + load(dz, o * P * Q * B + at)
        put_number(db, o, total(s), row[3])


@helper
def _tap(
    dw: Any, along: Any, across: Any, dz: Any, dz_plane: Any, dz_row: Any, x: Any, x_plane: Any, x_row: Any,
    rows: Any, channels: Any, P: Any, Q: Any, x_step: Any, B: Any,
) -> None:  # fmt: skip
    """dw[o across + c along] += sum over P rows of Q pixels and the lanes of dz x, for all o and c."""
    four = rows - rows % 4
    fours = channels - channels % 4
    for o in range(0, four, 4):
        u, d = offset(dz, o * dz_plane), offset(dw, o * across)
        for c in range(0, fours, 4):
            _four_by_four(
                offset(d, c * along), along, across, u, dz_plane, dz_row, offset(x, c * x_plane), x_plane, x_row,
                P, Q, x_step, B,
            )  # fmt: skip
        for c in range(fours, channels):
            _four_by_one(
                offset(d, c * along),
                across,
                u,
                dz_plane,
                dz_row,
                offset(x, c * x_plane),
                x_row,
                P,
                Q,
                x_step,
                B,
            )
    for o in range(four, rows):
        u = offset(dz, o * dz_plane)
        for c in range(channels):
            v, s = offset(x, c * x_plane), splat(F(0))
            for p in range(P):
                for q in range(Q):
                    for n in range(0, B, LANES):
                        s = fma(load(u, p * dz_row + q * B + n), load(v, p * x_row + q * x_step + n), s)
            dw[o * across + c * along] += total(s)


@helper
def _four_by_four(
    dw: Any, along: Any, across: Any, dz: Any, dz_plane: Any, dz_row: Any, x: Any, x_plane: Any, x_row: Any,
    P: Any, Q: Any, x_step: Any, B: Any,
) -> None:  # fmt: skip
    a0 = a1 = a2 = a3 = splat(F(0))
    b0 = b1 = b2 = b3 = splat(F(0))
    c0 = c1 = c2 = c3 = splat(F(0))
    d0 = d1 = d2 = d3 = splat(F(0))
    for p in range(P):
        for q in range(Q):
            u, v = offset(dz, p * dz_row + q * B), offset(x, p * x_row + q * x_step)
            for n in range(0, B, LANES):
                v0, v1 = load(v, n), load(v, n + x_plane)
                v2, v3 = load(v, n + 2 * x_plane), load(v, n + 3 * x_plane)
                s = load(u, n)
                a0, a1, a2, a3 = fma(s, v0, a0), fma(s, v1, a1), fma(s, v2, a2), fma(s, v3, a3)
                s = load(u, n + dz_plane)
                b0, b1, b2, b3 = fma(s, v0, b0), fma(s, v1, b1), fma(s, v2, b2), fma(s, v3, b3)
                s = load(u, n + 2 * dz_plane)
                c0, c1, c2, c3 = fma(s, v0, c0), fma(s, v1, c1), fma(s, v2, c2), fma(s, v3, c3)
                s = load(u, n + 3 * dz_plane)
                d0, d1, d2, d3 = fma(s, v0, d0), fma(s, v1, d1), fma(s, v2, d2), fma(s, v3, d3)
    _add_four(dw, along, total_four(a0, a1, a2, a3))
    _add_four(offset(dw, across), along, total_four(b0, b1, b2, b3))
    _add_four(offset(dw, 2 * across), along, total_four(c0, c1, c2, c3))
    _add_four(offset(dw, 3 * across), along, total_four(d0, d1, d2, d3))


@helper
def _four_by_one(
    dw: Any,
    across: Any,
    dz: Any,
    dz_plane: Any,
    dz_row: Any,
    x: Any,
    x_row: Any,
    P: Any,
    Q: Any,
    x_step: Any,
    B: Any,
) -> None:
    a0 = a1 = a2 = a3 = splat(F(0))
    for p in range(P):
        for q in range(Q):
            u, v = offset(dz, p * dz_row + q * B), offset(x, p * x_row + q * x_step)
            for n in range(0, B, LANES):
                s = load(v, n)
                a0, a1 = fma(load(u, n), s, a0), fma(load(u, n + dz_plane), s, a1)
                a2, a3 = fma(load(u, n + 2 * dz_plane), s, a2), fma(load(u, n + 3 * dz_plane), s, a3)
    _add_four(dw, across, total_four(a0, a1, a2, a3))


@helper
def _add_four(dw: Any, step: Any, totals: Any) -> None:
    for k in range(4):
        dw[k * step] += lane(totals, k)


# --- the declarations ------------------------------------------------------------------------------------------------


def _infer(x: Spec, w: Spec, b: Spec, *, stride: Pair, padding: Pair, dilation: Pair, groups: int) -> Spec:
    good = len(x.shape) == 3 and len(w.shape) == 4 and x == Spec(x.shape) and groups >= 1
    good = good and w == Spec(w.shape, batched=False) and b == Spec(w.shape[:1], batched=False)
    if not good or x.shape[0] != w.shape[1] * groups or w.shape[0] % groups:
        raise ValueError(f"conv2d: kernels {w}, bias {b} and {groups} groups do not fit the image {x}")
    if min(stride) < 1 or min(dilation) < 1 or min(padding) < 0:
        raise ValueError(f"conv2d: stride {stride}, dilation {dilation}, padding {padding}")
    sides = [
        (n + 2 * p - d * (k - 1) - 1) // s + 1
        for n, k, s, p, d in zip(x.shape[1:], w.shape[2:], stride, padding, dilation, strict=True)
    ]
    if min(sides) < 1:
        raise ValueError(f"conv2d: the kernel {w.shape[2:]} is larger than the image {x.shape[1:]}")
    return Spec((w.shape[0], *sides))


def _sizes(x: Spec, w: Spec, y: Spec, node: Node, lanes: int) -> list[int]:
    how = node.attributes
    pairs = [*how["stride"], *how["padding"], *how["dilation"]]
    return [w.shape[0], *x.shape, *y.shape[1:], *w.shape[2:], *pairs, how["groups"], lanes]


def _windows(x: Any, node: dict[str, Any], kernel: Shape, sides: Shape) -> Any:
    """x [C, H, W, B] as [C, H', W', B, kh, kw]: what each output sees; a view of a padded copy."""
    (ph, pw), (sh, sw), (dh, dw) = node["padding"], node["stride"], node["dilation"]
    x = np.pad(x, ((0, 0), (ph, ph), (pw, pw), (0, 0)))
    spans = tuple(d * (k - 1) + 1 for k, d in zip(kernel, (dh, dw), strict=True))
    view = np.lib.stride_tricks.sliding_window_view(x, spans, (1, 2))
    return view[:, ::sh, ::sw, :, ::dh, ::dw][:, : sides[0], : sides[1]]


def _reference(call: Call) -> Any:
    x, w, b = call.inputs
    groups, y = call.attributes["groups"], call.output_specs[0].shape
    seen = np.array_split(_windows(x, call.attributes, w.shape[2:], y[1:]), groups)
    parts = [
        np.einsum("chwbij,ocij->ohwb", s, k) for s, k in zip(seen, np.array_split(w, groups), strict=True)
    ]
    return np.concatenate(parts) + b[:, None, None, None]


def _reference_dx(call: Call) -> Any:
    w, dz = call.inputs
    how, (C, H, W) = call.attributes, call.output_specs[0].shape
    (ph, pw), (sh, sw), (dh, dw) = how["padding"], how["stride"], how["dilation"]
    dx = np.zeros((C, H + 2 * ph, W + 2 * pw, call.lanes), dz.dtype)
    P, Q = dz.shape[1:3]
    for i in range(w.shape[2]):
        for j in range(w.shape[3]):
            pairs = zip(np.array_split(dz, how["groups"]), np.array_split(w, how["groups"]), strict=True)
            part = np.concatenate([np.einsum("ohwb,oc->chwb", z, k[:, :, i, j]) for z, k in pairs])
            dx[:, i * dh : i * dh + P * sh : sh, j * dw : j * dw + Q * sw : sw] += part
    return dx[:, ph : ph + H, pw : pw + W]


def _reference_dw(call: Call) -> tuple[Any, Any]:
    dz, x = call.inputs
    groups, w = call.attributes["groups"], call.output_specs[0].shape
    seen = np.array_split(_windows(x, call.attributes, w[2:], dz.shape[1:3]), groups)
    pairs = zip(seen, np.array_split(dz, groups), strict=True)
    return np.concatenate([np.einsum("chwbij,ohwb->ocij", s, z) for s, z in pairs]), dz.sum((1, 2, 3))


def _gradient(node: Node, dz: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    x, w, _ = node.inputs
    how = node.attributes
    dw, db = conv2d_dw.apply(dz, x, kernel=w.shape[2:], **how).outputs
    return conv2d_dx(w, dz, image=x.shape, **how), dw, db


def _work(node: Node) -> int:
    return node.inputs[1].spec.size * math.prod(node.outputs[0].shape[1:])


_conv2d = Op(
    "conv2d",
    _infer,
    _reference,
    Kernel("conv2d", _forward),
    lambda node, lanes: _sizes(node.inputs[0].spec, node.inputs[1].spec, node.outputs[0].spec, node, lanes),
    _gradient,
    accumulates=True,
    work=_work,
)
conv2d_dx = Op(
    "conv2d_dx",
    lambda w, dz, *, image, **_: Spec(image),
    _reference_dx,
    Kernel("conv2d_dx", _input_gradient),
    lambda node, lanes: _sizes(node.outputs[0].spec, node.inputs[0].spec, node.inputs[1].spec, node, lanes),
    accumulates=True,
)
conv2d_dw = Op(
    "conv2d_dw",
    lambda dz, x, *, kernel, groups, **_: (
        Spec((dz.shape[0], x.shape[0] // groups, *kernel), batched=False),
        Spec(dz.shape[:1], batched=False),
    ),
    _reference_dw,
    Kernel("conv2d_dw", _weight_gradient),
    lambda node, lanes: _sizes(node.inputs[1].spec, node.outputs[0].spec, node.inputs[0].spec, node, lanes),
    accumulates=True,
)


def conv2d(
    x: Tensor,
    w: Tensor,
    b: Tensor,
    *,
    stride: int | Pair = 1,
    padding: int | Pair = 0,
    dilation: int | Pair = 1,
    groups: int = 1,
) -> Tensor:
    """[batch, C, H, W] to [batch, O, H', W'], with w [O, C / groups, kh, kw] and b [O].

    H' = (H + 2 padding - dilation (kh - 1) - 1) // stride + 1. Raises ValueError where the shapes do not fit.
    """
    return _conv2d(
        x, w, b, stride=pair(stride), padding=pair(padding), dilation=pair(dilation), groups=groups
    )
