"""Where the examples of each class lie in the generated 2-D sets: class numbers in, clean positions out.

Every shape takes the class number of each example [examples], how many classes there are (2 to 6) and a
random generator, and returns positions [examples, 2], which span about -5 to 5 on both axes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Labels = NDArray[np.int64]
    Positions = NDArray[np.float64]

RADIUS = 5.0
TURN = 2 * np.pi


def circle(labels: Labels, classes: int, rng: np.random.Generator) -> Positions:
    """Class 0 fills a disc, each further class a ring around the last; the gaps add up to one unit."""
    gap = 1 / (classes - 1)
    width = (RADIUS - 1) / classes
    inner = labels * (width + gap)
    # Uniform in the squared radius is uniform over the area.
    radius = np.sqrt(rng.uniform(inner**2, (inner + width) ** 2))
    return _polar(radius, rng.uniform(0, TURN, len(labels)))


def rings(labels: Labels, classes: int, rng: np.random.Generator) -> Positions:
    """Concentric circles, evenly spaced, one a class."""
    radius = RADIUS * (labels + 1) / classes
    return _polar(radius, rng.uniform(0, TURN, len(labels)))


def xor(labels: Labels, classes: int, rng: np.random.Generator) -> Positions:
    """A board of classes x classes squares; the class is (row + column) mod classes, for two that is XOR."""
    rows = rng.integers(classes, size=len(labels))
    columns = (labels - rows) % classes
    within = rng.uniform(0.06, 0.94, (len(labels), 2))
    return (np.stack([columns, rows], axis=1) + within) * (2 * RADIUS / classes) - RADIUS


def gaussians(labels: Labels, classes: int, rng: np.random.Generator) -> Positions:
    """A round cloud a class, standard deviation 0.6, the centres evenly spaced on a circle of radius 3.5."""
    centres = _polar(np.full(len(labels), 3.5), TURN * (labels / classes + 1 / 8))
    return centres + rng.normal(0, 0.6, centres.shape)


def spirals(labels: Labels, classes: int, rng: np.random.Generator) -> Positions:
    """One arm a class, turned against each other.

    More arms wind less, so that the room between neighbours stays 1.4 units: two arms make 1.75 turns. The
    arms begin away from the centre, where they would meet.
    """
    along = rng.uniform(0.12, 1, len(labels))
    turns = 3.5 / classes
    return _polar(RADIUS * along, TURN * (turns * along + labels / classes))


def moons(labels: Labels, classes: int, rng: np.random.Generator) -> Positions:
    """Half circles in a row, open downwards and upwards by turns, each reaching into the next."""
    angle = rng.uniform(0, np.pi, len(labels))
    downwards = np.where(labels % 2 == 0, 1, -1)
    step = 1.2  # in radii: neighbours interlock, and those two apart do not touch
    x = labels * step - np.cos(angle)
    y = downwards * (np.sin(angle) - 0.25)
    half_width = ((classes - 1) * step + 2) / 2
    return np.stack([(x + 1 - half_width) * RADIUS / half_width, y * RADIUS], axis=1)


def _polar(radius: NDArray[np.float64], angle: NDArray[np.float64]) -> Positions:
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
