"""What came out, kept: found again by a hash of all that it was computed with, so that nothing is run twice.

That is the experiment's own source, and that of every module it imports, and they import, of the rooms that compute;
the files of content/ that it reads; NumPy's version, the engine that runs, the knobs and the seed.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import re
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs

from dlterm import __version__
from dlterm.atomic import write_atomically
from dlterm.course.content import root
from dlterm.errors import DltermError
from dlterm.experiments.registry import PACKAGE, entries, module_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from importlib.resources.abc import Traversable

    from dlterm.experiments.driving import Result

_COMPUTES = ("experiments", "training", "data", "nn", "engine")
_IMPORT = re.compile(
    r"^\s*(?:from\s+(dlterm[\w.]*)\s+import\s+(\([^)]*\)|[^\n]+)|import\s+(dlterm[\w.]*))", re.M
)
_WORD = re.compile(r"\w+")


_UNCHANGED = "given"  # in the place of a hash of the knobs, where none is turned


@dataclass(frozen=True, slots=True)
class Status:
    """On how many seeds an experiment was run, and on how many of them it held."""

    runs: int
    held: int

    @property
    def words(self) -> str:
        """The same in a few words."""
        if not self.runs:
            return "not run yet"
        if self.held == self.runs:
            return "holds"
        return "fails" if not self.held else f"{self.held} of {self.runs} hold"


class Store:
    """Results as JSON files in a directory of the user's cache. What cannot be kept, or read, is not there."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    @classmethod
    def open(cls, name: str = "experiments") -> Store:
        """The store of that name: in DLTERM_CACHE_DIR, else the user's cache."""
        wanted = os.environ.get("DLTERM_CACHE_DIR") or platformdirs.user_cache_dir("dlterm", appauthor=False)
        return cls(Path(wanted) / name)

    def read(self, key: str) -> dict[str, Any] | None:
        """What was kept under a key."""
        with contextlib.suppress(OSError, ValueError):
            found = json.loads(self._path(key).read_bytes())
            return found if isinstance(found, dict) else None
        return None

    def write(self, key: str, value: Mapping[str, Any]) -> None:
        """Keep it."""
        path = self._path(key)
        with contextlib.suppress(OSError, DltermError):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, json.dumps(value).encode())

    def keep(self, result: Result) -> None:
        """Keep a result."""
        names = ("holds", "seconds", "longest")
        measured = {name: getattr(result, name) for name in names}
        place = key(result.experiment, result.changed, result.seed)
        self.write(place, measured | {"measures": dict(result.measures)})

    def status(self, experiment: str) -> Status:
        """How an experiment, as it is now and with no knob turned, came out so far."""
        files = (self.directory / place(experiment)).glob(f"{_UNCHANGED}-*.json")
        found = [self.read(f"{place(experiment)}/{file.stem}") for file in files]
        known = [bool(result["holds"]) for result in found if result is not None and "holds" in result]
        return Status(len(known), sum(known))

    def _path(self, key: str) -> Path:
        return self.directory / f"{key}.json"


def key(experiment: str, changed: Mapping[str, Any], seed: int) -> str:
    """Where a result is kept, of an experiment whose knobs are changed so."""
    said = json.dumps(sorted(changed.items())).encode()
    return f"{place(experiment)}/{hashlib.sha256(said).hexdigest()[:12] if changed else _UNCHANGED}-{seed}"


def place(experiment: str) -> str:
    """Where an experiment's results are kept: its id, and a hash of what they are computed with."""
    return f"{experiment}/{_computed_with(experiment)[:20]}"


@functools.cache
def _computed_with(experiment: str) -> str:
    digest = hashlib.sha256(f"{__version__} {version('numpy')} {os.environ.get('DLTERM_ENGINE')}".encode())
    for file in (*sources(f"{PACKAGE}.{module_name(experiment)}"), *files_read(experiment)):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def sources(module: str) -> list[Traversable]:
    """The source of a module, and of all of ours that it imports, directly or not, and that compute."""
    found = [_file(name) for name in sorted(modules(module))]
    return [file for file in found if file is not None]


def files_read(experiment: str) -> list[Traversable]:
    """The files of content/ that an experiment draws on."""
    names = [name for entry in entries() if entry.id == experiment for name in entry.reads]
    return [file for name in names for file in _files(root() / name)]


def _files(place: Traversable) -> list[Traversable]:
    """The file, or those that the directory holds."""
    return sorted(place.iterdir(), key=lambda file: file.name) if place.is_dir() else [place]


def modules(name: str) -> set[str]:
    """The module and all of ours that it imports, directly or not, and that compute."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        module = waiting.pop()
        if module not in found and _file(module) is not None:
            found.add(module)
            waiting += _imported(module)
    return found


@functools.cache
def _imported(module: str) -> tuple[str, ...]:
    """The modules that a module names in its imports, wherever they stand in it; some may be no modules."""
    file = _file(module)
    return () if file is None else tuple(_named(file.read_text(encoding="utf-8")))


def _named(source: str) -> Iterator[str]:
    for package, names, whole in _IMPORT.findall(source):
        name = package or whole
        if name.split(".")[1:2] and name.split(".")[1] in _COMPUTES:
            yield name
        yield from (
            f"{name}.{word}" for word in _WORD.findall(names) if f"{name}.{word}".split(".")[1] in _COMPUTES
        )


@functools.cache
def _file(module: str) -> Traversable | None:
    """The source of a module of ours; None where there is no such module."""
    place = files("dlterm").joinpath(*module.split(".")[1:])
    if place.is_dir():
        place = place / "__init__.py"
        return place if place.is_file() else None
    place = files("dlterm").joinpath(*module.split(".")[1:-1], f"{module.rpartition('.')[2]}.py")
    return place if place.is_file() else None
