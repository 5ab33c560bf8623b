"""Curves over two axes: the legend, gaps where there are no numbers, and marked places."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from rich.cells import cell_len

from dlterm.drawing import palette
from dlterm.drawing.chart import Line, plotted, upright_rows
from dlterm.drawing.chart_axes import Axis, log_ticks, logarithms, nice_ticks, value_limits
from dlterm.drawing.curve_marks import marked
from dlterm.drawing.frame import Frame, Label, blank, fitted, message, overlaid, shortened, stacked
from dlterm.drawing.value_ticks import value_axis

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from dlterm.drawing.depth import Depth
    from dlterm.drawing.palette import Theme
    from dlterm.drawing.views import Curves, Series

_LEAST = 16, 3  # cells, the legend's row among them
_LEAST_FOR_LABEL = 9  # rows: with fewer, the name of the x axis has none
_DOTS = 2  # of a braille character, across: a gap narrower than one is not seen
_LARGEST = 1e300  # a range beyond it has no width in float64
_MARKERS = ("•", "x", "o", "+", "*", "#")  # without colours a series is told by its marker


def curves_frame(view: Curves, columns: int, rows: int, theme: Theme, depth: Depth) -> Frame:
    """Return the series as curves in columns x rows cells, below a line of legend."""
    if columns < _LEAST[0] or rows < _LEAST[1]:
        return message("too small", columns, rows, theme.muted, theme.background)
    view = _with_logarithms(view)
    cleaned = [_clean(series, log_x=view.log_x, log_y=view.log_y) for series in view.series]
    named = bool(view.x_label) and rows >= _LEAST_FOR_LABEL
    parts = [
        overlaid(blank(columns, 1, theme.background), _legend(view, columns, theme, depth)),
        _body(view, cleaned, columns, rows - 1 - named, theme, depth),
    ]
    if named:
        parts.append(message(view.x_label, columns, 1, theme.muted, theme.background))
    return stacked(parts)


def _with_logarithms(view: Curves) -> Curves:
    """Return the view, its axis of y a linear one where no y has a logarithm."""
    exist = any(np.isfinite(_drawable(series.y, log=True)).any() for series in view.series)
    return view if exist or not view.log_y else replace(view, log_y=False)


def _body(
    view: Curves, cleaned: Sequence[_Runs], columns: int, rows: int, theme: Theme, depth: Depth
) -> Frame:
    if not any(cleaned):
        return message("nothing to draw yet", columns, rows, theme.muted, theme.background)
    tight = all(series.joined for series in view.series)  # points stand clear of the frame
    x = _x_axis([run[0] for runs in cleaned for run in runs], columns // 14, log=view.log_x, tight=tight)
    ys = [run[1] for runs in cleaned for run in runs]
    y = _y_axis(ys, upright_rows(rows), log=view.log_y, most=view.y_most)
    lines = [
        Line(*run, _marker(view, number, depth), _ink(series, number, theme), series.joined)
        for number, (series, runs) in enumerate(zip(view.series, cleaned, strict=True))
        for run in _joined(runs, (x.high - x.low) / (_DOTS * columns))
    ]
    frame = fitted(plotted(lines, columns, rows, theme, x, y), columns, rows, theme.background)
    return overlaid(frame, marked(frame, list(_places(view, x, y)), theme))


def _marker(view: Curves, number: int, depth: Depth) -> str:
    """Return what a series is drawn with: curves in thin lines, points in glyphs that are seen alone."""
    if not view.series[number].joined:
        return palette.POINTS[number % len(palette.POINTS)]
    return "braille" if depth != "none" or not number else _MARKERS[number % len(_MARKERS)]


def _ink(series: Series, number: int, theme: Theme) -> int:
    inks = palette.series_inks(theme)
    return getattr(theme, series.style) if series.style else inks[number % len(inks)]


_Run = tuple["NDArray[np.float64]", "NDArray[np.float64]"]
_Runs = list[_Run]


def _clean(series: Series, *, log_x: bool, log_y: bool) -> _Runs:
    """Return the series' runs without gaps, by ascending x; logarithms where the axis is logarithmic.

    Where a curve is not above 0 it has none, and is below the axis of y (-inf).
    """
    length = min(len(series.x), len(series.y))
    x = _drawable(series.x[:length], log=log_x)
    y = _drawable(series.y[:length], log=log_y, least=-np.inf if series.joined else np.nan)
    x, y = x[~np.isnan(x)], y[~np.isnan(x)]
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    given = ~np.isnan(y)
    edges = np.flatnonzero(np.diff(given, prepend=False, append=False)).reshape(-1, 2)
    return [(x[start:end], y[start:end]) for start, end in edges.tolist()]


def _drawable(values: NDArray[np.floating], *, log: bool, least: float = np.nan) -> NDArray[np.float64]:
    """Return the values, or their base-10 logarithms, `least` for those that have none; NaN for what has no place."""
    numbers = np.asarray(values, np.float64)
    kept = np.isfinite(numbers) & (np.abs(numbers) < _LARGEST)
    if log:
        numbers = np.where(numbers > 0, logarithms(numbers), least)
    return np.where(kept, numbers, np.nan)


def _joined(runs: _Runs, narrowest: float) -> Iterator[_Run]:
    """Yield the runs, those joined whose gap is too narrow to be seen: there are never more than dots across."""
    begin = 0
    for number in range(1, len(runs) + 1):
        if number == len(runs) or runs[number][0][0] - runs[number - 1][0][-1] > narrowest:
            x, y = zip(*runs[begin:number], strict=True)
            yield np.concatenate(x), np.concatenate(y)
            begin = number


def _x_axis(parts: list[NDArray[np.float64]], count: int, *, log: bool, tight: bool) -> Axis:
    values = np.concatenate(parts)
    if tight and not log and values.min() == values.max():
        return _around(float(values[0]))
    low, high = (float(values.min()), float(values.max())) if tight else value_limits(values, log=log)
    low, high = _widened(low, high, 0.5 if tight else 0.0)
    return Axis(low, high, *(log_ticks if log else nice_ticks)(low, high, count))


def _y_axis(parts: list[NDArray[np.float64]], rows: int, *, log: bool, most: float | None) -> Axis:
    low, high = value_limits(np.concatenate(parts), log=log)
    if most is not None:
        high = min(high, math.log10(most) if log else most)
    return value_axis(*_widened(low, high, 0.0), rows, log=log)


def _widened(low: float, high: float, around: float) -> tuple[float, float]:
    """Return the limits; where they are too near for ticks that can be told apart, so much `around` them or more."""
    least = 1e-9 * max(abs(low), abs(high), 1e-200)
    return (low, high) if high - low >= least else (low - max(around, least), high + max(around, least))


def _around(lone: float) -> Axis:
    """Return the axis of a single x, between two whole numbers: an epoch is never negative."""
    low = math.floor(lone)
    high = low + max(1, math.ceil(1e-9 * abs(lone)))
    return Axis(low, high, *nice_ticks(low, high, 1, whole=True))


def _legend(view: Curves, columns: int, theme: Theme, depth: Depth) -> Iterator[Label]:
    """Yield the names of the series from the left and, where there is room, what y is at the right."""
    if len(view.series) == 1 and view.series[0].name in ("", view.y_label):
        yield Label(0, 1, shortened(view.y_label, columns - 1), theme.muted)
        return
    column = 1
    for number, series in enumerate(view.series):
        text = shortened(series.name, columns - column - 4)
        if text in ("", "…"):
            return
        marker = _marker(view, number, depth)
        sample = ("⣀⡠" if depth == "none" else "━━") if marker == "braille" else marker
        yield Label(0, column, sample, _ink(series, number, theme))
        apart = cell_len(sample) + 1
        yield Label(0, column + apart, text, theme.text)
        column += cell_len(text) + 2 * apart
    name = shortened(view.y_label, columns)
    if column + cell_len(name) < columns:
        yield Label(0, columns - cell_len(name) - 1, name, theme.muted)


def _places(view: Curves, x: Axis, y: Axis) -> Iterator[tuple[float, float | None, str]]:
    """Yield where the marks are that have a place on both axes, and their words."""
    for mark in view.marks:
        across = _place(mark.x, x, log=view.log_x)
        up = None if mark.y is None else _place(mark.y, y, log=view.log_y)
        if across is not None and (up is None) == (mark.y is None):
            yield across, up, mark.label


def _place(value: float, axis: Axis, *, log: bool) -> float | None:
    """Return where a value is on an axis, 0..1, or None for nowhere."""
    (drawn,) = _drawable(np.array([value], np.float64), log=log)
    return float(axis.shares(drawn)) if axis.low <= drawn <= axis.high else None
