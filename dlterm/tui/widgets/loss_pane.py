"""The loss pane: the loss over the epochs."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from dlterm.tui import describe
from dlterm.tui.widgets.pane import Pane

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dlterm.training.snapshot import Snapshot

_SECONDS = 0.15  # between two charts: one takes about 10 ms, in which no key is answered


class LossPane(Pane):
    """Shows the loss curves."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self._drawn_at = 0.0

    def show(self, snapshot: Snapshot, *, log: bool) -> None:
        """Draw a snapshot's curves, unless the last chart is too young."""
        raster, curves = self.raster, snapshot.curves
        if raster is None or curves is None or monotonic() - self._drawn_at < _SECONDS:
            return
        if not self.is_new(snapshot.number, log):
            return
        from dlterm.drawing.chart import loss_chart

        log = log and _spans_a_decade(curves.train_loss)
        raster.frame = loss_chart(curves, *raster.size, self.picture_theme, log=log, depth=raster.depth)
        self.tell(describe.quality(snapshot))
        self._drawn_at = monotonic()


def _spans_a_decade(losses: NDArray[np.float64]) -> bool:
    """Whether the loss has fallen far enough for a logarithmic axis to help."""
    positive = losses[losses > 0]
    return len(positive) > 0 and bool(positive.max() > 10 * positive.min())
