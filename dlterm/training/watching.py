"""Watching a run of another process: its directory read on a thread, shown as snapshots. Nothing of it is written to.

What a run directory holds is what is shown: curves from metrics.jsonl, line by line as they come; the network and its
boundary from the newest checkpoint, by a learner that is restored from it.
"""

from __future__ import annotations

import contextlib
import math
import queue
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from dlterm.errors import DltermError
from dlterm.training.checkpoint import CorruptCheckpointError, read_checkpoint
from dlterm.training.following import Follower, Seen
from dlterm.training.history import History
from dlterm.training.run_directory import CHECKPOINT, PREVIOUS, read_config
from dlterm.training.session import check_drawable
from dlterm.training.snapshot import Metrics, Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dlterm.training.learner import Learner
    from dlterm.training.portrait import Portraitist
    from dlterm.training.progress import Progress
    from dlterm.training.recipe import Recipe

_LOOK_SECONDS = 0.1  # between two looks at the directory
_RATE_ROWS = 50  # the last rows, over which the rate is measured
_STATUS: dict[Seen, str] = {"running": "running", "diverged": "diverged", "deleted": "failed"}  # else paused
_Count = Annotated[int, msgspec.Meta(ge=0)]


class Row(msgspec.Struct, frozen=True):
    """A line of metrics.jsonl."""

    epoch: _Count
    step: _Count
    train_loss: float | None = None
    test_loss: float | None = None
    train_accuracy: float | None = None
    test_accuracy: float | None = None
    train_rmse: float | None = None
    test_rmse: float | None = None
    seconds: float = 0.0

    @property
    def metrics(self) -> Metrics:
        """What was measured; a loss that was not finite is NaN."""
        loss = math.nan if self.train_loss is None else self.train_loss
        quality = self.train_accuracy, self.test_accuracy, self.train_rmse, self.test_rmse
        return Metrics(loss, self.test_loss, *quality)


@dataclass(frozen=True, slots=True)
class Watched:
    """A moment of a run that is watched.

    `snapshot` has no picture (`field`) before the first checkpoint was read, or where the network has none; its `at` is
    the step of the checkpoint, its `latest` that of the last recorded epoch.
    """

    snapshot: Snapshot
    status: Seen
    epoch: int = 0  # the last recorded one
    seconds: float = 0.0  # of training up to there
    seconds_left: float | None = None  # at this rate; None where that is not known, or it does not run
    saved: float | None = None  # when the checkpoint was written, as time.time() tells it


