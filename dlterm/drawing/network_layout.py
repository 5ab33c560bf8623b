"""Where the neurons of a network diagram stand, and which pixels each edge passes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LEAST_TILE, _MOST_TILE = 2, 14  # pixels; a cell is one pixel wide and two high
_LEAST_SPAN = 5  # pixels between the tiles of two layers
_MOST_UNITS = 16  # drawn a layer; more cannot be told apart
_SPREAD = 0.6  # of a tile's side that edges end on
_SPAN_SHARE = 1.7  # of a tile's width is the least between two layers, where tiles can be made smaller
_MORE = 3  # pixels kept for "+12" below a layer that is not drawn whole
_REACH = 2.5  # pixels from an edge's middle that it may cover


@dataclass(frozen=True, slots=True)
class Tile:
    """A neuron's square, in pixels (columns, half rows)."""

    layer: int
    unit: int
    x: int
    y: int
    size: int

    @property
    def middle_row(self) -> int:
        """The cell row of its middle."""
        return (2 * self.y + self.size) // 4


@dataclass(frozen=True, slots=True)
class Layer:
    """The drawn part of one layer: its tiles, and how many units are not drawn."""

    number: int
    tiles: tuple[Tile, ...]
    hidden: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The drawn layers from left to right, and how many layers in the middle are not drawn."""

    layers: tuple[Layer, ...]
    skipped: int


@dataclass(frozen=True, slots=True, eq=False)
class Bundle:
    """All edges between two neighbouring layers, as samples: a pixel near an edge, and how far off it is.

    `pixel` indexes the flattened picture, `edge` the flattened weights of the drawn units [outputs, inputs].
    """

    pixel: NDArray[np.intp]
    edge: NDArray[np.intp]
    distance: NDArray[np.float32]


@lru_cache(maxsize=16)
def layout(sizes: tuple[int, ...], columns: int, rows: int, left: int, right: int) -> Layout | None:
    """Place layers of these sizes in columns x rows cells, with cells free for labels left and right.

    None where there is no room for even the first and the last layer.
    """
    width, height = columns - left - right, 2 * rows
    numbers = _shown(len(sizes), (width + _LEAST_SPAN) // (_LEAST_TILE + _LEAST_SPAN))
    if not numbers or height < 3 * _LEAST_TILE:
        return None
    units = [min(sizes[number], _room(height)) for number in numbers]
    whole = [sizes[number] == shown for number, shown in zip(numbers, units, strict=True)]
    heights = [height if all_shown else height - _MORE for all_shown in whole]
    fits = [_tile_size(shown, tall) for shown, tall in zip(units, heights, strict=True)]
    spans = len(numbers) - 1
    widest = min(_MOST_TILE, round(width / (len(numbers) + spans * _SPAN_SHARE)))
    inner = max(_LEAST_TILE, min(*fits, widest))
    outer = max(_LEAST_TILE, min(widest, inner * 3 // 2))
    tile_sizes = [inner if 0 < place < spans else min(outer, fits[place]) for place in range(len(numbers))]
    span = (width - sum(tile_sizes)) / spans
    layers = []
    for place, number in enumerate(numbers):
        x = left + round(sum(tile_sizes[:place]) + place * span)
        tiles = _column(number, units[place], x, tile_sizes[place], heights[place])
        layers.append(Layer(number, tiles, sizes[number] - units[place]))
    return Layout(tuple(layers), len(sizes) - len(numbers))


def _shown(count: int, most: int) -> list[int]:
    """Return the layers to draw: all, or as many of the first and of the last as there is room for."""
    if count <= most:
        return list(range(count))
    if most < 2:
        return []
    first = (most + 1) // 2
    return [*range(first), *range(count - (most - first), count)]


def _room(height: int) -> int:
    """Return how many units of a layer can be drawn, with room to say how many are not."""
    return max(1, min(_MOST_UNITS, (height - _MORE + 1) // (_LEAST_TILE + 1)))


def _tile_size(units: int, height: int) -> int:
    """Return the largest tile with which these units fit, a third of a tile apart."""
    for size in range(_MOST_TILE, _LEAST_TILE, -1):
        if units * size + (units - 1) * max(1, size // 3) <= height:
            return size
    return _LEAST_TILE


def _column(layer: int, units: int, x: int, size: int, height: int) -> tuple[Tile, ...]:
    """Return a layer's tiles, evenly apart and in the middle of the height."""
    gap = min(size, (height - units * size) // max(1, units - 1))
    top = (height - units * size - (units - 1) * gap) // 2
    return tuple(Tile(layer, unit, x, top + unit * (size + gap), size) for unit in range(units))


def _ports(tile: Tile, count: int) -> NDArray[np.float64]:
    """Return the heights at which a tile's edges on one side end, in their other ends' order."""
    return tile.y + tile.size * (0.5 + ((np.arange(count) + 0.5) / count - 0.5) * _SPREAD)


@lru_cache(maxsize=64)
def bundle(left: Layer, right: Layer, height: int, width: int) -> Bundle:
    """Return the pixels near the S-curves from each tile of one layer to each tile of the next."""
    start, end = left.tiles[0].x + left.tiles[0].size + 1, right.tiles[0].x - 1
    steps = max(1, end - start)
    along = (np.arange(steps) + 0.5) / steps
    leave = np.array([_ports(tile, len(right.tiles)) for tile in left.tiles]).T[..., None]
    arrive = np.array([_ports(tile, len(left.tiles)) for tile in right.tiles])[..., None]
    y = leave + (arrive - leave) * along * along * (3 - 2 * along)
    stretch = np.hypot(1, (arrive - leave) * 6 * along * (1 - along) / steps)
    lowest = np.floor(y - _REACH * stretch).astype(np.intp).clip(0).ravel()
    highest = np.ceil(y + _REACH * stretch).astype(np.intp).clip(None, height).ravel()
    counts = (highest - lowest).clip(0)
    sample = np.repeat(np.arange(counts.size), counts)
    row = np.arange(sample.size) - np.repeat(counts.cumsum() - counts, counts) + lowest[sample]
    distance = np.abs(row + 0.5 - y.ravel()[sample]) / stretch.ravel()[sample]
    column = start + sample % steps
    return Bundle(row * width + column, sample // steps, distance.astype(np.float32))
