"""A content pack: a directory of texts, the course's own or one from elsewhere, read without trusting it.

A pack is data. It can run no code, reach no file outside itself, and say nothing to a terminal but text: every file is
a regular one below the pack's directory, of a bounded size, in UTF-8, without control characters and without marks that
turn the direction of writing.
"""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import tomli

from dlterm.course.problem import Problem, ProblemError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LARGEST = 262_144  # bytes of a text
LARGEST_TABLE = 1_048_576
MOST_FILES = 2_000
_LONGEST_LINE = 5_000  # characters: a lesson's paragraph may be one line
_MOST_BRACKETS = 500  # in a line
_DEEPEST_KEY = 8  # parts of a dotted key: thousands of them take tomli seconds
_UNSAFE = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\u2028\u2029]")
_HEADER = re.compile(r"^\s*\[+\s*(?P<name>[^\]]*?)\s*\]+\s*(#.*)?$")
_KEY = re.compile(r"""^\s*\[*(?P<key>(?:[\w\-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w\-]+|"[^"]*"|'[^']*'))*)""")
_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")


@dataclass(frozen=True)
class Text:
    """A file's content, and how problems name it."""

    name: str  # its path within the pack, with slashes
    content: str

    def problem(self, line: int, what: str, mend: str = "") -> Problem:
        """A problem in this file."""
        return Problem(self.name, line, what, mend)

    def line_of(self, header: str, number: int = 0) -> int:
        """The line, from 1, of the TOML header `[header]`, of its number-th from 0; 0 where there is none."""
        lines = self._headers.get(header, [])
        return lines[number] if number < len(lines) else 0

    def line_of_key(self, header: int, key: str) -> int:
        """The line of a key of the table whose header stands in that line; the header's where it has no such key."""
        for line, text in enumerate(self.content.splitlines()[header:], start=header + 1):
            if text.lstrip().startswith("["):
                break
            if (match := _KEY.match(text)) and match["key"].strip().strip("\"'") == key:
                return line
        return header

    @cached_property
    def _headers(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for line, text in enumerate(self.content.splitlines(), start=1):
            if text.lstrip().startswith("[") and (match := _HEADER.match(text)):
                found.setdefault(match["name"].strip("\"'"), []).append(line)
        return found


class Pack:
    """The files below a directory."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()

    def files(self) -> Iterator[str]:
        """The names of all files but hidden ones, sorted; raises ProblemError where there are far too many."""
        found: list[str] = []
        for path in self.root.rglob("*"):
            name = path.relative_to(self.root).as_posix()
            if "/." not in f"/{name}" and (not path.is_dir() or path.is_symlink()):
                found.append(name)
            if len(found) > MOST_FILES:
                raise ProblemError(Problem(".", 0, f"more than {MOST_FILES:,} files", "split the pack"))
        yield from sorted(found)

    def read(self, name: str, *, largest: int = LARGEST) -> Text:
        """Read a text. Raises ProblemError for what a pack must not hold."""

        def refuse(what: str, mend: str, line: int = 0) -> ProblemError:
            return ProblemError(Problem(name, line, what, mend))

        path = self.root / name
        try:
            inside = path.resolve().is_relative_to(self.root)
            status = path.lstat()
        except (OSError, ValueError, RuntimeError) as error:
            raise refuse(f"cannot be read ({_reason(error)})", "restore the file") from None
        if not inside or not stat.S_ISREG(status.st_mode):
            raise refuse(
                "not a file of the pack itself", "put a copy of the file there: no links, pipes or devices"
            )
        if status.st_size > largest:
            raise refuse(f"larger than {largest // 1024:,} KB", "split it")
        try:
            content = path.read_bytes().decode("utf-8-sig")
        except OSError as error:
            raise refuse(f"cannot be read ({_reason(error)})", "check its permissions") from None
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            raise refuse("not UTF-8", "save it as UTF-8", line) from None
        content = content.replace("\r\n", "\n")
        if found := _UNSAFE.search(content):
            line = content.count("\n", 0, found.start()) + 1
            raise refuse(f"the control character U+{ord(found[0]):04X}", "remove it", line)
        for number, text in enumerate(content.splitlines(), start=1):
            if len(text) > _LONGEST_LINE:
                raise refuse(f"a line of more than {_LONGEST_LINE:,} characters", "break it", number)
        return Text(name, content)

    def read_toml(self, name: str, *, largest: int = LARGEST) -> tuple[Text, dict[str, Any]]:
        """Read a TOML file. Raises ProblemError."""
        text = self.read(name, largest=largest)
        for number, line in enumerate(text.content.splitlines(), start=1):
            if line.count(".") >= _DEEPEST_KEY:
                match = _KEY.match(line)
                if match and _QUOTED.sub("", match["key"]).count(".") >= _DEEPEST_KEY:
                    raise ProblemError(text.problem(number, "a key of too many parts", "write nested tables"))
            if line.count("[") + line.count("{") > _MOST_BRACKETS:
                raise ProblemError(text.problem(number, "too deeply nested", "write it flatter"))
        try:
            return text, tomli.loads(text.content)
        except tomli.TOMLDecodeError as error:
            raise ProblemError(text.problem(error.lineno, f"not TOML: {error.msg}", "see toml.io")) from None
        except (RecursionError, ValueError):
            raise ProblemError(
                text.problem(0, "not TOML: too deep, or too long a number", "write it flatter")
            ) from None


def _reason(error: Exception) -> str:
    return error.strerror or "no such file" if isinstance(error, OSError) else str(error)
