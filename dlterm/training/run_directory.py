"""The run directory: what a training run leaves behind, written so that a crash never leaves half a file.

    config.toml                      the recipe, when and with what it ran
    metrics.jsonl                    one object a recorded epoch
    checkpoint.safetensors           all that training needs to go on: parameters, optimiser state, counters
    checkpoint.previous.safetensors  the checkpoint before, in case that one is damaged
    model.safetensors                the weights and biases alone, and what they mean, for `predict` and others
    report.txt, report.svg           the summary, the curves and the decision boundary, to read

metrics.jsonl grows line by line, so that it can be followed; the others are replaced as a whole.
"""

from __future__ import annotations

import contextlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import msgspec
import tomli

from dlterm import __version__
from dlterm.atomic import keep_as, naming, remove_temporary, write_atomically
from dlterm.errors import DltermError, ExitCode
from dlterm.text import safe
from dlterm.training.checkpoint import CorruptCheckpointError, pack, read_checkpoint
from dlterm.training.lock import NAME as LOCK
from dlterm.training.lock import Lock
from dlterm.training.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from dlterm.training.checkpoint import Arrays
    from dlterm.training.rows import Row

RUNS = Path("runs")  # where runs are made and looked for
CONFIG, METRICS = "config.toml", "metrics.jsonl"
CHECKPOINT, PREVIOUS = "checkpoint.safetensors", "checkpoint.previous.safetensors"
DAMAGED = "checkpoint.damaged"
MODEL, REPORTS = "model.safetensors", ("report.txt", "report.svg")
FILES = (METRICS, CHECKPOINT, PREVIOUS, DAMAGED, MODEL, *REPORTS, CONFIG)  # without the last there is no run


