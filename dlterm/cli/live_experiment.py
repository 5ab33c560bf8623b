"""The picture of an experiment on a terminal while it runs."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Self

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.text import Text

from dlterm.cli.experiment_page import head, pictures
from dlterm.engine.native import heard
from dlterm.experiments.driving import run
from dlterm.text import safe

if TYPE_CHECKING:
    from dlterm.cli.signals import Stop
    from dlterm.experiments.driving import Result
    from dlterm.experiments.experiment import Experiment, Moment

_LEAST_INTERVAL = 0.05  # seconds between two pictures
_SHARE = 0.3  # of the time may go into drawing, of moments that do not linger
_OTHER_LINES = 6  # title, question in two lines, bar, news, and room for the prompt


class LiveExperiment(contextlib.AbstractContextManager["LiveExperiment"]):
    """Runs an experiment and draws its moments, as many as a share of the time allows; gone when it has ended."""

    def __init__(self, experiment: Experiment, stop: Stop) -> None:
        self._experiment, self._stop = experiment, stop
        self._console = Console(highlight=False, markup=False, emoji=False)
        self._live = Live(console=self._console, auto_refresh=False, transient=True)
        self._due = 0.0

    def __enter__(self) -> Self:
        """Begin to draw."""
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Give the terminal back."""
        with contextlib.suppress(OSError):  # the terminal may have gone
            self._live.stop()

    def run(self, seed: int) -> Result | None:
        """Run to the end; None where a signal ended it."""
        with heard(self._compiling):
            return run(self._experiment, seed, self._watch)

    def _watch(self, moment: Moment) -> bool:
        self._stop.gentle = True
        begun = time.perf_counter()
        if begun >= self._due or moment.linger:
            self._draw(moment)
            took = time.perf_counter() - begun
            self._due = begun + took + max(_LEAST_INTERVAL, took / _SHARE)
            time.sleep(max(0.0, moment.linger - took))
        return not self._stop.requested

    def _draw(self, moment: Moment) -> None:
        bar = ProgressBar(completed=100 * moment.progress, width=min(60, self._console.width))
        views = pictures(moment.views, self._console, self._console.height - _OTHER_LINES)
        news = Text(safe(moment.news), style="dim")
        self._live.update(Group(head(self._experiment), views, bar, news), refresh=True)

    def _compiling(self, done: int, total: int, what: str) -> None:
        line = f"compiling kernel {min(done + 1, total)} of {total}, this once: {what}"
        self._live.update(Group(head(self._experiment), Text(line, style="dim")), refresh=True)
