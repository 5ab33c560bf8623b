"""The network as a diagram: neurons as small maps of what they answer, weights as curves between them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from dlterm.drawing import palette
from dlterm.drawing.frame import Frame, from_pixels, message, overlaid, rows_of
from dlterm.drawing.network_labels import labels, margins
from dlterm.drawing.network_layout import bundle, layout
from dlterm.drawing.network_surgery import hollow, influence, of_any, surgery_labels, weight_at
from dlterm.drawing.resample import resampled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dlterm.drawing.depth import Depth
    from dlterm.drawing.network_layout import Layout
    from dlterm.drawing.palette import Theme
    from dlterm.training.snapshot import Marks

_FAINTEST = 0.03  # of a layer's largest weight; weaker ones are not drawn
_THINNEST, _THICKEST = 0.2, 1.2  # half widths of edges, pixels


@dataclass(frozen=True, slots=True)
class Box:
    """The cells of a neuron: layer 0 is the inputs."""

    layer: int
    unit: int
    column: int
    row: int
    columns: int
    rows: int


@dataclass(frozen=True, slots=True)
class Network:
    """The diagram, and where its neurons and its weights are."""

    frame: Frame
    boxes: tuple[Box, ...]
    placed: Layout | None = None
    weights: Sequence[NDArray[np.float32]] = ()

    def neuron_at(self, column: int, row: int) -> tuple[int, int] | None:
        """Return the layer and the unit drawn at a cell, or None."""
        for box in self.boxes:
            if 0 <= column - box.column < box.columns and 0 <= row - box.row < box.rows:
                return box.layer, box.unit
        return None

    def weight_at(self, column: int, row: int) -> tuple[int, int, int] | None:
        """Return the layer, the unit and the source of the weight whose line passes a cell, or None."""
        if self.placed is None:
            return None
        return weight_at(self.placed, self.weights, column, row, self.frame.columns, self.frame.rows)


def network_frame(
    maps: Sequence[NDArray[np.float32]],
    weights: Sequence[NDArray[np.float32]],
    biases: Sequence[NDArray[np.float32]],
    columns: int,
    rows: int,
    theme: Theme,
    *,
    features: Sequence[str] = (),
    classes: Sequence[str] = (),
    marks: Marks | None = None,
    depth: Depth = "truecolor",
) -> Network:
    """Return the network in columns x rows cells.

    `weights` are [outputs, inputs] and `biases` [outputs] a layer, `maps` [units, height, width] in -1..1 for
    the inputs and every layer (or none at all). An edge is orange for a positive weight and blue for a
    negative, wide and strong by the weight's share of the largest in its layer; a neuron's bias is the mark
    at its lower left. By `marks` a unit that is knocked out is a frame with a cross in it, its edges are faint,
    and what is frozen has a star. What there is no room for is counted; no room at all gives a message.
    """
    theme = palette.reduced(theme, depth)
    sizes = (weights[0].shape[1], *map(len, weights)) if weights else ()
    left, right = margins(features, classes, sizes, columns)
    placed = layout(sizes, columns, rows, left, right) if sizes else None
    if placed is None:
        text = "too small for the network" if sizes else "no network yet"
        return Network(message(text, columns, rows, theme.muted, theme.background), ())
    marks = of_any(marks)
    ink = _ink(placed, weights, marks, 2 * rows, columns)
    values, inside = _tiles(placed, maps, marks, 2 * rows, columns)
    _mark_biases(ink, placed, biases)
    frame = _shaded(ink, values, inside, theme) if depth == "none" else _coloured(ink, values, inside, theme)
    words = labels(placed, features, classes, columns, theme)
    frame = overlaid(frame, [*words, *surgery_labels(placed, marks, theme)])
    return Network(frame, _boxes(placed), placed, weights)


def _ink(
    placed: Layout, weights: Sequence[NDArray[np.float32]], marks: Marks | None, height: int, width: int
) -> NDArray[np.float64]:
    """Return how much ink the edges leave on each pixel, negative and positive: [2, height, width].

    Ink is -log(1 - opacity), so that it adds up, whatever the order of the edges.
    """
    thickest = min(_THICKEST, max(0.4, placed.layers[1].tiles[0].size / 4))
    ink = np.zeros(2 * height * width)
    for left, right in pairwise(placed.layers):
        if right.number != left.number + 1:
            continue
        drawn = weights[left.number][: len(right.tiles), : len(left.tiles)].ravel()
        share = np.abs(np.nan_to_num(drawn))
        share = share / max(float(share.max(initial=0)), np.finfo(np.float32).tiny)
        near = bundle(left, right, height, width)
        half = _THINNEST + (thickest - _THINNEST) * share
        strength = np.where(share < _FAINTEST, 0, 0.05 + 0.93 * share**1.3)
        strength *= np.tile(influence(marks, left), len(right.tiles))
        opacity = np.clip(half[near.edge] + 0.5 - near.distance, 0, 1) * strength[near.edge]
        pixel = near.pixel + (drawn > 0)[near.edge] * (height * width)
        ink += np.bincount(pixel, -np.log1p(-opacity), ink.size)
    return ink.reshape(2, height, width)


def _tiles(
    placed: Layout, maps: Sequence[NDArray[np.float32]], marks: Marks | None, height: int, width: int
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return the neurons' maps in their places [height, width], and which pixels they cover."""
    values = np.zeros((height, width), np.float32)
    inside = np.zeros((height, width), np.bool_)
    for layer in placed.layers:
        size = layer.tiles[0].size
        if layer.number < len(maps):
            pictures = resampled(maps[layer.number][: len(layer.tiles)], size, size)
        else:
            pictures = np.zeros((len(layer.tiles), size, size), np.float32)
        for tile, picture in zip(layer.tiles, pictures, strict=True):
            part = slice(tile.y, tile.y + size), slice(tile.x, tile.x + size)
            values[part], inside[part] = picture, True
            if hollow(marks, tile):
                inside[tile.y + 1 : tile.y + size - 1, tile.x + 1 : tile.x + size - 1] = False
    return values, inside


