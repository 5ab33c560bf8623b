"""What can be told of a run from its files, half-written and foreign ones included: nothing here raises for them."""

from __future__ import annotations

import fcntl
import json
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from dlterm.errors import DltermError
from dlterm.training.lock import NAME as LOCK
from dlterm.training.run_directory import CHECKPOINT, CONFIG, METRICS, read_config, read_rows

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from dlterm.training.recipe import Recipe

Status = Literal["running", "interrupted", "finished", "stopped early", "diverged", "unreadable"]
_TAIL = 65_536  # bytes at the end of metrics.jsonl that surely hold its last row
_HEADER_LIMIT = 100_000_000  # as safetensors itself allows


@dataclass(frozen=True)
class RunInfo:
    """A run at a glance; of an unreadable one only the path, and `problem`."""

    path: Path
    status: Status
    recipe: Recipe | None = None
    created: datetime | None = None
    last: dict[str, Any] | None = None  # the last recorded epoch
    fingerprint: dict[str, str] | None = None
    problem: str = ""

    @property
    def epoch(self) -> int:
        """The last recorded epoch; 0 before the first."""
        found = (self.last or {}).get("epoch", 0)
        return int(found) if isinstance(found, (int, float)) and isfinite(found) else 0

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        recipe = None if self.recipe is None else msgspec.structs.asdict(self.recipe)
        return {
            "run": str(self.path),
            "status": self.status,
            "created": None if self.created is None else self.created.isoformat(),
            "line": None if self.recipe is None else str(self.recipe),
            "recipe": recipe,
            "last": self.last,
            "fingerprint": self.fingerprint,
            **({"problem": self.problem} if self.problem else {}),
        }


def find_runs(root: Path) -> list[RunInfo]:
    """The runs directly below a directory, the oldest first; none where there is no such directory."""
    try:
        found = [describe(path) for path in root.iterdir() if (path / CONFIG).is_file()]
    except OSError:
        return []
    return sorted(found, key=lambda run: (run.created is not None and run.created.timestamp(), run.path.name))


def describe(path: Path) -> RunInfo:
    """A run at a glance. Raises DltermError (66) where there is none at all."""
    try:
        config = read_config(path)
    except DltermError as error:
        if not (path / CONFIG).exists():
            raise
        return RunInfo(path, "unreadable", problem=error.message)
    last = last_row(path)
    return RunInfo(path, status_of(path), config.recipe, config.created, last, config.fingerprint)


def last_row(path: Path) -> dict[str, Any] | None:
    """The last recorded epoch of a run, None before the first."""
    try:
        with (path / METRICS).open("rb") as file:
            file.seek(max(0, file.seek(0, 2) - _TAIL))
            lines = file.read().splitlines()
    except OSError:
        return None
    rows = [row for line in lines[-2:] for row in read_rows(line)]
    return rows[-1] if rows else None


def is_in_use(path: Path) -> bool:
    """Whether a process writes this run."""
    try:
        with (path / LOCK).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def status_of(path: Path) -> Status:
    """Whether a run is under way, or how it ended: the lock tells, then its checkpoint."""
    if is_in_use(path):
        return "running"
    ended = _ended(path / CHECKPOINT)
    return ended if ended in ("finished", "stopped early", "diverged") else "interrupted"


def _ended(checkpoint: Path) -> Any:
    """How a run ended, from the head of its checkpoint alone, unchecked."""
    try:
        with checkpoint.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            head = json.loads(file.read(min(length, _HEADER_LIMIT)))
        return json.loads(head["__metadata__"]["dlterm"])["state"]["ended"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
