"""First values of weights. Every parameter draws from a generator of its own, so adding a layer changes no other's.

xavier: Glorot and Bengio, AISTATS 2010, for tanh and sigmoid: uniform with variance 2 / (inputs + outputs).
he: He et al., ICCV 2015, doi:10.1109/ICCV.2015.123, for ReLU: uniform with variance 2 / inputs.
"""

from __future__ import annotations

import math
import zlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def generator(seed: int, name: str) -> np.random.Generator:
    """The random numbers of one parameter."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def xavier(rng: np.random.Generator, outputs: int, inputs: int) -> NDArray[np.float64]:
    """Weights [outputs, inputs]."""
    bound = math.sqrt(6 / (inputs + outputs))
    return rng.uniform(-bound, bound, (outputs, inputs))


def he(rng: np.random.Generator, outputs: int, inputs: int) -> NDArray[np.float64]:
    """Weights [outputs, inputs]."""
    bound = math.sqrt(6 / inputs)
    return rng.uniform(-bound, bound, (outputs, inputs))
