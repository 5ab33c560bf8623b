"""A frame: a rectangle of terminal cells, each a glyph with two colours."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from rich.cells import cell_len

from dlterm.drawing.depth import DEFAULT
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray
    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.measure import Measurement

COVERED = "\0"  # the second cell of a wide glyph; never printed


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Cells to show: a Rich renderable, and what `ansi_lines` and `segments` encode.

    `glyphs` has one string a row and one character a cell; `foreground` and `background` are int32
    [rows, columns] of 0xRRGGBB. Pictures keep 5 bits a channel, so that neighbours are often equal and one
    escape code serves many cells.
    """

    glyphs: tuple[str, ...]
    foreground: NDArray[np.int32]
    background: NDArray[np.int32]

    @property
    def rows(self) -> int:
        """The height in cells."""
        return len(self.foreground)

    @property
    def columns(self) -> int:
        """The width in cells."""
        return int(self.foreground.shape[1])

    def __str__(self) -> str:
        """Return the glyphs alone, one line a row."""
        return "\n".join(self.glyphs).replace(COVERED, "")

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        from rich.segment import Segment

        from dlterm.drawing.depth import console_depth
        from dlterm.drawing.encode import segments

        shown = fitted(self, min(self.columns, options.max_width), self.rows)
        for row in segments(shown, console_depth(console)):
            yield from row
            yield Segment.line()

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        from rich.measure import Measurement

        return Measurement(self.columns, self.columns).with_maximum(options.max_width)


@dataclass(frozen=True, slots=True)
class Label:
    """Text to put over a frame, in one row from a column on; `background` None keeps what is there."""

    row: int
    column: int
    text: str
    colour: int
    background: int | None = None


def quantised(rgb: NDArray[np.floating] | NDArray[np.uint8]) -> NDArray[np.int32]:
    """Pack channels 0..255 ([..., 3]) into 0xRRGGBB with 5 bits a channel."""
    five = np.rint(np.clip(rgb, 0, 255) * (31 / 255)).astype(np.int32)
    eight = five << 3 | five >> 2
    return np.asarray(eight[..., 0] << 16 | eight[..., 1] << 8 | eight[..., 2], np.int32)


def from_colours(colours: NDArray[np.int32]) -> Frame:
    """Return a frame of half blocks: two pixels a cell, one above the other.

    `colours` is [2 * rows, columns] of 0xRRGGBB or DEFAULT. Cells whose halves are equal become blanks with their
    left neighbour's foreground: fewer codes, and no seam in terminals that draw blocks with soft edges.
    """
    top, bottom = colours[0::2], colours[1::2]
    if (top == DEFAULT).any():
        return _on_the_terminals_ground(top, bottom)
    blank = top == bottom
    inked = np.where(blank, 0, np.arange(top.shape[1]))
    foreground = np.take_along_axis(top, np.maximum.accumulate(inked, axis=1), axis=1)
    return Frame(rows_of(np.where(blank, " ", "▀")), foreground, bottom)


def _on_the_terminals_ground(top: NDArray[np.int32], bottom: NDArray[np.int32]) -> Frame:
    """Half blocks where the upper pixel may be DEFAULT: as a foreground that would be the colour of text."""
    lower = (top == DEFAULT) & (bottom != DEFAULT)
    glyphs = np.where(top == bottom, " ", np.where(lower, "▄", "▀"))
    return Frame(rows_of(glyphs), np.where(lower, bottom, top), np.where(lower, top, bottom))


def from_pixels(rgb: NDArray[np.floating] | NDArray[np.uint8], background: int | None = None) -> Frame:
    """Return a frame of half blocks from channels 0..255, [2 * rows, columns, 3].

    Pixels as near to `background` as 5 bits tell are exactly that, and join what surrounds the frame unseen.
    """
    colours = quantised(rgb)
    if background is not None:
        channels = np.array([background >> 16 & 255, background >> 8 & 255, background & 255], np.uint8)
        colours[colours == quantised(channels)] = background
    return from_colours(colours)


def rows_of(glyphs: NDArray[np.str_]) -> tuple[str, ...]:
    """Join an array of single characters [rows, columns] into one string a row."""
    return tuple("".join(row) for row in glyphs.tolist())


def blank(columns: int, rows: int, colour: int) -> Frame:
    """Return an empty frame of one colour."""
    cells = np.full((max(0, rows), max(0, columns)), colour, np.int32)
    return Frame((" " * cells.shape[1],) * cells.shape[0], cells, cells)


def message(text: str, columns: int, rows: int, colour: int, background: int) -> Frame:
    """Return an empty frame with one line of text in its middle, cut to what fits."""
    text = shortened(text, columns)
    label = Label(rows // 2, (columns - cell_len(text)) // 2, text, colour)
    return overlaid(blank(columns, rows, background), [label])


def overlaid(frame: Frame, labels: Iterable[Label]) -> Frame:
    """Return the frame with texts on it; what falls outside is cut off."""
    glyphs = [list(row) for row in frame.glyphs]
    foreground, background = frame.foreground.copy(), frame.background.copy()
    for label in labels:
        if not 0 <= label.row < frame.rows:
            continue
        for column, glyph in enumerate(_cells(label.text), label.column):
            if 0 <= column < frame.columns:
                glyphs[label.row][column] = glyph
                foreground[label.row, column] = label.colour
                if label.background is not None:
                    background[label.row, column] = label.background
    return Frame(tuple(_whole("".join(row)) for row in glyphs), foreground, background)


def stacked(frames: Sequence[Frame]) -> Frame:
    """Return frames of equal width, one below the other."""
    return Frame(
        tuple(row for frame in frames for row in frame.glyphs),
        np.concatenate([frame.foreground for frame in frames]),
        np.concatenate([frame.background for frame in frames]),
    )


def fitted(frame: Frame, columns: int, rows: int, colour: int = 0) -> Frame:
    """Return the frame's upper left part in exactly this size; what it lacks is blank, in `colour`."""
    if (columns, rows) == (frame.columns, frame.rows):
        return frame
    fitting = blank(columns, rows, colour)
    foreground, background = fitting.foreground.copy(), fitting.background.copy()
    part = slice(min(rows, frame.rows)), slice(min(columns, frame.columns))
    foreground[part], background[part] = frame.foreground[part], frame.background[part]
    glyphs = [_whole(row[:columns].ljust(columns)) for row in frame.glyphs[:rows]]
    glyphs += fitting.glyphs[frame.rows :]
    return Frame(tuple(glyphs), foreground, background)


def shortened(text: str, cells: int) -> str:
    """Return text from outside, safe to show, cut with an ellipsis to at most so many cells."""
    text = safe(unicodedata.normalize("NFC", text))
    if cell_len(text) <= cells:
        return text
    while text and cell_len(text) > cells - 1:
        text = text[:-1]
    return text + "…" if cells > 0 else ""


def _cells(text: str) -> Iterator[str]:
    for glyph in text:
        width = cell_len(glyph)
        yield from (glyph, COVERED)[:width]


def _whole(row: str) -> str:
    return row[:-1] + " " if row and cell_len(row[-1]) > 1 else row  # half a wide glyph does not fit
