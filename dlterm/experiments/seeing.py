"""What the experiments on seeing share: a network's filters and maps as pictures, and pictures a little distorted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm.drawing.views import Images

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dlterm.training.learner import Learner

    Array = NDArray[np.float32]

_TURN, _SLANT, _ZOOM, _SHIFT = 0.15, 0.15, 0.12, 0.7  # the most, either way: radians, slope, share, pixels


def filters_of(learner: Learner, layer: str = "conv1") -> Array:
    """The weights that each filter of a convolution gives to the first channel, [filters, height, width]."""
    return learner.weights()[f"{layer}.weight"][:, 0]


def maps_of(learner: Learner, picture: Array, layer: int = 0) -> Array:
    """What a layer of the network answers to one picture, in the data's units: [channels, height, width]."""
    return learner.activations(picture.reshape(1, -1), [learner.network.layers[layer]])[0][0]


def filter_images(weights: Array, title: str = "", titles: tuple[str, ...] = ()) -> Images:
    """Filters side by side, all on one scale."""
    return Images(tuple(weights / largest(weights)), titles, signed=True, title=title)


def largest(values: Array) -> float:
    """The largest magnitude, or a little more than nothing: what a scale ends at."""
    return max(float(np.abs(values).max()), 1e-9)


def distorted(pictures: Array, rng: np.random.Generator) -> Array:
    """Pictures [n, size, size], each turned, slanted, zoomed and shifted a little; what comes in from outside is 0."""
    count, size = pictures.shape[:2]
    turn, slant = rng.uniform(-_TURN, _TURN, (count, 1, 1)), rng.uniform(-_SLANT, _SLANT, (count, 1, 1))
    zoom, shift = (
        rng.uniform(1 - _ZOOM, 1 + _ZOOM, (2, count, 1, 1)),
        rng.uniform(-_SHIFT, _SHIFT, (2, count, 1, 1)),
    )
    rows, columns = np.indices((size, size)) - (size - 1) / 2
    down = (np.cos(turn) * rows - np.sin(turn) * columns) * zoom[0] + shift[0]
    across = (np.sin(turn) * rows + np.cos(turn) * columns) * zoom[1] + slant * rows + shift[1]
    return _sampled(pictures, down + (size - 1) / 2, across + (size - 1) / 2)


def _sampled(pictures: Array, down: NDArray[np.float64], across: NDArray[np.float64]) -> Array:
    """Each picture at places between its pixels, [n, height, width] of them: means of the four around."""
    margin = 2
    size = pictures.shape[1] + 2 * margin
    wide = np.pad(pictures, ((0, 0), (margin, margin), (margin, margin)))
    down, across = ((axis + margin).clip(0, size - 1.001) for axis in (down, across))
    row, column, each = down.astype(int), across.astype(int), np.arange(len(pictures))[:, None, None]
    below, right = down - row, across - column
    upper = (1 - right) * wide[each, row, column] + right * wide[each, row, column + 1]
    lower = (1 - right) * wide[each, row + 1, column] + right * wide[each, row + 1, column + 1]
    return ((1 - below) * upper + below * lower).astype(np.float32)
