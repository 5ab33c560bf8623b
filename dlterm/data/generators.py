"""Generated data sets with the two features x1 and x2: classes to tell apart, surfaces to fit.

Positions and values span about -5 to 5. `noise` is a standard deviation in the same units: of a class's
positions on both axes, or of a surface's values, so that the best possible RMSE there equals the noise.
The same arguments give the same bits (with the same NumPy on the same processor).
"""

from __future__ import annotations

from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dlterm.data import shapes
from dlterm.data.dataset import Dataset

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

FEATURES = ("x1", "x2")

# Height, centre and standard deviation of each bump of `hills`.
_BUMPS = ((5.0, -2.5, 2.5, 1.4), (4.0, 2.8, -2.2, 1.6), (-5.0, 2.3, 2.4, 1.5), (-4.0, -2.4, -2.6, 1.3))


class Generator(NamedTuple):
    """`function(count, noise, classes, seed)` makes the data set; `description` is one line for a menu."""

    function: Callable[[int, float, int, int], Dataset]
    description: str


def _labelled(
    name: str,
    place: Callable[[NDArray[np.int64], int, np.random.Generator], Array],
    count: int,
    noise: float,
    classes: int,
    seed: int,
) -> Dataset:
    """Classes of equal size, to one example, in shuffled order; with noise on the positions."""
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.arange(count) % classes)
    positions = place(labels, classes, rng) + rng.normal(0, noise, (count, 2))
    names = tuple(str(number) for number in range(classes))
    return Dataset(name, positions.astype(np.float32), labels, "classification", FEATURES, names, "class")


def _surface(
    name: str, height: Callable[[Array, Array], Array], count: int, noise: float, classes: int, seed: int
) -> Dataset:
    """Positions uniform over the square from -5 to 5, with noise on the values; a surface has no classes."""
    del classes
    rng = np.random.default_rng(seed)
    inputs = rng.uniform(-shapes.RADIUS, shapes.RADIUS, (count, 2))
    values = height(inputs[:, 0], inputs[:, 1]) + rng.normal(0, noise, count)
    return Dataset(
        name, inputs.astype(np.float32), values.astype(np.float32), "regression", FEATURES, (), "value"
    )


def _plane(x1: Array, x2: Array) -> Array:
    return (x1 + x2) / 2


def _hills(x1: Array, x2: Array) -> Array:
    height = np.zeros_like(x1)
    for peak, centre1, centre2, spread in _BUMPS:
        height += peak * np.exp(-((x1 - centre1) ** 2 + (x2 - centre2) ** 2) / (2 * spread**2))
    return height


GENERATORS = MappingProxyType(
    {
        "circle": Generator(partial(_labelled, "circle", shapes.circle), "a disc inside a ring"),
        "xor": Generator(partial(_labelled, "xor", shapes.xor), "squares of a board, alternating"),
        "gaussians": Generator(partial(_labelled, "gaussians", shapes.gaussians), "round clouds, apart"),
        "spirals": Generator(partial(_labelled, "spirals", shapes.spirals), "arms wound around each other"),
        "moons": Generator(partial(_labelled, "moons", shapes.moons), "interlocking half circles"),
        "rings": Generator(partial(_labelled, "rings", shapes.rings), "thin circles, one inside another"),
        "plane": Generator(partial(_surface, "plane", _plane), "a tilted plane (regression)"),
        "hills": Generator(partial(_surface, "hills", _hills), "two hills, two hollows (regression)"),
    }
)
