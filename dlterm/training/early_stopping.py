"""Early stopping: training ends when the held-out loss has not become better for a number of epochs.

Prechelt, "Early Stopping - But When?", in: Neural Networks: Tricks of the Trade, Springer 1998,
doi:10.1007/3-540-49430-8_3. The state at the best epoch is kept, to be gone back to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from dlterm.training.learner import State


@dataclass
class EarlyStopping:
    """Watches a loss; `patience` is the number of epochs it may go without a new best, 0 for any."""

    patience: int
    best_epoch: int = 0
    best_loss: float = float("inf")
    best: State | None = None

    def update(self, epoch: int, loss: float | None, state: Callable[[], State]) -> bool:
        """Note an epoch's held-out loss (None where nothing is held out); whether to stop now.

        `state()` is asked for where it is the best.
        """
        if not self.patience or loss is None:
            return False
        if loss < self.best_loss:
            self.best_epoch, self.best_loss, self.best = epoch, loss, state()
        return epoch - self.best_epoch >= self.patience
