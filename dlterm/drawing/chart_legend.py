"""The line above a chart: what the curves are, and their newest values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm.drawing.frame import Label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from dlterm.drawing.depth import Depth
    from dlterm.drawing.palette import Theme
    from dlterm.training.snapshot import Curves


def legend(curves: Curves, quality_name: str, columns: int, theme: Theme, depth: Depth) -> Iterator[Label]:
    """Yield the labels of one row: the losses from the left and, where there is room, the quality at the right."""
    lines = ("⣀⡠", "••") if depth == "none" else ("━━", "━━")
    losses = curves.train_loss, curves.test_loss
    column = 1
    for name, line, colour, values in zip(
        ("train", "test"), lines, (theme.train, theme.test), losses, strict=True
    ):
        if (newest := _newest(values)) is not None:
            text = f"{name} {newest:.4g}"
            yield Label(0, column, line, colour)
            yield Label(0, column + 3, text, theme.text)
            column += len(text) + 6
    qualities = [_newest(values) for values in (curves.train_quality, curves.test_quality)]
    shown = [_quality(value, quality_name) for value in qualities if value is not None]
    text = f"{quality_name} {' / '.join(shown)}"
    if quality_name and shown and column + len(text) < columns:
        yield Label(0, columns - len(text) - 1, text, theme.muted)


def _newest(values: NDArray[np.float64]) -> float | None:
    return float(values[-1]) if len(values) and not np.isnan(values[-1]) else None


def _quality(value: float, name: str) -> str:
    return f"{value:.1%}" if name == "accuracy" else f"{value:.4g}"
