"""Samples over time: for each column of dots, all between the least and the greatest value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm.drawing.braille import ACROSS, DOWN, braille
from dlterm.drawing.frame import Frame, Label, blank, message, overlaid, rows_of, stacked
from dlterm.drawing.numbers import number_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dlterm.drawing.palette import Theme
    from dlterm.drawing.views import Waveform

_LEAST_FOR_AXIS = 4  # rows


def waveform_frame(view: Waveform, columns: int, rows: int, theme: Theme) -> Frame:
    """Return the samples as an envelope about zero, as high as the largest; below it where it begins and ends."""
    samples = np.asarray(view.samples, np.float64).ravel()
    samples = np.where(np.isfinite(samples), samples, np.nan)
    if np.isnan(samples).all():
        return message("no samples yet", columns, rows, theme.muted, theme.background)
    with_axis = rows >= _LEAST_FOR_AXIS
    body = _drawn(samples, columns, rows - with_axis, theme)
    return stacked([body, _axis(view, len(samples), columns, theme)]) if with_axis else body


def _drawn(samples: NDArray[np.float64], columns: int, rows: int, theme: Theme) -> Frame:
    low, high = _envelope(samples, ACROSS * columns)
    largest = max(float(np.nanmax(high, initial=0)), -float(np.nanmin(low, initial=0))) or 1.0
    middle = (DOWN * rows - 1) / 2
    place = np.arange(DOWN * rows)[:, None]
    top, bottom = np.rint(middle * (1 - high / largest)), np.rint(middle * (1 - low / largest))
    glyphs = braille((place >= top) & (place <= bottom))  # NaN compares as false: a gap
    cells = np.full(glyphs.shape, theme.train, np.int32), np.full(glyphs.shape, theme.background, np.int32)
    return Frame(rows_of(glyphs), *cells)


def _envelope(samples: NDArray[np.float64], buckets: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the least and the greatest sample of each bucket, [buckets] each; NaN where all are."""
    if len(samples) < buckets:
        given = np.arange(len(samples))
        samples = np.interp(np.linspace(0, len(samples) - 1, buckets), given, samples)
    starts = np.arange(buckets) * len(samples) // buckets
    low, high = np.fmin.reduceat(samples, starts), np.fmax.reduceat(samples, starts)
    touching = np.fmin(low[1:], high[:-1]), np.fmax(high[1:], low[:-1])  # so that a steep rise is one line
    gap = np.isnan(low[1:])
    low[1:], high[1:] = (np.where(gap, np.nan, ends) for ends in touching)
    return low, high


def _axis(view: Waveform, count: int, columns: int, theme: Theme) -> Frame:
    end = number_text(count / view.rate, "s") if view.rate > 0 else number_text(count, "samples")
    marks = [Label(0, columns - len(end), end, theme.muted)]
    if len(end) + 2 <= columns:
        marks.append(Label(0, 0, "0", theme.muted))
    return overlaid(blank(columns, 1, theme.background), marks)
