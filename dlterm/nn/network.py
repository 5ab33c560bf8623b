"""A ready network: what the makers of models (`mlp`, `cnn`) return."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dlterm.engine.graph import in_order, leaves
from dlterm.nn.summary import summary

if TYPE_CHECKING:
    from dlterm.engine.graph import Tensor


@dataclass(frozen=True)
class Network:
    """A network as a graph: its input [batch, features], and the output of every layer, the network's own last.

    Printed, it is a table of its layers.
    """

    x: Tensor
    layers: tuple[Tensor, ...]

    @property
    def output(self) -> Tensor:
        """What the network answers: [batch, outputs]."""
        return self.layers[-1]

    @property
    def parameters(self) -> tuple[Tensor, ...]:
        """All parameters, in the order of their use: weight and bias of the first layer, of the second, ..."""
        return tuple(leaves(in_order([self.output]), "parameter"))

    def __str__(self) -> str:
        return str(summary(self.output))
