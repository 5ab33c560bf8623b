"""Layers of images [channels, height, width]: convolution, pooling, upsampling."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm.engine import ops
from dlterm.engine.graph import parameter
from dlterm.nn.initializers import weight
from dlterm.nn.layer import Layer

if TYPE_CHECKING:
    from dlterm.engine.graph import Tensor

Pair = tuple[int, int]


class Conv2d(Layer):
    """Kernels [outputs, inputs / groups, height, width] slid over an image: `NAME.weight` and `NAME.bias` [outputs].

    LeCun et al., "Gradient-Based Learning Applied to Document Recognition", Proceedings of the IEEE 86, 1998.
    `padding` is of zeros; `groups` of channels do not see each other (as many as channels: a depthwise convolution).
    `init`, `activation` and `frozen` are as in `Linear`.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        kernel: int | Pair = 3,
        *,
        name: str,
        stride: int | Pair = 1,
        padding: int | Pair = 0,
        dilation: int | Pair = 1,
        groups: int = 1,
        activation: str = "identity",
        init: str | None = None,
        frozen: bool = False,
        seed: int = 0,
    ) -> None:
        super().__init__(name)
        size = (kernel, kernel) if isinstance(kernel, int) else kernel
        shape = (outputs, inputs // groups, *size)
        self.weight = weight(
            f"{name}.weight", shape, init=init, activation=activation, seed=seed, frozen=frozen
        )
        self.bias = parameter(f"{name}.bias", np.zeros(outputs), frozen=frozen)
        self.stride, self.padding, self.dilation, self.groups = stride, padding, dilation, groups

    def forward(self, x: Tensor) -> Tensor:
        """[batch, inputs, H, W] to [batch, outputs, H', W']. Raises ValueError where the shapes do not fit."""
        return ops.conv2d(
            x,
            self.weight,
            self.bias,
            stride=self.stride,
            padding=self.padding,
            dilation=self.dilation,
            groups=self.groups,
        )


class _Pool(Layer):
    """Windows of an image; the stride is the window's size if None."""

    def __init__(
        self,
        size: int | Pair = 2,
        *,
        stride: int | Pair | None = None,
        padding: int | Pair = 0,
        name: str = "pool",
    ) -> None:
        super().__init__(name)
        self.size, self.stride, self.padding = size, stride, padding


class MaxPool2d(_Pool):
    """The largest number of each window."""

    def forward(self, x: Tensor) -> Tensor:
        """[batch, C, H, W] to [batch, C, H', W']."""
        return ops.max_pool2d(x, size=self.size, stride=self.stride, padding=self.padding)


class AvgPool2d(_Pool):
    """The mean of each window."""

    def forward(self, x: Tensor) -> Tensor:
        """[batch, C, H, W] to [batch, C, H', W']."""
        return ops.avg_pool2d(x, size=self.size, stride=self.stride, padding=self.padding)


class Upsample(Layer):
    """Every pixel repeated `scale` times each way."""

    def __init__(self, scale: int | Pair = 2, *, name: str = "upsample") -> None:
        super().__init__(name)
        self.scale = scale

    def forward(self, x: Tensor) -> Tensor:
        """[batch, C, H, W] to [batch, C, H scale, W scale]."""
        return ops.upsample(x, scale=self.scale)
