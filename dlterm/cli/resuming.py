"""`dlterm train --resume RUN`: the run as it was left, and what may be changed as it goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dlterm.errors import DltermError, ExitCode
from dlterm.text import safe
from dlterm.training.progress import Progress
from dlterm.training.run_directory import RunDirectory, fingerprint, read_config, write_config

if TYPE_CHECKING:
    from pathlib import Path

    from dlterm.cli.narration import Say
    from dlterm.training.learner import Learner
    from dlterm.training.recipe import Recipe
    from dlterm.training.rows import Row

CHANGEABLE = ("epochs", "lr", "momentum", "l1", "l2", "clip")


def recipe_to_resume(path: Path, settings: dict[str, Any]) -> Recipe:
    """The run's recipe with what the command line changes.

    Raises DltermError: no input (66), bad data (65), or usage for a setting that a run keeps to its end.
    """
    changes = {name: value for name, value in settings.items() if value is not None}
    kept = [name for name in changes if name not in CHANGEABLE]
    recipe = read_config(path).recipe
    if kept:
        raise DltermError(
            f"--{kept[0].replace('_', '-')} cannot change when a run is resumed",
            hint=f"what can: --{', --'.join(CHANGEABLE)}; for all else train a new run",
            exit_code=ExitCode.USAGE,
        )
    changed = recipe.with_(**changes) if changes else recipe
    if bool(changed.clip) != bool(recipe.clip):
        raise DltermError(
            "clipping cannot begin or end when a run is resumed",
            hint="its strength can be changed; train a new run",
            exit_code=ExitCode.USAGE,
        )
    return changed


def go_on(run: RunDirectory, learner: Learner, say: Say) -> tuple[Progress, list[Row]]:
    """Bring the learner to the run's last checkpoint, and its files with it; say what is noteworthy.

    Raises DltermError: bad data (65) where no checkpoint is whole or the data are others, usage where it diverged: its
    last finite state is at the edge of what numbers can hold.
    """
    config = read_config(run.path)
    begun_on, here = config.fingerprint, fingerprint()
    other = [name for name in here if begun_on.get(name) != here[name]]
    if other:
        say(f"the run began with another {', '.join(other)}: its last digits may come out otherwise")
    progress = Progress.of(learner)
    checkpoint = run.read_last_checkpoint(say)
    if checkpoint is None:
        say("no checkpoint was written yet: the run begins anew")
    else:
        progress.restore(learner, checkpoint)
    if progress.ended == "diverged":
        raise DltermError(
            f"{safe(str(run.path))}: the run diverged after step {learner.step}; there is nothing to go on with",
            hint=f"train a new run with a smaller learning rate, such as --lr {config.recipe.lr / 10:g}",
            exit_code=ExitCode.USAGE,
        )
    if progress.stopping.best is None:
        progress.ended = ""
    elif progress.ended:
        say("early stopping has ended this run, and its best network is kept")
    rows = run.cut_metrics(progress.rows)
    progress.rows = len(rows)
    if learner.recipe != config.recipe:
        write_config(run.path, learner.recipe, created=config.created)
    say(f"resumed at epoch {learner.epoch:,}, step {learner.step:,}")
    return progress, rows
