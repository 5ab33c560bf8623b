"""The `dlterm` command: finds the command, runs it, and turns whatever happens into an exit code."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from dlterm import __version__
from dlterm.cli import failures
from dlterm.cli.catalogue import COMMANDS, examples
from dlterm.cli.options import no_color_option

if TYPE_CHECKING:
    from collections.abc import Sequence

COMPLETION_VARIABLE = "_DLTERM_COMPLETE"


class _Commands(click.Group):
    """A group that imports `dlterm.cli.NAME` when the command NAME is asked for, and not before."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        return cast("click.Command", importlib.import_module(f"dlterm.cli.{cmd_name}").command)

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])


@click.group(
    "dlterm",
    cls=_Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=examples("dlterm", *(entry.examples[0] for entry in COMMANDS.values())),
)
@click.version_option(__version__, prog_name="dlterm", message="%(prog)s %(version)s")
@no_color_option
@click.pass_context
def commands(ctx: click.Context) -> int | None:
    """Train small neural networks live in the terminal. Without a command, the app opens."""
    if ctx.invoked_subcommand is not None:
        return None
    from dlterm.cli.screens import open_app
    from dlterm.tui.opening import Opening

    return open_app(Opening())


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code. Raises whatever goes wrong."""
    instruction = os.environ.get(COMPLETION_VARIABLE)
    if instruction:
        from click.shell_completion import shell_complete

        return shell_complete(commands, {}, "dlterm", COMPLETION_VARIABLE, instruction)
    try:
        with commands.make_context("dlterm", list(arguments)) as ctx:
            code = commands.invoke(ctx) or 0
    except click.exceptions.Exit as error:  # -h and --version leave in this way
        code = error.exit_code
    if sys.stdout is not None:
        sys.stdout.flush()  # a full disk must show here, not after the exit code is chosen
    return int(code)


def run() -> None:
    """Run the console script: never ends in a traceback."""
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        code = main(sys.argv[1:])
    except SystemExit:
        raise
    except BaseException as error:
        code = failures.report(error, sys.argv[1:])
    sys.exit(code)


def _open_closed_streams() -> None:
    """Put the null device where a standard stream is closed; else the next file opened would get its descriptor.

    Standard input stays None: who reads it is told that it is closed, not that it is empty.
    """
    if sys.stdin is None:
        os.open(os.devnull, os.O_RDONLY)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
