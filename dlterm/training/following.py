"""Following a run that another process writes: what has come since one last looked. Nothing of it is written to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from dlterm.training.run_directory import CONFIG, METRICS, read_rows
from dlterm.training.run_info import Status, status_of

if TYPE_CHECKING:
    from pathlib import Path

Seen = Status | Literal["deleted"]


@dataclass(frozen=True, slots=True)
class News:
    """What has come: the rows of metrics.jsonl in their order; `anew` where they take the place of all before."""

    status: Seen
    rows: list[dict[str, Any]]
    anew: bool = False


class Follower:
    """Reads a run directory again and again, and never the same row twice."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read = 0  # bytes of metrics.jsonl, of whole lines
        self._status: Seen | None = None

    def look(self) -> News:
        """What is new. A run that goes on (`--resume`) may have cut rows that were seen: then all are told again."""
        before, self._status = self._status, self._look_at_it()
        goes_on = self._status == "running" and before not in (None, "running")
        try:
            with (self.path / METRICS).open("rb") as file:
                anew = goes_on or file.seek(0, 2) < self._read
                self._read = file.seek(0 if anew else self._read)
                found = file.read()
        except OSError:
            return News(self._status, [])
        whole = found[: found.rfind(b"\n") + 1]
        self._read += len(whole)
        return News(self._status, [row for line in whole.splitlines() for row in read_rows(line)], anew)

    def _look_at_it(self) -> Seen:
        """Its status, looked at before its rows: where it has ended, they are all that there will be."""
        try:
            return status_of(self.path) if (self.path / CONFIG).is_file() else "deleted"
        except OSError:  # who may not look has lost it as well
            return "deleted"
