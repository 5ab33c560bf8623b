"""`dlterm timeline`: what happened when."""

from __future__ import annotations

import sys

import click

from dlterm.cli.catalogue import COMMANDS, examples
from dlterm.cli.options import json_option, no_color_option
from dlterm.cli.tables import show
from dlterm.course.shelf import Table, shelf
from dlterm.errors import DltermError, ExitCode


@click.command(epilog=examples(*COMMANDS["timeline"].examples))
@click.option("--from", "begin", type=int, metavar="YEAR", help="Begin with this year.")
@click.option("--to", "end", type=int, metavar="YEAR", help="End with this year.")
@click.option("--kind", metavar="KIND", help="Only events of this kind, such as idea or hardware.")
@json_option
@no_color_option
def command(begin: int | None, end: int | None, kind: str | None, as_json: bool) -> int:
    """Print the history of deep learning, event by event."""
    table = shelf().tables["timeline"]
    kinds = sorted(set(table.column("kind")))
    if kind is not None and kind not in kinds:
        raise DltermError(
            f'there are no events of the kind "{kind}"',
            hint=f"the kinds are {', '.join(kinds)}",
            exit_code=ExitCode.USAGE,
        )
    at, of = table.columns.index("year"), table.columns.index("kind")
    rows = [
        row
        for row in table.rows
        if (begin is None or int(row[at]) >= begin)
        and (end is None or int(row[at]) <= end)
        and (kind is None or row[of] == kind)
    ]
    if as_json or not sys.stdout.isatty():
        show(table, rows, as_json=as_json)
    else:
        _draw(table, rows)
    return ExitCode.DONE


def _draw(table: Table, rows: list[tuple[str, ...]]) -> None:
    """A year a line on the left, what happened beside it."""
    from rich.console import Console
    from rich.table import Table as Drawn
    from rich.text import Text

    drawn = Drawn.grid(padding=(0, 2, 0, 0))
    drawn.add_column(style="bold", justify="right")
    drawn.add_column(style="dim")
    drawn.add_column(overflow="fold")
    last = ""
    for row in rows:
        event = dict(zip(table.columns, row, strict=True))
        told = Text.assemble((event["event"], "bold"), f"  {event['text']}")
        drawn.add_row("" if event["year"] == last else event["year"], event["kind"], told)
        last = event["year"]
    console = Console(highlight=False, markup=False, emoji=False)
    console.print(drawn, width=min(console.width, 110))
