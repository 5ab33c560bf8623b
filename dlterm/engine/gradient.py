"""Reverse mode over a graph: from a loss to the gradients of its parameters, by the rules that the ops carry.

Only what a parameter depends on gets a gradient. The first contribution to a tensor's gradient sets it, later ones are
added to it in place, or, where the op can, one node makes the whole sum: the weight's gradient over all steps of an
unrolled recurrent network is one product.
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
    needed = dependent(nodes, wanted)
    sums = _Sums(loss)
    for node in reversed(nodes):
        dy = [sums.found.get(tensor) for tensor in node.outputs]
        if not any(dy) or not any(tensor in needed for tensor in node.inputs):
            continue
        if node.op.gradient is None:
            raise ValueError(f"{node.op.name} has no gradient rule: {node}")
        contributions = node.op.gradient(node, *dy)
        for tensor, dx in zip(node.inputs, contributions, strict=True):
            if dx is None or tensor not in needed:
                continue
            if dx.spec != tensor.spec:
                raise ValueError(f"{node.op.name}: the gradient {dx.spec} of {tensor} does not fit")
            once = sum(other is dx for other in contributions) == 1
            sums.add(tensor, dx, fresh=once and dx not in dy and not _is_alias(dx))
    missing = [tensor.name for tensor in wanted if tensor not in sums.found]
    if missing:
        raise ValueError(f"the loss does not depend on {', '.join(missing)}")
    return [sums.found[tensor] for tensor in wanted]


def dependent(nodes: Sequence[Node], wanted: Sequence[Tensor]) -> set[Tensor]:
    """The wanted tensors and all that the nodes, which are in order, compute from them."""
    needed = set(wanted)
    for node in nodes:
        if any(tensor in needed for tensor in node.inputs):
            needed.update(node.outputs)
    return needed


def _is_alias(tensor: Tensor) -> bool:
    return tensor.node is not None and tensor.node.op.kernel is None


def _can_join(one: Node, other: Node) -> bool:
    specs = [tensor.spec for tensor in other.inputs]
    alike = [tensor.spec for tensor in one.inputs[: len(specs)]] == specs
    return one.op.joins and one.op is other.op and alike


class _Sums:
    """The gradients found so far, by tensor."""

    def __init__(self, loss: Tensor) -> None:
        self.found: dict[Tensor, Tensor] = {loss: constant(1.0, "dloss")}
        self._own: set[Tensor] = set()  # made for one tensor alone: others may be added to them in place
        self._joined: dict[tuple[Node, Node], Node] = {}

    def add(self, tensor: Tensor, dx: Tensor, *, fresh: bool) -> None:
        """One more contribution to a tensor's gradient; `fresh` if nothing else reads its memory."""
        total = self.found.get(tensor)
        if total is None:
            self.found[tensor] = dx
            dx.name = f"d {tensor.name}" if fresh else dx.name
            if not fresh:
                self._own.discard(dx)  # it has gone through to a second tensor
                return
        else:
            self.found[tensor] = self._added(total, dx, own=fresh and total in self._own)
        self._own.add(self.found[tensor])

    def _added(self, total: Tensor, dx: Tensor, *, own: bool) -> Tensor:
        node, before = dx.node, total.node
        if own and node is not None and before is not None:
            if _can_join(before, node):
                result = self._join(before, node).outputs[node.outputs.index(dx)]
                result.name = total.name
                return result
            if node.op.accumulates and len(node.outputs) == 1:
                node.adds_to = total
                dx.name = total.name
                return dx
        result = add(total, dx)
        result.name = total.name
        return result

    def _join(self, one: Node, other: Node) -> Node:
        """The node that makes the sum of what two make; the same for all their outputs."""
        if (one, other) not in self._joined:
            self._joined[one, other] = one.op.apply(*one.inputs, *other.inputs, **one.attributes)
        return self._joined[one, other]
