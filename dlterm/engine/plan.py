"""From a graph to tapes: what is trained how, where every tensor lies, and what runs in which order.

One float arena, in regions, each tensor's span a multiple of sixteen numbers:

    parameters | buffers | optimiser state | gradients | constants | training | prediction

The parameters lie training by training, the weights of each before its biases, and last those that are frozen; the
optimisers' state and the gradients are laid out likewise. The integer arena: examples in this batch, seed | the
optimisers' counters | training labels | prediction labels. What is trained and kept comes first and depends on neither
batch size nor tape, so it survives re-planning. Working memory is not reused: dlterm shows every activation and every
gradient, and playground networks take kilobytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from dlterm.engine import ops
from dlterm.engine.fusion import fuse
from dlterm.engine.gradient import dependent, gradients
from dlterm.engine.graph import Node, Op, Spec, Tensor, constant, in_order, leaves
from dlterm.engine.ops.hold import hold
from dlterm.engine.placing import SLOTS, Arena, Spans, instructions, round_up, whole
from dlterm.engine.tape import Instruction, Span, Tape
from dlterm.engine.vector import LANES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Training:
    """A loss, and the parameters that its step changes: None stands for all it depends on that are not frozen.

    `schedule` is one of `ops.SCHEDULES`; `clip` scales the gradient down to the hyper-parameter `clip`'s norm. `held`
    says of some parameters which of their numbers do not move (True), like those of a frozen one.
    """

    loss: Tensor
    parameters: Sequence[Tensor] | None = None
    optimizer: str = "sgd"
    schedule: str = "constant"
    clip: bool = False
    held: Mapping[Tensor, NDArray[np.bool_]] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """Where everything lies, and the tapes: `train`, `gradient` (train without the steps), `predict`, `evaluate`."""

    parameters: Spans
    buffers: Spans  # kept beside the parameters and changed by ops: a batch norm's running statistics
    state: dict[str, Span]  # the optimisers', by name, each a region like the parameters', or a counter
    gradients: Spans  # by parameter
    norms: tuple[Span, ...]  # the gradient's norm before clipping, one a training that clips
    aside: tuple[tuple[Span, Span], ...]  # regions with numbers that do not move, and where a run keeps them
    constants: Spans
    tapes: dict[str, Tape]
    batch: int
    trainings: int
    trained: int  # all that training changes and keeps lies before this place of the float arena ...
    counted: int  # ... and before this one of the integer arena
    floats: int  # the arenas' sizes
    integers: int
    inputs: tuple[Tensor, ...]


def plan(
    training: Tensor | Sequence[Training],
    outputs: Sequence[Tensor],
    *,
    optimizer: str = "sgd",
    schedule: str = "constant",
    clip: bool = False,
    held: Mapping[Tensor, NDArray[np.bool_]] | None = None,
    batch: int = 10,
    prediction_batch: int = 256,
    fused: bool = True,
) -> Plan:
    """Plan the training of a loss and the prediction of the outputs (activations among them, to be looked at).

    Several trainings take their steps in turn, each on the same batch and with the parameters as the ones before left
    them: the two networks of a GAN. Takes about a millisecond for a playground's network. Raises ValueError where the
    graph is wrong.
    """
    if isinstance(training, Tensor):
        training = [Training(training, None, optimizer, schedule, clip, held or {})]
    losses = [each.loss for each in training]
    kept = [*losses, *outputs]
    arena = Arena()
    groups = [_Group(each, kept) for each in training]
    phases = _phases(groups)
    forward = _outside_training(in_order([*outputs, *losses]))
    everything = [node for nodes in (*phases, forward) for node in nodes]
    parameters = _parameters(arena, groups, everything)
    buffers = arena.region(leaves(everything, "buffer"))
    for number, group in enumerate(groups):
        group.place_state(arena, number)
    trained, counted = arena.floats, arena.integers
    for group in groups:
        group.place_gradients(arena)
    constants = arena.region(leaves(everything, "constant"))
    for group in groups:
        constants |= group.place_held(arena)
    shared = parameters | buffers | constants
    if fused:
        phases = [_fuse_phase(phase, phases, kept, groups) for phase in phases]
        forward = fuse(forward, kept)
    states = {name: span for group in groups for name, span in group.state.items()}
    train, gradient = _training_tapes(arena, groups, phases, shared, states, round_up(batch))
    evaluate = _prediction_tape(arena, forward, shared, round_up(prediction_batch))
    tapes = (train, gradient, evaluate, _needed_for(outputs, evaluate))
    return Plan(
        parameters,
        buffers,
        states,
        {p: span for group in groups for p, span in group.gradients.items()},
        tuple(group.norm for group in groups if group.norm is not None),
        tuple(pair for group in groups for pair in group.aside),
        constants,
        {tape.name: tape for tape in tapes},
        batch,
        len(groups),
        trained,
        counted,
        arena.floats + LANES,
        arena.integers + LANES,
        tuple(leaves(forward, "input")),
    )


@dataclass(eq=False)
class _Group:
    """What one training trains: its parameters, weights first; their gradients; and where these and its state lie."""

    training: Training
    kept: Sequence[Tensor]
    trained: list[Tensor] = field(init=False)
    found: list[Tensor] = field(init=False)
    parameters: Spans = field(default_factory=dict)
    gradients: Spans = field(default_factory=dict)
    state: dict[str, Span] = field(default_factory=dict)
    norm: Span | None = None
    mask: Span | None = None  # 0 for what is held
    zeros: Span | None = None  # the gradient of what is held, where it is clipped
    aside: list[tuple[Span, Span]] = field(default_factory=list)

    def __post_init__(self) -> None:
        wanted = self.training.parameters
        if wanted is None:
            wanted = leaves(in_order([self.training.loss]), "parameter")
        self.trained = sorted((p for p in wanted if not p.frozen), key=_is_bias)
        self.found = _own_gradients(gradients(self.training.loss, self.trained), self.trained, self.kept)

    def place_state(self, arena: Arena, number: int) -> None:
        """Places for what the optimiser keeps beside every parameter, and for its counters."""
        chosen = ops.OPTIMIZERS[self.training.optimizer]
        suffix = f" {number + 1}" if number else ""
        counter = Spec((), batched=False, integer=True)
        for name in chosen.floats:
            self.state[name + suffix] = whole(arena.region(self.trained, f"{name} "))
        for name in chosen.integers:
            self.state[name + suffix] = arena.take(counter, 1, name + suffix, writable=False)

    def place_gradients(self, arena: Arena) -> None:
        """Places for the gradients, and for their norm."""
        self.gradients = arena.region(self.trained, "d ", writable=True)
        if self.training.clip:
            self.norm = arena.take(Spec((), batched=False), 1, "the gradient's norm")

    def place_held(self, arena: Arena) -> Spans:
        """Places for the mask of what is held, a constant, and for what a run keeps of it; none if all moves."""
        if not any(held.any() for held in self.training.held.values()):
            return {}
        moves = {p: ~self.training.held.get(p, np.zeros(p.shape, np.bool_)) for p in self.trained}
        mask = arena.region(constant(moves[p], f"{p.name} moves") for p in self.trained)
        zeros = arena.region(constant(np.zeros(p.shape), "0") for p in self.trained if self.training.clip)
        self.mask, self.zeros = whole(mask), whole(zeros)
        regions = [whole(self.parameters), *(span for span in self.state.values() if span.parts)]
        self.aside = [(region, whole(arena.region(self.trained, "kept "))) for region in regions]
        return mask | zeros

    def placed(self) -> Spans:
        """Where the graph's own gradients are to be written."""
        return {g: self.gradients[p] for g, p in zip(self.found, self.trained, strict=True)}

    def step(self, number: int) -> list[Instruction]:
        """Clipping, the schedule, and the optimiser's step."""
        chosen = ops.OPTIMIZERS[self.training.optimizer].op
        p, g = whole(self.parameters), whole(self.gradients)
        base = number * len(SLOTS)
        weights = [span.end for tensor, span in self.parameters.items() if not _is_bias(tensor)]
        decayed = max(weights, default=p.start) - p.start
        steps, moved = [], {}
        if self.norm is not None:
            if self.mask and self.zeros:  # what does not move counts for nothing in the norm
                steps.append(_over(hold, (g, self.zeros, self.mask), base))
            steps.append(_over(ops.clip_norm, (g,), base, outputs=(self.norm,)))
        if self.training.schedule != "constant":
            steps.append(_over(ops.schedule, (), base, kind=self.training.schedule))
            moved = {"lr": "rate"}
        steps.append(_over(chosen, (p, g, *self.state.values()), base, moved=moved, decayed=decayed))
        if self.mask is not None:
            steps += [_over(hold, (region, kept, self.mask), base) for region, kept in self.aside]
        return steps


