"""What a command tells the reader beside its data: on stderr, never on stdout."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator

import click

from dlterm.text import safe

Say = Callable[[str], None]
Progress = Callable[[int, int, str], None]  # done, in all, what comes next


def narrator(*, quiet: bool) -> Say:
    """Return the function that says one line on stderr, or nothing where the reader wants quiet."""
    return (lambda _: None) if quiet else _say


def _say(line: str) -> None:
    with contextlib.suppress(OSError):  # the terminal may have gone, and what is said is no result
        click.echo(safe(line), err=True)


@contextlib.contextmanager
def compiling(say: Say, *, quiet: bool) -> Iterator[Progress]:
    """Show how far the compilation of kernels is: a bar on a terminal, one line elsewhere."""
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        yield _one_line(say)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("compiling, this once:"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.description}"),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, visible=False)
        yield lambda done, total, what: bar.update(
            task, completed=done, total=total, description=what, visible=True, refresh=True
        )


def _one_line(say: Say) -> Progress:
    told: list[int] = []

    def progress(_done: int, total: int, _what: str) -> None:
        if not told:
            told.append(total)
            say(f"compiling {total} kernels, this once")

    return progress
