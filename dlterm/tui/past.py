"""What the lab says of the past of a run: where on it the moment shown is, and what was undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from dlterm.tui import describe
from dlterm.tui.settings import changes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dlterm.training.snapshot import Snapshot

HINT = "past: play goes on from here as a branch"


@dataclass(frozen=True, slots=True)
class Where:
    """A place on a line of training: `share` of its way from the earliest moment (0) to the newest (1)."""

    share: float
    words: str
    branch: str  # "" where there is only one
    undoable: bool
    redoable: bool
    on_its_way: bool = False  # what is shown is not there yet


def where(snapshot: Snapshot, aim: int | None = None) -> Where:
    """Where a snapshot is; `aim` is the step that the reader has asked for since."""
    at = aim if aim is not None else snapshot.goal if snapshot.goal is not None else snapshot.at
    reach = snapshot.latest - snapshot.earliest
    share = (at - snapshot.earliest) / reach if reach > 0 else 1.0
    words = f"epoch {snapshot.epoch:,} of {_last_epoch(snapshot):,}" if snapshot.is_past else ""
    branch = snapshot.branch if snapshot.other_curves else ""
    return Where(
        min(max(share, 0.0), 1.0),
        words,
        branch,
        snapshot.undoable > 0,
        snapshot.redoable > 0,
        at != snapshot.at,
    )


def status(snapshot: Snapshot | None, otherwise: str) -> str:
    """What the title says of a moment in the past; else what it says anyway."""
    if snapshot is None or not snapshot.is_past or snapshot.status != "paused":
        return otherwise
    return "◌ past" if snapshot.goal is not None else "‖ past"


def progress(snapshot: Snapshot | None) -> list[str]:
    """How far training is, as the title says it; in the past, what playing does there."""
    told = describe.progress(snapshot)
    return [*told[:1], HINT] if snapshot is not None and snapshot.is_past else told


def difference(before: Snapshot, after: Snapshot) -> str:
    """What another recipe or another surgery has changed: `learning rate 0.01 → 0.005`."""
    found = changes(before.recipe, after.recipe)
    if found:
        return ", ".join(found[:3]) + (" …" if len(found) > 3 else "")
    if before.recipe != after.recipe:
        return _fields(before, after)
    old, new = before.marks, after.marks
    if old and new and not _same(old.knocked_out, new.knocked_out):
        return "knocking out"
    if (
        old
        and new
        and not _same(old.frozen_weights + old.frozen_biases, new.frozen_weights + new.frozen_biases)
    ):
        return "freezing"
    return "a weight" if before.branch == after.branch else "beginning anew"


def _fields(before: Snapshot, after: Snapshot) -> str:
    """The names of the recipe's fields that differ, of those that no setting shows."""
    fields = msgspec.structs.fields(before.recipe)
    return ", ".join(
        field.name
        for field in fields
        if getattr(before.recipe, field.name) != getattr(after.recipe, field.name)
    )


def _same(some: tuple[NDArray[np.bool_], ...], others: tuple[NDArray[np.bool_], ...]) -> bool:
    pairs = zip(some, others, strict=False)
    return len(some) == len(others) and all(a.tolist() == b.tolist() for a, b in pairs)


def _last_epoch(snapshot: Snapshot) -> int:
    curves = snapshot.curves
    return max(snapshot.epoch, int(curves.epochs[-1]) if curves is not None and len(curves.epochs) else 0)
