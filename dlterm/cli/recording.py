"""`dlterm train --record FILE`: the live picture of a run as an asciicast, whatever is shown meanwhile."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Self

from rich.console import Console

from dlterm.atomic import creating
from dlterm.cli.displays import Display
from dlterm.cli.live import LiveDisplay
from dlterm.drawing.asciicast import Asciicast

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from dlterm.training.learner import Learner
    from dlterm.training.rows import Row

_SIZE = 100, 30
_LONGEST_PAUSE = 3.0  # seconds that a player waits


class _Tape(io.TextIOBase):
    """A recording as a file that a console writes to."""

    def __init__(self, cast: Asciicast) -> None:
        self._cast = cast

    def write(self, text: str) -> int:
        self._cast.output(text.replace("\n", "\r\n"))  # there is no terminal driver that would do it
        return len(text)

    def writable(self) -> bool:
        return True


class RecordedDisplay(Display):
    """Another display, and beside it the live picture in a recording."""

    def __init__(self, shown: Display, learner: Learner, path: Path) -> None:
        """Begin a new file. Raises DltermError (73) where that cannot be."""
        with creating(path, "name a new file with --record"):
            self._cast = Asciicast(path, *_SIZE, title=str(learner.recipe), idle_limit=_LONGEST_PAUSE)
        width, height = _SIZE
        tape: Any = _Tape(self._cast)
        console = Console(
            file=tape,
            width=width,
            height=height,
            force_terminal=True,
            color_system="truecolor",
            no_color=False,
            legacy_windows=False,
            highlight=False,
            _environ={},
        )
        self._shown, self._recorded = shown, LiveDisplay(learner, console)

    def __enter__(self) -> Self:
        """Begin both."""
        self._shown.__enter__()
        self._recorded.__enter__()
        return self

    def show(self, row: Row) -> None:
        """Take a recorded epoch."""
        self._shown.show(row)

    def tick(self, rows: list[Row], examples_per_second: float) -> None:
        """Take the state of things."""
        self._shown.tick(rows, examples_per_second)
        self._recorded.tick(rows, examples_per_second)

    def finish(self, rows: list[Row], summary: Row) -> None:
        """Take the summary; the recording ends with the report."""
        self._recorded.finish(rows, summary)
        self._cast.close()
        self._shown.finish(rows, summary)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the terminal back; what is recorded until now is whole."""
        self._shown.__exit__(kind, error, trace)
        self._cast.close()
