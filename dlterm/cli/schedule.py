"""Which epochs of a run are recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_ROWS = 1000


def recorded_epochs(epochs: int, every: int | None = None) -> Sequence[int]:
    """Return the epochs to record, ascending, the last one always among them.

    Without `every`: all of them up to 1,000; of more, 1,000 evenly spaced ones from the first to the last.
    """
    if every is not None:
        regular = range(every, epochs + 1, every)
        return regular if not epochs or epochs % every == 0 else [*regular, epochs]
    if epochs <= MOST_ROWS:
        return range(1, epochs + 1)
    return [1 + (epochs - 1) * row // (MOST_ROWS - 1) for row in range(MOST_ROWS)]
