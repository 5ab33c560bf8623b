"""What is written on the neurons of a diagram: which are dead, and what each answers to one example."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from dlterm.drawing.frame import Label

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from dlterm.drawing.network import Box, Network
    from dlterm.drawing.palette import Theme
    from dlterm.training.snapshot import Lens

_DEAD = "∅"


def lens_marks(lens: Lens, network: Network, theme: Theme) -> Iterator[Label]:
    """Yield the marks of all that a lens tells of a drawn network's neurons."""
    if lens.example is not None:
        values = lens.example.inputs, *lens.example.activations
        yield from value_marks(network.boxes, values, theme)
    yield from dead_marks(network.boxes, [layer.dead for layer in lens.layers], theme)


def dead_marks(boxes: Sequence[Box], dead: Sequence[NDArray[np.bool_]], theme: Theme) -> Iterator[Label]:
    """Yield a mark in the upper right corner of each neuron that is dead, [units] a layer after the inputs."""
    for box in boxes:
        if 0 < box.layer <= len(dead) and dead[box.layer - 1][box.unit]:
            yield Label(box.row, box.column + box.columns - 1, _DEAD, theme.text, theme.background)


def value_marks(boxes: Sequence[Box], values: Sequence[NDArray[np.float32]], theme: Theme) -> Iterator[Label]:
    """Yield each neuron's value, [units] for the inputs and each layer: on its tile, beside it or below."""
    covered = {(box.layer, box.row + row) for box in boxes for row in range(box.rows)}
    left = {box.layer: box.column for box in boxes}
    after = {one: left[other] for one, other in pairwise(sorted(left))}
    for box in boxes:
        if box.layer >= len(values):
            continue
        value = float(values[box.layer][box.unit])
        text, row = value_text(value), box.row + (box.rows - 1) // 2
        end, column = box.column + box.columns, box.column + (box.columns - len(text)) // 2
        if len(text) > box.columns:
            if end + len(text) + 2 <= after.get(box.layer, 0):
                column = end + 1
            elif (box.layer, box.row + box.rows) not in covered:
                row = box.row + box.rows
            else:
                continue
        yield Label(row, column, text, theme.positive if value > 0 else theme.negative, theme.background)


def value_text(value: float) -> str:
    """Return a number with its sign in five or six characters: +0.53, -12.3, +2e-05; 0 alone is without one."""
    if value == 0:
        return "0"
    size = abs(value)
    if size >= 1000 or size < 0.001:
        return f"{value:+.0e}"
    return f"{value:+.{3 if size < 0.1 else 2 if size < 10 else 1}f}"
