"""`dlterm course`: the lessons on screen."""

from __future__ import annotations

import click

from dlterm.cli.catalogue import COMMANDS, examples
from dlterm.cli.options import no_color_option
from dlterm.cli.screens import open_app
from dlterm.tui.opening import Opening


@click.command(epilog=examples(*COMMANDS["course"].examples))
@no_color_option
def command() -> int:
    """Open the course where reading stopped: lessons whose figures train in the text."""
    return open_app(Opening("course"))
