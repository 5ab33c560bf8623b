"""`dlterm export RUN --to FORMAT`: a trained network as a file, or as source code, for other programs."""

from __future__ import annotations

import os
from pathlib import Path

import click

from dlterm.cli.catalogue import COMMANDS, examples
from dlterm.cli.options import no_color_option
from dlterm.errors import DltermError, ExitCode
from dlterm.text import safe

_SOURCES = ("pytorch", "keras", "sklearn")
_FORMATS = ("safetensors", *_SOURCES)


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

    pytorch, keras, sklearn: Python source whose predict(x) gives the same answers with that library alone. The weights
    are in it; those of a large network stay in RUN's model.safetensors, which it reads.
    """
    from dlterm.atomic import write_atomically
    from dlterm.training.run_directory import MODEL, find_run, no_run

    run = find_run(run)
    path = run / MODEL if run.is_dir() else run
    if run.is_dir() and not path.is_file():
        raise no_run(run)
    name = (run.parent if run.is_file() else run).resolve().name
    target = out or Path(f"{name}.{format_}" if format_ not in _SOURCES else f"{name}-{format_}.py")
    if target.exists() or not target.parent.is_dir():
        why = "there is such a file" if target.exists() else "there is no such directory"
        raise DltermError(
            f"{safe(str(target))}: {why}", hint="name a new file with --out", exit_code=ExitCode.CANNOT_CREATE
        )
    write_atomically(target, _content(path, format_, target))
    click.echo(safe(str(target)), err=True)
    return ExitCode.DONE


def _content(path: Path, format_: str, target: Path) -> bytes:
    """What is written for a model.safetensors. Raises DltermError."""
    from dlterm.training.model_file import Trained, exported

    if format_ not in _SOURCES:
        return exported(path)
    from dlterm.training.source import INLINE, numbers, source

    trained = Trained.read(path)
    from_target = Path(os.path.relpath(path.resolve(), target.parent.resolve())).as_posix()
    weights = from_target if numbers(trained) > INLINE else None
    return source(trained, format_, weights=weights).encode()
