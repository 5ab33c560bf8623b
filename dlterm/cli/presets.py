"""`dlterm presets`: the ready-made first experiments."""

from __future__ import annotations

import json

import click
import msgspec

from dlterm.cli.catalogue import COMMANDS, examples
from dlterm.cli.options import json_option, no_color_option
from dlterm.course.content import presets


@click.command(epilog=examples(*COMMANDS["presets"].examples))
@json_option
@no_color_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """List the presets: names that dlterm train and dlterm lab take as DATA."""
    if as_json:
        for preset in presets():
            click.echo(json.dumps(msgspec.structs.asdict(preset)))
        return
    formatter = ctx.make_formatter()
    formatter.write_dl([(preset.id, f"{preset.title}. {preset.note}") for preset in presets()])
    click.echo(formatter.getvalue(), nl=False)
