"""`dlterm completion SHELL`: click's own completion script."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from dlterm.cli.catalogue import COMMANDS, examples


@click.command(epilog=examples(*COMMANDS["completion"].examples))
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the script that lets SHELL complete dlterm's commands, options, sets and presets."""
    from dlterm.cli.main import COMPLETION_VARIABLE

    script = get_completion_class(shell)
    assert script is not None, f"click completes {shell}"
    click.echo(script(ctx.find_root().command, {}, "dlterm", COMPLETION_VARIABLE).source())
