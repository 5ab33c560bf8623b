"""The counter generator in NumPy: random numbers that are a pure function of (seed, stream, step, index).

Threefry-2x32 with 20 rounds, as `vector_math.random_words` in kernels: Salmon et al., "Parallel Random Numbers: As Easy
as 1, 2, 3", SC 2011, doi:10.1145/2063384.2063405. A run is therefore the same to the bit whatever the chunk size, the
screen, or an interruption.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ROTATIONS = ((13, 15, 26, 6), (17, 29, 16, 24))
_PARITY = 0x1BD11BDA


def random_words(seed: int, stream: int, step: int, index: Any) -> NDArray[np.uint32]:
    """Random 32-bit words, one for each index."""
    keys = [np.uint32(seed & 0xFFFFFFFF), np.uint32(stream & 0xFFFFFFFF)]
    keys.append(keys[0] ^ keys[1] ^ np.uint32(_PARITY))
    with np.errstate(over="ignore"):
        x0 = np.asarray(index).astype(np.uint32) + keys[0]
        x1 = np.full_like(x0, np.uint32(step & 0xFFFFFFFF) + keys[1])
        for block in range(5):
            for rotation in _ROTATIONS[block % 2]:
                x0 = x0 + x1
                x1 = ((x1 << np.uint32(rotation)) | (x1 >> np.uint32(32 - rotation))) ^ x0
            x0 = x0 + keys[(block + 1) % 3]
            x1 = x1 + keys[(block + 2) % 3] + np.uint32(block + 1)
    return x0


def uniform(seed: int, stream: int, step: int, index: Any) -> NDArray[np.float32]:
    """Random numbers in [0, 1) of 24 bits, one for each index."""
    return (random_words(seed, stream, step, index) >> np.uint32(8)).astype(np.float32) * np.float32(2.0**-24)


SHUFFLE_STREAM = 0xFFFFFFFF  # no layer has this stream


def permutation(seed: int, epoch: int, count: int) -> NDArray[np.int64]:
    """The order in which an epoch sees the examples: Fisher and Yates' shuffle of 0 .. count - 1."""
    words = random_words(seed, SHUFFLE_STREAM, epoch, np.arange(count)).tolist()
    order = list(range(count))
    for k in range(count - 1, 0, -1):
        other = words[k] * (k + 1) >> 32
        order[k], order[other] = order[other], order[k]
    return np.array(order, np.int64)
