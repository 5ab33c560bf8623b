"""What comes out of training a recipe: measured live, and remembered by all that decides it.

A measurement is found by a hash of the recipe, of the sources of engine, layers, data and training, of the libraries
they compute with and of the processor: an edit anywhere there measures anew.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import math
import os
import platform
import time
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import platformdirs

import dlterm
from dlterm.errors import DltermError

if TYPE_CHECKING:
    from collections.abc import Callable

    from dlterm.engine.workers import Progress
    from dlterm.training.learner import Learner
    from dlterm.training.recipe import Recipe

_ROOMS = ("engine", "nn", "data", "training")
_LIBRARIES = ("numpy", "numba", "scipy", "scikit-learn")
_CHUNK_SECONDS = 0.05
MOST_SECONDS = 60.0  # of one training


class Measured(msgspec.Struct, frozen=True):
    """A training's end. A loss that diverged, or was not reached in time, is infinite, an accuracy then 0."""

    values: dict[str, float | None]
    seconds: float
    ended: str = "finished"  # "diverged", "too slow"

    def value(self, name: str) -> float:
        """A measure: a loss, an accuracy, an RMSE, `parameters`, `epochs` or `seconds`. Raises KeyError."""
        if name == "seconds":
            return self.seconds
        found = self.values[name]
        if found is None:
            return 0.0 if name.endswith("accuracy") else math.inf
        return found


class Memory:
    """Measurements in files, one a training; `asked` counts those that had to be made."""

    def __init__(self, directory: Path | None) -> None:
        """Without a directory nothing is remembered."""
        self._directory = directory
        self.asked = 0
        self.progress: Progress | None = None  # is told how far the compilation of kernels is

    @classmethod
    def users(cls) -> Memory:
        """Those of the user; nowhere where that cannot be written."""
        return cls(measured_path())

    def measure(self, recipe: Recipe, tick: Callable[[], None] = lambda: None) -> Measured:
        """What comes out of the recipe; `tick` is called every 50 ms of training, and may raise to end it."""
        path = self._path(recipe)
        if path is not None:
            with contextlib.suppress(OSError, msgspec.MsgspecError):
                return msgspec.json.decode(path.read_bytes(), type=Measured)
        self.asked += 1
        found = measure(recipe, tick, progress=self.progress)
        if path is not None and found.ended != "too slow":
            from dlterm.atomic import write_atomically

            with contextlib.suppress(DltermError):
                write_atomically(path, msgspec.json.encode(found))
        return found

    def holds(self, recipe: Recipe) -> bool:
        """Whether nothing would have to be trained."""
        path = self._path(recipe)
        return path is not None and path.exists()

    def _path(self, recipe: Recipe) -> Path | None:
        if self._directory is None:
            return None
        name = hashlib.sha256(f"{fingerprint()}\n{recipe}".encode()).hexdigest()[:32]
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


@functools.cache
def fingerprint() -> str:
    """A hash of all beside the recipe that decides what comes out."""
    found = hashlib.sha256()
    package = Path(dlterm.__file__).parent
    for room in _ROOMS:
        for path in sorted((package / room).rglob("*.py")):
            found.update(path.relative_to(package).as_posix().encode() + path.read_bytes())
    versions = [f"{name} {version(name)}" for name in _LIBRARIES]
    about = [*versions, platform.machine(), platform.python_version(), os.environ.get("DLTERM_ENGINE", "")]
    found.update("\n".join(about).encode())
    return found.hexdigest()


def measure(
    recipe: Recipe,
    tick: Callable[[], None] = lambda: None,
    progress: Progress | None = None,
) -> Measured:
    """Train a recipe to its end, early stopping included, and measure."""
    from dlterm.training.learner import DivergedError, Learner

    learner = Learner(recipe, progress=progress)
    begun, ended = time.perf_counter(), "finished"
    deadline = begun + MOST_SECONDS
    try:
        if not _train(learner, tick, deadline):
            ended = "too slow"
    except DivergedError:
        ended = "diverged"
    values: dict[str, float | None] = dict.fromkeys(
        ("train_loss", "test_loss", *(f"{part}_{_quality(learner)}" for part in ("train", "test")))
    )
    if ended == "finished":
        metrics = learner.evaluate()
        values = {name: _finite(getattr(metrics, name)) for name in values}
    values |= {"parameters": float(learner.parameters), "epochs": float(learner.epoch)}
    return Measured(values, round(time.perf_counter() - begun, 3), ended)


def _train(learner: Learner, tick: Callable[[], None], deadline: float) -> bool:
    """Whether it came to its end in time."""
    from dlterm.training.early_stopping import EarlyStopping

    recipe = learner.recipe
    stopping = EarlyStopping(recipe.early_stop)
    last, chunk = recipe.epochs * learner.steps_per_epoch, 1
    while learner.step < last:
        begun = time.perf_counter()
        if begun > deadline:
            return False
        steps = min(learner.steps_to_epoch if stopping.patience else chunk, last - learner.step)
        learner.advance(steps)
        took = time.perf_counter() - begun
        chunk = max(1, int(steps * min(2.0, _CHUNK_SECONDS / max(took, 1e-9))))
        tick()
        if stopping.patience and stopping.update(learner.epoch, learner.evaluate().test_loss, learner.state):
            break
    if stopping.best is not None:
        learner.restore(stopping.best)
    return True


def _quality(learner: Learner) -> str:
    return "accuracy" if learner.task == "classification" else "rmse"


def _finite(value: Any) -> float | None:
    return float(value) if value is not None and math.isfinite(value) else None
