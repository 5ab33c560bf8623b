"""Layers of any network, and what puts layers together."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import numpy as np

from dlterm.engine import ops
from dlterm.engine.graph import parameter
from dlterm.nn.initializers import generator, weight
from dlterm.nn.layer import Layer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dlterm.engine.graph import Tensor
    from dlterm.nn.layer import Function


class Linear(Layer):
    """y = x w^T + b: weight [outputs, inputs] and bias [outputs], named `NAME.weight` and `NAME.bias`.

    `init` is one of `INITIALIZERS`; None chooses by `activation`, the one that follows: ReLU's kin start from He's
    weights, the others from Xavier's. Biases start from 0. What is `frozen` no training changes.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        name: str,
        activation: str = "identity",
        init: str | None = None,
        frozen: bool = False,
        seed: int = 0,
    ) -> None:
        super().__init__(name)
        self.weight = weight(
            f"{name}.weight", (outputs, inputs), init=init, activation=activation, seed=seed, frozen=frozen
        )
        self.bias = parameter(f"{name}.bias", np.zeros(outputs), frozen=frozen)

    def forward(self, x: Tensor) -> Tensor:
        """[batch, ..., inputs] to [batch, ..., outputs]."""
        return ops.linear(x, self.weight, self.bias)


class Dropout(Layer):
    """In training each number becomes 0 with the hyper-parameter `dropout`'s probability; else the identity.

    Srivastava et al., JMLR 15, 2014. The name chooses the random numbers: two layers of one name drop alike.
    """

    def __init__(self, *, name: str) -> None:
        super().__init__(name)
        self.stream = zlib.crc32(name.encode())

    def forward(self, x: Tensor) -> Tensor:
        """[batch, ...] to the same shape."""
        return ops.dropout(x, stream=self.stream)


class Embedding(Layer):
    """A vector for each of so many tokens: `NAME.weight` [entries, width], from a normal distribution of variance 1."""

    def __init__(self, entries: int, width: int, *, name: str, frozen: bool = False, seed: int = 0) -> None:
        super().__init__(name)
        first = generator(seed, f"{name}.weight").normal(size=(entries, width))
        self.weight = parameter(f"{name}.weight", first, frozen=frozen)

    def forward(self, tokens: Tensor) -> Tensor:
        """Numbers below `entries`, [batch, ...], to [batch, ..., width]."""
        return ops.embedding(tokens, self.weight)


class Flatten(Layer):
    """All numbers of an example in one row; nothing is copied."""

    def __init__(self, *, name: str = "flatten") -> None:
        super().__init__(name)

    def forward(self, x: Tensor) -> Tensor:
        """[batch, ...] to [batch, numbers]."""
        return ops.reshape(x, shape=(x.spec.size,))


class Residual(Layer):
    """y = x + f(x), f being the layers one after the other: a way past them for signal and gradient.

    He et al., "Deep Residual Learning for Image Recognition", CVPR 2016, arXiv:1512.03385.
    """

    def __init__(self, layers: Sequence[Function], *, name: str = "residual") -> None:
        super().__init__(name)
        self.layers = tuple(layers)

    def forward(self, x: Tensor) -> Tensor:
        """[batch, ...] to the same shape. Raises ValueError where the layers change it."""
        y = _through(self.layers, x)
        if y.spec != x.spec:
            raise ValueError(f"{self.name}: {x} goes in and {y} comes out, which cannot be added up")
        return x + y


class Sequential(Layer):
    """Layers, or ops such as `ops.tanh`, one after the other."""

    def __init__(self, layers: Sequence[Function], *, name: str = "sequential") -> None:
        super().__init__(name)
        self.layers = tuple(layers)

    def __call__(self, *inputs: Tensor) -> Tensor:
        """The last layer's output; a sequence is no layer of its own."""
        return self.forward(*inputs)

    def forward(self, x: Tensor) -> Tensor:
        """[batch, ...] to whatever the last layer makes."""
        return _through(self.layers, x)


def _through(layers: Sequence[Function], x: Tensor) -> Tensor:
    for layer in layers:
        x = layer(x)
    return x
