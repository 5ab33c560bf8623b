"""`dlterm watch [RUN]`: a run of another process, on a screen or as lines."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dlterm.cli.catalogue import COMMANDS, examples
from dlterm.cli.options import in_option, json_option, no_color_option
from dlterm.cli.screens import is_terminal, open_app
from dlterm.errors import DltermError, ExitCode
from dlterm.text import safe
from dlterm.tui.opening import Opening

if TYPE_CHECKING:
    from collections.abc import Callable

    from dlterm.training.following import Seen
    from dlterm.training.run_info import RunInfo

_LOOK_SECONDS = 0.1


@click.command(epilog=examples(*COMMANDS["watch"].examples))
@click.argument("run", required=False, type=click.Path(path_type=Path))
@in_option("Where the newest run is looked for, and a run by its name.")
@json_option
@no_color_option
def command(run: Path | None, root: Path, as_json: bool) -> int:
    """Watch RUN, a run directory or its name below runs/, while it trains and after; without RUN, the newest.

    On a terminal it opens a screen. Elsewhere, or with --json, it prints a line for every recorded epoch as it comes,
    until the run ends.
    """
    found = _find(run, root)
    if as_json or not is_terminal():
        return _follow(found, _as_json if as_json else _as_text, as_json=as_json)
    return open_app(Opening("runs", then=lambda app: app.watch_run(found)))


def _find(run: Path | None, root: Path) -> RunInfo:
    """The run to watch. Raises DltermError: none there (66), or one that cannot be read (65)."""
    from dlterm.training.run_directory import find_run
    from dlterm.training.run_info import describe, find_runs

    if run is not None:
        found = describe(find_run(run, root))
    else:
        runs = find_runs(root)
        if not runs:
            raise DltermError(
                f"no runs in {safe(str(root))}",
                hint="dlterm train spirals makes one; --in DIR looks elsewhere",
                exit_code=ExitCode.NO_INPUT,
            )
        found = runs[-1]
    if found.recipe is None:
        raise DltermError(found.problem, hint="restore the file: it is as dlterm train wrote it")
    return found


def _follow(run: RunInfo, line: Callable[[dict[str, Any]], str], *, as_json: bool) -> int:
    """Print the rows as they come, until the run has ended; as JSON with how it stands as the last line."""
    from dlterm.training.following import Follower
    from dlterm.training.run_info import describe

    follower = Follower(run.path)
    while (news := follower.look()).status == "running" or news.rows:
        for row in news.rows:
            click.echo(line(row))
        if not news.rows:
            time.sleep(_LOOK_SECONDS)
    if news.status == "deleted":
        raise DltermError(f"{safe(str(run.path))}: the run was deleted", exit_code=ExitCode.NO_INPUT)
    if as_json:
        click.echo(json.dumps(describe(run.path).as_json()))
    else:
        click.echo(f"{safe(str(run.path))}: {news.status}{_way_on(news.status, run.path)}", err=True)
    return ExitCode.DIVERGED if news.status == "diverged" else ExitCode.DONE


def _way_on(status: Seen, path: Path) -> str:
    return f"; to go on: dlterm train --resume {safe(str(path))}" if status == "interrupted" else ""


def _as_json(row: dict[str, Any]) -> str:
    return json.dumps(row)


def _as_text(row: dict[str, Any]) -> str:
    """A line for people: the epoch, and what was measured."""
    measured = [
        f"{name.replace('_', ' ')} {value:.4g}"
        for name, value in row.items()
        if name not in ("epoch", "step", "seconds") and isinstance(value, (int, float))
    ]
    return safe("  ".join([f"epoch {row.get('epoch', '?')}", *measured]))
