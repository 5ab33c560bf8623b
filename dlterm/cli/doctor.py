"""`dlterm doctor`: what works here, what does not, and what to do about it."""

from __future__ import annotations

import json
import os
import re
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from dlterm.cli.catalogue import COMMANDS, examples
from dlterm.cli.options import json_option, no_color_option
from dlterm.errors import ExitCode
from dlterm.text import safe

if TYPE_CHECKING:
    from rich.text import Text

    from dlterm.cli.checks import Finding

_STYLES = {"ok": "green", "warn": "yellow", "fail": "red"}
_WIDTH = 32  # cells of a line of the test pattern
_PATTERN = {
    "half blocks": "▀▄█▌▐░▒▓",
    "braille": "⠁⠃⠇⡇⣇⣧⣷⣿",
    "boxes": "┌┬┐╭╮│─└┴┘╰╯├┼┤",
    "letters": "θσ∂∇Ση×≤→",
}


@click.command(epilog=examples(*COMMANDS["doctor"].examples))
@json_option
@no_color_option
def command(as_json: bool) -> int:
    """Check the terminal, the installation and dlterm's files: a line each, and exit code 1 if anything fails.

    What it prints may go into a bug report: the home directory and the user's name are left out.
    """
    from rich.console import Console

    from dlterm.cli.checks import CHECKS, examined

    console = Console(
        highlight=False, markup=False, emoji=False, soft_wrap=True, color_system=_colour_system()
    )
    failed = False
    for name, check in CHECKS.items():
        finding = examined(check)
        failed = failed or finding.status == "fail"
        if as_json:
            click.echo(json.dumps({"check": name, **_public(finding)}))
        else:
            console.print(_line(name, finding))
    if sys.stdout.isatty() and not as_json:
        console.print()
        for line in _pattern():
            console.print(line)
    return ExitCode.NO if failed else ExitCode.DONE


def _colour_system() -> Literal["auto", "truecolor", "256", "standard"] | None:
    """Rich's name for the colours that dlterm will use, so that the test pattern shows these."""
    from rich.console import Console

    from dlterm.drawing.depth import wished_depth
    from dlterm.settings.config_file import ConfigFile

    depth = wished_depth(ConfigFile.read().config.colours, Console())
    return None if depth == "none" else "standard" if depth == "16" else depth


def _public(finding: Finding) -> dict[str, str]:
    return {name: private(safe(text, limit=600)) for name, text in asdict(finding).items()}


def private(text: str) -> str:
    """The text with ~ for the home directory, and USER for the user's name where it is a part of a path."""
    home = _home()
    for place in {str(home), str(home.resolve())} - {"/"}:
        text = re.sub(rf"{re.escape(place)}(?![\w.\-])", "~", text)
    for name in {home.name, os.environ.get("USER", ""), os.environ.get("LOGNAME", "")} - {"", "root"}:
        text = re.sub(rf"(?<=/){re.escape(name)}(?![\w.\-])", "USER", text)
    return text


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:  # no HOME, and a user that the system does not know
        return Path("/")


def _line(name: str, finding: Finding) -> Text:
    from rich.text import Text

    shown = _public(finding)
    advice = f"; {shown['advice']}" if shown["advice"] else ""
    return Text.assemble(
        (f"{finding.status:4}", _STYLES[finding.status]), f"  {name:9} {shown['found']}{advice}"
    )


def _pattern() -> list[Text]:
    """What the app is drawn with, to look at: every line ends at the same bar, and the last is a smooth ramp."""
    from rich.text import Text

    ramp = Text("colours      ")
    for cell in range(_WIDTH):
        share = cell / (_WIDTH - 1)
        red, green, blue = round(240 * share), 120, round(240 * (1 - share))
        ramp.append(" ", style=f"on #{red:02x}{green:02x}{blue:02x}")
    lines = [Text(f"{name:12} {_filled(marks)}|") for name, marks in _PATTERN.items()]
    hint = "The bars stand one below the other, no mark is missing, and the colours run smoothly."
    return [*lines, ramp.append("|"), Text(hint, style="dim")]


def _filled(marks: str) -> str:
    return (marks * _WIDTH)[:_WIDTH]
