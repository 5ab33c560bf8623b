"""`dlterm tables NAME`, `dlterm timeline`: the course's tables of facts, each row with where it is from."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from dlterm.cli.catalogue import COMMANDS, examples
from dlterm.cli.options import json_option, no_color_option
from dlterm.course.shelf import SOURCE_COLUMN, shelf
from dlterm.errors import DltermError, ExitCode
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dlterm.course.shelf import Table


@click.command(epilog=examples(*COMMANDS["tables"].examples))
@click.argument("name", required=False)
@click.option("--chart", "as_chart", is_flag=True, help="Draw the table, where a picture says more.")
@json_option
@no_color_option
def command(name: str | None, as_chart: bool, as_json: bool) -> int:
    """Print the table NAME; without one, list the tables."""
    tables = shelf().tables
    if name is None:
        width = max((len(each) for each in tables), default=0)
        for each, table in tables.items():
            line = {"name": each, "title": table.about.title, "rows": len(table.rows)}
            click.echo(json.dumps(line) if as_json else f"{each:{width}}  {table.about.title}")
        return ExitCode.DONE
    if name not in tables:
        raise DltermError(
            f'there is no table "{safe(name, limit=60)}"',
            hint=f"the tables are {', '.join(tables)}",
            exit_code=ExitCode.NO_INPUT,
        )
    if as_chart:
        _chart(tables[name], as_json=as_json)
    else:
        show(tables[name], tables[name].rows, as_json=as_json)
    return ExitCode.DONE


def _chart(table: Table, *, as_json: bool) -> None:
    """Draw a table's chart: in colours on a terminal, in letters in a pipe, or print what it is drawn from."""
    if table.about.chart is None:
        charted = [name for name, each in shelf().tables.items() if each.about.chart]
        raise DltermError(
            f"{table.name} has no chart", hint=f"these have: {', '.join(charted)}", exit_code=ExitCode.USAGE
        )
    from dlterm.drawing.show import as_json as view_as_json
    from dlterm.drawing.show import as_rich, as_text
    from dlterm.drawing.table_chart import chart

    view = chart(table)
    assert view is not None, "a chart is declared"
    if as_json:
        click.echo(json.dumps(view_as_json(view)))
    elif sys.stdout.isatty():
        from rich.console import Console

        console = Console(highlight=False, markup=False, emoji=False)
        console.print(as_rich(view, console))
    else:
        click.echo(as_text(view))


def show(table: Table, rows: Sequence[tuple[str, ...]], *, as_json: bool) -> None:
    """Print rows of a table: JSON lines, tab-separated in a pipe, or a drawn table on a terminal."""
    if as_json:
        chosen = set(rows)
        for row, record in zip(table.rows, table.records(), strict=True):
            if row in chosen:
                click.echo(json.dumps(record))
        return
    if not sys.stdout.isatty():
        for row in (table.columns, *rows):
            click.echo("\t".join(row))
        return
    _draw(table, rows)


def _draw(table: Table, rows: Sequence[tuple[str, ...]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table as Drawn

    drawn = Drawn(box=box.SIMPLE_HEAD, title=table.about.title, title_justify="left", pad_edge=False)
    shown = [k for k, name in enumerate(table.columns) if name != SOURCE_COLUMN]
    for k in shown:
        name = table.columns[k]
        drawn.add_column(
            name.replace("_", " "), justify="right" if name in table.numeric else "left", overflow="fold"
        )
    for row in rows:
        drawn.add_row(*(row[k] for k in shown))
    console = Console(highlight=False, markup=False, emoji=False)
    console.print(drawn)
    console.print(table.about.about, style="dim")
