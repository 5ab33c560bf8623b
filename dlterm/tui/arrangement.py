"""How the lab shares out a terminal among its panes."""

from __future__ import annotations

from dataclasses import dataclass

LEAST = 60, 20  # columns and rows that the lab needs
FRAMED = 100, 32  # from here on panes have a frame all around; below, a line above
SCRUBBED = 24  # rows, from which on one is for the scrubber
FEW = 80, 22  # columns and rows below both of which there are two panes: very large type, on a projector

_SETTINGS = 11  # rows of settings in sight; the rest is scrolled to
_NARROWEST = 30  # columns for settings
_WIDEST = 0.46  # of the columns, for the right side


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The width of the right side and the height of the upper panes, in cells with their frames.

    Where it is `few`, there are no lower panes.
    """

    framed: bool
    right: int
    top: int
    few: bool = False


def arranged(columns: int, rows: int) -> Arrangement:
    """Return the arrangement of so many columns and rows: the output pane is as near to a square as fits."""
    if columns < FEW[0] and rows < FEW[1]:
        return Arrangement(False, min(2 * (rows - 1) + 1, columns // 2), rows, few=True)
    framed = columns >= FRAMED[0] and rows >= FRAMED[1]
    across, down = (2, 2) if framed else (1, 1)
    bottom = max(min(_SETTINGS + down, round(rows * 0.42)), round(rows * 0.30))
    top = rows - bottom
    square = 2 * (top - down) + across
    return Arrangement(framed, min(max(square, _NARROWEST), int(columns * _WIDEST)), top)
