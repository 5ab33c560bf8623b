"""Pictures of shapes drawn in lines, made by a seed: each somewhere else, of another size and turned another way."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from dlterm.data.dataset import Dataset

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float32]

_RADII = 0.26, 0.42  # of a shape, in widths of the picture
_STROKES = 1.0, 1.6  # in pixels
_STRETCHES = 0.4, 0.65  # what is left of a stretched shape's height


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """Lines [k, 2 ends, x and y] within a circle of radius 1; one that is `stretched` has varying proportions."""

    lines: Array
    stretched: bool = False


def _path(*points: tuple[float, float]) -> Array:
    """From each point to the next."""
    places = np.array(points, np.float32)
    return np.stack([places[:-1], places[1:]], axis=1)


def _around(corners: int, turn: float = 0.0, inner: float = 1.0) -> Array:
    """A closed outline of corners on a circle, from an angle in turns, every second one at the radius `inner`."""
    angles = 2 * np.pi * (np.arange(corners + 1) / corners + turn)
    radii = np.where(np.arange(corners + 1) % 2, inner, 1.0)
    places = np.stack([radii * np.cos(angles), radii * np.sin(angles)], axis=1)
    return _path(*map(tuple, places))


_SQUARE, _CIRCLE, _C = _around(4, 1 / 8), _around(24), float(np.sqrt(0.5))

# The first seven are told apart by what makes a square one: four lines, closed, perpendicular, equal.
SHAPES = MappingProxyType(
    {
        "square": Shape(_SQUARE),
        "rectangle": Shape(_SQUARE, stretched=True),
        "rhombus": Shape(_around(4), stretched=True),
        "triangle": Shape(_around(3)),
        "circle": Shape(_CIRCLE),
        "open square": Shape(_SQUARE[:3]),
        "cross": Shape(np.concatenate([_path((-1, 0), (1, 0)), _path((0, -1), (0, 1))])),
        "ellipse": Shape(_CIRCLE, stretched=True),
        "star": Shape(_around(10, inner=0.4)),
        "half circle": Shape(np.concatenate([_CIRCLE[:12], _path((-1, 0), (1, 0))])),
        "arc": Shape(_CIRCLE[:14]),
        "angle": Shape(_path((0, 1), (0, -0.6), (0.8, -0.6))),
        "letter T": Shape(np.concatenate([_path((-0.8, 0.6), (0.8, 0.6)), _path((0, 0.6), (0, -1))])),
        "letter Z": Shape(_path((-_C, _C), (_C, _C), (-_C, -_C), (_C, -_C))),
        "letter Y": Shape(
            np.concatenate([_path((0, 0), (np.sin(a), np.cos(a))) for a in (-0.8, 0.8, np.pi)])
        ),
        "letter H": Shape(
            np.concatenate(
                [_path((-_C, -_C), (-_C, _C)), _path((-_C, 0), (_C, 0)), _path((_C, -_C), (_C, _C))]
            )
        ),
        "arrow": Shape(np.concatenate([_path((-1, 0), (1, 0)), _path((0.3, 0.6), (1, 0), (0.3, -0.6))])),
        "hourglass": Shape(_path((-_C, _C), (_C, _C), (-_C, -_C), (_C, -_C), (-_C, _C))),
        "house": Shape(_path((-0.6, -0.8), (0.6, -0.8), (0.6, 0.2), (0, 1), (-0.6, 0.2), (-0.6, -0.8))),
        "two lines": Shape(
            np.concatenate([_path((-0.9, 0.4), (0.9, 0.4)), _path((-0.9, -0.4), (0.9, -0.4))])
        ),
    }
)
KINDS = tuple(SHAPES)[:7]


def shapes(
    count: int,
    kinds: Sequence[str] = KINDS,
    *,
    seed: int | Sequence[int],
    noise: float = 0.1,
    turn: float = 0.5,
    size: int = 16,
) -> Dataset:
    """Draw so many pictures of `size` x `size` grey pixels (0 to 1), as many of each kind, to one, in shuffled order.

    Each is turned by up to `turn` turns either way; `noise` is a standard deviation, of every pixel. Class numbers are
    places in `kinds`. Raises KeyError for a kind that is not in SHAPES.
    """
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.arange(count) % len(kinds))
    pictures = np.empty((count, size * size), np.float32)
    for number, kind in enumerate(kinds):
        rows = np.flatnonzero(labels == number)
        pictures[rows] = _drawn(placed(SHAPES[kind], len(rows), size, turn, rng), size, rng)
    pictures += noise * rng.standard_normal(pictures.shape, np.float32)
    names = tuple(f"pixel_{row}_{column}" for row in range(size) for column in range(size))
    return Dataset(
        "shapes",
        pictures.clip(0, 1, out=pictures),
        labels,
        "classification",
        names,
        tuple(kinds),
        "shape",
        image=(1, size, size),
    )


def squares(pixels: Array) -> tuple[Array, ...]:
    """The pictures [n, pixels] one by one, each [size, size]."""
    size = int(np.sqrt(pixels.shape[1]))
    return tuple(pixels.reshape(-1, size, size))


def placed(shape: Shape, count: int, size: int, turn: float, rng: np.random.Generator) -> Array:
    """The shape's lines as they lie in each picture, in pixels: [count, k, 2 ends, x and y]."""
    lines = np.repeat(shape.lines[None], count, axis=0)
    if shape.stretched:
        lines[..., 1] *= rng.uniform(*_STRETCHES, (count, 1, 1))
    radius = size * rng.uniform(*_RADII, (count, 1, 1, 1))
    angle = 2 * np.pi * turn * rng.uniform(-1, 1, count)
    turned = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    within = (size - 1) / 2 + rng.uniform(-1, 1, (count, 1, 1, 2)) * (size / 2 - 0.5 - radius)
    return (radius * np.einsum("ijn,nkej->nkei", turned, lines) + within).astype(np.float32)


def _drawn(lines: Array, size: int, rng: np.random.Generator) -> Array:
    """Pictures of lines: what of a pixel the nearest line covers, [count, pixels]."""
    rows, columns = (axis.reshape(1, -1).astype(np.float32) for axis in np.indices((size, size)))
    nearest = np.full((len(lines), size * size), np.inf, np.float32)  # its square
    for start, end in lines.transpose(1, 2, 3, 0)[..., None]:
        x, y, along = columns - start[0], rows - start[1], end - start
        share = ((x * along[0] + y * along[1]) / (along**2).sum(axis=0)).clip(0, 1)
        np.minimum(nearest, (x - share * along[0]) ** 2 + (y - share * along[1]) ** 2, out=nearest)
    strokes = rng.uniform(*_STROKES, (len(lines), 1)).astype(np.float32)
    return (0.5 + strokes / 2 - np.sqrt(nearest)).clip(0, 1)
