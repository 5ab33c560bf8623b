"""transpose, slice and pad: numbers that are copied to another place. One kernel with a stride each way does all three.

A slice's gradient is put back where it came from, among zeros (`place`); padding is that, too, and its gradient is a
slice.
"""

from __future__ import annotations

import builtins
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from dlterm.engine.graph import OPERATORS, Call, Node, Op, Shape, Spec, Tensor
from dlterm.engine.native import Kernel
from dlterm.engine.ops.reshape import reshape
from dlterm.engine.vector import LANES, load, offset
from dlterm.engine.vector_math import put, put_number

if TYPE_CHECKING:
    from collections.abc import Sequence

F = np.float32
AXES = 4  # the kernel's loops
Key = int | builtins.slice
Loop = tuple[int, int, int]  # count, stride in the source, stride in the target


def transpose(x: Tensor, axes: Sequence[int] | None = None) -> Tensor:
    """The axes of one example in another order, their own reversed if none is named: `axes[k]` becomes axis k."""
    order = range(len(x.shape))[::-1] if axes is None else axes
    return _transpose(x, axes=tuple(order))


def slice(x: Tensor, *keys: Key) -> Tensor:
    """A part of each example, by NumPy's basic indexing: `x[1:, ::2, 0]`, axis by axis.

    Raises ValueError for more keys than axes, for a place that is not there, and where nothing is left.
    """
    if len(keys) > len(x.shape):
        raise ValueError(f"{len(keys)} indices do not fit {x}")
    every = [*keys, *[builtins.slice(None)] * (len(x.shape) - len(keys))]
    runs = [_run(key, size) for key, size in zip(every, x.shape, strict=True)]
    shape = tuple(map(len, runs))
    part = _slice(x, begin=tuple(r.start for r in runs), step=tuple(r.step for r in runs), shape=shape)
    kept = tuple(len(run) for run, key in zip(runs, every, strict=True) if not isinstance(key, int))
    return part if len(kept) == len(runs) else reshape(part, shape=kept)


def pad(x: Tensor, *widths: tuple[int, int]) -> Tensor:
    """Zeros before and after each example along each axis: one pair an axis."""
    if len(widths) != len(x.shape) or any(width < 0 for pair in widths for width in pair):
        raise ValueError(f"the widths {widths} do not fit {x}")
    shape = tuple(size + before + after for size, (before, after) in zip(x.shape, widths, strict=True))
    return _place(x, begin=tuple(before for before, _ in widths), step=(1,) * len(widths), shape=shape)


def _run(key: Key, size: int) -> range:
    if isinstance(key, int):
        if not -size <= key < size:
            raise ValueError(f"place {key} does not fit an axis of {size}")
        return range(key % size, key % size + 1)
    run = range(*key.indices(size))
    if not run:
        raise ValueError(f"nothing is left of an axis of {size}: {key} does not fit")
    return run


# --- the kernel -----------------------------------------------------------------------------------------------------


