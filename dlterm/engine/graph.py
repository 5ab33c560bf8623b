"""Symbolic tensors and the nodes that make them. Calling an op builds a graph; no arithmetic happens here.

A tensor's `shape` is the shape of ONE example; `batched` tells whether there is one value an example. The batch size is
no part of a graph: it is chosen when the graph is planned, and the number of examples in the batch at hand is known
only as the tape runs. A linear layer's input, `[batch, features]` in other libraries, is `shape=(features,)`,
`batched=True` here; its weight is `shape=(outputs, features)`, `batched=False`.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dlterm.engine.native import Kernel
    from dlterm.engine.tape import Instruction

Shape = tuple[int, ...]
Array = "NDArray[Any]"
Role = Literal["parameter", "buffer", "input", "constant", "value"]


@dataclass(frozen=True)
class Spec:
    """What a tensor holds: the shape of one example, whether there is one an example, floats or integers."""

    shape: Shape
    batched: bool = True
    integer: bool = False

    @property
    def size(self) -> int:
        """Numbers in one example."""
        return math.prod(self.shape)


@dataclass(eq=False)
class Tensor:
    """A symbolic tensor: the output of a node, or a leaf (parameter, buffer, input, constant)."""

    spec: Spec
    role: Role = "value"
    name: str = ""
    node: Node | None = None
    initial: NDArray[np.float32] | None = None  # a parameter's, a buffer's or a constant's first value
    frozen: bool = False  # a parameter that no training changes

    @property
    def shape(self) -> Shape:
        """The shape of one example."""
        return self.spec.shape

    @property
    def batched(self) -> bool:
        """Whether there is one value an example."""
        return self.spec.batched

    def __repr__(self) -> str:
        batch = "batch, " if self.batched else ""
        return f"<{self.name or self.role} [{batch}{', '.join(map(str, self.shape))}]>"

    def __add__(self, other: Tensor | float) -> Tensor:
        return _operate("add", self, other)

    def __radd__(self, other: float) -> Tensor:
        return _operate("add", other, self)

    def __sub__(self, other: Tensor | float) -> Tensor:
        return _operate("subtract", self, other)

    def __rsub__(self, other: float) -> Tensor:
        return _operate("subtract", other, self)

    def __mul__(self, other: Tensor | float) -> Tensor:
        return _operate("multiply", self, other)

    def __rmul__(self, other: float) -> Tensor:
        return _operate("multiply", other, self)

    def __truediv__(self, other: Tensor | float) -> Tensor:
        return _operate("divide", self, other)

    def __rtruediv__(self, other: float) -> Tensor:
        return _operate("divide", other, self)

    def __getitem__(self, keys: Any) -> Tensor:
        return OPERATORS["getitem"](self, *(keys if isinstance(keys, tuple) else (keys,)))

    def __neg__(self) -> Tensor:
        return OPERATORS["negative"](self)


# What the operators between tensors do: filled by the ops, which import this file
OPERATORS: dict[str, Callable[..., Tensor]] = {}


def _operate(name: str, *operands: Tensor | float) -> Tensor:
    return OPERATORS[name](*(x if isinstance(x, Tensor) else constant(x) for x in operands))


def parameter(name: str, initial: NDArray[Any], *, frozen: bool = False) -> Tensor:
    """A tensor that an optimiser changes (unless it is frozen), with its first value."""
    initial = np.asarray(initial, np.float32, order="C")
    return Tensor(Spec(initial.shape, batched=False), "parameter", name, initial=initial, frozen=frozen)


def buffer(name: str, initial: NDArray[Any]) -> Tensor:
    """A tensor that is kept and saved like a parameter, and changed by the op that `updates` it."""
    initial = np.asarray(initial, np.float32, order="C")
    return Tensor(Spec(initial.shape, batched=False), "buffer", name, initial=initial)


def constant(value: Any, name: str = "") -> Tensor:
    """A tensor that never changes."""
    value = np.asarray(value, np.float32)
    return Tensor(Spec(value.shape, batched=False), "constant", name, initial=value)


def variable(name: str, shape: Shape, *, integer: bool = False) -> Tensor:
    """An input: one value of this shape an example, gathered from the data for each batch."""
    return Tensor(Spec(shape, integer=integer), "input", name)


@dataclass(frozen=True, eq=False)
class Scope:
    """A layer, as the nodes that it makes know it; `kind` is its class: `Linear`."""

    name: str
    kind: str


_SCOPES: ContextVar[tuple[Scope, ...]] = ContextVar("scopes", default=())


@contextmanager
def within(scope: Scope) -> Iterator[None]:
    """Nodes made in this context belong to the scope, which lies within those around it."""
    token = _SCOPES.set((*_SCOPES.get(), scope))
    try:
        yield
    finally:
        _SCOPES.reset(token)


@dataclass(eq=False)
class Node:
    """One application of an op."""

    op: Op
    inputs: tuple[Tensor, ...]
    attributes: dict[str, Any] = field(default_factory=dict)
    outputs: tuple[Tensor, ...] = ()
    adds_to: Tensor | None = None  # its first output is added to this tensor, in its place
    scopes: tuple[Scope, ...] = ()  # the layers it belongs to, the outermost first

    def __repr__(self) -> str:
        return f"{', '.join(map(repr, self.outputs))} = {self.op.name}({', '.join(map(repr, self.inputs))})"


@dataclass(frozen=True)
class Call:
    """What an op's NumPy reference gets: arrays [*shape, batch] (or [*shape] where not batched), and the settings."""

    inputs: tuple[Any, ...]
    input_specs: tuple[Spec, ...]
    output_specs: tuple[Spec, ...]
    attributes: dict[str, Any]
    hyper: dict[str, float]
    count: int  # examples in this batch; the lanes from `count` on are padding
    lanes: int
    seed: int
    step: int

    @property
    def valid(self) -> NDArray[np.bool_]:
        """True for the lanes that hold an example."""
        return np.arange(self.lanes) < self.count


