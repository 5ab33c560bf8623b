"""The multi-layer perceptron: hidden layers of one activation, and an output layer."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dlterm.engine.graph import Tensor, variable
from dlterm.nn.layers import ACTIVATIONS, Dropout, Linear

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class MLP:
    """A network as a graph: its input, the output of every layer (the last is `layers[-1]`), its layers' parameters."""

    x: Tensor
    layers: tuple[Tensor, ...]
    linears: tuple[Linear, ...]


def mlp(
    inputs: int,
    hidden: Sequence[int],
    outputs: int,
    *,
    activation: str = "tanh",
    output_activation: str = "identity",
    dropout: bool = False,
    seed: int = 0,
) -> MLP:
    """Build the graph. Layers are named hidden1, hidden2, ..., output, so that a deeper network keeps what fits."""
    x = h = variable("x", (inputs,))
    layers, linears = [], []
    sizes = [inputs, *hidden, outputs]
    for k, (before, after) in enumerate(itertools.pairwise(sizes), start=1):
        last = k == len(sizes) - 1
        name = "output" if last else f"hidden{k}"
        function = output_activation if last else activation
        linears.append(Linear(before, after, name=name, activation=function, seed=seed))
        h = linears[-1](h)
        h = ACTIVATIONS[function](h)
        h.name = name
        layers.append(h)
        if dropout and not last:
            h = Dropout(name=name)(h)
    return MLP(x, tuple(layers), tuple(linears))
