"""The loss pane: the loss over the epochs."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TYPE_CHECKING

from dlterm.tui import describe
from dlterm.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from dlterm.training.snapshot import Curves, Snapshot

_SECONDS = 0.15  # between two charts


class LossPane(Pane, can_focus=True):
    """Shows the loss curves. A chart takes 10 to 30 ms, so it is drawn on a thread: keys are answered meanwhile."""

    PLACE = "loss"

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self._due = 0.0
        self._drawing = False

    def show(self, snapshot: Snapshot, *, log: bool) -> None:
        """Draw a snapshot's curves, unless the last chart is too young."""
        curves = snapshot.curves
        if curves is None or self._drawing or monotonic() < self._due:
            return
        if self.is_new(snapshot.number, log):
            self._due, self._drawing = monotonic() + _SECONDS, True
            self.tell(describe.quality(snapshot))
            self.run_worker(self._draw(curves, log=log))

    async def _draw(self, curves: Curves, *, log: bool) -> None:
        raster = self.raster
        if raster is None:
            return
        from dlterm.drawing.chart import loss_chart, spans_a_decade

        log = log and spans_a_decade(curves.train_loss)
        raster.frame = await asyncio.to_thread(
            loss_chart, curves, *raster.size, self.picture_theme, log=log, depth=raster.depth
        )
        self._drawing = False
