"""concat, stack and unstack: tensors beside each other in one, and one taken apart.

`unstack` copies nothing: along the first axis the parts of a batched tensor lie one after the other, so each step of a
sequence is a view into it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from dlterm.engine.graph import Call, Node, Op, Spec, Tensor, constant
from dlterm.engine.native import Kernel
from dlterm.engine.ops import movement
from dlterm.engine.ops.broadcast import broadcast, broadcast_to
from dlterm.engine.ops.reshape import reshape
from dlterm.engine.vector import LANES, load, offset
from dlterm.engine.vector_math import put, put_number

if TYPE_CHECKING:
    from collections.abc import Sequence


def concat(tensors: Sequence[Tensor], *, axis: int = 0) -> Tensor:
    """Tensors that differ in this axis of an example alone, one after the other; what is not batched is repeated."""
    batched = any(tensor.batched for tensor in tensors)
    return _concat(*(broadcast(t, Spec(t.shape, batched)) for t in tensors), axis=axis)


def stack(tensors: Sequence[Tensor], *, axis: int = 0) -> Tensor:
    """Tensors of one shape along a new axis."""
    rows = [reshape(t, shape=(*t.shape[:axis], 1, *t.shape[axis:])) for t in tensors]
    return concat(rows, axis=axis)


def unstack(x: Tensor) -> tuple[Tensor, ...]:
    """The parts of a batched tensor along its first axis, which they lack."""
    return _unstack.apply(x).outputs


def zeros(spec: Spec) -> Tensor:
    """Zeros of that shape."""
    return broadcast_to(constant(0.0, "0"), spec=spec)


def _join(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """Row: y x1 ... xN, P B, q1 ... qN: P times, q1 numbers of x1, q2 of x2, and so on, each B lanes wide."""
    count = (row[1] - 7) // 2
    P, B = row[5 + count], row[6 + count]
    at = 0
    for p in range(P):
        for k in range(count):
            y, width = offset(floats, row[4] + at), row[7 + count + k] * B
            x = offset(floats, row[5 + k] + p * width)
            if B == 1:
                for n in range(width):
                    put_number(y, n, x[n], row[3])
            else:
                for n in range(0, width, LANES):
                    put(y, n, load(x, n), row[3])
            at += width


def _sizes(node: Node, lanes: int) -> list[int]:
    axis, spec = node.attributes["axis"], node.outputs[0].spec
    lead = math.prod(spec.shape[:axis])
    return [lead, lanes if spec.batched else 1, *(t.spec.size // lead for t in node.inputs)]


def _infer(*specs: Spec, axis: int) -> Spec:
    if not specs:
        raise ValueError("concat takes at least one tensor")
    rest = {(s.shape[:axis], s.shape[axis + 1 :], len(s.shape), s.batched, s.integer) for s in specs}
    if len(rest) != 1 or specs[0].integer or not 0 <= axis < len(specs[0].shape):
        raise ValueError(f"concat along axis {axis}: {', '.join(map(str, specs))} do not fit")
    shape = specs[0].shape
    total = sum(spec.shape[axis] for spec in specs)
    return Spec((*shape[:axis], total, *shape[axis + 1 :]), specs[0].batched)


def _rule(node: Node, dy: Tensor) -> list[Tensor]:
    axis, start, parts = node.attributes["axis"], 0, []
    for tensor in node.inputs:
        end = start + tensor.shape[axis]
        parts.append(movement.slice(dy, *[slice(None)] * axis, slice(start, end)))
        start = end
    return parts


def _infer_unstack(x: Spec) -> list[Spec]:
    if not x.shape or not x.batched or x.integer:
        raise ValueError(f"unstack takes batched numbers along an axis, not {x}")
    return [Spec(x.shape[1:])] * x.shape[0]


def _unstack_rule(node: Node, *dy: Tensor | None) -> tuple[Tensor]:
    return (stack([zeros(t.spec) if d is None else d for t, d in zip(node.outputs, dy, strict=True)]),)


def _reference_concat(call: Call) -> Any:
    return np.concatenate(call.inputs, call.attributes["axis"])


_concat = Op("concat", _infer, _reference_concat, Kernel("concat", _join), _sizes, _rule, accumulates=True)
_unstack = Op("unstack", _infer_unstack, lambda call: call.inputs[0], None, gradient=_unstack_rule)
