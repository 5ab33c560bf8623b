"""How far a run has come, beside what its learner holds; and both as one checkpoint, to go on from to the bit."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec

from dlterm.errors import DltermError, ExitCode
from dlterm.training.early_stopping import EarlyStopping
from dlterm.training.learner import State

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dlterm.data.dataset import Dataset
    from dlterm.training.learner import Learner

    Checkpoint = tuple[dict[str, NDArray[np.generic]], dict[str, Any]]

VERSION = 1  # of the checkpoint's state
_BEST = "best/"  # before the names of the arrays that early stopping keeps

Ended = Literal["", "finished", "stopped early", "diverged"]
_Count = Annotated[int, msgspec.Meta(ge=0)]


@dataclass
class Progress:
    """What a run has recorded and how it ended; empty while it goes on."""

    stopping: EarlyStopping
    rows: int = 0  # recorded epochs
    visited: int = 0  # the last epoch that was evaluated
    seconds: float = 0.0  # of training
    ended: Ended = ""
    data: str = ""  # a digest of the examples

    @classmethod
    def of(cls, learner: Learner) -> Progress:
        """The progress of a run that begins."""
        return cls(EarlyStopping(learner.recipe.early_stop), data=digest(learner.dataset))

    def checkpoint(self, learner: Learner) -> Checkpoint:
        """All that going on takes: the learner's state and this, as arrays and JSON values."""
        state, best = learner.state(), self.stopping.best
        arrays: dict[str, Any] = dict(state.arrays)
        if best is not None:
            arrays |= {_BEST + name: array for name, array in best.arrays.items()}
        return arrays, {
            "version": VERSION,
            "recipe": msgspec.structs.asdict(learner.recipe),
            "counters": state.counters,
            "rows": self.rows,
            "visited": self.visited,
            "seconds": round(self.seconds, 6),
            "ended": self.ended,
            "data": self.data,
            "best": None
            if best is None
            else {
                "epoch": self.stopping.best_epoch,
                "loss": self.stopping.best_loss,
                "counters": best.counters,
            },
        }

    def restore(self, learner: Learner, checkpoint: Checkpoint) -> None:
        """Bring the learner, which must be of the run's recipe and data, and this to where the checkpoint was made.

        Raises DltermError: bad data (65) where it is of other data or another network, configuration (78) where a
        newer dlterm wrote it.
        """
        arrays, state = checkpoint
        _check_version(state)
        try:
            saved = msgspec.convert(state, _Saved)
            if saved.data != self.data:
                raise _unfit("the data are not those that it began with", "restore them, or train a new run")
            best = {
                name.removeprefix(_BEST): array for name, array in arrays.items() if name.startswith(_BEST)
            }
            learner.restore(_state(arrays, saved.counters, learner))
            self.rows, self.visited, self.seconds = saved.rows, saved.visited, saved.seconds
            self.ended = saved.ended
            if saved.best is not None:
                self.stopping.best_epoch, self.stopping.best_loss = saved.best.epoch, saved.best.loss
                self.stopping.best = _state(best, saved.best.counters, learner)
        except (msgspec.ValidationError, ValueError) as error:
            raise _unfit(f"its checkpoint does not fit ({error})", "train a new run") from None
        if not learner.machine.memory.is_finite():
            raise _unfit("its checkpoint holds numbers that are not finite", "train a new run")


class _Counters(msgspec.Struct):
    step: _Count
    epoch: _Count
    position: _Count


class _Best(msgspec.Struct):
    epoch: _Count
    loss: float
    counters: _Counters


class _Saved(msgspec.Struct):
    counters: _Counters
    rows: _Count
    visited: _Count
    seconds: float
    ended: Ended
    data: str
    best: _Best | None = None


def digest(dataset: Dataset) -> str:
    """SHA-256 of the examples: what a run must find again to go on."""
    found = hashlib.sha256()
    for array in (dataset.inputs, dataset.targets):
        found.update(f"{array.dtype.str}{array.shape}".encode())
        found.update(array.tobytes())
    found.update("\0".join((*dataset.features, *dataset.classes)).encode())
    return found.hexdigest()


def _state(arrays: dict[str, NDArray[np.generic]], counters: _Counters, learner: Learner) -> State:
    """The arrays and counters as a learner's state. Raises ValueError for a place that the data do not have."""
    if counters.position >= learner.examples:
        raise ValueError(f"example {counters.position:,} of {learner.examples:,}")
    return State(arrays, msgspec.structs.asdict(counters))


def _check_version(state: dict[str, Any]) -> None:
    version = state.get("version")
    if not isinstance(version, int) or version > VERSION:
        raise DltermError(
            f"the run's checkpoint has version {version}; this dlterm knows {VERSION}",
            hint="use the dlterm that wrote it, or a newer one",
            exit_code=ExitCode.CONFIGURATION,
        )


def _unfit(why: str, hint: str) -> DltermError:
    return DltermError(f"the run cannot go on: {why}", hint=hint, exit_code=ExitCode.BAD_DATA)
