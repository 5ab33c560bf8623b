"""The run directory: what a training run leaves behind, written so that a crash never leaves half a file.

    config.toml             the recipe, when and with what it ran
    metrics.jsonl           one object a recorded epoch
    checkpoint.safetensors  all that training needs to go on: parameters, optimiser state, counters
    model.safetensors       the weights and biases alone, for other programs
    report.txt, report.svg  the summary, the curves and the decision boundary, to read

A file is written under a temporary name beside it, forced to the disk, then renamed over the old one;
metrics.jsonl grows line by line, so that it can be followed. Nothing is pickled: reading a run runs no code.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

import msgspec

from dlterm import __version__
from dlterm.errors import DltermError, ExitCode
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from dlterm.training.recipe import Recipe

    Arrays = Mapping[str, NDArray[np.generic]]


class CorruptCheckpointError(DltermError):
    """A checkpoint that cannot be read, or whose bytes are not those that were written."""


class RunDirectory:
    """An open run: `path`, and a method for every file in it. Use as a context manager."""

    def __init__(self, path: Path) -> None:
        """Create the directory, and those above it.

        Raises DltermError: cannot create (73) where that fails, or where there are files in it already.
        """
        try:
            path.mkdir(parents=True, exist_ok=True)
            occupied = any(path.iterdir())
            if not occupied:
                self._metrics = (path / "metrics.jsonl").open("xb", buffering=0)
        except OSError as error:
            raise _cannot_create(path, error.strerror or str(error)) from None
        if occupied:
            raise _cannot_create(path, "the directory is not empty")
        self.path = path

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._metrics.close()

    def write_config(self, recipe: Recipe, *, created: datetime) -> None:
        """Write config.toml: the recipe, its one-line form, the time (UTC), and the fingerprint."""
        import tomli_w

        settings = {
            name: value for name, value in msgspec.structs.asdict(recipe).items() if value is not None
        }
        config = {
            "created": created.astimezone(UTC).replace(microsecond=0),
            "line": str(recipe),
            "recipe": settings,
            "fingerprint": fingerprint(),
        }
        write_atomically(self.path / "config.toml", tomli_w.dumps(config).encode())

    def add_metrics(self, row: Mapping[str, Any]) -> None:
        """Append a recorded epoch to metrics.jsonl; the row holds no NaN and no infinity."""
        with _named(self.path / "metrics.jsonl"):
            self._metrics.write(json.dumps(row, allow_nan=False).encode() + b"\n")

    def write_checkpoint(self, arrays: Arrays, state: Mapping[str, Any]) -> None:
        """Write checkpoint.safetensors, to be read by `read_checkpoint`."""
        write_atomically(self.path / "checkpoint.safetensors", pack(arrays, state))

    def write_model(self, weights: Arrays, about: Mapping[str, Any]) -> None:
        """Write model.safetensors: the weights by name, and what they are."""
        write_atomically(self.path / "model.safetensors", pack(weights, about))

    def write_report(self, text: str, svg: str) -> None:
        """Write report.txt and report.svg."""
        write_atomically(self.path / "report.txt", text.encode())
        write_atomically(self.path / "report.svg", svg.encode())


def fingerprint() -> dict[str, str]:
    """Return what a run's bits depend on besides its recipe: the processor and the versions."""
    from importlib.metadata import version

    from llvmlite.binding import get_host_cpu_name

    packages = {name: version(name) for name in ("numpy", "numba", "llvmlite")}
    return {"processor": str(get_host_cpu_name()), "dlterm": __version__, **packages}


def read_checkpoint(path: Path) -> tuple[dict[str, NDArray[np.generic]], dict[str, Any]]:
    """Read the arrays and the state of a checkpoint, and check them.

    Raises CorruptCheckpointError (65), or DltermError where there is no such file (66).
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DltermError(
            f"{safe(str(path))}: {error.strerror}",
            hint="name a run's checkpoint",
            exit_code=ExitCode.NO_INPUT,
        ) from None
    try:
        return unpack(content)
    except CorruptCheckpointError as error:
        raise CorruptCheckpointError(f"{safe(str(path))}: {error.message}", hint=error.hint) from None


def pack(arrays: Arrays, state: Mapping[str, Any]) -> bytes:
    """Return the safetensors file of the arrays and the state (JSON values), with a checksum over both.

    The format has no checksum of its own, and its order of metadata keys varies: so there is one key.
    """
    from safetensors.numpy import save

    plain = {name: _plain(array) for name, array in arrays.items()}
    kept = json.loads(_canonical(state))  # as the reader will see it: no tuples, no numbers as keys
    envelope = {"state": kept, "sha256": _checksum(plain, kept)}
    return bytes(save(plain, metadata={"dlterm": _canonical(envelope)}))


def unpack(content: bytes) -> tuple[dict[str, NDArray[np.generic]], dict[str, Any]]:
    """Return the arrays and the state that `pack` was given. Raises CorruptCheckpointError."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        arrays = load(content)
        envelope = json.loads(_metadata(content)["dlterm"])
        state, expected = envelope["state"], envelope["sha256"]
        intact = _checksum(arrays, state) == expected
    except (SafetensorError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CorruptCheckpointError(f"not a dlterm checkpoint, or damaged ({safe(str(error))})") from None
    if not intact:
        raise CorruptCheckpointError(
            "damaged: its checksum does not match", hint="train again, or use a copy"
        )
    return arrays, state


def write_atomically(path: Path, content: bytes) -> None:
    """Put a file in place; at every instant, even after a power cut, its old or its new content is there.

    Raises DltermError (74) where the disk is full or fails.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with _named(path):
        try:
            with temporary.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
        _sync_directory(path.parent)


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _plain(value: NDArray[np.generic]) -> NDArray[np.generic]:
    """The array in C order and little-endian; safetensors writes any other order wrongly, without a word."""
    import numpy as np

    array = np.asarray(value)
    if array.ndim:  # ascontiguousarray would give a 0-dimensional one an axis
        array = np.ascontiguousarray(array)
    return array.astype(array.dtype.newbyteorder("<"), copy=False)


def _checksum(arrays: Arrays, state: Any) -> str:
    digest = hashlib.sha256(_canonical(state).encode())
    for name, array in sorted(arrays.items()):
        digest.update(f"\0{name}\0{array.dtype.str}\0{array.shape}\0".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _metadata(content: bytes) -> dict[str, str]:
    """The metadata of a safetensors file: a length in 8 bytes, then JSON, both checked by `load`."""
    length = int.from_bytes(content[:8], "little")
    found: dict[str, str] = json.loads(content[8 : 8 + length])["__metadata__"]
    return found


def _cannot_create(path: Path, why: str) -> DltermError:
    return DltermError(
        f"{safe(str(path))}: {why}",
        hint="name another directory with --out, or write nothing with --no-save",
        exit_code=ExitCode.CANNOT_CREATE,
    )


@contextlib.contextmanager
def _named(path: Path) -> Any:
    """Turn an operating system's error into one that names the file and what to do (74)."""
    try:
        yield
    except OSError as error:
        raise DltermError(
            f"{safe(str(path))}: {error.strerror or error}",
            hint="make room or check the disk, then train again",
            exit_code=ExitCode.INPUT_OUTPUT,
        ) from None