class Watching:
    """Reads a run directory until closed; every method returns at once."""

    def __init__(
        self,
        path: Path,
        recipe: Recipe,
        publish: Callable[[Watched], None],
        *,
        field_size: tuple[int, int] = (48, 48),
    ) -> None:
        self.path = path
        self._recipe = recipe
        self._publish = publish
        self._field_size = field_size
        self._commands: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="dlterm-watching", daemon=True)
        self._closing = False
        self._resting = False
        self._number = 0
        self._status: Seen = "running"
        self._follower = Follower(path)
        self._history = History()
        self._rows: deque[Row] = deque(maxlen=_RATE_ROWS)
        self._message = ""  # of the picture
        self._damage = ""  # of the curves
        self._learner: Learner | None = None
        self._progress: Progress  # there with the learner
        self._portraitist: Portraitist
        self._portrait: dict[str, Any] = {}
        self._unreadable = False  # there is nothing to restore: the curves alone are shown
        self._seen: tuple[int, int] | None = None  # the checkpoint that was read last, by inode and time
        self._saved: float | None = None

    # --- for any thread -------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Look, and publish what there is, from now on."""
        self._thread.start()

    def look(self, width: int, height: int) -> None:
        """How fine the field of the next snapshots is, in pixels."""
        self._commands.put(lambda: self._look(width, height))

    def inspect(self, on: bool, example: int | None = None) -> None:
        """Look through the lens (`Snapshot.lens`) from now on, and at one example by its number; or no more."""
        self._commands.put(lambda: self._portraitist.inspect(on, example))

    def rest(self, *, resting: bool) -> None:
        """Look no more for as long as nobody does."""
        self._commands.put(lambda: setattr(self, "_resting", resting))

    def close(self, timeout: float = 2.0) -> None:
        """Stop, and wait for the thread, `timeout` seconds at most."""
        self._closing = True
        self._commands.put(lambda: None)
        if self._thread.is_alive():
            self._thread.join(timeout)

    # --- the thread -----------------------------------------------------------------------------------------------

    def _work(self) -> None:
        from dlterm.training.portrait import Portraitist

        self._portraitist = Portraitist(self._field_size)
        changed = True
        while not self._closing:
            if self._look_again() or changed:
                self._emit()
            changed = self._carry_out_commands()

    def _carry_out_commands(self) -> bool:
        """Wait for the next look; whether what is shown is to be drawn anew."""
        due, changed = time.monotonic() + _LOOK_SECONDS, False
        while not self._closing:
            left = due - time.monotonic()
            try:
                command = self._commands.get(timeout=None if self._resting else max(0.0, left))
            except queue.Empty:
                break
            command()
            changed = True
        if changed and not self._closing:
            self._draw()
        return changed

    def _look_again(self) -> bool:
        """Read what is new; whether anything is."""
        news = self._follower.look()
        other = news.status != self._status
        self._status = news.status
        if news.anew:
            self._begin_again()
        for row in news.rows:
            self._add(row)
        loaded = self._learner is None and not self._unreadable and news.status != "deleted"
        if loaded:
            self._message = self._message or "reading its data"
            self._emit()  # the curves, before what takes long
            self._load()
        return self._restore() or other or loaded or bool(news.rows)

    def _begin_again(self) -> None:
        """A run that goes on may have other settings than before, and fewer rows."""
        self._history = History()
        self._rows.clear()
        with contextlib.suppress(DltermError):
            self._recipe = read_config(self.path).recipe

    def _add(self, values: dict[str, Any]) -> None:
        try:
            row = msgspec.convert(values, Row)
        except msgspec.ValidationError:
            self._damage = "a line of metrics.jsonl is damaged, and left out"
            return
        self._rows.append(row)
        self._history.add(row.epoch, row.metrics)

    def _load(self) -> None:
        from dlterm.training.learner import Learner
        from dlterm.training.progress import Progress

        try:
            check_drawable(self._recipe)
            self._learner = Learner(self._recipe, progress=self._compiling)
            self._progress = Progress.of(self._learner)
            self._message = ""
        except DltermError as error:
            self._message, self._unreadable = f"only the curves can be shown: {error.message}", True

    def _restore(self) -> bool:
        """Go to the newest checkpoint, if it is another than the last; whether it is."""
        if self._learner is None:
            return False
        path = self.path / CHECKPOINT
        try:
            status = path.stat()
        except OSError:
            if not self._portrait and self._status != "deleted":
                self._message = "no checkpoint yet: these are the first weights"
                self._draw()
            return False
        seen = status.st_ino, status.st_mtime_ns
        if seen == self._seen:
            return False
        self._seen, self._saved = seen, status.st_mtime
        try:
            self._progress.restore(self._learner, self._read())
            self._message = ""
        except DltermError as error:
            self._message = error.message
        self._draw()
        return True

    def _read(self) -> Any:
        """The newest checkpoint that is whole."""
        try:
            return read_checkpoint(self.path / CHECKPOINT)
        except CorruptCheckpointError:
            if not (self.path / PREVIOUS).exists():
                raise
            return read_checkpoint(self.path / PREVIOUS)

    def _look(self, width: int, height: int) -> None:
        self._portraitist.size = (max(1, width), max(1, height))

    def _draw(self) -> None:
        if self._learner is not None:
            self._portrait = self._portraitist.portray(self._learner, self._learner.step, moving=False)

    def _compiling(self, done: int, total: int, what: str) -> None:
        self._message = f"compiling kernel {min(done + 1, total)} of {total} (first time only) {what}"
        self._emit()

    def _emit(self) -> None:
        self._number += 1
        last = self._rows[-1] if self._rows else None
        rate, left = self._pace()
        status = _STATUS.get(self._status, "paused")
        snapshot = Snapshot(
            self._number,
            self._recipe,
            status,
            "; ".join(filter(None, (self._message, self._damage))),
            **self._portrait,
            **self._moment(),
            metrics=last.metrics if last else None,
            curves=self._history.curves(),
            examples_per_second=rate if status == "running" else 0.0,
        )
        seconds = last.seconds if last else 0.0
        self._publish(Watched(snapshot, self._status, last.epoch if last else 0, seconds, left, self._saved))

    def _moment(self) -> dict[str, Any]:
        """Where the checkpoint is on the curves."""
        learner, last = self._learner, self._rows[-1] if self._rows else None
        if learner is None:
            return {} if last is None else {"epoch": last.epoch, "at": last.step, "latest": last.step}
        at = learner.step
        return {
            "at": at,
            "latest": max(at, last.step if last else 0),
            "epochs": learner.examples_seen / learner.examples,
        }

    def _pace(self) -> tuple[float, float | None]:
        """Examples a second of training, and how many seconds it has still to go at that."""
        if self._status != "running" or len(self._rows) < 2:
            return 0.0, None
        first, last = self._rows[0], self._rows[-1]
        epochs, seconds = last.epoch - first.epoch, last.seconds - first.seconds
        if epochs <= 0 or seconds <= 0:
            return 0.0, None
        rate = self._learner.examples * epochs / seconds if self._learner else 0.0
        return rate, max(0.0, (self._recipe.epochs - last.epoch) * seconds / epochs)
