"""Features of line drawings as somebody would make them by hand who knows what tells shapes apart.

None of them depends on where a shape lies, and hardly one on its size or turn: that is the knowledge put in. Moments of
a picture that keep still while it is turned: Hu, "Visual pattern recognition by moment invariants", IRE Transactions on
Information Theory 8, 1962.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dlterm.data.dataset import Dataset

    Array = NDArray[np.float32]

FEATURES = ("length", "area", "oblong", "uneven", "centre", "skewed", "3-fold", "4-fold")
_INK = 0.35  # grey that is line rather than noise
_FOLDS = 3, 4  # corners of a triangle, of a square


def by_hand(dataset: Dataset) -> Dataset:
    """The same examples, square pictures, with FEATURES in the place of their pixels."""
    return replace(dataset, inputs=features(dataset.inputs), features=FEATURES, image=None)


def features(pixels: Array) -> Array:
    """Of square pictures [n, pixels] their FEATURES [n, features]."""
    size = int(np.sqrt(pixels.shape[1]))
    ink = np.where(pixels > _INK, pixels, 0) + np.float32(1e-6)  # so that an empty picture has a centre
    ink /= (total := ink.sum(axis=1, keepdims=True))
    place = np.arange(size) + 1j * np.arange(size)[:, None]
    away = place.reshape(1, -1) - (ink * place.reshape(1, -1)).sum(axis=1, keepdims=True)
    distance = np.abs(away)
    radius = (ink * distance).sum(axis=1, keepdims=True)
    found = (
        total / radius,
        enclosed(pixels > _INK, size) / radius**2,
        _fold(ink, away, 2),
        np.sqrt((ink * (distance / radius - 1) ** 2).sum(axis=1, keepdims=True)),  # how far from being round
        (ink * (distance < radius / 2)).sum(axis=1, keepdims=True),
        np.abs((ink * away * distance).sum(axis=1, keepdims=True)) / radius**2,
        *(_fold(ink, away, fold) for fold in _FOLDS),
    )
    return np.concatenate(found, axis=1).astype(np.float32)


def enclosed(line: NDArray[np.bool_], size: int) -> Array:
    """How many pixels cannot be reached from the edge without crossing a line, and are none: [n, 1]."""
    free = np.zeros((len(line), size + 2, size + 2), np.bool_)
    free[:, 1:-1, 1:-1] = ~line.reshape(-1, size, size)
    reached = np.ones_like(free)
    reached[:, 1:-1, 1:-1] = False
    count = -1
    while count != (count := int(reached.sum())):
        inner, near = reached[:, 1:-1, 1:-1], reached[:, :-2, 1:-1] | reached[:, 2:, 1:-1]
        inner |= (near | reached[:, 1:-1, :-2] | reached[:, 1:-1, 2:]) & free[:, 1:-1, 1:-1]
    return (free & ~reached).sum(axis=(1, 2))[:, None].astype(np.float32)


def _fold(ink: Array, away: NDArray[np.complexfloating], fold: int) -> Array:
    """How much alike a drawing is to itself turned by a `fold`th of a turn: 0 of a circle, [n, 1]."""
    moment = np.abs((ink * away**fold).sum(axis=1, keepdims=True))
    return np.asarray(moment / (ink * np.abs(away) ** fold).sum(axis=1, keepdims=True), np.float32)
