"""Reverse mode over a graph: from a loss to the gradients of its parameters, by the rules that the ops carry.

Only what a parameter depends on gets a gradient. The first contribution to a tensor's gradient sets it, later ones are
added to it in place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlterm.engine.graph import Node, Tensor, constant, in_order
from dlterm.engine.ops import add

if TYPE_CHECKING:
    from collections.abc import Sequence


def gradients(loss: Tensor, wanted: Sequence[Tensor]) -> list[Tensor]:
    """The gradient of a scalar loss for each wanted tensor.

    Raises ValueError when the loss is not one number, when it does not depend on a wanted tensor, or when an op on the
    way has no gradient rule.
    """
    if loss.batched or loss.shape != ():
        raise ValueError(f"a gradient starts from one number, not from {loss}")
    nodes = in_order([loss])
    needed = _dependent(nodes, wanted)
    found: dict[Tensor, Tensor] = {loss: constant(1.0, "dloss")}
    own: set[Tensor] = set()  # gradients made for one tensor alone: others may be added to them in place
    for node in reversed(nodes):
        dy = [found[tensor] for tensor in node.outputs if tensor in found]
        if not dy or not any(tensor in needed for tensor in node.inputs):
            continue
        if node.op.gradient is None:
            raise ValueError(f"{node.op.name} has no gradient rule: {node}")
        contributions = node.op.gradient(node, *dy)
        for tensor, dx in zip(node.inputs, contributions, strict=True):
            if dx is None or tensor not in needed:
                continue
            if dx.spec != tensor.spec:
                raise ValueError(f"{node.op.name}: the gradient {dx.spec} of {tensor} does not fit")
            fresh = dx not in dy and sum(other is dx for other in contributions) == 1
            total = found.get(tensor)
            if total is not None:
                found[tensor] = _added(total, dx, in_place=fresh and total in own)
            else:
                found[tensor] = dx
                dx.name = f"d {tensor.name}" if fresh else dx.name
            if fresh or total is not None:
                own.add(found[tensor])
            else:
                own.discard(dx)  # it has gone through to a second tensor
    missing = [tensor.name for tensor in wanted if tensor not in found]
    if missing:
        raise ValueError(f"the loss does not depend on {', '.join(missing)}")
    return [found[tensor] for tensor in wanted]


def _dependent(nodes: Sequence[Node], wanted: Sequence[Tensor]) -> set[Tensor]:
    """The wanted tensors and all that is computed from them."""
    needed = set(wanted)
    for node in nodes:
        if any(tensor in needed for tensor in node.inputs):
            needed.update(node.outputs)
    return needed


def _added(total: Tensor, dx: Tensor, *, in_place: bool) -> Tensor:
    node = dx.node
    if in_place and node is not None and node.op.accumulates and len(node.outputs) == 1:
        node.adds_to = total
        dx.name = total.name
        return dx
    result = add(total, dx)
    result.name = total.name
    return result
