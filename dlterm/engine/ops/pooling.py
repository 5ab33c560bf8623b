"""max_pool2d, avg_pool2d, upsample: images made smaller and larger, each with its gradient.

A window of `size` moves by `stride` over the image, around which lie `padding` rows and columns: of nothing for the
maximum, of zeros that count for the mean, as in PyTorch. Where a maximum stands twice in a window, the first place
takes the gradient. upsample repeats every pixel `scale` times each way (the nearest neighbour).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dlterm.engine.graph import Call, Node, Op, Shape, Spec, Tensor
from dlterm.engine.native import Kernel
from dlterm.engine.ops.broadcast import reduced_axes
from dlterm.engine.ops.conv2d import Pair, pair
from dlterm.engine.ops.reshape import reshape
from dlterm.engine.vector import LANES, helper, less, load, maximum, offset, select, splat, store
from dlterm.engine.vector_math import put

F = np.float32


@helper
def _window(at: Any, size: Any, stride: Any, padding: Any, inputs: Any) -> Any:
    """The inputs that output `at` of one axis sees: from the first to before the end."""
    start = at * stride - padding
    return max(start, 0), min(start + size, inputs)


def _max(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """Row: y x, C H W P Q, size, stride, padding (two each), B."""
    y, x = offset(floats, row[4]), offset(floats, row[5])
    C, H, W, P, Q, B = row[6], row[7], row[8], row[9], row[10], row[17]
    for c in range(C):
        for p in range(P):
            h0, h1 = _window(p, row[11], row[13], row[15], H)
            for q in range(Q):
                w0, w1 = _window(q, row[12], row[14], row[16], W)
                for n in range(0, B, LANES):
                    top = load(x, ((c * H + h0) * W + w0) * B + n)
                    for h in range(h0, h1):
                        for w in range(w0, w1):
                            top = maximum(top, load(x, ((c * H + h) * W + w) * B + n))
                    put(y, ((c * P + p) * Q + q) * B + n, top, row[3])


def _max_gradient(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """Row: dx dy y x, then as _max. A window's first place that holds its maximum takes dy."""
    dx, dy = offset(floats, row[4]), offset(floats, row[5])
    y, x = offset(floats, row[6]), offset(floats, row[7])
    C, H, W, P, Q, B = row[8], row[9], row[10], row[11], row[12], row[19]
    zero = splat(F(0))
    if not row[3]:
        for at in range(0, C * H * W * B, LANES):
            store(dx, at, zero)
    for c in range(C):
        for p in range(P):
            h0, h1 = _window(p, row[13], row[15], row[17], H)
            for q in range(Q):
                w0, w1 = _window(q, row[14], row[16], row[18], W)
                for n in range(0, B, LANES):
                    k = ((c * P + p) * Q + q) * B + n
                    top, left = load(y, k), load(dy, k)
                    for h in range(h0, h1):
                        for w in range(w0, w1):
                            at = ((c * H + h) * W + w) * B + n
                            below = less(load(x, at), top)
                            store(dx, at, load(dx, at) + select(below, zero, left))
                            left = select(below, left, zero)


