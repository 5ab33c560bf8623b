"""Arrays and a state in one safetensors file, with a SHA-256 over both, so that no damage goes unnoticed.

Nothing is pickled: reading a checkpoint runs no code.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from dlterm.errors import DltermError, ExitCode
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    Arrays = Mapping[str, NDArray[np.generic]]


class CorruptCheckpointError(DltermError):
    """A checkpoint that cannot be read, or whose bytes are not those that were written."""


def read_checkpoint(path: Path) -> tuple[dict[str, NDArray[np.generic]], dict[str, Any]]:
    """Read the arrays and the state of a checkpoint, and check them.

    Raises CorruptCheckpointError (65), or DltermError where there is no such file (66).
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DltermError(
            f"{safe(str(path))}: {error.strerror}",
            hint="name a run directory that dlterm train has written",
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
    if not isinstance(state, dict):
        raise CorruptCheckpointError("not a dlterm checkpoint: its state is no table")
    if not intact:
        raise CorruptCheckpointError(
            "damaged: its checksum does not match", hint="train again, or use a copy"
        )
    return arrays, state


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
