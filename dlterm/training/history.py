"""What a run was like: the metrics at recorded epochs, evenly thinned, so that any run fits in a thousand rows."""

from __future__ import annotations

import numpy as np

from dlterm.training.snapshot import Curves, Metrics

LIMIT = 1000


class History:
    """Metrics by epoch. Beyond `LIMIT` rows every second one is dropped; the first and the newest always stay."""

    def __init__(self) -> None:
        self._rows: list[tuple[float, ...]] = []

    def add(self, epoch: float, metrics: Metrics) -> None:
        """Record an epoch (a fraction while one is under way); the same epoch again replaces its row."""
        quality = (metrics.train_accuracy, metrics.test_accuracy)
        if metrics.train_rmse is not None:
            quality = (metrics.train_rmse, metrics.test_rmse)
        values = (metrics.train_loss, metrics.test_loss, *quality)
        row = (epoch, *(np.nan if value is None else value for value in values))
        if self._rows and self._rows[-1][0] == epoch:
            self._rows.pop()
        self._rows.append(row)
        if len(self._rows) > LIMIT:
            self._rows = [*self._rows[:-1:2], self._rows[-1]]

    def curves(self) -> Curves:
        """The rows as arrays of their own."""
        columns = np.array(self._rows, np.float64).reshape(-1, 5).T.copy()
        return Curves(*columns)
