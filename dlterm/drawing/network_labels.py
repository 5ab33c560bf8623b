"""The words of a network diagram: the features, the classes, and what is not drawn."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from rich.cells import cell_len

from dlterm.drawing.frame import Label, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dlterm.drawing.network_layout import Layer, Layout
    from dlterm.drawing.palette import Theme

_LEAST_COLUMNS = 48  # a narrower diagram has no words
_SHARE = 6  # words take at most a sixth of the columns on each side


def margins(
    features: Sequence[str], classes: Sequence[str], sizes: Sequence[int], columns: int
) -> tuple[int, int]:
    """Return the cells that labels need left and right of the diagram; at least one is left free."""
    if columns < _LEAST_COLUMNS:
        return 1, 1
    shown = classes if _has_class_labels(classes, sizes) else ()
    return _width(features, columns), _width(shown, columns)


def labels(
    placed: Layout, features: Sequence[str], classes: Sequence[str], columns: int, theme: Theme
) -> Iterator[Label]:
    """Yield the labels of a diagram."""
    first, last = placed.layers[0], placed.layers[-1]
    if columns >= _LEAST_COLUMNS:
        room = first.tiles[0].x - 2
        for tile, name in zip(first.tiles, features, strict=False):
            text = shortened(name, room)
            yield Label(tile.middle_row, room + 1 - cell_len(text), text, theme.text)
        yield from _class_labels(last, classes, columns, theme)
    for layer in placed.layers:
        if layer.hidden:
            end = layer.tiles[-1]
            yield Label((end.y + end.size + 1) // 2, end.x, f"+{layer.hidden}", theme.muted)
    for left, right in pairwise(placed.layers):
        if right.number != left.number + 1:
            begin = left.tiles[0].x + left.tiles[0].size
            text = f"+{placed.skipped}"
            column = (begin + right.tiles[0].x - len(text)) // 2
            yield Label(
                (left.tiles[0].middle_row + left.tiles[-1].middle_row) // 2, column, text, theme.muted
            )


def _has_class_labels(classes: Sequence[str], sizes: Sequence[int]) -> bool:
    outputs = sizes[-1] if sizes else 0
    return len(classes) == outputs or (len(classes) == 2 and outputs == 1)


def _class_labels(last: Layer, classes: Sequence[str], columns: int, theme: Theme) -> Iterator[Label]:
    column = last.tiles[0].x + last.tiles[0].size + 1
    room = columns - column - 1
    row = last.tiles[0].middle_row
    if len(last.tiles) == 1 and not last.hidden and len(classes) == 2:
        yield Label(row - 1, column, shortened(classes[1], room), theme.positive)
        yield Label(row, column, shortened(classes[0], room), theme.negative)
    elif len(classes) == len(last.tiles) + last.hidden:
        for tile, name in zip(last.tiles, classes, strict=False):
            yield Label(tile.middle_row, column, shortened(name, room), theme.text)


def _width(names: Sequence[str], columns: int) -> int:
    widest = max((cell_len(name) for name in names), default=0)
    return min(widest, columns // _SHARE) + 2