def _mean(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """Row: y x, then as _max."""
    y, x = offset(floats, row[4]), offset(floats, row[5])
    C, H, W, P, Q, B = row[6], row[7], row[8], row[9], row[10], row[17]
    share = F(1) / F(row[11] * row[12])
    for c in range(C):
        for p in range(P):
            h0, h1 = _window(p, row[11], row[13], row[15], H)
            for q in range(Q):
                w0, w1 = _window(q, row[12], row[14], row[16], W)
                for n in range(0, B, LANES):
                    s = splat(F(0))
                    for h in range(h0, h1):
                        for w in range(w0, w1):
                            s = s + load(x, ((c * H + h) * W + w) * B + n)
                    put(y, ((c * P + p) * Q + q) * B + n, s * share, row[3])


def _mean_gradient(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """Row: dx dy, then as _max."""
    dx, dy = offset(floats, row[4]), offset(floats, row[5])
    C, H, W, P, Q, B = row[6], row[7], row[8], row[9], row[10], row[17]
    share = F(1) / F(row[11] * row[12])
    if not row[3]:
        for at in range(0, C * H * W * B, LANES):
            store(dx, at, splat(F(0)))
    for c in range(C):
        for p in range(P):
            h0, h1 = _window(p, row[11], row[13], row[15], H)
            for q in range(Q):
                w0, w1 = _window(q, row[12], row[14], row[16], W)
                for n in range(0, B, LANES):
                    d = load(dy, ((c * P + p) * Q + q) * B + n) * share
                    for h in range(h0, h1):
                        for w in range(w0, w1):
                            at = ((c * H + h) * W + w) * B + n
                            store(dx, at, load(dx, at) + d)


def _repeat(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """y[c, h sh + i, w sw + j] = x[c, h, w]; row: y x, C H W, sh sw, B."""
    y, x = offset(floats, row[4]), offset(floats, row[5])
    C, H, W, sh, sw, B = row[6], row[7], row[8], row[9], row[10], row[11]
    for k in range(C * H * sh):
        source = offset(x, (k // sh) * W * B)
        target = offset(y, k * W * sw * B)
        for w in range(W * sw):
            for n in range(0, B, LANES):
                put(target, w * B + n, load(source, (w // sw) * B + n), row[3])


def _repeat_gradient(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """dx[c, h, w] = sum over i, j of dy[c, h sh + i, w sw + j]; row: dx dy, C H W, sh sw, B."""
    dx, dy = offset(floats, row[4]), offset(floats, row[5])
    C, H, W, sh, sw, B = row[6], row[7], row[8], row[9], row[10], row[11]
    for k in range(C * H):
        for w in range(W):
            for n in range(0, B, LANES):
                s = splat(F(0))
                for i in range(sh):
                    for j in range(sw):
                        s = s + load(dy, ((k * sh + i) * W * sw + w * sw + j) * B + n)
                put(dx, (k * W + w) * B + n, s, row[3])


def _infer(x: Spec, *, size: Pair, stride: Pair, padding: Pair) -> Spec:
    if len(x.shape) != 3 or x != Spec(x.shape):
        raise ValueError(f"pooling takes an image an example, not {x}")
    if (
        min(*size, *stride) < 1
        or min(padding) < 0
        or any(2 * p > s for p, s in zip(padding, size, strict=True))
    ):
        raise ValueError(
            f"pooling: window {size}, stride {stride}, padding {padding}: at most half the window"
        )
    axes = zip(x.shape[1:], size, stride, padding, strict=True)
    sides = [(n + 2 * p - k) // s + 1 for n, k, s, p in axes]
    if min(sides) < 1:
        raise ValueError(f"pooling: the window {size} is larger than the image {x.shape[1:]}")
    return Spec((x.shape[0], *sides))


def _sizes(x: Spec, y: Spec, node: Node, lanes: int) -> list[int]:
    how = node.attributes
    return [*x.shape, *y.shape[1:], *how["size"], *how["stride"], *how["padding"], lanes]


def _windows(x: Any, how: dict[str, Any], sides: Shape, fill: float) -> Any:
    """x [C, H, W, B] as [C, P, Q, B, sh, sw]; a view of a padded copy."""
    (ph, pw), (sh, sw) = how["padding"], how["stride"]
    x = np.pad(x, ((0, 0), (ph, ph), (pw, pw), (0, 0)), constant_values=fill)
    view = np.lib.stride_tricks.sliding_window_view(x, how["size"], (1, 2))
    return view[:, ::sh, ::sw][:, : sides[0], : sides[1]]


def _spread(call: Call, dy: Any, shares: Any) -> Any:
    """The gradient for x where tap (i, j) of every window takes shares[..., i, j] of dy."""
    how, (C, H, W) = call.attributes, call.output_specs[0].shape
    (ph, pw), (sh, sw) = how["padding"], how["stride"]
    dx = np.zeros((C, H + 2 * ph, W + 2 * pw, call.lanes), dy.dtype)
    P, Q = dy.shape[1:3]
    for i in range(how["size"][0]):
        for j in range(how["size"][1]):
            dx[:, i : i + P * sh : sh, j : j + Q * sw : sw][:, :P, :Q] += dy * shares[..., i, j]
    return dx[:, ph : ph + H, pw : pw + W]


def _reference_max(call: Call) -> Any:
    return _windows(call.inputs[0], call.attributes, call.output_specs[0].shape[1:], -np.inf).max((-2, -1))


def _reference_max_dx(call: Call) -> Any:
    dy, y, x = call.inputs
    seen = _windows(x, call.attributes, y.shape[1:], -np.inf)
    first = (seen >= y[..., None, None]).reshape(*y.shape, -1).argmax(-1)
    hits = first[..., None] == np.arange(seen.shape[-2] * seen.shape[-1])
    return _spread(call, dy, hits.reshape(seen.shape))


def _reference_mean(call: Call) -> Any:
    return _windows(call.inputs[0], call.attributes, call.output_specs[0].shape[1:], 0).mean((-2, -1))


def _reference_mean_dx(call: Call) -> Any:
    (dy,), size = call.inputs, call.attributes["size"]
    return _spread(call, dy, np.full((1, 1, 1, 1, *size), 1 / (size[0] * size[1]), dy.dtype))


def _reference_repeat(call: Call) -> Any:
    (x,), (sh, sw) = call.inputs, call.attributes["scale"]
    return x.repeat(sh, 1).repeat(sw, 2)


def _reference_repeat_dx(call: Call) -> Any:
    (dy,), (sh, sw) = call.inputs, call.attributes["scale"]
    C, H, W = call.output_specs[0].shape
    return dy.reshape(C, H, sh, W, sw, -1).sum((2, 4))


def _pool(name: str, reference: Any, kernel: Any, gradient: Any) -> Op:
    return Op(
        name,
        _infer,
        reference,
        Kernel(name, kernel),
        lambda node, lanes: _sizes(node.inputs[0].spec, node.outputs[0].spec, node, lanes),
        gradient,
        accumulates=True,
    )


def _pool_gradient(name: str, reference: Any, kernel: Any) -> Op:
    return Op(
        name,
        lambda dy, *_, image, **__: Spec(image),
        reference,
        Kernel(name, kernel),
        lambda node, lanes: _sizes(node.outputs[0].spec, node.inputs[0].spec, node, lanes),
        accumulates=True,
    )


def _max_rule(node: Node, dy: Tensor) -> tuple[Tensor]:
    x = node.inputs[0]
    return (max_pool2d_dx(dy, node.outputs[0], x, image=x.shape, **node.attributes),)


def _mean_rule(node: Node, dy: Tensor) -> tuple[Tensor]:
    return (avg_pool2d_dx(dy, image=node.inputs[0].shape, **node.attributes),)


_max_pool2d = _pool("max_pool2d", _reference_max, _max, _max_rule)
max_pool2d_dx = _pool_gradient("max_pool2d_dx", _reference_max_dx, _max_gradient)
_avg_pool2d = _pool("avg_pool2d", _reference_mean, _mean, _mean_rule)
avg_pool2d_dx = _pool_gradient("avg_pool2d_dx", _reference_mean_dx, _mean_gradient)


def _infer_repeat(x: Spec, *, scale: Pair) -> Spec:
    if len(x.shape) != 3 or x != Spec(x.shape) or min(scale) < 1:
        raise ValueError(f"upsample takes an image an example and a scale from 1, not {x}, {scale}")
    return Spec((x.shape[0], x.shape[1] * scale[0], x.shape[2] * scale[1]))


_upsample = Op(
    "upsample",
    _infer_repeat,
    _reference_repeat,
    Kernel("upsample", _repeat),
    lambda node, lanes: (*node.inputs[0].shape, *node.attributes["scale"], lanes),
    lambda node, dy: (upsample_dx(dy, image=node.inputs[0].shape, **node.attributes),),
    accumulates=True,
)
upsample_dx: Op = Op(
    "upsample_dx",
    lambda dy, *, image, scale: Spec(image),
    _reference_repeat_dx,
    Kernel("upsample_dx", _repeat_gradient),
    lambda node, lanes: (*node.outputs[0].shape, *node.attributes["scale"], lanes),
    accumulates=True,
)


def max_pool2d(
    x: Tensor, *, size: int | Pair = 2, stride: int | Pair | None = None, padding: int | Pair = 0
) -> Tensor:
    """[batch, C, H, W] to [batch, C, H', W']: the largest number of each window; the stride is `size` if None."""
    size = pair(size)
    return _max_pool2d(x, size=size, stride=size if stride is None else pair(stride), padding=pair(padding))


def avg_pool2d(
    x: Tensor, *, size: int | Pair = 2, stride: int | Pair | None = None, padding: int | Pair = 0
) -> Tensor:
    """[batch, C, H, W] to [batch, C, H', W']: the mean of each window; the stride is `size` if None."""
    size = pair(size)
    return _avg_pool2d(x, size=size, stride=size if stride is None else pair(stride), padding=pair(padding))


def upsample(x: Tensor, *, scale: int | Pair = 2) -> Tensor:
    """[batch, C, H, W] to [batch, C, H scale, W scale]: every pixel repeated."""
    return _upsample(x, scale=pair(scale))


def reduce_max(x: Tensor, axis: int, *, keepdims: bool = False) -> Tensor:
    """The largest number along an axis of an example; it takes the whole gradient, the first one of several."""
    (k,) = reduced_axes(x, axis)
    image = reshape(x, shape=(math.prod(x.shape[:k]), x.shape[k], math.prod(x.shape[k + 1 :])))
    rest = (*x.shape[:k], *([1] if keepdims else []), *x.shape[k + 1 :])
    return reshape(max_pool2d(image, size=(x.shape[k], 1)), shape=rest)