class RunDirectory:
    """An open run, which nobody else can open: `path`, and a method for every file in it. Use as a context manager."""

    def __init__(self, path: Path, lock: Lock) -> None:
        self.path = path
        self._lock = lock
        remove_temporary(path)
        self._metrics = (path / METRICS).open("ab", buffering=0)

    @classmethod
    def create(cls, path: Path, recipe: Recipe, *, created: datetime) -> Self:
        """Make a new run there, with its config, and the directories above it.

        Raises DltermError: cannot create (73) where that fails, or where there are files in it already.
        """
        try:
            path.mkdir(parents=True, exist_ok=True)
            occupied = any(not _is_remnant(entry) for entry in path.iterdir())
        except OSError as error:
            raise _cannot_create(path, error.strerror or str(error)) from None
        if occupied:
            raise _cannot_create(path, "the directory is not empty")
        try:
            lock = Lock(path)
        except OSError as error:
            raise _cannot_create(path, error.strerror or str(error)) from None
        with lock.kept_on_success(), naming(path / METRICS):
            write_config(path, recipe, created=created)  # first: without it there is no run to resume
            return cls(path, lock)

    @classmethod
    def reopen(cls, path: Path) -> Self:
        """Open a run to go on with it. Raises DltermError: locked (75), 74, or no input (66) where there is none."""
        if not (path / CONFIG).is_file():
            raise no_run(path)
        with naming(path):
            lock = Lock(path)
        with lock.kept_on_success(), naming(path / METRICS):
            return cls(path, lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            with naming(self.path / METRICS):
                self._metrics.close()
        finally:
            with contextlib.suppress(OSError):  # the directory may be gone
                self._lock.release()

    def add_metrics(self, row: Mapping[str, Any]) -> None:
        """Append a recorded epoch to metrics.jsonl; the row holds no NaN and no infinity."""
        with naming(self.path / METRICS):
            self._metrics.write(json.dumps(row, allow_nan=False).encode() + b"\n")

    def cut_metrics(self, count: int) -> list[Row]:
        """Keep the first `count` rows of metrics.jsonl, and return them; those after were of steps to be done again."""
        path = self.path / METRICS
        with naming(path):
            lines = path.read_bytes().splitlines(keepends=True)[:count]
            os.truncate(path, sum(map(len, lines)))
        return read_rows(b"".join(lines))

    def write_checkpoint(self, arrays: Arrays, state: Mapping[str, Any]) -> None:
        """Write checkpoint.safetensors, to be read by `read_last_checkpoint`; the one before is kept."""
        with naming(self.path / METRICS):
            os.fsync(self._metrics.fileno())  # the checkpoint counts its rows
        content = pack(arrays, state)
        keep_as(self.path / CHECKPOINT, self.path / PREVIOUS)
        write_atomically(self.path / CHECKPOINT, content)

    def read_last_checkpoint(
        self, say: Callable[[str], None]
    ) -> tuple[dict[str, NDArray[np.generic]], dict[str, Any]] | None:
        """Read the newest checkpoint that is whole, None where none was written; `say` tells of a damaged one.

        A damaged one is set aside, so that it never takes the place of a good one. Raises CorruptCheckpointError (65)
        where both are damaged.
        """
        newest, before = self.path / CHECKPOINT, self.path / PREVIOUS
        try:
            return read_checkpoint(newest)
        except CorruptCheckpointError as damage:
            if not before.exists():
                raise
            found = read_checkpoint(before)
            say(f"{damage.message}; going on from the checkpoint before")
            with naming(newest):
                newest.replace(self.path / DAMAGED)
            return found
        except DltermError:
            return read_checkpoint(before) if before.exists() else None

    def write_model(self, content: bytes) -> None:
        """Write model.safetensors: the weights by name, and what they are."""
        write_atomically(self.path / MODEL, content)

    def write_report(self, text: str, svg: str) -> None:
        """Write report.txt and report.svg."""
        for name, content in zip(REPORTS, (text, svg), strict=True):
            write_atomically(self.path / name, content.encode())


def write_config(path: Path, recipe: Recipe, *, created: datetime) -> None:
    """Write config.toml: the recipe, its one-line form, the time (UTC), the fingerprint. Raises DltermError (74)."""
    import tomli_w

    settings = {name: value for name, value in msgspec.structs.asdict(recipe).items() if value is not None}
    config = {
        "created": created.astimezone(UTC).replace(microsecond=0),
        "line": str(recipe),
        "recipe": settings,
        "fingerprint": fingerprint(),
    }
    write_atomically(path / CONFIG, tomli_w.dumps(config).encode())


class Config(msgspec.Struct, frozen=True):
    """What config.toml says."""

    recipe: Recipe
    created: datetime
    fingerprint: dict[str, str]


def read_config(path: Path) -> Config:
    """Read a run's config.toml. Raises DltermError: no input (66), or bad data (65)."""
    try:
        found = tomli.loads((path / CONFIG).read_text(encoding="utf-8"))
        recipe = Recipe.of(**found["recipe"])
        return msgspec.convert({**found, "recipe": recipe}, Config)
    except OSError:
        raise no_run(path) from None
    except (ValueError, KeyError, TypeError, RecursionError, DltermError, msgspec.ValidationError) as error:
        why = error.message if isinstance(error, DltermError) else str(error)
        raise DltermError(
            f"{safe(str(path / CONFIG))}: {safe(why)}",
            hint="restore the file: it is as dlterm train wrote it",
            exit_code=ExitCode.BAD_DATA,
        ) from None


def read_rows(content: bytes) -> list[Row]:
    """The rows of a metrics.jsonl, of which the last may be half written."""
    rows: list[Row] = []
    for line in content.splitlines():
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            break
        if not isinstance(row, dict):
            break
        rows.append(row)
    return rows


def fingerprint() -> dict[str, str]:
    """Return what a run's bits depend on besides its recipe: the processor and the versions."""
    from importlib.metadata import version

    from llvmlite.binding import get_host_cpu_name

    packages = {name: version(name) for name in ("numpy", "numba", "llvmlite")}
    return {"processor": str(get_host_cpu_name()), "dlterm": __version__, **packages}


def find_run(run: Path, root: Path = RUNS) -> Path:
    """The run directory or the file itself, or else the run of that name below the root. Raises DltermError (66)."""
    for place in (run, root / run):
        if os.path.lexists(place):  # Path.exists raises where a name is too long or may not be looked at
            return place
    raise no_run(run)


def no_run(path: Path) -> DltermError:
    """The error for a place where no run is."""
    return DltermError(
        f"{safe(str(path))}: no run is here",
        hint="name a directory that dlterm train has written; dlterm runs lists those below runs/",
        exit_code=ExitCode.NO_INPUT,
    )


def _is_remnant(entry: Path) -> bool:
    """Whether a file is only what a run killed in its first moment leaves."""
    return entry.name == LOCK or entry.match(".*.tmp")


def _cannot_create(path: Path, why: str) -> DltermError:
    return DltermError(
        f"{safe(str(path))}: {why}",
        hint="name another directory with --out, or write nothing with --no-save",
        exit_code=ExitCode.CANNOT_CREATE,
    )
