"""How a race shares out a terminal: the contestants side by side above, curves and table below them."""

from __future__ import annotations

from dataclasses import dataclass

from dlterm.tui.arrangement import FRAMED

_TABLE = 3  # rows of the table beside the contestants': names of columns, a message, keys
_CURVES = 8  # rows of curves, at least
_NARROW = 48  # columns of the table beside curves
_SHARE = 0.45  # of the rows, for the contestants, where squares would be smaller


@dataclass(frozen=True, slots=True)
class RaceArrangement:
    """The height of the contestants' panes, and of the table; its width where it stands beside the curves, else 0."""

    framed: bool
    top: int
    table: int
    beside: int


def race_arranged(columns: int, rows: int, contestants: int) -> RaceArrangement:
    """Return the arrangement of so many columns and rows: pictures are as near to squares as fits."""
    framed = columns >= FRAMED[0] and rows >= FRAMED[1]
    across, down = (2, 2) if framed else (1, 1)
    table, curves = _TABLE + contestants + down, _CURVES + down
    square = (columns // contestants - across) // 2 + down
    wanted = max(square, round(_SHARE * rows))
    stacked = rows - table - curves >= min(wanted, round(_SHARE * rows))
    least = table + curves if stacked else table + 1
    top = min(wanted, rows - least)
    beside = 0 if stacked else max(min(_NARROW, columns - 30), columns // 2)
    return RaceArrangement(framed, top, table, beside)
