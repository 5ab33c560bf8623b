"""What a headless run shows: JSON lines, a live picture, or only the report at its end."""

from __future__ import annotations

import contextlib
import json
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from dlterm.training.learner import Learner
    from dlterm.training.rows import Row


class Display(contextlib.AbstractContextManager["Display"]):
    """Hears of everything and shows nothing."""

    def show(self, row: Row) -> None:
        """Take a recorded epoch."""

    def tick(self, rows: list[Row], examples_per_second: float) -> None:
        """Take the state of things, some hundred times a second."""

    def finish(self, rows: list[Row], summary: Row) -> None:
        """Take the summary; nothing comes after it."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the terminal back."""


class JsonLines(Display):
    """One JSON object a recorded epoch on stdout, and the summary as the last."""

    def show(self, row: Row) -> None:
        """Print the row."""
        click.echo(json.dumps(row))

    def finish(self, _rows: list[Row], summary: Row) -> None:
        """Print the summary."""
        click.echo(json.dumps(summary))


def display_for(learner: Learner, *, as_json: bool, quiet: bool, record: Path | None = None) -> Display:
    """Return JSON lines where asked for or where stdout is no terminal; else a picture, live unless quiet.

    With `record`, a file that is new, it is recorded as well. Raises DltermError (73).
    """
    shown = _shown(learner, as_json=as_json, quiet=quiet)
    if record is None:
        return shown
    from dlterm.cli.recording import RecordedDisplay

    return RecordedDisplay(shown, learner, record)


def _shown(learner: Learner, *, as_json: bool, quiet: bool) -> Display:
    if as_json or sys.stdout is None or not sys.stdout.isatty():
        return JsonLines()
    from dlterm.cli.live import LiveDisplay, ReportDisplay

    return ReportDisplay(learner) if quiet else LiveDisplay(learner)
