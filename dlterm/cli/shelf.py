"""`dlterm shelf`: glossary, history and tables on screen."""

from __future__ import annotations

import click

from dlterm.cli.catalogue import COMMANDS, examples
from dlterm.cli.options import no_color_option
from dlterm.cli.screens import open_app
from dlterm.tui.opening import Opening


@click.command(epilog=examples(*COMMANDS["shelf"].examples))
@no_color_option
def command() -> int:
    """Open the reference shelf: glossary, history, tables, and a search over all of them."""
    return open_app(Opening("shelf"))
