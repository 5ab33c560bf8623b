"""A convolutional network for images: convolutions with pooling between, then layers of units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlterm.engine import ops
from dlterm.engine.graph import variable
from dlterm.nn.convolution import Conv2d, MaxPool2d
from dlterm.nn.layers import Dropout, Flatten
from dlterm.nn.mlp import Hidden, dense, one_each
from dlterm.nn.network import Network

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dlterm.engine.graph import Tensor
    from dlterm.nn.mlp import Units

SMALLEST = 4  # pixels: an image that pooling would make smaller than half of this is not pooled


def cnn(
    image: tuple[int, int, int],
    channels: Sequence[int],
    hidden: Sequence[int],
    outputs: int,
    *,
    activation: str | Sequence[str] = "relu",
    output_activation: str = "identity",
    dropout: bool = False,
    batch_norm: bool = False,
    init: str | None = None,
    seed: int = 0,
    knocked_out: Units | None = None,
) -> Network:
    """Build the graph for images (channels, height, width), given as one row of numbers an example.

    Every convolution has 3 x 3 kernels and keeps the image's size; after every second one, and after the last, the
    largest of 2 x 2 pixels is kept, as long as the image is large enough. Layers are named conv1, conv2, ..., hidden1,
    ..., output. After LeCun et al., Proceedings of the IEEE 86, 1998, and Simonyan and Zisserman, ICLR 2015,
    arXiv:1409.1556. `knocked_out` names, by layer, units of the hidden layers and the output that answer 0.

    `activation` is that of all layers but the last, or one for each, convolutions first. Raises ValueError where the
    counts differ.
    """
    how = Hidden(dropout, batch_norm, init, seed, knocked_out or {})
    activations = one_each(activation, len(channels) + len(hidden))
    of_convs, of_units = activations[: len(channels)], activations[len(channels) :]
    h = x = variable("x", (image[0] * image[1] * image[2],))
    h = ops.reshape(h, shape=image)
    layers: list[Tensor] = []
    for k, (size, name) in enumerate(zip(channels, of_convs, strict=True), start=1):
        conv = Conv2d(h.shape[0], size, 3, name=f"conv{k}", padding=1, activation=name, init=init, seed=seed)
        h = how.after(conv, h, size, name)
        layers.append(h)
        if (k % 2 == 0 or k == len(channels)) and min(h.shape[1:]) >= SMALLEST:
            h = MaxPool2d(name=f"pool{k}")(h)
    flat = Flatten()(h)
    if dropout:
        flat = Dropout(name="conv")(flat)
    return Network(x, (*layers, *dense(flat, hidden, of_units, outputs, how, output_activation)))
