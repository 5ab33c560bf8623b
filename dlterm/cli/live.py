"""The picture of a headless run on a terminal: progress, loss curves, decision boundary."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Self

from rich.console import Console, Group
from rich.live import Live
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from dlterm.cli.displays import Display
from dlterm.drawing.report import pictures, report

if TYPE_CHECKING:
    from types import TracebackType

    from dlterm.training.learner import Learner
    from dlterm.training.rows import Row

_LEAST_INTERVAL = 0.1  # seconds: at most 10 pictures a second
_SHARE = 0.08  # of the time may go into drawing
_OTHER_LINES = 4  # the progress bar, and room for the prompt


class ReportDisplay(Display):
    """Nothing while it trains, the report when it has."""

    def __init__(self, learner: Learner, console: Console | None = None) -> None:
        self._learner = learner
        self._console = console or Console(highlight=False)

    def finish(self, rows: list[Row], summary: Row) -> None:
        """Print the report, where it stays."""
        self._console.print(report(self._learner, rows, summary, self._console))


class LiveDisplay(ReportDisplay):
    """A picture that is redrawn while it trains, as often as a small share of the time allows."""

    def __init__(self, learner: Learner, console: Console | None = None) -> None:
        super().__init__(learner, console)
        self._bar = Progress(
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("epoch {task.fields[epoch]:,} of {task.fields[epochs]:,}"),
            TextColumn("{task.fields[rate]:,.0f} examples/s"),
            TimeRemainingColumn(),
            console=self._console,
        )
        epochs = learner.recipe.epochs
        steps = epochs * learner.steps_per_epoch
        self._task = self._bar.add_task("", total=steps, epoch=0, epochs=epochs, rate=0.0)
        self._live = Live(console=self._console, auto_refresh=False, transient=True)
        self._due = 0.0

    def __enter__(self) -> Self:
        """Draw the first picture, which takes long: its libraries are imported for it."""
        self._live.start()
        self._draw([], 0.0)
        return self

    def tick(self, rows: list[Row], examples_per_second: float) -> None:
        """Redraw, if the last picture is long enough ago for what it cost."""
        begun = time.perf_counter()
        if begun < self._due:
            return
        self._draw(rows, examples_per_second)
        ended = time.perf_counter()
        self._due = ended + max(_LEAST_INTERVAL, (ended - begun) / _SHARE)

    def finish(self, rows: list[Row], summary: Row) -> None:
        """Put the report in the live picture's place."""
        self._live.stop()
        super().finish(rows, summary)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Show the cursor again."""
        with contextlib.suppress(OSError):  # the terminal may have gone
            self._live.stop()

    def _draw(self, rows: list[Row], rate: float) -> None:
        learner = self._learner
        self._bar.update(self._task, completed=learner.step, epoch=learner.epoch, rate=rate)
        height = self._console.height - _OTHER_LINES
        self._live.update(Group(self._bar, pictures(learner, rows, self._console, height)), refresh=True)