def _is_bias(tensor: Tensor) -> bool:
    return len(tensor.shape) < 2


def _own_gradients(
    found: Sequence[Tensor], parameters: Sequence[Tensor], kept: Sequence[Tensor]
) -> list[Tensor]:
    """Every parameter's gradient as a tensor of its own, which can be put into the gradients' region."""
    own: list[Tensor] = []
    for tensor, parameter in zip(found, parameters, strict=True):
        alone = tensor.node is not None and tensor.node.op.kernel is not None
        copy = tensor if alone and tensor not in (*own, *kept) else ops.broadcast_to(tensor, spec=tensor.spec)
        copy.name = f"d {parameter.name}"
        own.append(copy)
    return own


def _phases(groups: Sequence[_Group]) -> list[list[Node]]:
    """Each training's nodes: what the ones before have made is used again, unless it depends on what they changed."""
    phases: list[list[Node]] = []
    fresh: set[Node] = set()
    for group in groups:
        phase = [node for node in in_order([group.training.loss, *group.found]) if node not in fresh]
        phases.append(phase)
        stale = dependent([*fresh, *phase], group.trained)
        fresh = {node for node in [*fresh, *phase] if not any(t in stale for t in node.outputs)}
    return phases


def _fuse_phase(
    phase: Sequence[Node], phases: Sequence[Sequence[Node]], kept: Sequence[Tensor], groups: Sequence[_Group]
) -> list[Node]:
    elsewhere = [t for other in phases if other is not phase for node in other for t in node.inputs]
    found = [tensor for group in groups for tensor in group.found]
    return fuse(phase, [*kept, *found, *elsewhere])


