"""Measurements that are remembered for the user: a file each, found again by all that decides what comes out.

That is a hash of what is measured, of the sources that compute it, of the libraries they compute with and of the
processor: an edit anywhere there measures anew.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec
import platformdirs

import dlterm
from dlterm.errors import DltermError
from dlterm.quiz.experimenting import ExperimentRun, measure_run
from dlterm.quiz.measuring import Measured, measure

if TYPE_CHECKING:
    from dlterm.engine.workers import Progress
    from dlterm.quiz.measuring import Tick
    from dlterm.training.recipe import Recipe

    Measurable = Recipe | ExperimentRun

_ROOMS = ("engine", "nn", "data", "training")
_LIBRARIES = ("numpy", "numba", "scipy", "scikit-learn")


class Measurer(Protocol):
    """Who knows, or finds out, what comes out of something."""

    def measure(self, what: Measurable, tick: Tick = ...) -> Measured:
        """What comes out; `tick` is called all the while, and may raise to end it. Raises DltermError."""
        ...

    def holds(self, what: Measurable) -> bool:
        """Whether it is known, so that nothing would have to be trained or run."""
        ...


class Memory:
    """Measurements in files; `asked` counts those that had to be made."""

    def __init__(self, directory: Path | None, *, fresh: bool = False) -> None:
        """Without a directory nothing is remembered; a `fresh` one has everything made anew, once."""
        self._directory = directory
        self._trusts_all = not fresh
        self._made: set[Path] = set()
        self.asked = 0
        self.progress: Progress | None = None  # is told how far the compilation of kernels is

    @classmethod
    def users(cls, *, fresh: bool = False) -> Memory:
        """Those of the user; nowhere where that cannot be written."""
        return cls(measured_path(), fresh=fresh)

    def measure(self, what: Measurable, tick: Tick = lambda: None) -> Measured:
        """What comes out; `tick` is called all the while, every 50 ms of training, and may raise to end it.

        Raises DltermError.
        """
        path = self._path(what)
        if path is not None and self._trusts(path):
            with contextlib.suppress(OSError, msgspec.MsgspecError):
                return msgspec.json.decode(path.read_bytes(), type=Measured)
        self.asked += 1
        make = measure_run if isinstance(what, ExperimentRun) else measure
        found = make(what, tick, self.progress)  # type: ignore[arg-type]
        if path is not None and found.ended != "too slow":
            from dlterm.atomic import write_atomically

            with contextlib.suppress(DltermError):
                write_atomically(path, msgspec.json.encode(found))
                self._made.add(path)
        return found

    def holds(self, what: Measurable) -> bool:
        """Whether nothing would have to be trained or run."""
        path = self._path(what)
        return path is not None and self._trusts(path) and path.exists()

    def _trusts(self, path: Path) -> bool:
        return self._trusts_all or path in self._made

    def _path(self, what: Measurable) -> Path | None:
        if self._directory is None:
            return None
        name = hashlib.sha256(f"{_made_with(what)}\n{what}".encode()).hexdigest()[:32]
        return self._directory / f"{name}.json"


def measured_path() -> Path | None:
    """In DLTERM_CACHE_DIR, else in the user's directory for caches; None where that cannot be written."""
    named = os.environ.get("DLTERM_CACHE_DIR")
    cache = Path(named) if named else platformdirs.user_cache_path("dlterm", appauthor=False)
    directory = cache / "measured"
    with contextlib.suppress(OSError):
        directory.mkdir(parents=True, exist_ok=True)
        return directory
    return None


def _made_with(what: Measurable) -> str:
    if not isinstance(what, ExperimentRun):
        return fingerprint()
    from dlterm.experiments.results import place

    return place(what.id)


@functools.cache
def fingerprint() -> str:
    """A hash of all beside the recipe that decides what comes out."""
    found = hashlib.sha256()
    package = Path(dlterm.__file__).parent
    rooms = (path for room in _ROOMS for path in sorted((package / room).rglob("*.py")))
    for path in (package / "quiz" / "measuring.py", *rooms):
        found.update(path.relative_to(package).as_posix().encode() + path.read_bytes())
    versions = [f"{name} {version(name)}" for name in _LIBRARIES]
    about = [*versions, platform.machine(), platform.python_version(), os.environ.get("DLTERM_ENGINE", "")]
    found.update("\n".join(about).encode())
    return found.hexdigest()
