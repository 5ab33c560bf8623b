"""Packs of one's own that stand beside the course: where they are, and which of them are sound.

They are directories in the user's directory for data, put there by `dlterm content add`. A pack is read only if nothing
is wrong with it; since that takes a while to find out, a seal remembers it until pack, course or checks change.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from dlterm.course.content import root
from dlterm.course.pack import LARGEST_TABLE, Pack
from dlterm.course.problem import Problem, ProblemError
from dlterm.errors import DltermError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dlterm.course.whole import Whole


def directory() -> Path:
    """Where packs are kept: DLTERM_PACKS, else in the user's directory for data."""
    named = os.environ.get("DLTERM_PACKS")
    return Path(named) if named else platformdirs.user_data_path("dlterm", appauthor=False) / "packs"


def kept() -> list[Path]:
    """The packs that are there, sound or not, by name."""
    try:
        return sorted(path for path in directory().iterdir() if path.is_dir() and path.name[0] != ".")
    except OSError:
        return []


@functools.cache
def sound() -> tuple[Path, ...]:
    """The packs that are read beside the course."""
    found: list[Path] = []
    for path in kept():
        if _is_sound(path, found):
            found.append(path)
    return tuple(found)


def roots() -> tuple[Path, ...]:
    """The directories of all that is read: the course's own first."""
    return Path(str(root())), *sound()


def examine(pack: Path, others: Iterable[Path] = ()) -> list[Problem]:
    """What keeps a pack from being read beside the course, and beside other packs that are sound."""
    from dlterm.course.check import faults
    from dlterm.course.whole import read_whole

    problems: list[Problem] = []
    try:
        found = read_whole(pack, problems)
    except ProblemError as error:
        return [error.problem]
    beside = read_whole(Path(str(root())), [])
    for other in others:
        beside = beside.with_(read_whole(other, []))
    return sorted({*problems, *faults(found, beside), *clashes(found, beside)})


def clashes(pack: Whole, beside: Whole) -> Iterator[Problem]:
    """Ids that are taken: progress, links and search hang on them."""
    taken = set(_ids(beside))
    for kind, name, file, line in _placed(pack):
        if (kind, name) in taken:
            what = f'the course, or a pack beside it, has a {kind} "{name}"'
            yield Problem(file, line, what, "name yours otherwise")


def _ids(pack: Whole) -> Iterator[tuple[str, str]]:
    yield from ((kind, name) for kind, name, _, _ in _placed(pack))


def _placed(pack: Whole) -> Iterator[tuple[str, str, str, int]]:
    """All that has an id: what it is, its id, its file and line."""
    for lesson in pack.lessons:
        yield "lesson", lesson.head.id, lesson.file, 2
    for quiz in pack.quizzes:
        for question, line in zip(quiz.questions, quiz.lines, strict=True):
            yield "question", question.id, quiz.file, line
    for preset, line in zip(pack.presets.presets, pack.presets.lines, strict=True):
        yield "preset", preset.id, "presets.toml", line
    for term in pack.shelf.terms:
        yield "term", term, "glossary.toml", 0
    for key in pack.shelf.sources:
        yield "source", key, "sources.toml", 0
    for table in pack.shelf.tables:
        yield "table", table, f"tables/{table}.csv", 0


def _is_sound(pack: Path, others: list[Path]) -> bool:
    seal = pack.with_name(f".{pack.name}.seal")
    try:
        wanted = _seal(pack, others)
    except (OSError, ProblemError):
        return False
    with contextlib.suppress(OSError, UnicodeDecodeError):
        if seal.read_text(encoding="ascii") == wanted:
            return True
    if examine(pack, others):
        return False
    from dlterm.atomic import write_atomically

    with contextlib.suppress(DltermError, OSError):
        write_atomically(seal, wanted.encode())
    return True


def _seal(pack: Path, others: list[Path]) -> str:
    """A hash of all that decides whether a pack is sound. Raises ProblemError, OSError."""
    found = hashlib.sha256(" ".join(other.name for other in others).encode())
    course, checks = Path(str(root())), Path(__file__).parent.glob("*.py")
    for path in (*sorted(checks), *(course / name for name in Pack(course).files())):
        status = path.stat()
        found.update(f"{path.name} {status.st_size} {status.st_mtime_ns}\n".encode())
    for name in (own := Pack(pack)).files():
        found.update(f"{name}\n".encode() + own.read(name, largest=LARGEST_TABLE).content.encode())
    return found.hexdigest()
