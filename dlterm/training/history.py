"""What a run was like: the metrics at recorded epochs, in bounded memory, exact at every peak."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm.training.snapshot import Curves, Metrics

if TYPE_CHECKING:
    from numpy.typing import NDArray

LIMIT = 2000
_COLUMNS = 5
_FIRST_STRETCH = 17  # records: 8 rows at most stay of each, the first time about half of the limit


class History:
    """Metrics by epoch, at most `LIMIT` rows of them.

    All are kept until there are too many. Then the run is cut into stretches of so many records each, and of each those
    stay at which a loss or a quality was its smallest or its largest: at most eight, as they were measured. So a curve
    has its true peaks, however long the run. The first and the newest always stay.
    """

    def __init__(self) -> None:
        self._rows = np.empty((LIMIT + 1, _COLUMNS))
        self._numbers = np.empty(LIMIT + 1, np.int64)  # of each row, which record it was
        self._size = 0
        self._next = 0
        self._stretch = _FIRST_STRETCH

    def add(self, epoch: float, metrics: Metrics) -> None:
        """Record an epoch (a fraction while one is under way); the same epoch again replaces its row."""
        quality = (metrics.train_accuracy, metrics.test_accuracy)
        if metrics.train_rmse is not None:
            quality = (metrics.train_rmse, metrics.test_rmse)
        values = (metrics.train_loss, metrics.test_loss, *quality)
        if self._size and self._rows[self._size - 1, 0] == epoch:
            self._size -= 1
        self._rows[self._size] = (epoch, *(np.nan if value is None else value for value in values))
        self._numbers[self._size] = self._next
        self._size += 1
        self._next += 1
        if self._size > LIMIT:
            self._thin()

    def curves(self) -> Curves:
        """The rows as arrays of their own."""
        return Curves(*self._rows[: self._size].T.copy())

    def until(self, epoch: float) -> History:
        """A history of its own, of what was recorded up to an epoch."""
        other = History()
        other._size = int(np.searchsorted(self._rows[: self._size, 0], epoch, "right"))
        other._rows[: other._size] = self._rows[: other._size]
        other._numbers[: other._size] = self._numbers[: other._size]
        other._next, other._stretch = self._next, self._stretch
        return other

    @property
    def nbytes(self) -> int:
        """The bytes it takes, however long the run."""
        return self._rows.nbytes + self._numbers.nbytes

    def _thin(self) -> None:
        """Down to half of the limit, in the shortest stretches that do."""
        while True:
            kept = _peaks(self._rows[: self._size], self._numbers[: self._size] // self._stretch)
            if len(kept) <= LIMIT // 2:
                break
            self._stretch *= 2
        self._rows[: len(kept)], self._numbers[: len(kept)] = self._rows[kept], self._numbers[kept]
        self._size = len(kept)


def _peaks(rows: NDArray[np.float64], stretches: NDArray[np.int64]) -> NDArray[np.int64]:
    """The places of the smallest and the largest of each column in each stretch; of the first row and the last."""
    starts = np.flatnonzero(np.diff(stretches, prepend=-1))
    lengths = np.diff(starts, append=len(rows))
    kept = [np.array([0, len(rows) - 1])]
    for column in rows[:, 1:].T:
        for extreme in (np.fmin, np.fmax):  # they pass NaN over
            at = np.flatnonzero(column == np.repeat(extreme.reduceat(column, starts), lengths))
            kept.append(at[np.unique(stretches[at], return_index=True)[1]])
    return np.unique(np.concatenate(kept))
