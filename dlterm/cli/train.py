"""`dlterm train DATA`: headless training, into a run directory."""

from __future__ import annotations

import contextlib
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from dlterm.cli.catalogue import COMMANDS, examples
from dlterm.cli.complete import complete_data
from dlterm.cli.options import json_option, no_color_option
from dlterm.cli.recipe_options import recipe_options, resolve


@click.command(epilog=examples(*COMMANDS["train"].examples))
@click.argument("data", shell_complete=complete_data)
@recipe_options
@click.option("--every", type=click.IntRange(min=1), metavar="N", help="Record every N-th epoch.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The run directory, new or empty.  [default: runs/TIME-NAME]",
)
@click.option("--no-save", is_flag=True, help="Write no run directory.")
@json_option
@click.option("-q", "--quiet", is_flag=True, help="Say nothing on stderr but errors; draw nothing.")
@no_color_option
def command(
    data: str, every: int | None, out: Path | None, no_save: bool, as_json: bool, quiet: bool, **settings: Any
) -> int:
    """Train a network on DATA without a screen.

    DATA is a generated set (circle, xor, spirals, ...), a bundled one (digits, iris, wine, breast-cancer,
    diabetes), a CSV or TSV file, - for standard input, a preset (see dlterm presets), or a recipe such as
    'spirals?noise=0.1&hidden=8,8'. A file that has a set's or a preset's name is written ./NAME.

    On a terminal it draws while it trains. Elsewhere, or with --json, it prints one JSON object for every
    recorded epoch, and the summary as the last line. Ctrl-C ends it early and saves what was learned.
    """
    if no_save and out is not None:
        raise click.UsageError("--out and --no-save exclude each other")
    recipe = resolve(data, settings)

    from dlterm.cli.displays import display_for
    from dlterm.cli.narration import compiling, narrator
    from dlterm.cli.saving import open_run
    from dlterm.cli.signals import Stop
    from dlterm.cli.training_run import TrainingRun
    from dlterm.training.learner import Learner

    say = narrator(quiet=quiet)
    with contextlib.ExitStack() as stack:
        stop = stack.enter_context(Stop())
        with compiling(say, quiet=quiet) as progress:
            learner = Learner(recipe, progress=progress)
        stop.gentle = True
        for notice in learner.notices:
            say(notice)
        run = None if no_save else stack.enter_context(open_run(out, learner, datetime.now().astimezone()))
        if run is not None:
            say(f"run: {run.path}")
        display = stack.enter_context(display_for(learner, as_json=as_json, quiet=quiet))
        return TrainingRun(learner, run=run, stop=stop, display=display).train(every)
