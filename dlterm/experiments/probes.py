"""Bars and corners that the layers of a network are shown one by one, to learn what each of their maps answers to.

Hubel and Wiesel did so with single cells of the visual cortex: Journal of Physiology 148, 1959.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from dlterm.training.learner import Learner

    Array = NDArray[np.float32]

SIZE = 16  # pixels each way
ANGLES = np.linspace(0, 180, 16, endpoint=False)  # of bars, in degrees
# Lines and corners, each as the directions in which two rays leave the middle, in degrees.
LINES = {"│": (90, 270), "╱": (45, 225), "─": (0, 180), "╲": (135, 315)}
CORNERS = {
    "└": (0, 90),
    "┘": (90, 180),
    "┐": (180, 270),
    "┌": (0, 270),
    "∨": (45, 135),
    ">": (135, 225),
    "∧": (225, 315),
    "<": (45, 315),
}
_STROKE = 1.3  # in pixels, in the middle of those of `shapes`


@functools.cache
def ray(degrees: float) -> Array:
    """A line from the middle of the picture outwards, [SIZE, SIZE] of 0 to 1; 0 degrees is to the right, 90 up."""
    rows, columns = np.indices((SIZE, SIZE)) - (SIZE - 1) / 2
    x, y = np.cos(np.radians(degrees)), -np.sin(np.radians(degrees))
    along, across = columns * x + rows * y, np.abs(rows * x - columns * y)
    distance = np.where(along > 0, across, np.hypot(rows, columns))
    picture = (0.5 + _STROKE / 2 - distance).clip(0, 1).astype(np.float32)
    picture.flags.writeable = False
    return picture


def drawn(parts: Mapping[str, tuple[float, float]]) -> Array:
    """Lines or corners, each of two rays, as pictures [parts, SIZE, SIZE]."""
    return np.stack([np.maximum(*map(ray, directions)) for directions in parts.values()])


def bars() -> Array:
    """A bar through the middle in every one of ANGLES, [angles, SIZE, SIZE]."""
    return np.stack([np.maximum(ray(angle), ray(angle + 180)) for angle in ANGLES])


def answers(learner: Learner, layer: int, pictures: Array) -> Array:
    """What each map of a layer, from 1, answers near its middle, more than to an empty picture: [pictures, maps].

    The middle alone, as a line that ends at the picture's edge is something else there.
    """
    asked = np.concatenate([np.zeros((1, SIZE, SIZE), np.float32), pictures]).reshape(-1, SIZE * SIZE)
    found = learner.activations(asked, [learner.network.layers[layer - 1]])[0]
    edge = found.shape[-1] * 5 // 16
    middle = found[..., edge : found.shape[-1] - edge, edge : found.shape[-1] - edge]
    return (middle - middle[:1]).clip(0)[1:].max((-1, -2))


def choosiness(answered: Array) -> Array:
    """Of answers to bars [angles, units] one less the circular variance, [units]; 0 for a unit that answers to none."""
    turns = np.exp(2j * np.radians(ANGLES))[
        :, None
    ]  # twice the angle: a bar turned by 180 degrees is the same
    return np.abs((answered * turns).sum(0)) / np.maximum(answered.sum(0), 1e-9)


def prefer_corners(learner: Learner, layer: int) -> float:
    """The share of a layer's maps that answer more to one of the corners than to a bar in any direction."""
    corners, lines = (answers(learner, layer, pictures).max(0) for pictures in (drawn(CORNERS), bars()))
    return float(np.mean(corners > lines))
