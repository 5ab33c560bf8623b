"""Attention, and the block of a Transformer.

Vaswani et al., "Attention Is All You Need", NeurIPS 2017, arXiv:1706.03762.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm.engine import ops
from dlterm.engine.graph import parameter
from dlterm.nn.activations import ACTIVATIONS
from dlterm.nn.initializers import generator
from dlterm.nn.layer import Layer
from dlterm.nn.layers import Dropout, Linear
from dlterm.nn.normalization import LayerNorm

if TYPE_CHECKING:
    from dlterm.engine.graph import Tensor


class SelfAttention(Layer):
    """Every token's mean of what all tokens, or those before it, offer, weighted by how well key and query agree.

    softmax(q k^T / sqrt(width / heads)) v in every head; q, k, v and the result are linear layers `NAME.query`,
    `NAME.key`, `NAME.value`, `NAME.output`. `causal`: a token sees itself and those before it.
    Raises ValueError where the heads do not share the width out evenly.
    """

    def __init__(self, width: int, heads: int, *, name: str, causal: bool = False, seed: int = 0) -> None:
        super().__init__(name)
        if width % heads:
            raise ValueError(f"{name}: {heads} heads do not share a width of {width} out evenly")
        self.heads, self.causal = heads, causal
        self.query, self.key, self.value, self.output = (
            Linear(width, width, name=f"{name}.{part}", seed=seed)
            for part in ("query", "key", "value", "output")
        )

    def forward(self, x: Tensor) -> Tensor:
        """[batch, tokens, width] to the same shape."""
        return self.output(self.attend(x)[0])

    def attend(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """What the heads see [batch, tokens, width], and how much they look where: [batch, heads, tokens, tokens]."""
        tokens, width = x.shape
        each = (tokens, self.heads, width // self.heads)
        q, k, v = (ops.reshape(part(x), shape=each) for part in (self.query, self.key, self.value))
        scores = ops.einsum("thd,uhd->htu", q, k, scale=1 / np.sqrt(each[2]))
        looks = ops.softmax(scores, causal=self.causal)
        return ops.reshape(ops.einsum("htu,uhd->thd", looks, v), shape=x.shape), looks


class TransformerBlock(Layer):
    """x + attention(norm(x)), then that + network(norm(that)); the network is two linear layers, `hidden` units wide.

    The norms come first, as in GPT-2: Radford et al., "Language Models are Unsupervised Multitask Learners", 2019.
    `hidden` is four times the width if None.
    """

    def __init__(
        self,
        width: int,
        heads: int,
        *,
        name: str,
        hidden: int | None = None,
        activation: str = "gelu",
        causal: bool = False,
        dropout: bool = False,
        seed: int = 0,
    ) -> None:
        super().__init__(name)
        hidden = 4 * width if hidden is None else hidden
        self.norms = LayerNorm(width, name=f"{name}.norm1"), LayerNorm(width, name=f"{name}.norm2")
        self.attention = SelfAttention(width, heads, name=f"{name}.attention", causal=causal, seed=seed)
        self.first = Linear(width, hidden, name=f"{name}.first", activation=activation, seed=seed)
        self.second = Linear(hidden, width, name=f"{name}.second", seed=seed)
        self.activation = activation
        drops = [Dropout(name=f"{name}.{part}") for part in ("attention", "network")]
        self.drops = drops if dropout else [ops.identity] * 2

    def forward(self, x: Tensor) -> Tensor:
        """[batch, tokens, width] to the same shape."""
        x = x + self.drops[0](self.attention(self.norms[0](x)))
        h = ACTIVATIONS[self.activation](self.first(self.norms[1](x)))
        return x + self.drops[1](self.second(h))


class Position(Layer):
    """A learned vector added to every place of a sequence: `NAME.weight` [tokens, width]."""

    def __init__(self, tokens: int, width: int, *, name: str, seed: int = 0) -> None:
        super().__init__(name)
        self.weight = parameter(f"{name}.weight", generator(seed, name).normal(0, 0.02, (tokens, width)))

    def forward(self, x: Tensor) -> Tensor:
        """[batch, tokens, width] to the same shape."""
        return x + self.weight
