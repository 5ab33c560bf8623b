"""Lines over two axes; loss over epochs. The one module that knows plotext (6.1), imported on the first chart."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from dlterm.drawing import palette
from dlterm.drawing.chart_axes import Axis, logarithms, nice_ticks, value_limits
from dlterm.drawing.chart_legend import legend
from dlterm.drawing.frame import Frame, blank, fitted, message, overlaid, stacked
from dlterm.drawing.value_ticks import value_axis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dlterm.drawing.depth import Depth
    from dlterm.drawing.palette import Theme
    from dlterm.training.snapshot import Curves

_LEAST = 16, 3  # cells, the legend's row among them
_LEAST_FOR_X = 4  # rows: with fewer, the lower axis has none
_X_ROWS = 2  # of the lower axis
_DOTS = 2  # of a braille character, across
_FRAME_GLYPHS = "│─└┤┬"
_figure_lock = Lock()  # plotext has one figure


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """Values of y over ascending x, finite or below every axis (-inf), in a colour; `joined` by lines or not."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    marker: str
    colour: int
    joined: bool = True


def loss_chart(
    curves: Curves,
    columns: int,
    rows: int,
    theme: Theme,
    quality_name: str = "",
    *,
    log: bool = False,
    depth: Depth = "truecolor",
) -> Frame:
    """Return the training and the test loss over the epochs in columns x rows cells, below a line of legend.

    The legend names the newest losses and, by `quality_name`, the newest qualities ("accuracy" is shown as a
    percentage). With `log` the loss axis is logarithmic, where a loss is above 0; losses that are not lie at its
    bottom. Values that are not finite are left out. A chart takes about 10 ms: keep the frame until the curves
    change. One is built at a time, whatever the threads.
    """
    theme = palette.reduced(theme, depth)
    log = log and any(_has_logarithm(losses) for losses in (curves.train_loss, curves.test_loss))
    markers = ("braille", "•") if depth == "none" else ("braille", "braille")
    lines = [
        Line(*_clean(curves.epochs, losses, log=log), marker, colour)
        for losses, marker, colour in zip(
            (curves.train_loss, curves.test_loss), markers, (theme.train, theme.test), strict=True
        )
    ]
    head = overlaid(blank(columns, 1, theme.background), legend(curves, quality_name, columns, theme, depth))
    if columns < _LEAST[0] or rows < _LEAST[1]:
        return fitted(head, columns, rows, theme.background)
    lines = [line for line in lines if len(line.x)]
    if not lines:
        text = "no epoch yet" if not len(curves.epochs) else "no loss that can be drawn"
        body = message(text, columns, rows - 1, theme.muted, theme.background)
    else:
        body = plotted(lines, columns, rows - 1, theme, *_axes(lines, columns, rows - 1, log=log))
    return stacked([head, body])


def spans_a_decade(losses: NDArray[np.float64]) -> bool:
    """Whether the losses have fallen far enough for a logarithmic axis to help."""
    positive = losses[losses > 0]
    return len(positive) > 0 and bool(positive.max() > 10 * positive.min())


def _clean(
    epochs: NDArray[np.float64], losses: NDArray[np.float64], *, log: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what can be drawn; with `log`, the losses' base-10 logarithms."""
    kept = np.isfinite(losses)
    return epochs[kept], logarithms(losses[kept]) if log else losses[kept]


def _has_logarithm(losses: NDArray[np.float64]) -> bool:
    return bool((np.isfinite(losses) & (losses > 0)).any())


def _axes(lines: Sequence[Line], columns: int, rows: int, *, log: bool) -> tuple[Axis, Axis]:
    low, high = value_limits(np.concatenate([line.y for line in lines]), log=log)
    first = float(min(line.x[0] for line in lines))
    last = float(max(first + 1, *(line.x[-1] for line in lines)))
    x = Axis(first, last, *nice_ticks(first, last, columns // 14, whole=True))
    return x, value_axis(low, high, upright_rows(rows), log=log)


def upright_rows(rows: int) -> int:
    """Return how many of a plot's rows the left axis has."""
    return rows if rows < _LEAST_FOR_X else rows - _X_ROWS


def plotted(lines: Sequence[Line], columns: int, rows: int, theme: Theme, x: Axis, y: Axis) -> Frame:
    """Return the lines, the first uppermost, over a lower and a left axis; what is beyond an axis is at its end.

    plotext is given shares of the axes: a number it cannot place (NaN) ends the whole process.
    """
    with _figure_lock:
        figure = _empty_figure(columns, rows)
        if rows < _LEAST_FOR_X:
            figure.axes(False, axis="x", side="lower")
            x = Axis(x.low, x.high, [], [])
        for ruler, axis in ((figure.ruler("x", "lower"), x), (figure.ruler("y", "left"), y)):
            ruler.lim(0, 1)
            ruler.ticks(axis.shares(np.array(axis.positions, np.float64)).tolist(), axis.labels)
        for line in reversed(lines):
            _draw(figure, line, *_thinned(x.shares(line.x), y.shares(line.y), _DOTS * columns))
        return _frame(figure.build(), theme)


def _empty_figure(columns: int, rows: int) -> Any:
    import plotext

    plotext.terminal.limit(False, False)
    figure = plotext.figure
    figure.clear()
    figure.theme("colorless")
    figure.plot_size(columns, rows)
    figure.legend(False)
    figure.axes(False, axis="x", side="upper")
    figure.axes(False, axis="y", side="right")
    return figure


def _draw(figure: Any, line: Line, x: list[float], y: list[float]) -> None:
    import plotext

    ink = plotext.pixel((line.colour >> 16, line.colour >> 8 & 255, line.colour & 255))
    signal = figure.signal(x, y, marker=plotext.marker(line.marker, ink))
    figure.draw(signal.lines() if line.joined else signal)


def _thinned(x: NDArray[np.float64], y: NDArray[np.float64], buckets: int) -> tuple[list[float], list[float]]:
    """Return at most two points a bucket: its least and its greatest value, so that spikes stay."""
    if len(x) <= 2 * buckets:
        return x.tolist(), y.tolist()
    bucket = ((x - x[0]) * (buckets / ((x[-1] - x[0]) or 1.0))).astype(np.intp)
    starts = np.flatnonzero(np.diff(bucket, prepend=-1))
    extremes = np.maximum.reduceat(y, starts), np.minimum.reduceat(y, starts)
    return np.repeat(x[starts], 2).tolist(), np.stack(extremes, axis=1).ravel().tolist()


def _frame(matrix: Any, theme: Theme) -> Frame:
    """Return plotext's cells as a frame: curves in their own colours, the rest in the theme's."""
    glyphs = tuple(matrix.string(colorless=True).split("\n")[: matrix.height()])
    foreground = np.full((matrix.height(), matrix.width()), theme.muted, np.int32)
    for row, line in enumerate(glyphs):
        for column, glyph in enumerate(line):
            if glyph in _FRAME_GLYPHS:
                foreground[row, column] = theme.line
            elif glyph != " " and (ink := matrix.get(row, column).foreground()):
                foreground[row, column] = ink[0] << 16 | ink[1] << 8 | ink[2]
    return Frame(glyphs, foreground, np.full_like(foreground, theme.background))