def _move(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """Row: y x, numbers to clear, 4 counts, 4 source strides and offset, 4 target strides and offset, B."""
    y, x = offset(floats, row[4]), offset(floats, row[5])
    clear, B = row[6], row[21]
    if clear and not row[3]:
        for n in range(clear):
            y[n] = F(0)
    for a in range(row[7]):
        for b in range(row[8]):
            for c in range(row[9]):
                source = row[15] + a * row[11] + b * row[12] + c * row[13]
                target = row[20] + a * row[16] + b * row[17] + c * row[18]
                for _ in range(row[10]):
                    if B == 1:
                        put_number(y, target, x[source], row[3])
                    else:
                        for n in range(0, B, LANES):
                            put(y, target * B + n, load(x, source * B + n), row[3])
                    source += row[14]
                    target += row[19]


def _sizes(loops: Sequence[Loop], source: int, target: int, clear: bool, node: Node, lanes: int) -> list[int]:
    """The kernel's integers; neighbouring loops that are one run become one."""
    y = node.outputs[0].spec
    each = lanes if y.batched else 1
    joined: list[Loop] = []
    for count, a, b in loops:
        if joined and count > 1 and joined[-1][1:] == (a * count, b * count):
            joined[-1] = (joined[-1][0] * count, a, b)
        elif count > 1:
            joined.append((count, a, b))
    if len(joined) > AXES:
        raise ValueError(f"{node}: more than {AXES} axes to move apart")
    joined = [(1, 0, 0)] * (AXES - len(joined)) + joined
    counts, from_, to = zip(*joined, strict=True)
    return [y.size * each if clear else 0, *counts, *from_, source, *to, target, each]


def _strides(shape: Shape) -> Shape:
    return tuple(math.prod(shape[axis + 1 :]) for axis in range(len(shape)))


def _transposed_sizes(node: Node, lanes: int) -> list[int]:
    x, y = node.inputs[0].shape, node.outputs[0].shape
    source = _strides(x)
    moved = [source[axis] for axis in node.attributes["axes"]]
    return _sizes(list(zip(y, moved, _strides(y), strict=True)), 0, 0, False, node, lanes)


def _part_sizes(whole: Shape, part: Shape, node: Node) -> tuple[list[int], int]:
    """The strides of a part within the whole, and where it begins."""
    begin, step = node.attributes["begin"], node.attributes["step"]
    strides = _strides(whole)
    offset = sum(a * b for a, b in zip(begin, strides, strict=True))
    return [a * b for a, b in zip(step, strides, strict=True)], offset


def _slice_sizes(node: Node, lanes: int) -> list[int]:
    x, y = node.inputs[0].shape, node.outputs[0].shape
    strides, begin = _part_sizes(x, y, node)
    return _sizes(list(zip(y, strides, _strides(y), strict=True)), begin, 0, False, node, lanes)


def _place_sizes(node: Node, lanes: int) -> list[int]:
    x, y = node.inputs[0].shape, node.outputs[0].shape
    strides, begin = _part_sizes(y, x, node)
    return _sizes(list(zip(x, _strides(x), strides, strict=True)), 0, begin, True, node, lanes)


# --- the ops --------------------------------------------------------------------------------------------------------


def _infer_transpose(x: Spec, *, axes: tuple[int, ...]) -> Spec:
    if x.integer or sorted(axes) != list(range(len(x.shape))):
        raise ValueError(f"transpose: the axes {axes} do not fit {x}")
    return Spec(tuple(x.shape[axis] for axis in axes), x.batched)


def _infer_part(x: Spec, *, begin: Shape, step: Shape, shape: Shape) -> Spec:
    if x.integer:
        raise ValueError(f"class numbers are not moved: {x} does not fit")
    return Spec(shape, x.batched)


def _places(call: Call, shape: Shape) -> Any:
    """The part's places in the whole, as NumPy takes them."""
    begin, step = call.attributes["begin"], call.attributes["step"]
    runs = [a + b * np.arange(size) for a, b, size in zip(begin, step, shape, strict=True)]
    return np.ix_(*runs)


def _reference_transpose(call: Call) -> Any:
    (x,), (spec,) = call.inputs, call.input_specs
    batch = (len(spec.shape),) if spec.batched else ()
    return np.transpose(x, (*call.attributes["axes"], *batch))


def _reference_place(call: Call) -> Any:
    (x,), (part,), (whole,) = call.inputs, call.input_specs, call.output_specs
    y = np.zeros(whole.shape + x.shape[len(part.shape) :], x.dtype)
    y[_places(call, part.shape)] = x
    return y


def _transpose_rule(node: Node, dy: Tensor) -> tuple[Tensor]:
    axes = node.attributes["axes"]
    return (_transpose(dy, axes=tuple(axes.index(axis) for axis in range(len(axes)))),)


def _part_rule(node: Node, dy: Tensor) -> tuple[Tensor]:
    other = _place if node.op is _slice else _slice
    return (other(dy, **(node.attributes | {"shape": node.inputs[0].shape})),)


_KERNEL = Kernel("move", _move)
_transpose = Op(
    "transpose",
    _infer_transpose,
    _reference_transpose,
    _KERNEL,
    _transposed_sizes,
    _transpose_rule,
    accumulates=True,
)
_slice = Op(
    "slice",
    _infer_part,
    lambda call: call.inputs[0][_places(call, call.output_specs[0].shape)],
    _KERNEL,
    _slice_sizes,
    _part_rule,
    accumulates=True,
)
_place = Op("place", _infer_part, _reference_place, _KERNEL, _place_sizes, _part_rule, accumulates=True)
OPERATORS["getitem"] = slice