def _outside_training(nodes: Sequence[Node]) -> list[Node]:
    """The nodes, with what stands for them where nothing is trained."""
    result: dict[Node, None] = {}
    given = set(nodes)
    for node in nodes:
        if node.op.outside_training is None:
            result[node] = None
            continue
        instead = node.op.outside_training(node)
        result.update(dict.fromkeys(made for made in in_order([instead]) if made not in given))
        result[Node(ops.identity, (instead,), {}, node.outputs[:1])] = None
    return list(result)


def _parameters(arena: Arena, groups: Sequence[_Group], nodes: Iterable[Node]) -> Spans:
    """Places for all parameters: each training's, then the frozen ones. Raises ValueError for one trained twice."""
    spans: Spans = {}
    for group in groups:
        group.parameters = arena.region(group.trained)
        twice = [tensor.name for tensor in group.trained if tensor in spans]
        if twice:
            raise ValueError(f"two trainings change {', '.join(twice)}")
        spans |= group.parameters
    return spans | arena.region(p for p in leaves(nodes, "parameter") if p not in spans)


def _over(
    op: Op,
    inputs: tuple[Span, ...],
    base: int,
    *,
    outputs: tuple[Span, ...] = (),
    moved: dict[str, str] | None = None,
    **attributes: Any,
) -> Instruction:
    """An op over whole regions; it reads the hyper-parameters from slot `base` on, under other names where `moved`."""
    specs = [Spec((span.size,), batched=False, integer=span.integer) for span in inputs]
    node = op.apply(*map(Tensor, specs), **attributes)
    slots = tuple(base + SLOTS[(moved or {}).get(name, name)] for name in op.hyper)
    return Instruction(op, node, outputs, inputs, tuple(op.sizes(node, 0)), slots)


def _training_tapes(
    arena: Arena,
    groups: Sequence[_Group],
    phases: Sequence[Sequence[Node]],
    shared: Spans,
    states: dict[str, Span],
    lanes: int,
) -> tuple[Tape, Tape]:
    spans = dict(shared)
    for group in groups:
        spans |= group.placed()
    arena.inputs([node for phase in phases for node in phase], lanes, spans)
    ready = _ready(spans)
    train: list[Instruction] = []
    gradient: list[Instruction] = []
    for number, (group, phase) in enumerate(zip(groups, phases, strict=True)):
        work = instructions(phase, arena, lanes, spans)
        train += [*work, *group.step(number)]
        gradient += work
    kept = [copy for group in groups for _, copy in group.aside]
    parts = frozenset(part for span in (*states.values(), *kept) for part in span.parts or (span,))
    return (
        Tape("train", tuple(train), spans, lanes, ready | parts),
        Tape("gradient", tuple(gradient), spans, lanes, ready),
    )


def _prediction_tape(arena: Arena, forward: Sequence[Node], shared: Spans, lanes: int) -> Tape:
    spans = dict(shared)
    arena.inputs(forward, lanes, spans)
    ready = _ready(spans)
    return Tape("evaluate", tuple(instructions(forward, arena, lanes, spans)), spans, lanes, ready)


def _ready(spans: Spans) -> frozenset[Span]:
    roles = ("parameter", "buffer", "constant", "input")
    return frozenset(span for tensor, span in spans.items() if tensor.role in roles)


def _needed_for(outputs: Iterable[Tensor], tape: Tape) -> Tape:
    """The tape without what only the losses need, their targets among it."""
    needed = {tape.spans[tensor] for tensor in outputs}
    kept: list[Instruction] = []
    for instruction in reversed(tape.instructions):
        if any(span.root in {each.root for each in needed} for span in instruction.outputs):
            needed.update(instruction.inputs)
            kept.append(instruction)
    return Tape("predict", tuple(kept[::-1]), tape.spans, tape.lanes, tape.ready)
