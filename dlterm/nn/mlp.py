"""The multi-layer perceptron: hidden layers, each with its activation, and an output layer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dlterm.engine import ops
from dlterm.engine.graph import variable
from dlterm.nn.activations import ACTIVATIONS
from dlterm.nn.layers import Dropout, Linear
from dlterm.nn.network import Network
from dlterm.nn.normalization import BatchNorm

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dlterm.engine.graph import Tensor
    from dlterm.nn.layer import Layer

    Units = Mapping[str, Sequence[int]]


@dataclass(frozen=True)
class Hidden:
    """How the hidden layers of a ready model are made: a layer, then norm, activation and dropout.

    `knocked_out` names, by layer, units that answer 0 in training as outside it.
    """

    dropout: bool = False
    batch_norm: bool = False
    init: str | None = None
    seed: int = 0
    knocked_out: Units = field(default_factory=dict)

    def after(self, layer: Layer, x: Tensor, units: int, activation: str) -> Tensor:
        """What a hidden layer makes of x, named as the layer."""
        h = layer(x)
        if self.batch_norm:
            h = BatchNorm(units, name=f"{layer.name}.norm")(h)
        return self.activated(h, activation, layer.name)

    def activated(self, h: Tensor, activation: str, name: str) -> Tensor:
        """A layer's answer, under its name: after its activation, without the units that are knocked out."""
        h = ACTIVATIONS[activation](h)
        if self.knocked_out.get(name):
            h = ops.knock_out(h, units=tuple(self.knocked_out[name]))
        h.name = name
        return h


def one_each(activation: str | Sequence[str], layers: int) -> tuple[str, ...]:
    """The activation of each of so many hidden layers. Raises ValueError where there are more or fewer of them."""
    names = (activation,) * layers if isinstance(activation, str) else tuple(activation)
    if len(names) != layers:
        raise ValueError(f"{len(names)} activations for {layers} hidden layers")
    return names


def mlp(
    inputs: int,
    hidden: Sequence[int],
    outputs: int,
    *,
    activation: str | Sequence[str] = "tanh",
    output_activation: str = "identity",
    dropout: bool = False,
    batch_norm: bool = False,
    init: str | None = None,
    seed: int = 0,
    knocked_out: Units | None = None,
) -> Network:
    """Build the graph. Layers are named hidden1, hidden2, ..., output, so that a deeper network keeps what fits.

    `activation` is that of all hidden layers, or one for each. Raises ValueError where the two counts differ.
    Rosenblatt 1958 for one layer; Rumelhart, Hinton and Williams, "Learning representations by back-propagating
    errors", Nature 323, 1986, for more. `knocked_out` names, by layer, units that answer 0.
    """
    x = variable("x", (inputs,))
    how = Hidden(dropout, batch_norm, init, seed, knocked_out or {})
    activations = one_each(activation, len(hidden))
    return Network(x, dense(x, hidden, activations, outputs, how, output_activation))


def dense(
    x: Tensor,
    hidden: Sequence[int],
    activations: Sequence[str],
    outputs: int,
    how: Hidden,
    output_activation: str = "identity",
) -> tuple[Tensor, ...]:
    """Hidden layers and an output layer after x [batch, features]: the output of each, after its activation."""
    layers: list[Tensor] = []
    for k, (units, activation) in enumerate(zip(hidden, activations, strict=True), start=1):
        name = f"hidden{k}"
        linear = Linear(x.shape[0], units, name=name, activation=activation, init=how.init, seed=how.seed)
        layers.append(how.after(linear, x, units, activation))
        x = Dropout(name=name)(layers[-1]) if how.dropout else layers[-1]
    last = Linear(
        x.shape[0], outputs, name="output", activation=output_activation, init=how.init, seed=how.seed
    )
    return (*layers, how.activated(last(x), output_activation, "output"))
