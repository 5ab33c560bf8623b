"""From a graph to tapes: every tensor gets its place in the arenas, every node its row.

One float arena, in regions, each tensor's span a multiple of sixteen numbers:

    weights | biases | optimiser state, laid out likewise | gradients, likewise | constants | training | prediction

The integer arena: examples in this batch, seed | the optimiser's counters | training labels | prediction labels.
What is trained comes first and depends on neither batch size nor tape, so it survives re-planning. Working memory is
not reused: dlterm shows every activation and every gradient, and playground networks take kilobytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dlterm.engine.fusion import fuse
from dlterm.engine.gradient import gradients
from dlterm.engine.graph import Node, Spec, Tensor, in_order, leaves
from dlterm.engine.ops import HYPER, OPTIMIZERS, broadcast_to
from dlterm.engine.tape import INTEGER_HEADER, Instruction, Span, Tape
from dlterm.engine.vector import LANES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SLOTS = {name: slot for slot, name in enumerate(HYPER)}


def round_up(count: int) -> int:
    """The next multiple of the lanes."""
    return -(-count // LANES) * LANES


@dataclass
class _Arena:
    """Hands out spans, one after the other."""

    floats: int = 0
    integers: int = INTEGER_HEADER

    def take(self, spec: Spec, lanes: int, name: str, *, writable: bool = True) -> Span:
        size = spec.size * (lanes if spec.batched else 1)
        if spec.integer:
            start, self.integers = self.integers, self.integers + round_up(size)
        else:
            start, self.floats = self.floats, self.floats + round_up(size)
        return Span(start, size, spec.integer, name, writable)


@dataclass(frozen=True)
class Plan:
    """Where everything lies, and the tapes: `train`, `gradient` (train without the step), `predict`, `evaluate`."""

    parameters: dict[Tensor, Span]
    state: dict[str, Span]  # by the state's name, each a region like the parameters', or a counter
    gradients: dict[Tensor, Span]  # by parameter
    constants: dict[Tensor, Span]
    tapes: dict[str, Tape]
    batch: int
    trained: int  # all that training changes and keeps lies before this place of the float arena
    floats: int  # the arenas' sizes
    integers: int
    inputs: tuple[Tensor, ...] = field(default=())


def plan(
    loss: Tensor,
    outputs: Sequence[Tensor],
    *,
    optimizer: str = "sgd",
    batch: int = 10,
    prediction_batch: int = 256,
    fused: bool = True,
) -> Plan:
    """Plan the training of a loss and the prediction of the outputs (activations among them, to be looked at).

    Takes about a millisecond for a playground's network. Raises ValueError where the graph is wrong.
    """
    parameters = sorted(leaves(in_order([loss]), "parameter"), key=_is_bias)
    found = _own_gradients(gradients(loss, parameters), parameters)
    backward = in_order([loss, *found])
    forward = in_order([*outputs, loss])
    arena = _Arena()
    weights = _region(arena, parameters, "", writable=False)
    decayed = max((span.end for t, span in weights.items() if not _is_bias(t)), default=0)
    chosen = OPTIMIZERS[optimizer]
    state = {name: _whole(_region(arena, parameters, f"{name} ", writable=False)) for name in chosen.floats}
    trained = arena.floats
    grads = _region(arena, parameters, "d ")
    counter = Spec((), batched=False, integer=True)
    state |= {name: arena.take(counter, 1, name, writable=False) for name in chosen.integers}
    constants = {
        t: arena.take(t.spec, 1, t.name or "constant", writable=False)
        for t in leaves([*backward, *forward], "constant")
    }
    shared = weights | constants
    step = _step(optimizer, _whole(weights), _whole(grads), state, round_up(decayed))
    placed = shared | {g: grads[p] for g, p in zip(found, parameters, strict=True)}
    if fused:
        backward, forward = fuse(backward, [loss, *found]), fuse(forward, [*outputs, loss])
    gradient = _tape("gradient", backward, arena, round_up(batch), placed, training=True)
    train = _extended("train", gradient, step, _parts(weights, *state.values()))
    evaluate = _tape("evaluate", forward, arena, round_up(prediction_batch), shared, training=False)
    predict = _without(evaluate, loss)
    return Plan(
        weights,
        state,
        grads,
        constants,
        {tape.name: tape for tape in (train, gradient, evaluate, predict)},
        batch,
        trained,
        arena.floats + LANES,
        arena.integers + LANES,
        tuple(leaves(forward, "input")),
    )


def _is_bias(tensor: Tensor) -> bool:
    return len(tensor.shape) < 2


def _own_gradients(found: Sequence[Tensor], parameters: Sequence[Tensor]) -> list[Tensor]:
    """Every parameter's gradient as a tensor of its own, which can be put into the gradients' region."""
    own: list[Tensor] = []
    for tensor, parameter in zip(found, parameters, strict=True):
        alone = tensor.node is not None and tensor.node.op.kernel is not None and tensor not in own
        copy = tensor if alone else broadcast_to(tensor, spec=tensor.spec)
        copy.name = f"d {parameter.name}"
        own.append(copy)
    return own


def _region(
    arena: _Arena, parameters: Iterable[Tensor], prefix: str, *, writable: bool = True
) -> dict[Tensor, Span]:
    return {t: arena.take(t.spec, 1, f"{prefix}{t.name}", writable=writable) for t in parameters}


def _whole(region: dict[Tensor, Span]) -> Span:
    """A region as one span, for the optimiser."""
    spans = tuple(region.values())
    start, end = (spans[0].start, spans[-1].start + round_up(spans[-1].size)) if spans else (0, 0)
    return Span(start, end - start, name="all", parts=spans)


def _parts(weights: dict[Tensor, Span], *state: Span) -> frozenset[Span]:
    return frozenset([*weights.values(), *(part for span in state for part in span.parts or (span,))])


def _step(optimizer: str, p: Span, g: Span, state: dict[str, Span], decayed: int) -> Instruction:
    chosen = OPTIMIZERS[optimizer]
    regions = (p, g, *state.values())
    specs = [Spec((span.size,), batched=False, integer=span.integer) for span in regions]
    node = chosen.op.apply(*map(Tensor, specs), decayed=decayed)
    slots = tuple(SLOTS[name] for name in chosen.op.hyper)
    return Instruction(chosen.op, node, (), regions, tuple(chosen.op.sizes(node, 0)), slots)


def _tape(
    name: str, nodes: Sequence[Node], arena: _Arena, lanes: int, placed: dict[Tensor, Span], *, training: bool
) -> Tape:
    """Place every tensor and write one instruction a node; aliases take their input's place and write none."""
    spans = dict(placed)
    for tensor in leaves(nodes, "input"):
        spans[tensor] = arena.take(tensor.spec, lanes, tensor.name, writable=False)
    ready = frozenset(spans[t] for t in spans if t.role in ("parameter", "constant", "input"))
    _place_sums(nodes, spans)
    instructions = []
    for node in nodes:
        if node.op.kernel is None or (node.op.training_only and not training):
            spans[node.outputs[0]] = spans[node.inputs[0]]
            continue
        if node.adds_to is not None:
            spans[node.outputs[0]] = spans[node.adds_to]
        for tensor in node.outputs:
            if tensor not in spans:
                spans[tensor] = arena.take(tensor.spec, lanes, tensor.name)
        outputs, inputs = (tuple(spans[t] for t in tensors) for tensors in (node.outputs, node.inputs))
        slots = tuple(SLOTS[hyper] for hyper in node.op.hyper)
        sizes = tuple(node.op.sizes(node, lanes))
        instructions.append(
            Instruction(node.op, node, outputs, inputs, sizes, slots, node.adds_to is not None)
        )
    return Tape(name, tuple(instructions), spans, lanes, ready)


def _place_sums(nodes: Sequence[Node], spans: dict[Tensor, Span]) -> None:
    """A node that adds to a tensor writes where that tensor lies: a placed sum places what it is added up from."""
    for node in reversed(nodes):
        if node.adds_to is not None and node.outputs[0] in spans:
            spans[node.adds_to] = spans[node.outputs[0]]


def _extended(name: str, tape: Tape, last: Instruction, ready: frozenset[Span]) -> Tape:
    return Tape(name, (*tape.instructions, last), tape.spans, tape.lanes, tape.ready | ready)


def _without(tape: Tape, loss: Tensor) -> Tape:
    """The tape without the instruction that makes the loss, and what only it needs (the targets)."""
    instructions = tuple(i for i in tape.instructions if loss not in i.node.outputs)
    return Tape("predict", instructions, tape.spans, tape.lanes, tape.ready)
