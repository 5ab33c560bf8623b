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
    from collections.abc import Iterator, Sequence

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
            if new_ink == ink:
                parts.append(text if new_paper == paper else f"\x1b[{new_paper}m{text}")
            elif new_paper == paper:
                parts.append(f"\x1b[{new_ink}m{text}")
            else:
                parts.append(f"\x1b[{new_ink};{new_paper}m{text}")
            ink, paper = new_ink, new_paper
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


def _runs(frame: Frame) -> Iterator[Iterator[tuple[str, int, int]]]:
    """Yield, for each row, its runs of equal colours: text, foreground, background."""
    foreground, background = frame.foreground, frame.background
    changes = np.ones(foreground.shape, np.bool_)
    changes[:, 1:] = (foreground[:, 1:] != foreground[:, :-1]) | (background[:, 1:] != background[:, :-1])
    starts = np.nonzero(changes)[1].tolist()
    inks, papers = foreground[changes].tolist(), background[changes].tolist()
    end = 0
    for glyphs, count in zip(frame.glyphs, np.count_nonzero(changes, axis=1).tolist(), strict=True):
        row = slice(end, end := end + count)
        yield zip(_pieces(glyphs, starts[row]), inks[row], papers[row], strict=True)


def _pieces(glyphs: str, starts: list[int]) -> Sequence[str]:
    if len(starts) == len(glyphs) and COVERED not in glyphs:
        return glyphs
    texts = [glyphs[start:end] for start, end in pairwise([*starts, len(glyphs)])]
    return [text.replace(COVERED, "") for text in texts] if COVERED in glyphs else texts


@lru_cache(maxsize=16_384)
def _style(foreground: int, background: int, depth: Literal["truecolor", "256", "16"]) -> Style:
    return Style(color=shown_color(foreground, depth), bgcolor=shown_color(background, depth))
