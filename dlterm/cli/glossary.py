"""`dlterm glossary TERM`: what a word means."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click
import msgspec

from dlterm.cli.catalogue import COMMANDS, examples
from dlterm.cli.options import json_option, no_color_option
from dlterm.course.shelf import glossary
from dlterm.errors import DltermError, ExitCode
from dlterm.text import safe

if TYPE_CHECKING:
    from dlterm.course.schema import Term


@click.command(epilog=examples(*COMMANDS["glossary"].examples))
@click.argument("term", nargs=-1)
@json_option
@no_color_option
def command(term: tuple[str, ...], as_json: bool) -> int:
    """Say what TERM means; without one, list the terms."""
    found = glossary()
    if not term:
        for each in sorted(found.terms.values(), key=lambda each: each.name.casefold()):
            click.echo(json.dumps(msgspec.to_builtins(each)) if as_json else each.name)
        return ExitCode.DONE
    words = " ".join(term)
    card = found.find(words)
    if card is None:
        near = found.near(words)
        raise DltermError(
            f'the glossary has no "{safe(words, limit=60)}"',
            hint=f"did you mean {', '.join(near)}?" if near else "dlterm glossary lists the terms",
            exit_code=ExitCode.NO_INPUT,
        )
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(card)))
    elif sys.stdout.isatty():
        _print(card)
    else:
        click.echo("\n".join(_lines(card)))
    return ExitCode.DONE


def _lines(card: Term) -> list[str]:
    """The card as plain text: a paragraph a line."""
    found = glossary()
    also = f" (also {', '.join(card.also)})" if card.also else ""
    see = [found.terms[other].name for other in card.see if other in found.terms]
    sources = [str(found.sources[key]) for key in card.sources if key in found.sources]
    return [
        f"{card.name}{also}",
        "",
        card.text,
        *(["", f"    {card.formula}"] if card.formula else []),
        *(["", f"See {', '.join(see)}."] if see else []),
        *(["", *(f"    dlterm run {name}" for name in card.experiments)] if card.experiments else []),
        *(["", *sources] if sources else []),
    ]


def _print(card: Term) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    name, *rest = _lines(card)
    console.print(Text(name, style="bold"))
    for line in rest:
        console.print(
            Text(line, style="cyan" if line.startswith("    ") else ""), width=min(console.width, 88)
        )
