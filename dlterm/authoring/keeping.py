"""Packs of one's own beside the course: put there as copies, once nothing is wrong with them, and taken away."""

from __future__ import annotations

import contextlib
import re
import shutil
from typing import TYPE_CHECKING

from dlterm.atomic import naming
from dlterm.authoring.recipes import recipe_faults
from dlterm.course.pack import LARGEST_TABLE, Pack
from dlterm.course.packs import directory, examine, kept
from dlterm.course.problem import Problem, ProblemError
from dlterm.course.whole import read_whole
from dlterm.errors import DltermError, ExitCode
from dlterm.text import safe

if TYPE_CHECKING:
    from pathlib import Path

    from dlterm.course.whole import Whole

_LARGEST = 33_554_432  # bytes of all texts of a pack


def refusals(pack: Path) -> list[Problem]:
    """What keeps a pack from being put beside the course; how well it is written does not."""
    others = [path for path in kept() if path.name != name_of(pack) and not examine(path)]
    found = examine(pack, others)
    with contextlib.suppress(ProblemError):
        found = sorted({*found, *recipe_faults(read_whole(pack, []))})
    return found


def name_of(pack: Path) -> str:
    """A pack's name: its directory's, in lower case, with hyphens. Raises DltermError (usage) where nothing is left."""
    name = re.sub(r"[^a-z0-9]+", "-", pack.resolve().name.lower()).strip("-")[:60]
    if not name:
        raise DltermError(
            f"{safe(str(pack))}: no letters to name the pack by",
            hint="rename the directory",
            exit_code=ExitCode.USAGE,
        )
    return name


def add(pack: Path) -> Path:
    """Copy a pack that is not refused, in the place of an older copy; where it is kept. Raises DltermError."""
    place = directory() / name_of(pack)
    fresh, old = place.with_name(f".{place.name}.new"), place.with_name(f".{place.name}.old")
    with naming(place):
        for left in (fresh, old):
            _clear(left)
        try:
            _copy(pack, fresh)
        except ProblemError as error:
            _clear(fresh)
            raise error.as_error() from None
        if place.exists():
            place.rename(old)
        fresh.rename(place)
        _clear(old)
    return place


def remove(name: str) -> None:
    """Take a pack away. Raises DltermError (no input) where there is none of that name."""
    found = {path.name: path for path in kept()}
    if name not in found:
        raise DltermError(
            f'there is no pack "{safe(name, limit=60)}"',
            hint=f"there are {', '.join(found)}" if found else "there are none",
            exit_code=ExitCode.NO_INPUT,
        )
    with naming(found[name]):
        _clear(found[name])
        found[name].with_name(f".{name}.seal").unlink(missing_ok=True)


def counted(pack: Whole) -> str:
    """What a pack holds: `1 lesson, 3 questions`."""
    counts = {
        "lesson": len(pack.lessons),
        "question": sum(len(quiz.questions) for quiz in pack.quizzes),
        "preset": len(pack.presets.presets),
        "term": len(pack.shelf.terms),
        "table": len(pack.shelf.tables),
    }
    return (
        ", ".join(f"{count} {name}{'s' * (count != 1)}" for name, count in counts.items() if count)
        or "nothing"
    )


def _copy(pack: Path, place: Path) -> None:
    """Copy its texts, as they were read: nothing else of the directory gets along. Raises ProblemError, OSError."""
    source, size = Pack(pack), 0
    place.mkdir(parents=True)
    for name in source.files():
        content = source.read(name, largest=LARGEST_TABLE).content.encode()
        size += len(content)
        if size > _LARGEST:
            raise ProblemError(Problem(name, 0, f"more than {_LARGEST // 2**20} MB in all", "split the pack"))
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _clear(path: Path) -> None:
    if path.is_symlink():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)
