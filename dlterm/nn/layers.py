"""Layers: called on a symbolic tensor, each adds itself to the graph."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence

import numpy as np

from dlterm.engine import ops
from dlterm.engine.graph import Tensor, parameter
from dlterm.nn.initializers import generator, he, xavier

Layer = Callable[[Tensor], Tensor]

ACTIVATIONS: dict[str, Layer] = {
    "identity": ops.identity,
    **{name: activation.op for name, activation in ops.ACTIVATIONS.items()},
}


class Linear:
    """y = x w^T + b: weight [outputs, inputs] and bias [outputs], named `NAME.weight` and `NAME.bias`.

    `activation` is the one that follows: ReLU's kin start from He's weights, the others from Xavier's; biases from 0.
    """

    def __init__(
        self, inputs: int, outputs: int, *, name: str, activation: str = "identity", seed: int = 0
    ) -> None:
        draw = he if "relu" in activation else xavier
        weight = f"{name}.weight"
        self.weight = parameter(weight, draw(generator(seed, weight), outputs, inputs))
        self.bias = parameter(f"{name}.bias", np.zeros(outputs))

    def __call__(self, x: Tensor) -> Tensor:
        """[batch, inputs] to [batch, outputs]."""
        return ops.linear(x, self.weight, self.bias)


class Dropout:
    """In training each number becomes 0 with the hyper-parameter `dropout`'s probability; else the identity."""

    def __init__(self, *, name: str) -> None:
        self.stream = zlib.crc32(name.encode())

    def __call__(self, x: Tensor) -> Tensor:
        """The same shape."""
        return ops.dropout(x, stream=self.stream)


class Sequential:
    """Layers one after the other."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.layers = tuple(layers)

    def __call__(self, x: Tensor) -> Tensor:
        """The last layer's output."""
        for layer in self.layers:
            x = layer(x)
        return x
