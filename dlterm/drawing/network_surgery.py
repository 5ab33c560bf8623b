"""What surgery has done to a network, in its diagram; and which weight a cell of the diagram shows."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from dlterm.drawing.frame import Label
from dlterm.drawing.network_layout import bundle

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from dlterm.drawing.network_layout import Layer, Layout, Tile
    from dlterm.drawing.palette import Theme
    from dlterm.training.snapshot import Marks

OUT, FROZEN = "×", "✱"
_LEAST_HOLLOW = 4  # pixels of a tile's side; a smaller one has no inside
_NEAR = 1.5  # pixels from an edge's middle that still are the edge


def of_any(marks: Marks | None) -> Marks | None:
    """The marks, if there are any: mostly nothing was done, and then nothing is looked for tile by tile."""
    if marks is None:
        return None
    masks = (*marks.frozen_weights, *marks.frozen_biases, *marks.knocked_out)
    return marks if any(mask.any() for mask in masks) else None


def influence(marks: Marks | None, layer: Layer) -> NDArray[np.float64]:
    """How much of its ink an edge out of each drawn unit of a layer keeps: little, where the unit is knocked out."""
    out = _knocked_out(marks, layer.number)
    shown = np.ones(len(layer.tiles))
    if out is not None:
        shown[out[: len(layer.tiles)]] = 0.25
    return shown


def hollow(marks: Marks | None, tile: Tile) -> bool:
    """Whether a tile is drawn as a frame alone."""
    return tile.size >= _LEAST_HOLLOW and _is_out(marks, tile)


def surgery_labels(placed: Layout, marks: Marks | None, theme: Theme) -> Iterator[Label]:
    """Yield a cross on every unit that is knocked out; a star on what is frozen, a pale one where some of it is."""
    if marks is None:
        return
    for tile in (tile for layer in placed.layers[1:] for tile in layer.tiles):
        if _is_out(marks, tile):
            yield Label(tile.middle_row, tile.x + (tile.size - 1) // 2, OUT, theme.text)
        frozen = _frozen(marks, tile)
        if frozen.any():
            yield Label(
                tile.y // 2, tile.x + tile.size - 1, FROZEN, theme.text if frozen.all() else theme.muted
            )


def weight_at(
    placed: Layout, weights: Sequence[NDArray[np.float32]], column: int, row: int, columns: int, rows: int
) -> tuple[int, int, int] | None:
    """Return the layer, the unit and the source of the strongest edge that passes a cell, or None."""
    for left, right in pairwise(placed.layers):
        if right.number == left.number + 1 and left.tiles[0].x < column < right.tiles[0].x:
            near = bundle(left, right, 2 * rows, columns)
            upper = 2 * row * columns + column
            here = ((near.pixel == upper) | (near.pixel == upper + columns)) & (near.distance < _NEAR)
            edges = near.edge[here]
            if not len(edges):
                return None
            drawn = np.abs(weights[left.number][: len(right.tiles), : len(left.tiles)]).ravel()[edges]
            ink = (drawn + 1e-6) / (0.5 + near.distance[here])
            unit, source = divmod(int(edges[ink.argmax()]), len(left.tiles))
            return right.number, unit, source
    return None


def _frozen(marks: Marks, tile: Tile) -> NDArray[np.bool_]:
    layer = tile.layer - 1
    if layer >= len(marks.frozen_weights) or tile.unit >= len(marks.frozen_biases[layer]):
        return np.zeros(1, np.bool_)
    return np.append(marks.frozen_weights[layer][tile.unit], marks.frozen_biases[layer][tile.unit])


def _is_out(marks: Marks | None, tile: Tile) -> bool:
    out = _knocked_out(marks, tile.layer)
    return out is not None and tile.unit < len(out) and bool(out[tile.unit])


def _knocked_out(marks: Marks | None, layer: int) -> NDArray[np.bool_] | None:
    return marks.knocked_out[layer - 1] if marks and 0 < layer <= len(marks.knocked_out) else None
