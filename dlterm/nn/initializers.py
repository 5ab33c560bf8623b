"""First values of weights. Every parameter draws from a generator of its own, so adding a layer changes no other's.

All draw from a uniform distribution around 0; they differ in its variance. A weight is [outputs, inputs, *kernel]: of a
linear layer [outputs, inputs], of a convolution [outputs, inputs of a group, height, width]. One output reads
`fan_in` = inputs * height * width numbers; one input number is read by `fan_out` = outputs * height * width.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from dlterm.engine.graph import Shape, Tensor, parameter

if TYPE_CHECKING:
    from numpy.typing import NDArray

_RELU_KIN = ("relu", "leaky_relu", "gelu", "silu", "softplus")


def generator(seed: int, name: str) -> np.random.Generator:
    """The random numbers of one parameter."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def fans(shape: Shape) -> tuple[int, int]:
    """fan_in and fan_out of a weight of this shape. Raises ValueError for fewer than two axes."""
    if len(shape) < 2:
        raise ValueError(f"a weight is [outputs, inputs, ...], not {list(shape)}")
    kernel = math.prod(shape[2:])
    return shape[1] * kernel, shape[0] * kernel


def xavier(rng: np.random.Generator, shape: Shape) -> NDArray[np.float64]:
    """Variance 2 / (fan_in + fan_out), for tanh and sigmoid: Glorot and Bengio, AISTATS 2010."""
    return _uniform(rng, shape, 6 / sum(fans(shape)))


def he(rng: np.random.Generator, shape: Shape) -> NDArray[np.float64]:
    """Variance 2 / fan_in, for ReLU and its kin: He et al., ICCV 2015, arXiv:1502.01852."""
    return _uniform(rng, shape, 6 / fans(shape)[0])


def lecun(rng: np.random.Generator, shape: Shape) -> NDArray[np.float64]:
    """Variance 1 / fan_in: LeCun, Bottou, Orr and Mueller, "Efficient BackProp", 1998."""
    return _uniform(rng, shape, 3 / fans(shape)[0])


def uniform(rng: np.random.Generator, shape: Shape) -> NDArray[np.float64]:
    """Within 1 / sqrt(fan_in) of 0, a variance of 1 / (3 fan_in): what PyTorch's linear layers begin with."""
    return _uniform(rng, shape, 1 / fans(shape)[0])


def zeros(_rng: np.random.Generator, shape: Shape) -> NDArray[np.float64]:
    """All 0: every unit of a hidden layer then stays like every other, which is worth seeing once."""
    return np.zeros(shape)


Initializer = Callable[[np.random.Generator, Shape], "NDArray[Any]"]

INITIALIZERS: dict[str, Initializer] = {
    "xavier": xavier,
    "he": he,
    "lecun": lecun,
    "uniform": uniform,
    "zeros": zeros,
}


def weight(
    name: str, shape: Shape, *, init: str | None, activation: str, seed: int, frozen: bool = False
) -> Tensor:
    """A weight [outputs, inputs, *kernel] with its first values.

    `init` is one of `INITIALIZERS`; None chooses by the activation that follows: He's for ReLU and its kin, Xavier's
    for the others. Raises ValueError for an initialiser that is not there.
    """
    chosen = init if init is not None else "he" if activation in _RELU_KIN else "xavier"
    if chosen not in INITIALIZERS:
        raise ValueError(f"there is no initialiser {chosen}; they are {', '.join(INITIALIZERS)}")
    return parameter(name, INITIALIZERS[chosen](generator(seed, name), shape), frozen=frozen)


def _uniform(rng: np.random.Generator, shape: Shape, squared_bound: float) -> NDArray[np.float64]:
    bound = math.sqrt(squared_bound)
    return rng.uniform(-bound, bound, shape)
