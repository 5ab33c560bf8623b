"""Norms: numbers to mean 0 and variance 1, then scaled by `NAME.weight` and shifted by `NAME.bias`, from 1 and 0."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm.engine import ops
from dlterm.engine.graph import buffer, parameter
from dlterm.nn.layer import Layer

if TYPE_CHECKING:
    from dlterm.engine.graph import Tensor


class _Norm(Layer):
    """`size` scales and as many shifts."""

    def __init__(self, size: int, *, name: str, frozen: bool) -> None:
        super().__init__(name)
        self.weight = parameter(f"{name}.weight", np.ones(size), frozen=frozen)
        self.bias = parameter(f"{name}.bias", np.zeros(size), frozen=frozen)


class BatchNorm(_Norm):
    """Each channel (or feature) over the examples of the batch and the image.

    Ioffe and Szegedy, ICML 2015, arXiv:1502.03167. Outside training the running estimates `NAME.running_mean` and
    `NAME.running_var` [channels] stand in for the batch's own; they are saved with the parameters. `frozen` is the
    scale and the shift; the estimates move on.
    """

    def __init__(self, channels: int, *, name: str, frozen: bool = False) -> None:
        super().__init__(channels, name=name, frozen=frozen)
        self.running_mean = buffer(f"{name}.running_mean", np.zeros(channels))
        self.running_var = buffer(f"{name}.running_var", np.ones(channels))

    def forward(self, x: Tensor) -> Tensor:
        """[batch, channels, ...] to the same shape."""
        return ops.batch_norm(x, self.weight, self.bias, self.running_mean, self.running_var)


class LayerNorm(_Norm):
    """Each example by itself, at every place, over its last axis. Ba, Kiros and Hinton, 2016, arXiv:1607.06450."""

    def __init__(self, features: int, *, name: str, frozen: bool = False) -> None:
        super().__init__(features, name=name, frozen=frozen)

    def forward(self, x: Tensor) -> Tensor:
        """[batch, ..., features] to the same shape."""
        return ops.layer_norm(x, self.weight, self.bias)


class GroupNorm(_Norm):
    """Each example by itself, over the image and the channels of a group. Wu and He, ECCV 2018, arXiv:1803.08494."""

    def __init__(self, groups: int, channels: int, *, name: str, frozen: bool = False) -> None:
        super().__init__(channels, name=name, frozen=frozen)
        self.groups = groups

    def forward(self, x: Tensor) -> Tensor:
        """[batch, channels, ...] to the same shape. Raises ValueError where the groups do not fit the channels."""
        return ops.group_norm(x, self.weight, self.bias, groups=self.groups)