def _mark_biases(ink: NDArray[np.float64], placed: Layout, biases: Sequence[NDArray[np.float32]]) -> None:
    """Draw each bias as a short bar beside its tile's lower left corner, as strong as tanh of its size."""
    for layer in placed.layers[1:]:
        values = np.tanh(np.nan_to_num(biases[layer.number - 1]))
        for tile, value in zip(layer.tiles, values[: len(layer.tiles)].tolist(), strict=True):
            end = tile.y + tile.size
            ink[:, end - max(1, tile.size // 4) : end, tile.x - 1] = 0
            ink[int(value > 0), end - max(1, tile.size // 4) : end, tile.x - 1] = 3 * abs(value)


def _coloured(
    ink: NDArray[np.float64], values: NDArray[np.float32], inside: NDArray[np.bool_], theme: Theme
) -> Frame:
    opacity = -np.expm1(-ink.sum(axis=0))
    negative, positive = ink * ink * ink  # so that where edges cross, one of them keeps its colour
    share = positive / np.maximum(negative + positive, np.finfo(np.float64).tiny)
    if theme.smooth:
        below, above, paper = map(palette.channels, (theme.negative, theme.positive, theme.background))
        colour = below + (above - below) * share[..., None]
        picture = paper + (colour - paper) * opacity[..., None]
    else:
        stops = palette.with_middle(theme.ramp, theme.background)
        picture = palette.ramp_channels(stops, smooth=False)[palette.levels(opacity * np.sign(share - 0.5))]
    stops = palette.signed(palette.with_middle(theme.ramp, theme.line), theme.smooth)
    picture[inside] = palette.ramp_channels(stops, theme.smooth)[palette.levels(values[inside])]
    return from_pixels(picture, theme.background)


def _shaded(
    ink: NDArray[np.float64], values: NDArray[np.float32], inside: NDArray[np.bool_], theme: Theme
) -> Frame:
    """Return the diagram without colours: neurons in shades, positive edges solid, negative ones dotted."""
    drawn = (ink.sum(axis=0) > 0.4) & ~inside
    halves = drawn[0::2] + 2 * drawn[1::2]
    positive = (ink[1] > ink[0])[0::2] | (ink[1] > ink[0])[1::2]
    glyphs = np.where(positive, np.array(list(" ▀▄█"))[halves], np.array(list(" '.:"))[halves])
    covered = inside[0::2] | inside[1::2]
    means = (values[0::2] + values[1::2]) / np.maximum(1, inside[0::2].astype(int) + inside[1::2])
    glyphs[covered] = palette.SHADES[palette.levels(means[covered], len(palette.SHADES))]
    cells = np.full(glyphs.shape, theme.text, np.int32), np.full(glyphs.shape, theme.background, np.int32)
    return Frame(rows_of(glyphs), *cells)


def _boxes(placed: Layout) -> tuple[Box, ...]:
    boxes = []
    for layer in placed.layers:
        for tile in layer.tiles:
            top, bottom = tile.y // 2, (tile.y + tile.size + 1) // 2
            boxes.append(Box(tile.layer, tile.unit, tile.x, top, tile.size, bottom - top))
    return tuple(boxes)
