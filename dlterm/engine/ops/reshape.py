"""reshape: the same numbers in the same order under another shape; nothing is moved."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from dlterm.engine.graph import Node, Op, Shape, Spec

if TYPE_CHECKING:
    from dlterm.engine.graph import Tensor


def _infer(x: Spec, *, shape: Shape) -> Spec:
    if math.prod(shape) != x.size:
        raise ValueError(f"reshape: {x} does not hold the {math.prod(shape)} numbers of the shape {shape}")
    return Spec(shape, x.batched, x.integer)


def _gradient(node: Node, dy: Tensor) -> tuple[Tensor]:
    return (reshape(dy, shape=node.inputs[0].shape),)


reshape = Op("reshape", _infer, lambda call: call.inputs[0].reshape(-1), None, gradient=_gradient)
