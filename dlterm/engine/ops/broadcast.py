"""identity, broadcast_to and sum_to: the ops that change a tensor's shape by repeating or adding up.

They are each other's gradients. Broadcasting is asked for in one place, `broadcast_together`, and undone in one place,
the gradient of `broadcast_to`; no other op knows of it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from dlterm.engine.graph import Call, Node, Op, Shape, Spec, Tensor
from dlterm.engine.native import Kernel
from dlterm.engine.ops.reshape import reshape
from dlterm.engine.vector import LANES, helper, load, offset, splat, store, total
from dlterm.engine.vector_math import keep, put, put_number

F = np.float32
Axes = int | Sequence[int] | None
AXES = 4  # a kernel's loops; more axes are rejected when the graph is built


def broadcast_together(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """Both tensors with the same spec, by NumPy's rule for each example. Raises ValueError where they do not fit."""
    spec = Spec(np.broadcast_shapes(a.shape, b.shape), a.batched or b.batched)
    return broadcast(a, spec), broadcast(b, spec)


def broadcast(x: Tensor, spec: Spec) -> Tensor:
    """The tensor repeated to that spec, or itself."""
    return x if x.spec == spec else broadcast_to(x, spec=spec)


def reduce_sum(x: Tensor, axis: Axes = None, *, batch: bool | None = None, keepdims: bool = False) -> Tensor:
    """The sum over these axes of an example, all if None; and over the examples if `batch`, or if all are summed.

    `keepdims` leaves axes of size 1. Raises ValueError for an axis that is not there.
    """
    return _reduce(x, axis, batch, keepdims, mean=False)


def reduce_mean(x: Tensor, axis: Axes = None, *, batch: bool | None = None, keepdims: bool = False) -> Tensor:
    """The mean, as `reduce_sum` is the sum."""
    return _reduce(x, axis, batch, keepdims, mean=True)


def _reduce(x: Tensor, axis: Axes, batch: bool | None, keepdims: bool, *, mean: bool) -> Tensor:
    axes = reduced_axes(x, axis)
    batched = x.batched and not (axis is None if batch is None else batch)
    left = tuple(n for k, n in enumerate(x.shape) if k not in axes)
    kept = tuple(1 if k in axes else n for k, n in enumerate(x.shape))
    leading = axes == set(range(len(axes)))  # then broadcasting itself knows the shape without them
    y = sum_to(x, spec=Spec(left if leading and not keepdims else kept, batched), mean=mean)
    return y if keepdims or y.shape == left else reshape(y, shape=left)


def reduced_axes(x: Tensor, axis: Axes) -> set[int]:
    """The axes that are meant, from 0 on. Raises ValueError for one that is not there."""
    rank = len(x.shape)
    axes = range(rank) if axis is None else [axis] if isinstance(axis, int) else axis
    if any(not -rank <= each < rank for each in axes):
        raise ValueError(f"the axes {axis} do not fit {x}")
    return {each % rank for each in axes}


def _sizes(large: Spec, small: Spec, node: Node, lanes: int) -> list[int]:
    """d0..d3 of the larger tensor, strides of the smaller (0: repeated), batched flags of both, mean, masked, B."""
    shape, strides = zip(*_loops(large.shape, small.shape), strict=True)
    mean = large.size // small.size if node.attributes.get("mean") else 0
    flags = [int(large.batched), int(small.batched), mean, int(node.attributes.get("masked", False))]
    return [*shape, *strides, *flags, lanes]


def _loops(large: Shape, small: Shape) -> list[tuple[int, int]]:
    """Counts and strides of the kernel's loops; neighbouring axes that are both repeated, or both not, are one."""
    small = (1,) * (len(large) - len(small)) + small
    loops: list[tuple[int, int]] = []
    for axis, size in enumerate(large):
        stride = 0 if small[axis] == 1 else math.prod(small[axis + 1 :])
        if size == 1:
            continue
        if loops and loops[-1][1] == stride * (size if stride else 1):
            loops[-1] = (loops[-1][0] * size, stride)
        else:
            loops.append((size, stride))
    return [(1, 0)] * (AXES - len(loops)) + loops


def _padded(spec: Spec, rank: int) -> Shape:
    return (1,) * (rank - len(spec.shape)) + spec.shape


@helper
def _share(count: Any, large: Any, small: Any, repeats: Any) -> Any:
    """What a mean multiplies by: 1 / (numbers added up), the examples of the batch included; 1 for a sum."""
    if repeats == 0:
        return F(1)
    return F(1) / F(repeats * (count if large and not small else 1))


