"""`dlterm help TOPIC`: the topics in content/help."""

from __future__ import annotations

import sys

import click

from dlterm.cli.catalogue import COMMANDS, examples
from dlterm.cli.options import no_color_option
from dlterm.course import content


@click.command(epilog=examples(*COMMANDS["help"].examples))
@click.argument("topic", required=False)
@no_color_option
def command(topic: str | None) -> None:
    """Read a help TOPIC; without one, list the topics. For a command: dlterm COMMAND -h."""
    topics = content.topics()
    if topic is None:
        click.echo("\n".join(topics))
    elif topic not in topics:
        raise click.BadParameter(f"{topic!r} is none of {', '.join(topics)}", param_hint="TOPIC")
    else:
        _show(content.topic(topic))


def _show(markdown: str) -> None:
    if not sys.stdout.isatty():
        click.echo(markdown, nl=False)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console()
    console.print(Markdown(markdown), width=min(console.width, 100))
