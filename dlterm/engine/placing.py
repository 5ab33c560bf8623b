"""Places in the arenas, and the instructions of nodes whose tensors have them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dlterm.engine.graph import leaves
from dlterm.engine.ops import HYPER
from dlterm.engine.tape import INTEGER_HEADER, Instruction, Span
from dlterm.engine.vector import LANES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dlterm.engine.graph import Node, Spec, Tensor

Spans = dict["Tensor", Span]

SLOTS = {name: slot for slot, name in enumerate(HYPER)}


def round_up(count: int) -> int:
    """The next multiple of the lanes."""
    return -(-count // LANES) * LANES


@dataclass
class Arena:
    """Hands out spans, one after the other."""

    floats: int = 0
    integers: int = INTEGER_HEADER

    def take(self, spec: Spec, lanes: int, name: str, *, writable: bool = True) -> Span:
        """The next free place for a tensor."""
        size = spec.size * (lanes if spec.batched else 1)
        if spec.integer:
            start, self.integers = self.integers, self.integers + round_up(size)
        else:
            start, self.floats = self.floats, self.floats + round_up(size)
        return Span(start, size, spec.integer, name, writable)

    def region(self, tensors: Iterable[Tensor], prefix: str = "", *, writable: bool = False) -> Spans:
        """Places for tensors that are not batched, side by side."""
        return {t: self.take(t.spec, 1, f"{prefix}{t.name or t.role}", writable=writable) for t in tensors}

    def inputs(self, nodes: Sequence[Node], lanes: int, spans: Spans) -> None:
        """Places for the inputs that the nodes read."""
        for tensor in leaves(nodes, "input"):
            spans[tensor] = self.take(tensor.spec, lanes, tensor.name, writable=False)


def whole(region: Spans) -> Span:
    """A region as one span, for what works on all of it."""
    spans = tuple(region.values())
    start, end = (spans[0].start, spans[-1].start + round_up(spans[-1].size)) if spans else (0, 0)
    return Span(start, end - start, name="all", parts=spans)


def instructions(nodes: Sequence[Node], arena: Arena, lanes: int, spans: Spans) -> list[Instruction]:
    """One instruction a node; places every tensor that has none yet. Aliases lie where their input does."""
    _place_sums(nodes, spans)
    written = []
    for node in nodes:
        if node.op.kernel is None:
            _place_views(node, lanes, spans)
            continue
        if node.adds_to is not None:
            spans[node.outputs[0]] = spans[node.adds_to]
        for tensor in node.outputs:
            if tensor not in spans:
                spans[tensor] = arena.take(tensor.spec, lanes, tensor.name)
        outputs, inputs = (tuple(spans[t] for t in tensors) for tensors in (node.outputs, node.inputs))
        slots = tuple(SLOTS[hyper] for hyper in node.op.hyper)
        sizes = tuple(node.op.sizes(node, lanes))
        written.append(Instruction(node.op, node, outputs, inputs, sizes, slots, node.adds_to is not None))
    return written


def _place_views(node: Node, lanes: int, spans: Spans) -> None:
    """An alias's outputs lie in its input, one after the other."""
    base, start = spans[node.inputs[0]], 0
    for tensor in node.outputs:
        size = tensor.spec.size * (lanes if tensor.batched else 1)
        spans[tensor] = base if size == base.size else base.part(start, size, tensor.name)
        start += size


def _place_sums(nodes: Sequence[Node], spans: Spans) -> None:
    """A node that adds to a tensor writes where that tensor lies: a placed sum places what it is added up from."""
    for node in reversed(nodes):
        if node.adds_to is not None and node.outputs[0] in spans:
            spans[node.adds_to] = spans[node.outputs[0]]
