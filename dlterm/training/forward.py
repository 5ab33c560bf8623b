"""Running a network forwards over any number of examples, a batch at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm.engine.memory import Cursor, Fetch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dlterm.engine.graph import Tensor
    from dlterm.engine.memory import Feed
    from dlterm.engine.runtime import AnyMachine


def forward(
    machine: AnyMachine, tape: str, feeds: Sequence[Feed], wanted: Sequence[Tensor], batch: int
) -> list[NDArray[np.float32]]:
    """The wanted tensors' values: [examples, *shape], or [batches, *shape] of what is not batched."""
    examples = len(feeds[0].array)
    steps = -(-examples // batch)
    fetches = [Fetch(t, np.empty((examples if t.batched else steps, *t.shape), np.float32)) for t in wanted]
    if examples:
        machine.run(tape, feeds, Cursor(), steps, batch=batch, fetches=fetches)
    return [fetch.array for fetch in fetches]
