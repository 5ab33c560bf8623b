"""Planes through a network's weights, and the path that training walked over them.

A network's weights, one parameter after the other, are one vector of n numbers: a point. A plane through such a point
can be drawn. Li, Xu, Taylor, Studer and Goldstein, "Visualizing the Loss Landscape of Neural Nets", NeurIPS 2018,
arXiv:1712.09913.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Weights = Mapping[str, NDArray[Any]]
    Vector = NDArray[np.float64]

Domain = tuple[float, float, float, float]
_MARGIN = 0.15  # around the path, of its reach
_ITERATIONS = 100  # of a second direction 1.25 times as strong as the third, 2e-10 is then left of the third
_NOTHING = 1e-12  # of the path's squared length: rounding


@dataclass(frozen=True, slots=True, eq=False)
class WeightPlane:
    """The weights origin + x directions[0] + y directions[1]."""

    origin: Vector  # [n]
    directions: NDArray[np.float64]  # [2, n], not 0, and not along each other
    names: tuple[str, str]  # of the axes
    reach: float  # how far from the origin is worth looking at, at least

    def at(self, x: float, y: float) -> Vector:
        """The weights at a place: [n]."""
        return self.origin + x * self.directions[0] + y * self.directions[1]

    def project(self, vectors: NDArray[Any]) -> NDArray[np.float64]:
        """The nearest places on the plane to weights [k, n]: [k, 2]."""
        steps = np.asarray(vectors, np.float64) - self.origin
        (aa, ab), (_, bb) = np.einsum("an,bn->ab", self.directions, self.directions)
        a, b = np.einsum("an,kn->ak", self.directions, steps)  # the normal equations of least squares
        return np.stack([bb * a - ab * b, aa * b - ab * a], axis=1) / (aa * bb - ab * ab)

    def shown(self, vectors: NDArray[Any]) -> float:
        """The share of the squared distances from the origin that lies in the plane: 1 for a path on it."""
        steps = np.asarray(vectors, np.float64) - self.origin
        whole = float((steps**2).sum())
        flat = np.einsum("ka,an->kn", self.project(vectors), self.directions)
        return float((flat**2).sum()) / whole if whole else 1.0

    def domain(self, places: NDArray[np.float64] | None = None) -> Domain:
        """x0, x1, y0, y1: what is within reach of the origin, and the places of a path [k, 2] with a margin."""
        low, high = np.full(2, -self.reach), np.full(2, self.reach)
        if places is not None and len(places):
            margin = _MARGIN * np.ptp(places, axis=0)
            low, high = (
                np.minimum(low, places.min(axis=0) - margin),
                np.maximum(high, places.max(axis=0) + margin),
            )
        return float(low[0]), float(high[0]), float(low[1]), float(high[1])


def flat(weights: Weights) -> Vector:
    """The weights as one vector [n], in their order."""
    return np.concatenate([np.asarray(array, np.float64).ravel() for array in weights.values()])


def random_plane(weights: Weights, seed: int) -> WeightPlane:
    """Two random directions, filter-normalised: the same seed and shapes draw the same.

    What leads to each unit (or channel) is scaled to the length of the unit's own weights, so that 1 along an axis
    means as much in every layer. Biases and norms stay where they are, as in the paper.
    """
    rng = np.random.default_rng(seed)
    drawn = [_filter_normalised(weights, rng) for _ in range(2)]
    return WeightPlane(flat(weights), np.stack(drawn), ("direction 1", "direction 2"), 1.0)


def principal_plane(weights: Weights, vectors: NDArray[Any], seed: int = 0) -> WeightPlane:
    """The plane through the weights that lies closest to a path of weights [k, n]: its first two principal directions.

    The directions have length 1 and are at right angles. What the path does not decide, because it has fewer than two
    directions, is drawn by the seed.
    """
    origin = flat(weights)
    steps = np.asarray(vectors, np.float64).reshape(-1, len(origin)) - origin
    gram = np.einsum("kn,ln->kl", steps, steps)
    rng = np.random.default_rng(seed)
    found: list[Vector] = []
    names: list[str] = []
    for mix in _strongest(gram, rng):
        share = float(np.einsum("k,kl,l->", mix, gram, mix) / max(np.trace(gram), 1e-300))
        if share > _NOTHING:
            found.append(_unit(np.einsum("k,kn->n", mix, steps)))
            names.append(f"PC{len(found)}, {share:.0%} of the path")
    while len(found) < 2:
        drawn = _filter_normalised(weights, rng)
        found.append(_unit(drawn - sum((drawn * known).sum() * known for known in found)))
        names.append(f"direction {len(found)}")
    farthest = np.sqrt((steps**2).sum(axis=1)).max(initial=0.0)
    return WeightPlane(
        origin, np.stack(found), (names[0], names[1]), 0.25 * float(farthest or _length(origin) or 1.0)
    )


def _strongest(gram: NDArray[np.float64], rng: np.random.Generator) -> list[Vector]:
    """The two eigenvectors [k] of the largest eigenvalues, by orthogonal iteration; 0 where an eigenvalue is.

    Not LAPACK: beside a training learner its threads waited for each other for 0.2 s.
    """
    one, two = rng.normal(size=(2, len(gram)))
    for _ in range(_ITERATIONS):
        one = _direction(np.einsum("kl,l->k", gram, one))
        two = np.einsum("kl,l->k", gram, two)
        two = _direction(two - (two * one).sum() * one, np.trace(gram))
    return [one, two]


def _direction(vector: Vector, scale: float = 0.0) -> Vector:
    """Of length 1; 0 where rounding is all there is of a vector."""
    length = _length(vector)
    return vector / length if length > _NOTHING * scale else 0 * vector


def _filter_normalised(weights: Weights, rng: np.random.Generator) -> Vector:
    """A random direction [n], scaled unit by unit; where all of the weights are 0, not scaled."""
    parts = []
    for array in weights.values():
        drawn = rng.normal(size=array.shape)
        parts.append(_scaled(drawn, np.asarray(array, np.float64)) if array.ndim > 1 else 0 * drawn)
    direction = np.concatenate([part.ravel() for part in parts])
    if direction.any():
        return direction
    return rng.normal(size=direction.shape) / np.sqrt(len(direction))


def _scaled(drawn: NDArray[np.float64], array: NDArray[np.float64]) -> NDArray[np.float64]:
    axes = tuple(range(1, array.ndim))
    wanted, given = (np.sqrt((each**2).sum(axis=axes, keepdims=True)) for each in (array, drawn))
    return drawn * (wanted / given)


def _unit(vector: Vector) -> Vector:
    """Of length 1; its largest number is positive, so that one plane has one picture."""
    return vector / (_length(vector) * np.sign(vector[np.abs(vector).argmax()]))


def _length(vector: Vector) -> float:
    return float(np.sqrt((vector**2).sum()))
