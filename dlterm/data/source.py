"""Bytes of a file, and text from a file or from standard input, line by line; what is not a table is refused."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import contextmanager
from io import BufferedReader, TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TextIO

from dlterm.errors import DltermError, ExitCode
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Iterator

STANDARD_INPUT = "-"
MAX_SIZE = 1_000_000_000  # bytes of a file, characters of standard input
MAX_LINE = 1_048_576  # characters

_ENCODING = "utf-8-sig"

# What a file begins with that is known, and is no text: what it is, what to do about it.
_KNOWN = {
    b"\xff\xfe\0\0": ("the text is UTF-32, not UTF-8", "save it as UTF-8 and try again"),
    b"\xff\xfe": ("the text is UTF-16, not UTF-8", "save it as UTF-8 and try again"),
    b"\xfe\xff": ("the text is UTF-16, not UTF-8", "save it as UTF-8 and try again"),
    b"PAR1": ("a Parquet file", "give it a name that ends in .parquet"),
    b"PK\x03\x04": ("a zip archive or a spreadsheet", "save the spreadsheet as CSV and try again"),
    b"\x1f\x8b": ("compressed by gzip", "decompress it first: gunzip FILE"),
    b"SQLite format 3": ("an SQLite database", "export the table as CSV and try again"),
}


def place_name(source: str) -> str:
    """What messages call the source: its path, or stdin."""
    return "stdin" if source == STANDARD_INPUT else safe(source)


def read_lines(source: str) -> Iterator[str]:
    """Yield the lines of a UTF-8 file, or of standard input for "-", with their line ends.

    Raises DltermError for what cannot be opened (no input, permission) and for what is not text (bad data).
    """
    place = place_name(source)
    number = size = 0
    source_file = _standard_input() if source == STANDARD_INPUT else opened(source)
    with source_file as file, _decoded(file, place) as text:
        try:
            while line := text.readline(MAX_LINE):
                number += 1
                size += len(line)
                _check_line(line, size, place, number)
                yield line
        except UnicodeDecodeError as error:
            raise _encoding_error(error, place, number) from None


def _check_line(line: str, size: int, place: str, number: int) -> None:
    if "\0" in line:
        raise DltermError(
            f"{place}:{number}: a NUL byte; this is not a text file",
            hint="a table is read from UTF-8 text, such as a spreadsheet saved as CSV",
        )
    if len(line) == MAX_LINE and not line.endswith(("\n", "\r")):
        raise DltermError(f"{place}:{number}: the line is longer than {MAX_LINE:,} characters")
    if size > MAX_SIZE:
        raise too_large(place)


def too_large(place: str) -> DltermError:
    """The error for a source with more than `MAX_SIZE` in it."""
    return DltermError(f"{place}: more than {MAX_SIZE / 1e9:g} GB", hint="train on a sample of its rows")


def _encoding_error(error: UnicodeDecodeError, place: str, lines_before: int) -> DltermError:
    # `object` is the chunk being decoded; the lines before it were all handed out.
    line = lines_before + 1 + error.object.count(b"\n", 0, error.start)
    byte = error.object[error.start]
    return DltermError(
        f"{place}:{line}: the byte 0x{byte:02x} is not UTF-8 text",
        hint="save the file as UTF-8, or convert it: iconv -f latin1 -t utf-8 OLD > NEW",
    )


@contextmanager
def opened(source: str) -> Iterator[BufferedReader]:
    """Open a file.

    Raises DltermError where it cannot be opened (no input, permission) or read (I/O), and if it changes meanwhile.
    """
    place = place_name(source)
    with _file(source) as file:
        before = os.fstat(file.fileno())
        try:
            yield file
        except OSError as error:
            raise DltermError(f"{place}: {error.strerror}", exit_code=ExitCode.INPUT_OUTPUT) from None
        after = os.fstat(file.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise DltermError(
            f"{place}: it changed while it was read", hint="try again when nothing writes to it"
        )


@contextmanager
def _standard_input() -> Iterator[BinaryIO]:
    if sys.stdin is None:
        raise DltermError("stdin: standard input is closed", exit_code=ExitCode.NO_INPUT)
    try:
        yield sys.stdin.buffer
    except OSError as error:
        raise DltermError(f"stdin: {error.strerror}", exit_code=ExitCode.INPUT_OUTPUT) from None


@contextmanager
def _decoded(file: BinaryIO, place: str) -> Iterator[TextIO]:
    start = file.peek(16) if isinstance(file, BufferedReader) else b""
    for known, (what, hint) in _KNOWN.items():
        if start.startswith(known):
            raise DltermError(f"{place}: {what}", hint=hint)
    text = TextIOWrapper(file, encoding=_ENCODING, newline="")
    try:
        yield text
    finally:
        text.detach()  # leaves the file open: it is not ours


def _file(source: str) -> BufferedReader:
    place = place_name(source)
    try:
        # Before opening: to open a fifo waits for a writer.
        status = os.stat(source)  # noqa: PTH116 - a Path drops a trailing slash
        if not stat.S_ISREG(status.st_mode):
            raise _not_a_file(place, status.st_mode)
        if status.st_size > MAX_SIZE:
            raise too_large(place)
        return Path(source).open("rb")
    except PermissionError:
        raise DltermError(f"{place}: permission denied", exit_code=ExitCode.PERMISSION) from None
    except FileNotFoundError:
        raise DltermError(
            f"{place}: no such file",
            hint="name a file that is there, with its directory",
            exit_code=ExitCode.NO_INPUT,
        ) from None
    except OSError as error:
        raise DltermError(f"{place}: {error.strerror}", exit_code=ExitCode.NO_INPUT) from None


def _not_a_file(place: str, mode: int) -> DltermError:
    if stat.S_ISDIR(mode):
        return DltermError(f"{place}: a directory", hint="name a file in it", exit_code=ExitCode.NO_INPUT)
    return DltermError(
        f"{place}: not a regular file",
        hint="the data can come from standard input: give - as its name",
        exit_code=ExitCode.NO_INPUT,
    )
