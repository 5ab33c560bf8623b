"""Maps and fields at the resolution of the screen."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def resampled(values: NDArray[np.float32], height: int, width: int) -> NDArray[np.float32]:
    """Return values [..., rows, columns] as [..., height, width]: bilinear to more, area means to fewer."""
    down, across = _weights(values.shape[-2], height), _weights(values.shape[-1], width)
    return np.asarray(down @ values @ across.T, np.float32)


@lru_cache(maxsize=256)
def _weights(given: int, wanted: int) -> NDArray[np.float32]:
    """Return the matrix [wanted, given] that resamples one axis; each row sums to 1."""
    if given == wanted:
        return np.eye(given, dtype=np.float32)
    centres = (np.arange(wanted) + 0.5) * given / wanted - 0.5
    reach = max(1.0, given / wanted)  # the triangle's half width, in given samples
    distance = np.abs(np.arange(given) - np.clip(centres, 0, given - 1)[:, None])
    triangle = np.clip(1 - distance / reach, 0, None)
    return np.asarray(triangle / triangle.sum(axis=1, keepdims=True), np.float32)
