"""`dlterm presets`: the ready-made first experiments."""

from __future__ import annotations

import json
from pathlib import Path

import click
import msgspec

from dlterm.cli.catalogue import COMMANDS, examples
from dlterm.cli.options import json_option, no_color_option
from dlterm.course.content import presets


@click.command(epilog=examples(*COMMANDS["presets"].examples))
@click.argument("file", required=False, type=click.Path(path_type=Path))
@json_option
@no_color_option
@click.pass_context
def command(ctx: click.Context, file: Path | None, as_json: bool) -> None:
    """List the presets: names that dlterm train and dlterm lab take as DATA.

    With FILE, check and list the presets of one's own in it, which dlterm lab --presets FILE steps through.
    """
    found = presets()
    if file is not None:
        from dlterm.tui.preparing import prepared

        found = prepared(file)
    if as_json:
        for preset in found:
            click.echo(json.dumps(msgspec.structs.asdict(preset)))
        return
    formatter = ctx.make_formatter()
    formatter.write_dl([(preset.id, f"{preset.heading} {preset.note}") for preset in found])
    click.echo(formatter.getvalue(), nl=False)
