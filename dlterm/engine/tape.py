"""A tape: instructions over spans of the arenas, and their rows of integers.

A row is `opcode, length, number, accumulate, operands..., sizes..., slots...`: the operands are offsets into the
float arena (or the integer arena, for integer tensors), outputs first; the sizes are the op's own; the slots are the
places of its hyper-parameters. Rows follow each other in one array of int64. The opcode counts the kernels that this
tape uses.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dlterm.engine.graph import Node, Op, Tensor
    from dlterm.engine.native import Kernel

OPERANDS = 4  # the first operand's place in a row
COUNT, SEED = 0, 1  # the integer arena begins with: examples in this batch, the run's seed
INTEGER_HEADER = 2


@dataclass(frozen=True)
class Span:
    """Numbers `start` to `start + size` of the float arena, or of the integer arena."""

    start: int
    size: int
    integer: bool = False
    name: str = field(default="", compare=False)
    writable: bool = field(
        default=True, compare=False
    )  # False: parameters, inputs, constants; optimisers may
    parts: tuple[Span, ...] = field(
        default=(), compare=False
    )  # of a region that an optimiser takes as a whole
    base: Span | None = field(default=None, compare=False)  # what it is a view into

    @property
    def end(self) -> int:
        """The first number after the span."""
        return self.start + self.size

    @property
    def root(self) -> Span:
        """The span that was handed out: itself, or what it is a view into."""
        return self if self.base is None else self.base

    def part(self, start: int, size: int, name: str) -> Span:
        """A view of `size` numbers from `start` on."""
        return Span(self.start + start, size, self.integer, name, self.writable, base=self.root)


@dataclass(frozen=True)
class Instruction:
    """One row before it is written as integers."""

    op: Op
    node: Node
    outputs: tuple[Span, ...]
    inputs: tuple[Span, ...]
    sizes: tuple[int, ...]
    slots: tuple[int, ...]
    accumulate: bool = False

    @property
    def kernel(self) -> Kernel | None:
        """What runs it: the op's kernel, or the one for large sizes; None for an alias."""
        wide = self.op.wide
        return wide.kernel if wide is not None and wide.suits(self) else self.op.kernel

    @property
    def reads(self) -> tuple[Span, ...]:
        """What it reads; what it adds to or updates included, regions as their parts."""
        return _parts(self.inputs + (self.outputs[:1] if self.accumulate else ()))

    @property
    def writes(self) -> tuple[Span, ...]:
        """What it writes; what it updates included, regions as their parts."""
        return _parts(self.outputs + tuple(self.inputs[k] for k in self.op.updates))

    def row(self, opcode: int, number: int) -> list[int]:
        """Its integers."""
        operands = [span.start for span in (*self.outputs, *self.inputs)]
        tail = [*operands, *self.sizes, *self.slots]
        return [opcode, OPERANDS + len(tail), number, int(self.accumulate), *tail]

    def __str__(self) -> str:
        names = [span.name for span in (*self.outputs, *self.inputs)]
        return f"{self.op.name:24} {' '.join(names)}{'  (adds)' if self.accumulate else ''}"


@dataclass(frozen=True)
class Tape:
    """Instructions for one batch width, and where its inputs and outputs lie."""

    name: str
    instructions: tuple[Instruction, ...]
    spans: dict[Tensor, Span]
    lanes: int
    ready: frozenset[Span]  # what is there before the first instruction: parameters, state, inputs, constants

    @cached_property
    def kernels(self) -> list[Kernel]:
        """The kernels it uses, in the order of their opcodes."""
        used = dict.fromkeys(i.kernel for i in self.instructions)
        return [kernel for kernel in used if kernel is not None]

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        """The tape as the machine reads it."""
        opcodes = {kernel: k for k, kernel in enumerate(self.kernels)}
        kernels = [i.kernel for i in self.instructions]
        rows = (
            i.row(opcodes[kernel], k)
            for k, (i, kernel) in enumerate(zip(self.instructions, kernels, strict=True))
            if kernel is not None
        )
        return np.array([number for row in rows for number in row], np.int64)

    def __str__(self) -> str:
        return "\n".join(map(str, self.instructions))


def _parts(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    return tuple(part for span in spans for part in span.parts or (span,))
