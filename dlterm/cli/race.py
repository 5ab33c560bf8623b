"""`dlterm race RECIPE --with LINE ...`: two to four learners side by side, on the screen or without one."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING, Any

import click

from dlterm.cli.catalogue import COMMANDS, examples
from dlterm.cli.complete import complete_data
from dlterm.cli.options import Whole, json_option, no_color_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dlterm.cli.signals import Stop
    from dlterm.training.race import Race, RaceSnapshot
    from dlterm.training.recipe import Recipe

_CHUNK_SECONDS = 0.1  # a signal waits no longer than this
_POLL_SECONDS = 0.02


@click.command(epilog=examples(*COMMANDS["race"].examples))
@click.argument("data", required=False, default="spirals", shell_complete=complete_data)
@click.option(
    "--with",
    "lines",
    multiple=True,
    metavar="CHANGE",
    help="A contestant: what differs from the recipe, such as 'lr=0.1' ('' for nothing), or a classic model: "
    "logistic, svm, knn, tree, forest. Two to four times.  [default: three learning rates]",
)
@click.option("--headless", is_flag=True, help="Open no screen; print the table when all are trained.")
@click.option(
    "--epochs",
    type=Whole(0, 100_000_000),
    metavar="N",
    help="Without a screen: how long to train.  [default: the recipe's]",
)
@json_option
@no_color_option
def command(data: str, lines: Sequence[str], headless: bool, epochs: int | None, as_json: bool) -> int:
    """Race two to four learners on DATA: the same examples and seed, one thing changed.

    DATA is what dlterm train takes: a set, a file, a preset, or a recipe. On a terminal the race is shown; elsewhere,
    or with --headless or --json, it is run to its end and a table is printed.
    """
    from dlterm.cli.recipe_options import resolve
    from dlterm.training.contestants import check, contestants
    from dlterm.training.line_ups import line_ups

    recipe = resolve(data, {})
    lines = lines or line_ups(recipe)[0].lines
    entries = contestants(recipe, lines)
    check(entries)
    if headless or as_json or epochs is not None or not _is_shown():
        return _run(recipe, lines, recipe.epochs if epochs is None else epochs, as_json=as_json)
    from dlterm.cli.screens import open_app
    from dlterm.training.session import check_drawable
    from dlterm.tui.opening import Opening

    check_drawable(recipe)
    return open_app(Opening("lab", recipe, then=lambda app: app.race(lines)))


def _is_shown() -> bool:
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def _run(recipe: Recipe, lines: Sequence[str], epochs: int, *, as_json: bool) -> int:
    from dlterm.cli.narration import compiling, narrator
    from dlterm.cli.signals import Stop
    from dlterm.training.contestants import contestants
    from dlterm.training.race import Race

    say = narrator(quiet=False)
    with Stop() as stop:
        with compiling(say, quiet=False) as progress:
            race = Race(contestants(recipe, lines), field_size=(1, 1), progress=progress)
        stop.gentle = True
        try:
            say(f"{recipe}: {len(lines)} contestants, {epochs:,} epochs")
            snapshot = _finished(race, epochs, stop)
        finally:
            race.close(timeout=0)
    _print(snapshot, lines, as_json=as_json)
    return stop.exit_code


def _finished(race: Race, epochs: int, stop: Stop) -> RaceSnapshot:
    """When the networks are trained that long and the classic models are trained, or on a signal."""
    while race.training and race.epochs < epochs and not stop.requested:
        race.advance(_CHUNK_SECONDS, epochs)
    while True:
        snapshot = race.snapshot()
        waiting = any(each.model != "network" and each.status == "training" for each in snapshot.standings)
        if stop.requested or not waiting:
            return snapshot
        time.sleep(_POLL_SECONDS)


def _print(snapshot: RaceSnapshot, lines: Sequence[str], *, as_json: bool) -> None:
    from dlterm.drawing import race

    if as_json:
        for row in _rows(snapshot, lines):
            click.echo(json.dumps(row))
        return
    view = race.standings_table(snapshot)
    if sys.stdout.isatty():
        from rich.console import Console

        from dlterm.drawing.show import as_rich

        console = Console(highlight=False, markup=False, emoji=False)
        console.print(as_rich(view, console))
    else:
        click.echo("\n".join("\t".join(map(str, row)) for row in (view.columns, *view.rows)))


def _rows(snapshot: RaceSnapshot, lines: Sequence[str]) -> list[dict[str, Any]]:
    from dlterm.drawing.race import leaders
    from dlterm.training.rows import finite

    measure, lead = ("accuracy" if snapshot.task == "classification" else "rmse"), leaders(snapshot)
    return [
        {
            "name": standing.name,
            "with": line,
            "model": standing.model,
            "status": standing.status,
            "leads": place in lead,
            f"test_{measure}": finite(standing.test_quality),
            f"train_{measure}": finite(standing.train_quality),
            "seconds": round(standing.seconds, 6),
            "epochs": round(standing.epochs, 6),
            "size": standing.size,
            "size_of": standing.size_name,
            **({"message": standing.message} if standing.message else {}),
        }
        for place, (line, standing) in enumerate(zip(lines, snapshot.standings, strict=True))
    ]
