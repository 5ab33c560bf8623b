"""Pieces of lines that wait for the terminal; a newer piece takes the place of what it covers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len

if TYPE_CHECKING:
    from collections.abc import Iterator

RESERVE: Final = 3 * 1024  # bytes of room that only the echo of a key may use: it waits for no picture
_TEXT = 512  # bytes of the longest piece that counts as text; a line of a picture takes about 20 a cell
_MOVE = re.compile(r"\x1b\[(\d+);(\d+)H")
_UNSEEN = re.compile(r"\x1b\[[\d;]*m|\x1b\]8;[^\x07\x1b]*(?:\x07|\x1b\\)")  # colours, links


def is_frame(text: str) -> bool:
    """Whether a text is an update of the screen: it begins by moving the cursor, as Textual's do."""
    return _MOVE.match(text) is not None


@dataclass(frozen=True)
class _Span:
    """A text, with the move to where it begins, in the columns from `begin` to before `end`."""

    begin: int
    end: int
    text: str

    def covers(self, other: _Span | _Piece) -> bool:
        return self.begin <= other.begin and other.end <= self.end


@dataclass(frozen=True)
class _Piece:
    """Spans that overlap, the newest last."""

    begin: int  # the first column
    end: int  # the first column behind it
    spans: tuple[_Span, ...]
    text: str = field(compare=False)
    size: int = field(compare=False)  # bytes
    is_echo: bool = field(compare=False)  # text that answers a key

    @classmethod
    def of(cls, spans: tuple[_Span, ...], *, answers: bool) -> _Piece:
        text = "".join(span.text for span in spans)
        size = len(text.encode())
        ends = min(span.begin for span in spans), max(span.end for span in spans)
        return cls(*ends, spans, text, size, answers and size <= _TEXT)

    @property
    def turn(self) -> int:
        return 0 if self.is_echo else 1 if self.size <= _TEXT else 2

    def meets(self, other: _Piece) -> bool:
        return self.begin < other.end and other.begin < self.end

    def over(self, other: _Piece) -> _Piece:
        """What is left of the other under this one, and this one."""
        left = (span for span in other.spans if not any(new.covers(span) for new in self.spans))
        return _Piece.of((*left, *self.spans), answers=self.is_echo)


class Outbox:
    """What is still to be sent of the newest state of the screen. No two pieces in it overlap.

    A piece that the terminal shows already is not sent again: of a list, Textual draws every line.
    """

    def __init__(self) -> None:
        self._lines: dict[int, list[_Piece]] = {}
        self._shown: dict[int, list[_Piece]] = {}  # what was taken out last, by row; no two overlap
        self._cursor = ""  # the move to where the cursor belongs

    def __bool__(self) -> bool:
        return bool(self._lines)

    def put(self, frame: str, *, answers: bool = False) -> None:
        """Take in an update of the screen; whether it answers a key."""
        _, *parts = _MOVE.split(frame)
        for row, column, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
            begin, content = int(column), text.rstrip("\n")
            self._cursor = move = f"\x1b[{row};{column}H"
            if content:
                width = cell_len(_UNSEEN.sub("", content))
                span = _Span(begin, begin + width, move + content)
                self._add(int(row), _Piece.of((span,), answers=answers))

    def _add(self, row: int, piece: _Piece) -> None:
        if piece in self._lines.get(row, []):
            return  # also where it answers a key: what waits already has its turn
        apart: list[_Piece] = []
        for other in self._lines.get(row, []):
            if not piece.meets(other):
                apart.append(other)
            else:
                piece = piece.over(other)
        if len(apart) == len(self._lines.get(row, [])) and piece in self._shown.get(row, []):
            return
        self._lines[row] = [*apart, piece]

    def take(self, room: int, *, first: int = 0) -> str:
        """Take out what fits in so many bytes: echoes, then text, then pictures; the first may have `first` bytes."""
        taken: list[str] = []
        for row, piece in sorted(self._pieces(), key=lambda found: found[1].turn):
            most = max(room + RESERVE * piece.is_echo, 0 if taken else first)
            if piece.size > most:
                break
            room -= piece.size
            taken.append(piece.text)
            self._remove(row, piece)
        return "".join([*taken, self._cursor]) if taken else ""

    def clear(self) -> None:
        """Forget everything: what waits, and what the terminal shows."""
        self._lines.clear()
        self._shown.clear()

    def _pieces(self) -> Iterator[tuple[int, _Piece]]:
        for row, line in self._lines.items():
            for piece in line:
                yield row, piece

    def _remove(self, row: int, piece: _Piece) -> None:
        self._lines[row].remove(piece)
        if not self._lines[row]:
            del self._lines[row]
        apart = [other for other in self._shown.get(row, []) if not other.meets(piece)]
        self._shown[row] = [*apart, piece]
