"""A ready network: what the makers of models (`mlp`, `cnn`) return."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dlterm.engine.graph import in_order, leaves, variable
from dlterm.nn.summary import summary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dlterm.engine.graph import Tensor
    from dlterm.nn.layer import Function


@dataclass(frozen=True)
class Network:
    """A network as a graph: its input [batch, features], and the output of every layer, the network's own last.

    Printed, it is a table of its layers.
    """

    x: Tensor
    layers: tuple[Tensor, ...]

    @classmethod
    def of(cls, features: int, layers: Sequence[Function]) -> Network:
        """The layers, or ops such as `ops.relu`, one after the other, from so many features an example."""
        x = h = variable("x", (features,))
        outputs: list[Tensor] = []
        for layer in layers:
            h = layer(h)
            outputs.append(h)
        return cls(x, tuple(outputs))

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
