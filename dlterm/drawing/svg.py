"""A frame as SVG, for pages and print: blocks, dots and lines as shapes, so that no font decides how they join."""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

from rich.cells import cell_len

from dlterm.drawing.frame import COVERED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dlterm.drawing.frame import Frame

    Box = tuple[float, float, float, float]  # left, top, width, height

T = TypeVar("T")

_WIDE, _TALL = 8.0, 16.0  # of a cell, in the units of the drawing
_FONT = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace"
_SIZE = 13.0  # a monospaced glyph of this size is about a cell wide
_STROKE = 1.0
_DOT = 1.4  # radius

_BLOCKS: dict[str, Box] = {  # parts of a cell
    "█": (0, 0, 1, 1),
    "▀": (0, 0, 1, 1 / 2),
    "▐": (1 / 2, 0, 1 / 2, 1),
    **{glyph: (0, 1 - n / 8, 1, n / 8) for n, glyph in enumerate("▁▂▃▄▅▆▇", start=1)},
    **{glyph: (0, 0, n / 8, 1) for n, glyph in enumerate("▏▎▍▌▋▊▉", start=1)},
}
_SHADES = {"░": 0.25, "▒": 0.5, "▓": 0.75}
_LINES = {  # the sides of a cell that a line leads to from its middle
    "─": "lr", "━": "lr", "│": "ud", "┊": "ud", "┌": "rd", "╭": "rd", "┐": "ld", "╮": "ld", "└": "ru", "╰": "ru",
    "┘": "lu", "╯": "lu", "├": "urd", "┤": "uld", "┬": "lrd", "┴": "lru", "┼": "lrud", "╴": "l", "╶": "r", "╵": "u",
    "╷": "d",
}  # fmt: skip
_SIDES = {"l": "h-4", "r": "h4", "u": "v-8", "d": "v8"}
_BRAILLE = 0x2800
_DOTS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))  # column, row of each bit


def as_svg(frame: Frame, label: str, ground: int = 0xFFFFFF, scale: float = 1.0) -> str:
    """Return the frame as an SVG element, 8 by 16 units a cell times `scale`; `label` says what is to be seen.

    Cells of the colour `ground` are left out: the page shows through. Every colour is 0xRRGGBB.
    """
    width, height = _WIDE * frame.columns, _TALL * frame.rows
    shapes = [*_grounds(frame, ground), *_blocks(frame), *_strokes(frame), *_words(frame)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width:g} {height:g}" '
        f'width="{scale * width:g}" height="{scale * height:g}" aria-label="{escape(label)}">\n'
        + "\n".join(shapes)
        + "\n</svg>\n"
    )


def _grounds(frame: Frame, ground: int) -> Iterator[str]:
    yield from _filled(
        (colour, (column * _WIDE, row * _TALL, length * _WIDE, _TALL))
        for row in range(frame.rows)
        for colour, column, length in _runs(frame.background[row].tolist())
        if colour != ground
    )


def _blocks(frame: Frame) -> Iterator[str]:
    """Full and partial blocks, joined in rows; a shade is a block that lets its ground show through."""
    solid: list[tuple[int, Box]] = []
    for row, glyphs in enumerate(frame.glyphs):
        inks = zip(glyphs, frame.foreground[row].tolist(), strict=True)
        for (glyph, colour), column, length in _runs(list(inks)):
            x, y = column * _WIDE, row * _TALL
            if glyph in _SHADES:
                box = _path((x, y, length * _WIDE, _TALL))
                yield f'<path fill="{_hex(colour)}" fill-opacity="{_SHADES[glyph]}" d="{box}"/>'
            elif glyph in _BLOCKS:
                left, top, wide, tall = _BLOCKS[glyph]
                if wide == 1:
                    solid.append((colour, (x, y + top * _TALL, length * _WIDE, tall * _TALL)))
                    continue
                each = (left * _WIDE, y + top * _TALL, wide * _WIDE, tall * _TALL)
                solid += [(colour, (x + k * _WIDE + each[0], *each[1:])) for k in range(length)]
    yield from _filled(solid)


def _strokes(frame: Frame) -> Iterator[str]:
    """Lines of boxes and axes, and the dots of curves."""
    lines: dict[int, list[str]] = {}
    dots: dict[int, list[str]] = {}
    for row, glyphs in enumerate(frame.glyphs):
        for column, glyph in enumerate(glyphs):
            x, y, colour = column * _WIDE, row * _TALL, int(frame.foreground[row, column])
            if glyph in _LINES:
                middle = f"M{x + _WIDE / 2:g} {y + _TALL / 2:g}"
                lines.setdefault(colour, []).extend(middle + _SIDES[side] for side in _LINES[glyph])
            elif bits := _dots(glyph):
                dots.setdefault(colour, []).extend(
                    f"M{x + 2 + 4 * across - _DOT:g} {y + 2 + 4 * down:g}a{_DOT} {_DOT} 0 1 0 {2 * _DOT} 0"
                    f"a{_DOT} {_DOT} 0 1 0 {-2 * _DOT} 0"
                    for k, (across, down) in enumerate(_DOTS)
                    if bits >> k & 1
                )
    for colour, steps in lines.items():
        yield f'<path stroke="{_hex(colour)}" stroke-width="{_STROKE}" d="{"".join(steps)}"/>'
    for colour, steps in dots.items():
        yield f'<path fill="{_hex(colour)}" d="{"".join(steps)}"/>'


def _words(frame: Frame) -> Iterator[str]:
    """Everything else is text, as wide as its cells whatever the font."""
    for row, glyphs in enumerate(frame.glyphs):
        inks = [
            frame.foreground[row, column] if _is_text(glyph) else None for column, glyph in enumerate(glyphs)
        ]
        for ink, column, length in _runs(inks):
            text = glyphs[column : column + length].replace(COVERED, "")
            if ink is None or not text.strip():
                continue
            blank = len(text) - len(text.lstrip())
            text = text.strip()
            x, y, wide = (column + blank) * _WIDE, (row + 0.75) * _TALL, cell_len(text) * _WIDE
            yield (
                f'<text x="{x:g}" y="{y:g}" textLength="{wide:g}" lengthAdjust="spacingAndGlyphs" '
                f'font-family="{_FONT}" font-size="{_SIZE}" xml:space="preserve" fill="{_hex(int(ink))}">'
                f"{escape(text)}</text>"
            )


def _is_text(glyph: str) -> bool:
    return not (glyph in _BLOCKS or glyph in _SHADES or glyph in _LINES or _dots(glyph))


def _dots(glyph: str) -> int:
    """The bits of a braille cell's dots; 0 for any other glyph."""
    return ord(glyph) - _BRAILLE if _BRAILLE <= ord(glyph) < _BRAILLE + 256 else 0


def _runs(cells: list[T]) -> Iterator[tuple[T, int, int]]:
    """Equal neighbours: what they are, where they begin, how many."""
    column = 0
    for value, run in groupby(cells):
        length = len(list(run))
        yield value, column, length
        column += length


def _filled(boxes: Iterable[tuple[int, Box]]) -> Iterator[str]:
    """One path a colour."""
    paths: dict[int, list[str]] = {}
    for colour, box in boxes:
        paths.setdefault(colour, []).append(_path(box))
    for colour, steps in paths.items():
        yield f'<path fill="{_hex(colour)}" shape-rendering="crispEdges" d="{"".join(steps)}"/>'


def _path(box: Box) -> str:
    left, top, width, height = box
    return f"M{left:g} {top:g}h{width:g}v{height:g}h{-width:g}z"


def _hex(colour: int) -> str:
    return f"#{colour:06x}"
