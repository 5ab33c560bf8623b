"""`dlterm runs`: what has been trained; one run, or several side by side; and their removal."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dlterm.cli.catalogue import COMMANDS, examples
from dlterm.cli.options import in_option, json_option, no_color_option
from dlterm.cli.screens import open_app
from dlterm.clock import local
from dlterm.errors import DltermError, ExitCode
from dlterm.text import safe
from dlterm.tui.opening import Opening

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from dlterm.training.run_info import RunInfo

_COLUMNS = ("run", "status", "epochs", "test", "recipe")


@click.command(epilog=examples(*COMMANDS["runs"].examples))
@click.argument("runs", nargs=-1, type=click.Path(path_type=Path))
@in_option("Where runs are listed, and looked for by name.")
@click.option("--screen", is_flag=True, help="Open the list in the app.")
@click.option("--delete", is_flag=True, help="Delete the runs that are named.")
@click.option("--yes", is_flag=True, help="Delete without asking.")
@json_option
@no_color_option
def command(runs: tuple[Path, ...], root: Path, screen: bool, delete: bool, yes: bool, as_json: bool) -> int:
    """List the runs; show one; compare several; delete.

    RUN is a run directory, or its name below runs/.
    """
    from dlterm.training.run_directory import find_run
    from dlterm.training.run_info import describe, find_runs

    if screen:
        if runs or delete:
            raise click.UsageError("--screen opens the list of all runs: it goes with no RUN and no --delete")
        return open_app(Opening("runs"))
    if delete:
        if not runs:
            raise click.UsageError("--delete needs the runs to delete")
        _delete([describe(find_run(run, root)) for run in runs], yes=yes)
        return ExitCode.DONE
    found = [describe(find_run(run, root)) for run in runs] if runs else find_runs(root)
    if as_json:
        for run in found:
            click.echo(json.dumps(run.as_json()))
    elif not found:
        click.echo(f"no runs in {safe(str(root))}; dlterm train makes one", err=True)
    elif len(runs) == 1:
        _show(found[0])
    else:
        _print(_compared(found) if runs else _listed(found))
    return ExitCode.DONE


def _delete(found: Sequence[RunInfo], *, yes: bool) -> None:
    """Delete the files of runs that nobody writes, and their directories. Raises DltermError: locked (75), or 74."""
    from dlterm.training.lock import Lock
    from dlterm.training.run_directory import FILES

    names = ", ".join(safe(str(run.path)) for run in found)
    if not yes:
        if sys.stdin is None or not sys.stdin.isatty():
            raise click.UsageError("--delete asks on a terminal only; --yes deletes without asking")
        click.confirm(f"delete {names}?", abort=True, err=True)
    for run in found:
        try:
            with Lock(run.path):
                for name in FILES:
                    (run.path / name).unlink(missing_ok=True)
        except OSError as error:
            raise DltermError(
                f"{safe(str(run.path))}: {error.strerror}",
                hint="nothing else was deleted",
                exit_code=ExitCode.INPUT_OUTPUT,
            ) from None
        try:
            run.path.rmdir()
        except OSError:  # what dlterm did not write is not dlterm's to delete
            click.echo(f"{safe(str(run.path))} is kept: there are other files in it", err=True)
    click.echo(f"deleted {names}", err=True)


def _show(run: RunInfo) -> None:
    """The report as it was written at the end, or the last recorded epoch."""
    if run.problem:
        raise DltermError(run.problem, exit_code=ExitCode.BAD_DATA)
    report = run.path / "report.txt"
    facts = {
        "run": str(run.path),
        "status": run.status,
        "begun": run.created and f"{local(run.created):%Y-%m-%d %H:%M:%S}",
        "recipe": str(run.recipe),
        "on": ", ".join(f"{name} {version}" for name, version in (run.fingerprint or {}).items()),
    }
    for name, fact in facts.items():
        click.echo(f"{name:8}{safe(str(fact))}")
    click.echo()
    if report.is_file() and run.status != "running":
        click.echo("\n".join(map(safe, report.read_text(encoding="utf-8", errors="replace").splitlines())))
    else:
        click.echo(safe(json.dumps(run.last)) if run.last else "no epoch is recorded yet")


def _listed(found: Sequence[RunInfo]) -> Table:
    table = _table(*_COLUMNS)
    for run in found:
        last = run.last or {}
        recipe = safe(str(run.recipe or run.problem))
        table.add_row(safe(run.path.name), run.status, _epochs(run), _quality(last), recipe)
    return table


def _compared(found: Sequence[RunInfo]) -> Table:
    """One column a run: how each came out, and then what differs in their recipes."""
    table = _table("", *(safe(run.path.name) for run in found))
    rows: dict[str, list[str]] = {
        "status": [run.status for run in found],
        "epochs": list(map(_epochs, found)),
    }
    measures = dict.fromkeys(
        name for run in found for name in run.last or {} if name not in ("epoch", "step")
    )
    for name in measures:
        rows[name.replace("_", " ")] = [_number((run.last or {}).get(name)) for run in found]
    settings = [run.as_json()["recipe"] or {} for run in found]
    for name in dict.fromkeys(name for recipe in settings for name in recipe):
        values = [_setting(recipe.get(name)) for recipe in settings]
        if len(set(values)) > 1:
            rows[name] = values
    for name, cells in rows.items():
        table.add_row(name, *map(safe, cells))
    return table


def _epochs(run: RunInfo) -> str:
    return f"{run.epoch:,}/{run.recipe.epochs:,}" if run.recipe else ""


def _quality(last: dict[str, Any]) -> str:
    if isinstance(last.get("test_accuracy"), float):
        return f"{last['test_accuracy']:.1%}"
    return f"rmse {_number(last['test_rmse'])}" if "test_rmse" in last else ""


def _number(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, (int, float)) else ""


def _setting(value: Any) -> str:
    return (
        ",".join(map(str, value)) if isinstance(value, (list, tuple)) else "" if value is None else str(value)
    )


def _table(*columns: str) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for number, name in enumerate(columns):
        table.add_column(name, overflow="fold", no_wrap=number < len(columns) - 1)
    return table


def _print(table: Table) -> None:
    from rich.console import Console

    Console(highlight=False, markup=False, emoji=False).print(table)
