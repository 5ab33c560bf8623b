"""`dlterm search WORDS`: where the course speaks of something."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from dlterm.cli.catalogue import COMMANDS, examples
from dlterm.cli.options import json_option, no_color_option
from dlterm.course.search import MARKS, index
from dlterm.errors import ExitCode

if TYPE_CHECKING:
    from dlterm.course.search import Hit


@click.command(epilog=examples(*COMMANDS["search"].examples))
@click.argument("words", nargs=-1, required=True)
@json_option
@no_color_option
def command(words: tuple[str, ...], as_json: bool) -> int:
    """Find WORDS in the glossary, the history, the tables, the help and the presets; the exit code is 1 for nothing."""
    hits = index().search(" ".join(words))
    for hit in hits:
        if as_json:
            click.echo(json.dumps(asdict(hit) | {"excerpt": _plain(hit.excerpt)}))
        elif sys.stdout.isatty():
            _print(hit)
        else:
            click.echo(f"{hit.kind}\t{hit.title}\t{_plain(hit.excerpt)}")
    return ExitCode.DONE if hits else ExitCode.NO


def _plain(excerpt: str) -> str:
    return " ".join(excerpt.translate({ord(mark): None for mark in MARKS}).split())


def _print(hit: Hit) -> None:
    from rich.console import Console
    from rich.text import Text

    line = Text.assemble((f"{hit.kind:7}", "dim"), (hit.title, "bold"), "  ")
    before, *marked = hit.excerpt.split(MARKS[0])
    line.append(" ".join(before.split()) + " " if before.strip() else "")
    for part in marked:
        word, _, after = part.partition(MARKS[1])
        line.append(word, "bold cyan")
        line.append(after)
    Console(highlight=False, markup=False, emoji=False).print(line, overflow="ellipsis", no_wrap=True)
