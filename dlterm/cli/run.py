"""`dlterm run ID`: an experiment, and its verdict as the exit code."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from dlterm.cli.catalogue import COMMANDS, examples
from dlterm.cli.complete import complete_experiment
from dlterm.cli.options import Whole, json_option, no_color_option
from dlterm.cli.screens import is_terminal, open_app
from dlterm.errors import DltermError, ExitCode
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dlterm.cli.signals import Stop
    from dlterm.experiments.driving import Result
    from dlterm.experiments.experiment import Experiment, Moment


@click.command(epilog=examples(*COMMANDS["run"].examples))
@click.argument("experiment", required=False, shell_complete=complete_experiment)
@click.option("--all", "every", is_flag=True, help="Run all experiments, one after the other.")
@click.option(
    "--headless", is_flag=True, help="Open no page and draw nothing while it runs; show what came out."
)
@click.option(
    "--seed", type=Whole(0, 2**20), default=0, show_default=True, metavar="N", help="What chance begins with."
)
@click.option(
    "--set", "settings", multiple=True, metavar="KNOB=VALUE", help="Turn a knob; more than once for several."
)
@json_option
@click.option("-q", "--quiet", is_flag=True, help="Say nothing on stderr but errors.")
@no_color_option
def command(
    experiment: str | None,
    every: bool,
    headless: bool,
    seed: int,
    settings: Sequence[str],
    as_json: bool,
    quiet: bool,
) -> int:
    """Run EXPERIMENT (see dlterm experiments).

    On a terminal its page opens: predict, watch, see the verdict. Elsewhere, or with --headless or --json, what came
    out is printed, and the exit code is 0 if the claim holds, 1 if not.
    """
    if every == (experiment is not None):
        raise click.UsageError("name one experiment, or give --all")
    if experiment is not None and is_terminal() and not (headless or as_json):
        return _open(experiment, seed, settings)
    chosen = _chosen(experiment, settings)

    from dlterm.cli.narration import narrator
    from dlterm.cli.signals import Stop
    from dlterm.experiments.results import Store

    live = sys.stdout is not None and sys.stdout.isatty() and not (headless or as_json)
    say, store = narrator(quiet=quiet), Store.open()
    code = ExitCode.DONE
    with Stop() as stop:
        for each in chosen:
            result = _live(each, seed, stop) if live else _headless(each, seed, stop, say, quiet=quiet)
            if result is None:
                return stop.exit_code
            store.keep(result)
            _print(each, result, as_json=as_json)
            code = code if result.holds else ExitCode.NO
    return code


def _open(name: str, seed: int, settings: Sequence[str]) -> int:
    """Open its page, once it is known that there is one, with such knobs."""
    from dlterm.experiments.registry import require
    from dlterm.tui.experiment_player import Trial
    from dlterm.tui.opening import Opening

    require(name)
    texts = _texts(settings)
    if texts:
        _chosen(name, settings)
    trial = Trial(name, seed, texts)
    return open_app(Opening("experiments", then=lambda app: app.open_experiment(trial)))


def _chosen(name: str | None, settings: Sequence[str]) -> list[Experiment]:
    from dlterm.experiments.registry import entries, find

    if name is not None:
        return [find(name).of(_texts(settings))]
    if settings:
        raise click.UsageError("--set is for one experiment")
    return [find(entry.id)() for entry in entries()]


def _texts(settings: Sequence[str]) -> Mapping[str, str]:
    for setting in settings:
        if "=" not in setting:
            raise DltermError(
                f'--set {safe(setting, limit=60)}: "=" is missing',
                hint="as in --set steps=100",
                exit_code=ExitCode.USAGE,
            )
    pairs = (setting.partition("=") for setting in settings)
    return {name: value for name, _, value in pairs}


def _headless(
    experiment: Experiment, seed: int, stop: Stop, say: Callable[[str], None], *, quiet: bool
) -> Result | None:
    from dlterm.cli.narration import compiling
    from dlterm.engine.native import heard
    from dlterm.experiments.driving import run

    def watch(_: Moment) -> bool:
        stop.gentle = True
        return not stop.requested

    with compiling(say, quiet=quiet) as progress, heard(progress):
        return run(experiment, seed, watch)


def _live(experiment: Experiment, seed: int, stop: Stop) -> Result | None:
    from dlterm.cli.live_experiment import LiveExperiment

    with LiveExperiment(experiment, stop) as display:
        return display.run(seed)


def _print(experiment: Experiment, result: Result, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(_as_json(experiment, result)))
        return
    from rich.console import Console

    from dlterm.cli.experiment_page import head, pictures, verdict

    console = Console(highlight=False, markup=False, emoji=False)
    console.print(head(experiment))
    if result.moment is not None:
        console.print(pictures(result.moment.views, console))
    console.print(verdict(experiment, result))


def _as_json(experiment: Experiment, result: Result) -> dict[str, object]:
    from dlterm.training.rows import finite

    return {
        "experiment": result.experiment,
        "seed": result.seed,
        "measures": {name: finite(value) for name, value in result.measures.items()},
        "verdict": "holds" if result.holds else "fails",
        "budget_seconds": experiment.budget,
        "seconds": round(result.seconds, 3),
    }
