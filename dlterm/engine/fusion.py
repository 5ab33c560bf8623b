"""The fusion stage: pairs of nodes that one kernel does faster become one node, with the same result.

- linear, then an activation -> `linear_NAME`;
- linear_dx, then the gradient of the activation before it -> `linear_dx_NAME`, if it is made of that one's output;
- a loss and its gradient -> `LOSS_with_dp`.

A playground's step is a quarter faster for it. A pair is fused only where nothing else reads what lies between.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from dlterm.engine.graph import Node, Op, Tensor
from dlterm.engine.ops import ACTIVATIONS, LOSSES, linear, linear_dx
from dlterm.engine.ops.linear import forward_kernel, input_gradient_kernel, wide_forward, wide_input_gradient

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_FORWARD: dict[Op, Op] = {}  # an activation -> linear and it
_BACKWARD: dict[Op, Op] = {}  # an activation's gradient -> linear_dx and it
_LOSS: dict[Op, Op] = {loss.op: loss.with_dp for loss in LOSSES.values()}  # a loss -> it and its gradient


def _declare_fused(name: str, activation: Op, dx: Op | None) -> None:
    forward = f"linear_{name}"
    _FORWARD[activation] = replace(
        linear,
        name=forward,
        kernel=forward_kernel(forward, name),
        wide=wide_forward(forward, name),
        reference=lambda call: activation.reference(replace(call, inputs=(linear.reference(call),))),
        gradient=None,
    )
    if dx is None:
        return
    backward = f"linear_dx_{name}"
    _BACKWARD[dx] = replace(
        linear_dx,
        name=backward,
        kernel=input_gradient_kernel(backward, f"{name}_dx"),
        wide=wide_input_gradient(backward, f"{name}_dx"),
        reference=lambda call: dx.reference(
            replace(call, inputs=(linear_dx.reference(call), call.inputs[2]))
        ),
    )


for _name, _activation in ACTIVATIONS.items():
    _declare_fused(_name, _activation.op, None if _activation.from_input else _activation.dx)


def fuse(nodes: Sequence[Node], keep: Iterable[Tensor] = ()) -> list[Node]:
    """The nodes, in order, with pairs fused; tensors of `keep` are still made."""
    readers = Counter(tensor for node in nodes for tensor in node.inputs)
    readers.update(node.adds_to for node in nodes if node.adds_to is not None)
    readers.update(keep)
    losses = {node.op: node for node in nodes if node.op in _LOSS and not _is_read(node, nodes)}
    removed: set[Node] = set()
    fused: list[Node] = []
    for node in nodes:
        new, gone = _fuse_pair(node, readers) or _fuse_loss(node, losses) or (node, [])
        removed.update(gone)
        fused.append(new)
    return [node for node in fused if node not in removed]


def _is_read(node: Node, nodes: Sequence[Node]) -> bool:
    return any(tensor in reader.inputs for reader in nodes for tensor in node.outputs)


def _fuse_pair(node: Node, readers: Counter[Tensor]) -> tuple[Node, list[Node]] | None:
    """An activation after linear, or an activation's gradient after linear_dx."""
    first = node.inputs[0].node if node.inputs else None
    if first is None or readers[node.inputs[0]] != 1 or first.adds_to is not None:
        return None
    if first.op is linear and node.op in _FORWARD:
        op = _FORWARD[node.op]
    elif first.op is linear_dx and node.op in _BACKWARD and first.inputs[2] is node.inputs[1]:
        op = _BACKWARD[node.op]
    else:
        return None
    return Node(op, first.inputs, {}, node.outputs, node.adds_to), [first]


def _fuse_loss(node: Node, losses: dict[Op, Node]) -> tuple[Node, list[Node]] | None:
    """A loss's gradient, together with the loss."""
    for op, loss in losses.items():
        of = next(entry for entry in LOSSES.values() if entry.op is op)
        if node.op is of.dp and node.inputs[1:] == loss.inputs:
            return Node(of.with_dp, node.inputs, {}, (*loss.outputs, *node.outputs)), [loss]
    return None