def _broadcast(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """y[d0, d1, d2, d3] = x[...] share; row: y x, d0..d3, s0..s3, batched(y) batched(x) mean masked B."""
    y, x, B = offset(floats, row[4]), offset(floats, row[5]), row[18]
    large, small = row[14], row[15]
    share = _share(integers[0], large, small, row[16])
    end = integers[0] if row[17] else B
    at = 0
    for a in range(row[6]):
        for b in range(row[7]):
            for c in range(row[8]):
                for d in range(row[9]):
                    k = a * row[10] + b * row[11] + c * row[12] + d * row[13]
                    if not large:
                        put_number(y, at, x[k] * share, row[3])
                    else:
                        for n in range(0, B, LANES):
                            v = load(x, k * B + n) if small else splat(x[k])
                            put(y, at * B + n, keep(v * share, n, end), row[3])
                    at += 1


def _sum(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """y[...] = sum of x[d0, d1, d2, d3] share; row: y x, d0..d3, s0..s3, batched(x) batched(y) mean masked B."""
    y, x, B = offset(floats, row[4]), offset(floats, row[5]), row[18]
    large, small = row[14], row[15]
    share = _share(integers[0], large, small, row[16])
    if not row[3]:
        _clear(y, row, B if small else 1)
    at = 0
    for a in range(row[6]):
        for b in range(row[7]):
            for c in range(row[8]):
                for d in range(row[9]):
                    k = a * row[10] + b * row[11] + c * row[12] + d * row[13]
                    if small:
                        for n in range(0, B, LANES):
                            store(y, k * B + n, load(y, k * B + n) + load(x, at * B + n) * share)
                    elif large:
                        s = splat(F(0))
                        for n in range(0, B, LANES):
                            s = s + keep(load(x, at * B + n), n, integers[0])
                        y[k] += total(s) * share
                    else:
                        y[k] += x[at] * share
                    at += 1


@helper
def _clear(y: Any, row: Any, each: Any) -> None:
    size = 1
    for axis in range(AXES):
        if row[10 + axis] != 0:
            size *= row[6 + axis]
    for n in range(size * each):
        y[n] = F(0)


def _infer(large: Spec, small: Spec) -> None:
    floats = not large.integer and not small.integer
    fits = floats and large.batched >= small.batched
    if not fits or np.broadcast_shapes(large.shape, small.shape) != large.shape:
        raise ValueError(f"{small} does not broadcast to {large}")
    if len(_loops(large.shape, small.shape)) > AXES:
        raise ValueError(f"{small} does not broadcast to {large}: too many axes apart")


def _infer_broadcast(x: Spec, *, spec: Spec, **_: bool) -> Spec:
    _infer(spec, x)
    return spec


def _infer_sum(x: Spec, *, spec: Spec, **_: bool) -> Spec:
    _infer(x, spec)
    return spec


def _reference_share(call: Call, large: Spec, small: Spec) -> float:
    if not call.attributes.get("mean"):
        return 1.0
    examples = call.count if large.batched and not small.batched else 1
    return 1.0 / (large.size // small.size * examples)


def _reference_broadcast(call: Call) -> Any:
    (x,), (small,), (large,) = call.inputs, call.input_specs, call.output_specs
    batch = (call.lanes if small.batched else 1,)
    x = x.reshape(_padded(small, len(large.shape)) + batch)
    y = np.broadcast_to(x, (*large.shape, call.lanes if large.batched else 1))
    if call.attributes.get("masked"):
        y = np.where(call.valid, y, 0)
    y = y * x.dtype.type(_reference_share(call, large, small))
    return y.reshape(large.shape + ((call.lanes,) if large.batched else ()))


def _reference_sum(call: Call) -> Any:
    (x,), (large,), (small,) = call.inputs, call.input_specs, call.output_specs
    x = x.reshape((*large.shape, call.lanes if large.batched else 1))
    if large.batched and not small.batched:
        x = np.where(call.valid, x, 0).sum(-1, keepdims=True)
    axes = tuple(axis for axis, n in enumerate(_padded(small, len(large.shape))) if n == 1)
    y = x.sum(axes, keepdims=True) * x.dtype.type(_reference_share(call, large, small))
    return y.reshape(small.shape + ((call.lanes,) if small.batched else ()))


def _broadcast_gradient(node: Node, dy: Tensor) -> tuple[Tensor]:
    return (sum_to(dy, spec=node.inputs[0].spec, mean=node.attributes.get("mean", False)),)


def _sum_gradient(node: Node, dy: Tensor) -> tuple[Tensor]:
    spec = node.inputs[0].spec
    over_batch = spec.batched and not dy.batched
    return (broadcast_to(dy, spec=spec, mean=node.attributes.get("mean", False), masked=over_batch),)


identity = Op("identity", lambda x: x, lambda call: call.inputs[0], None, gradient=lambda node, dy: (dy,))
broadcast_to = Op(
    "broadcast_to",
    _infer_broadcast,
    _reference_broadcast,
    Kernel("broadcast_to", _broadcast),
    lambda node, lanes: _sizes(node.outputs[0].spec, node.inputs[0].spec, node, lanes),
    _broadcast_gradient,
    accumulates=True,
)
sum_to = Op(
    "sum_to",
    _infer_sum,
    _reference_sum,
    Kernel("sum_to", _sum),
    lambda node, lanes: _sizes(node.inputs[0].spec, node.outputs[0].spec, node, lanes),
    _sum_gradient,
    accumulates=True,
)
