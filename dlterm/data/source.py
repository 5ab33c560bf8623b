"""Text from a file or from standard input, line by line; what is not a table's text is refused."""

from __future__ import annotations

import codecs
import io
import os
import stat
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from dlterm.errors import DltermError, ExitCode
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Iterator

STANDARD_INPUT = "-"
MAX_SIZE = 1_000_000_000  # bytes of a file, characters of standard input
MAX_LINE = 1_048_576  # characters

_ENCODING = "utf-8-sig"


def place_name(source: str) -> str:
    """What messages call the source: its path, or stdin."""
    return "stdin" if source == STANDARD_INPUT else safe(source)


def read_lines(source: str) -> Iterator[str]:
    """Yield the lines of a UTF-8 file, or of standard input for "-", with their line ends.

    Raises DltermError for what cannot be opened (no input, permission) and for what is not text (bad data).
    """
    place = place_name(source)
    number = size = 0
    with _standard_input() if source == STANDARD_INPUT else _file(source) as text:
        try:
            while line := text.readline(MAX_LINE):
                number += 1
                size += len(line)
                _check_line(line, size, place, number)
                yield line
        except UnicodeDecodeError as error:
            raise _encoding_error(error, place, number) from None
        except OSError as error:
            raise DltermError(f"{place}: {error.strerror}", exit_code=ExitCode.INPUT_OUTPUT) from None


def _check_line(line: str, size: int, place: str, number: int) -> None:
    if "\0" in line:
        raise DltermError(
            f"{place}:{number}: a NUL byte; this is not a text file",
            hint="a table is read from UTF-8 text, such as a spreadsheet saved as CSV",
        )
    if len(line) == MAX_LINE and not line.endswith(("\n", "\r")):
        raise DltermError(f"{place}:{number}: the line is longer than {MAX_LINE:,} characters")
    if size > MAX_SIZE:
        raise _too_large(place)


def _too_large(place: str) -> DltermError:
    return DltermError(f"{place}: more than {MAX_SIZE / 1e9:g} GB", hint="train on a sample of its rows")


def _encoding_error(error: UnicodeDecodeError, place: str, lines_before: int) -> DltermError:
    # `object` is the chunk being decoded; the lines before it were all handed out.
    if error.object.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return DltermError(f"{place}: the text is UTF-16, not UTF-8", hint="save it as UTF-8 and try again")
    line = lines_before + 1 + error.object.count(b"\n", 0, error.start)
    byte = error.object[error.start]
    return DltermError(
        f"{place}:{line}: the byte 0x{byte:02x} is not UTF-8 text",
        hint="save the file as UTF-8, or convert it: iconv -f latin1 -t utf-8 OLD > NEW",
    )


@contextmanager
def _standard_input() -> Iterator[TextIO]:
    if sys.stdin is None:
        raise DltermError("stdin: standard input is closed", exit_code=ExitCode.NO_INPUT)
    text = io.TextIOWrapper(sys.stdin.buffer, encoding=_ENCODING, newline="")
    try:
        yield text
    finally:
        text.detach()  # leaves standard input open


def _file(source: str) -> TextIO:
    place = place_name(source)
    try:
        # Before opening: to open a fifo waits for a writer.
        status = os.stat(source)  # noqa: PTH116 - a Path drops a trailing slash
        if not stat.S_ISREG(status.st_mode):
            raise _not_a_file(place, status.st_mode)
        if status.st_size > MAX_SIZE:
            raise _too_large(place)
        return Path(source).open(encoding=_ENCODING, newline="")
    except PermissionError:
        raise DltermError(f"{place}: permission denied", exit_code=ExitCode.PERMISSION) from None
    except FileNotFoundError:
        raise DltermError(f"{place}: no such file", exit_code=ExitCode.NO_INPUT) from None
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
