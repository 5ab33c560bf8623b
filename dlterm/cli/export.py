"""`dlterm export RUN --to FORMAT`: a trained network as a file for other programs."""

from __future__ import annotations

from pathlib import Path

import click

from dlterm.cli.catalogue import COMMANDS, examples
from dlterm.cli.options import no_color_option
from dlterm.errors import DltermError, ExitCode
from dlterm.text import safe

_FORMATS = ("safetensors",)


@click.command(epilog=examples(*COMMANDS["export"].examples))
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--to", "format_", type=click.Choice(_FORMATS), required=True, help="The file's format.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A new file to write to.  [default: RUN's name, in this directory]",
)
@no_color_option
def command(run: Path, format_: str, out: Path | None) -> int:
    """Write the network of RUN to a file.

    safetensors: the arrays by name, shaped as PyTorch shapes them ([outputs, inputs]), and as text metadata the
    recipe, the features, their mean and standard deviation, and the classes; see dlterm help runs.
    """
    from dlterm.atomic import write_atomically
    from dlterm.training.model_file import exported
    from dlterm.training.run_directory import MODEL, find_run, no_run

    run = find_run(run)
    path = run / MODEL if run.is_dir() else run
    if run.is_dir() and not path.is_file():
        raise no_run(run)
    target = out or Path(f"{(run.parent if run.is_file() else run).resolve().name}.{format_}")
    if target.exists() or not target.parent.is_dir():
        why = "there is such a file" if target.exists() else "there is no such directory"
        raise DltermError(
            f"{safe(str(target))}: {why}", hint="name a new file with --out", exit_code=ExitCode.CANNOT_CREATE
        )
    write_atomically(target, exported(path))
    click.echo(safe(str(target)), err=True)
    return ExitCode.DONE
