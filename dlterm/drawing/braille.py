"""Thin lines: dots, two across and four down in a cell, as braille characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

ACROSS, DOWN = 2, 4  # dots of a cell
_BITS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]])


def braille(dots: NDArray[np.bool_]) -> NDArray[np.str_]:
    """Return the characters [rows, columns] for dots [4 * rows, 2 * columns]; a blank where there is none."""
    rows, columns = dots.shape[0] // DOWN, dots.shape[1] // ACROSS
    cells = dots.reshape(rows, DOWN, columns, ACROSS).transpose(0, 2, 1, 3)
    patterns = (cells * _BITS).sum(axis=(2, 3))
    return np.where(patterns > 0, (0x2800 + patterns).astype(np.uint32).view("<U1"), " ")