@dataclass(frozen=True)
class Wide:
    """A second kernel of an op, for large sizes: a small network's first step does not wait for its compilation."""

    kernel: Kernel
    suits: Callable[[Instruction], bool]


Infer = Callable[..., Any]  # Spec, or a sequence of them
Gradient = Callable[..., Sequence[Tensor | None]]


@dataclass(frozen=True, eq=False)
class Op:
    """An operation, declared in one place.

    - `infer(*specs, **attributes)`: the specs of its outputs; raises ValueError where the shapes do not fit;
    - `reference(call)`: its value in NumPy (one array, or one an output);
    - `gradient(node, *dy)`: a gradient for every input, in other ops, or None where there is none; `dy` has one entry
      an output, None for those that the loss does not depend on;
    - `kernel`: the same in machine code; None for an alias, whose output IS its input, or whose outputs are the parts
      of it, one after the other;
    - `wide`: what takes the kernel's place where the sizes are large, with the same row;
    - `sizes(node, lanes)`: the integers that follow the operands in the kernel's row;
    - `hyper`: the names of the hyper-parameters it reads (a schedule also writes one); their slots end the row;
    - `updates`: which inputs the kernel changes in place (optimisers, running statistics);
    - `accumulates`: whether the kernel honours the row's accumulate flag;
    - `joins`: the sum of two nodes' outputs is what one node makes of the inputs of both, one after the other;
    - `outside_training(node)`: what its first output is where nothing is trained; None where that is the same;
    - `work(node)`: multiply-adds for one example (for all, where nothing is batched).
    """

    name: str
    infer: Infer
    reference: Callable[[Call], Any]
    kernel: Kernel | None
    sizes: Callable[[Node, int], Sequence[int]] = lambda _node, _lanes: ()
    gradient: Gradient | None = None
    hyper: tuple[str, ...] = ()
    updates: tuple[int, ...] = ()
    accumulates: bool = False
    joins: bool = False
    outside_training: Callable[[Node], Tensor] | None = None
    wide: Wide | None = None
    work: Callable[[Node], int] = lambda _node: 0

    def __call__(self, *inputs: Tensor, **attributes: Any) -> Tensor:
        """Add a node to the graph; its first output."""
        return self.apply(*inputs, **attributes).outputs[0]

    def apply(self, *inputs: Tensor, **attributes: Any) -> Node:
        """Add a node to the graph."""
        specs = self.infer(*(tensor.spec for tensor in inputs), **attributes)
        node = Node(self, inputs, attributes, scopes=_SCOPES.get())
        node.outputs = tuple(
            Tensor(spec, node=node, name=self.name)
            for spec in ([specs] if isinstance(specs, Spec) else specs)
        )
        return node


def in_order(outputs: Iterable[Tensor]) -> list[Node]:
    """The nodes that the outputs need, each after those it needs itself."""
    done: dict[Node, None] = {}
    stack: list[tuple[Node, bool]] = [(t.node, False) for t in outputs if t.node is not None][::-1]
    while stack:
        node, ready = stack.pop()
        if node in done:
            continue
        if ready:
            done[node] = None
            continue
        stack.append((node, True))
        needed = [*node.inputs, *([node.adds_to] if node.adds_to is not None else [])]
        stack.extend((t.node, False) for t in reversed(needed) if t.node is not None and t.node not in done)
    return list(done)


def leaves(nodes: Iterable[Node], role: Role) -> list[Tensor]:
    """The leaves of that role which the nodes read, in order of first use."""
    tensors = itertools.chain.from_iterable(node.inputs for node in nodes)
    return list(dict.fromkeys(tensor for tensor in tensors if tensor.role == role))
