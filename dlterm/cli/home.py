"""`dlterm home`: the page where everything begins."""

from __future__ import annotations

import click

from dlterm.cli.catalogue import COMMANDS, examples
from dlterm.cli.options import no_color_option
from dlterm.cli.screens import open_app
from dlterm.tui.opening import Opening


@click.command(epilog=examples(*COMMANDS["home"].examples))
@no_color_option
def command() -> int:
    """Open Home, whatever the app begins with by its settings (`dlterm config start`)."""
    return open_app(Opening("home"))
