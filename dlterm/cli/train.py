"""`dlterm train DATA`: headless training, into a run directory."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import click

from dlterm.cli.catalogue import COMMANDS, examples
from dlterm.cli.complete import complete_data
from dlterm.cli.options import Decimal, Whole, json_option, no_color_option
from dlterm.cli.recipe_options import recipe_options, resolve
from dlterm.clock import local_time
from dlterm.text import safe


def _new_file(_context: click.Context, _option: click.Parameter, path: Path | None) -> Path | None:
    """Refuse a file that is there before anything is trained."""
    if path is not None and path.exists():
        raise click.BadParameter(f"{safe(str(path))}: there is such a file")
    return path


@click.command(epilog=examples(*COMMANDS["train"].examples))
@click.argument("data", required=False, shell_complete=complete_data)
@recipe_options
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A TOML file of settings, such as a run's config.toml; options given here win.",
)
@click.option("--every", type=Whole(1, 100_000_000), metavar="N", help="Record every N-th epoch.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The run directory, new or empty.  [default: runs/TIME-NAME]",
)
@click.option("--no-save", is_flag=True, help="Write no run directory.")
@click.option(
    "--resume",
    type=click.Path(path_type=Path),
    metavar="RUN",
    help="Go on with a run that was interrupted; or, with --epochs, with one that has ended.",
)
@click.option(
    "--checkpoint",
    type=Decimal(0, 1e6),
    default=5.0,
    show_default=True,
    metavar="SECONDS",
    help="Save what resuming needs so often; 0: only at the end.",
)
@click.option(
    "--record",
    type=click.Path(path_type=Path),
    callback=_new_file,
    metavar="FILE",
    help="Record the live picture to a new file, an asciicast; also where nothing is drawn.",
)
@json_option
@click.option("-q", "--quiet", is_flag=True, help="Say nothing on stderr but errors; draw nothing.")
@no_color_option
def command(
    data: str | None,
    config: Path | None,
    every: int | None,
    out: Path | None,
    no_save: bool,
    resume: Path | None,
    checkpoint: float,
    record: Path | None,
    as_json: bool,
    quiet: bool,
    **settings: Any,
) -> int:
    """Train a network on DATA without a screen.

    DATA is a generated set (circle, xor, spirals, ...), a bundled one (digits, iris, wine, breast-cancer,
    diabetes), a CSV, TSV, JSON-lines or Parquet file, - for standard input, a preset (see dlterm presets), or a
    recipe such as 'spirals?noise=0.1&hidden=8,8'. A file that has a set's or a preset's name is written ./NAME.

    On a terminal it draws while it trains. Elsewhere, or with --json, it prints one JSON object for every
    recorded epoch, and the summary as the last line. Ctrl-C ends it early and saves what was learned; --resume
    then goes on, and comes to the same network to the bit.
    """
    from dlterm.engine.workers import start_ahead

    if no_save and out is not None:
        raise click.UsageError("--out and --no-save exclude each other")
    if resume is not None:
        if data is not None or config is not None or no_save or out is not None:
            raise click.UsageError("--resume takes data, settings and directory from the run")
        from dlterm.cli.resuming import go_on, recipe_to_resume
        from dlterm.training.run_directory import find_run

        resume = find_run(resume)
        recipe = recipe_to_resume(resume, settings)
    else:
        recipe = resolve(data, settings, config)

    start_ahead()
    from dlterm.cli.displays import display_for
    from dlterm.cli.narration import compiling, narrator
    from dlterm.cli.signals import Stop
    from dlterm.cli.training_run import Recording, TrainingRun
    from dlterm.training.keeping import new_run
    from dlterm.training.learner import Learner
    from dlterm.training.progress import Progress
    from dlterm.training.run_directory import RunDirectory

    say = narrator(quiet=quiet)
    with contextlib.ExitStack() as stack:
        stop = stack.enter_context(Stop())
        run = None if resume is None else stack.enter_context(RunDirectory.reopen(resume))
        with compiling(say, quiet=quiet) as progress:
            learner = Learner(recipe, progress=progress)
        for notice in learner.notices:
            say(notice)
        if run is not None:
            done, rows = go_on(run, learner, say)
        else:
            now = local_time()
            run = None if no_save else stack.enter_context(new_run(learner, now, out))
            done, rows = Progress.of(learner), []
        stop.gentle = True
        if run is not None:
            say(f"run: {run.path}")
        display = stack.enter_context(display_for(learner, as_json=as_json, quiet=quiet, record=record))
        recording = Recording(run, done, rows, checkpoint)
        return TrainingRun(learner, recording, stop=stop, display=display, say=say).train(every)
