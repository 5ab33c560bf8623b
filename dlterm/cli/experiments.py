"""`dlterm experiments`: what can be run, chapter by chapter, and what came out so far."""

from __future__ import annotations

import json
from itertools import groupby

import click

from dlterm.cli.catalogue import COMMANDS, examples
from dlterm.cli.options import json_option, no_color_option
from dlterm.cli.screens import open_app
from dlterm.errors import ExitCode
from dlterm.experiments.registry import entries


@click.command(epilog=examples(*COMMANDS["experiments"].examples))
@click.option("--screen", is_flag=True, help="Open the list in the app.")
@json_option
@no_color_option
def command(screen: bool, as_json: bool) -> int:
    """List the experiments: claims of the course that can be run, and on how many seeds they held here so far."""
    if screen:
        from dlterm.tui.opening import Opening

        return open_app(Opening("experiments"))
    from dlterm.experiments.results import Store

    store = Store.open()
    width = max((len(entry.id) for entry in entries()), default=0)
    for chapter, group in groupby(entries(), key=lambda entry: entry.chapter):
        if not as_json:
            click.secho(chapter, bold=True)
        for entry in group:
            status = store.status(entry.id)
            if as_json:
                fields = ("title", "question", "chapter", "lesson")
                found = {"experiment": entry.id, **{name: getattr(entry, name) for name in fields}}
                counts = {"budget_seconds": entry.budget, "runs": status.runs, "held": status.held}
                click.echo(json.dumps(found | counts))
            else:
                click.echo(f"  {entry.id:{width}}  {status.words:12}  {entry.title}")
    return ExitCode.DONE
