"""Frames become escape codes or Rich segments, a run of equal cells at a time."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np
from rich.segment import Segment
from rich.style import Style

from dlterm.drawing.depth import codes, shown_color
from dlterm.drawing.frame import COVERED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlterm.drawing.depth import Depth
    from dlterm.drawing.frame import Frame

_PLAIN = Style.null()


def ansi_lines(frame: Frame, depth: Depth) -> list[str]:
    """Return one string a row, ready for the terminal; it ends with the colours reset.

    A code is written only where a colour changes at this depth. With depth "none" there are no codes at all.
    """
    if depth == "none":
        return [row.replace(COVERED, "") for row in frame.glyphs]
    foregrounds, backgrounds = codes(depth)
    lines = []
    for runs in _runs(frame):
        parts = []
        ink = paper = ""
        for text, foreground, background in runs:
            new_ink, new_paper = foregrounds[foreground], backgrounds[background]
            if new_ink != ink and new_paper != paper:
                parts.append(f"\x1b[{new_ink};{new_paper}m")
            elif new_ink != ink:
                parts.append(f"\x1b[{new_ink}m")
            elif new_paper != paper:
                parts.append(f"\x1b[{new_paper}m")
            ink, paper = new_ink, new_paper
            parts.append(text)
        parts.append("\x1b[0m")
        lines.append("".join(parts))
    return lines


def segments(frame: Frame, depth: Depth) -> list[list[Segment]]:
    """Return one list of Rich segments a row, in colours that the depth has."""
    if depth == "none":
        return [[Segment(row.replace(COVERED, ""), _PLAIN)] for row in frame.glyphs]
    return [
        [Segment(text, _style(foreground, background, depth)) for text, foreground, background in runs]
        for runs in _runs(frame)
    ]


def _runs(frame: Frame) -> Iterator[list[tuple[str, int, int]]]:
    """Yield, for each row, its runs of equal colours: text, foreground, background."""
    changes = np.ones(frame.foreground.shape, np.bool_)
    changes[:, 1:] = np.diff(frame.foreground, axis=1) != 0
    changes[:, 1:] |= np.diff(frame.background, axis=1) != 0
    for row, glyphs in enumerate(frame.glyphs):
        starts = np.flatnonzero(changes[row])
        inks, papers = frame.foreground[row, starts].tolist(), frame.background[row, starts].tolist()
        edges = [*starts.tolist(), len(glyphs)]
        texts = [glyphs[start:end].replace(COVERED, "") for start, end in pairwise(edges)]
        yield list(zip(texts, inks, papers, strict=True))


@lru_cache(maxsize=16_384)
def _style(foreground: int, background: int, depth: Literal["truecolor", "256", "16"]) -> Style:
    return Style(color=shown_color(foreground, depth), bgcolor=shown_color(background, depth))
