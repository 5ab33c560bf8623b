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


def resampled_with_gaps(
    values: NDArray[np.float32], height: int, width: int
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return values [..., rows, columns] as `resampled` does, and where most of what was given is not finite."""
    finite = np.isfinite(values)
    if finite.all():
        result = resampled(values, height, width)
        return result, np.zeros(result.shape, np.bool_)
    shares = resampled(finite.astype(np.float32), height, width)
    sums = resampled(np.where(finite, values, np.float32(0)), height, width)
    means = np.asarray(sums / np.maximum(shares, np.finfo(np.float32).tiny), np.float32)
    return means, np.asarray(shares < 0.5, np.bool_)


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
