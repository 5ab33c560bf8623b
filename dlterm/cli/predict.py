"""`dlterm predict RUN DATA`: what a trained network says of new examples."""

from __future__ import annotations

import csv
import io
import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dlterm.cli.catalogue import COMMANDS, examples
from dlterm.cli.options import no_color_option
from dlterm.errors import DltermError, ExitCode
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from dlterm.data.examples import Examples
    from dlterm.training.model_file import About, Model
    from dlterm.training.scores import Scores

_AT_ONCE = 100_000  # examples whose lines are in memory


@click.command(epilog=examples(*COMMANDS["predict"].examples))
@click.argument("run", type=click.Path(path_type=Path))
@click.argument("data")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one object an example, instead of CSV.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="A new file to write to.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing on stderr but errors.")
@no_color_option
def command(run: Path, data: str, as_json: bool, out: Path | None, quiet: bool) -> int:
    """Predict DATA with the network of RUN: a run directory, its name below runs/, or a model.safetensors.

    DATA is a file with the columns that the network was trained on, in any order and format that dlterm train
    reads, - for standard input, or the name of the data set that it was trained on. Of classes each line has the
    likeliest and the probability of each. If the file has the target too, the scores are told on stderr.
    """
    from dlterm.cli.narration import compiling, narrator
    from dlterm.training.model_file import Model
    from dlterm.training.run_directory import MODEL, find_run, no_run

    run = find_run(run)
    path = run / MODEL if run.is_dir() else run
    if run.is_dir() and not path.is_file():
        if not (run / "config.toml").is_file():
            raise no_run(run)
        raise DltermError(
            f"{safe(str(run))}: the run has not ended, and left no model yet",
            hint=f"dlterm train --resume {shlex.quote(safe(str(run)))}",
            exit_code=ExitCode.NO_INPUT,
        )
    say = narrator(quiet=quiet)
    with compiling(say, quiet=quiet) as progress:
        model = Model(path, progress=progress)
    if model.notice:
        say(model.notice)
    found = _read(data, model.about)
    outputs = model.outputs(found.inputs)
    lines = _as_json(model, outputs) if as_json else _as_csv(model, outputs)
    _write(lines, out)
    if found.targets is not None:
        _tell(say, _scores(model, outputs, found.targets))
    return ExitCode.DONE


def _read(data: str, about: About) -> Examples:
    """The examples: of a file by the columns' names; of the data set that was trained on, all of them."""
    from dlterm.data import SETS
    from dlterm.data.examples import Examples, read_examples
    from dlterm.training.learner import load

    if data in SETS and not Path(data).exists():
        if data != about.recipe.data:
            raise DltermError(
                f"the network was trained on {safe(about.recipe.data)}, not on {data}",
                hint="name a file with its columns, or the set itself",
                exit_code=ExitCode.USAGE,
            )
        dataset = load(about.recipe)
        named = dataset.classes and [dataset.classes[number] for number in dataset.targets]
        return Examples(dataset.inputs, tuple(map(str, named or dataset.targets)))
    recipe = about.recipe
    gaps = recipe.missing in ("mean", "median")
    return read_examples(data, about.sources, target=about.target, gaps=gaps, na=recipe.na)


def _as_csv(model: Model, outputs: NDArray[Any]) -> Iterator[str]:
    """A line of names, then `prediction` and, of classes, the probability of each."""
    about = model.about
    yield _csv_line(["prediction", *(f"p({name})" for name in about.classes)])
    for chosen, numbers in _predictions(model, outputs):
        yield _csv_line([chosen, *(f"{number:.6g}" for number in numbers)])


def _as_json(model: Model, outputs: NDArray[Any]) -> Iterator[str]:
    classes = model.about.classes
    for chosen, numbers in _predictions(model, outputs):
        row: dict[str, Any] = {"prediction": chosen if classes else float(chosen)}
        if classes:
            row["probabilities"] = dict(zip(classes, (round(float(p), 6) for p in numbers), strict=True))
        yield json.dumps(row) + "\n"


def _predictions(model: Model, outputs: NDArray[Any]) -> Iterator[tuple[str, Sequence[float]]]:
    """Of each example the likeliest class and all probabilities, or the value and nothing."""
    about = model.about
    for start in range(0, len(outputs), _AT_ONCE):
        part = outputs[start : start + _AT_ONCE]
        numbers = about.objective.predictions(part)
        if about.classes:
            chosen = about.objective.choices(part)
            yield from ((about.classes[c], row) for c, row in zip(chosen, numbers.tolist(), strict=True))
        else:
            yield from ((f"{value:.7g}", ()) for value in numbers.tolist())


def _csv_line(cells: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


def _write(lines: Iterator[str], out: Path | None) -> None:
    """To stdout, or to a file that must be new. Raises DltermError: cannot create (73)."""
    if out is None:
        for line in lines:
            click.echo(line, nl=False)
        return
    from dlterm.atomic import write_atomically

    if out.exists():
        raise DltermError(
            f"{safe(str(out))}: there is such a file",
            hint="name a new one with --out",
            exit_code=ExitCode.CANNOT_CREATE,
        )
    if not out.parent.is_dir():
        raise DltermError(
            f"{safe(str(out))}: there is no directory {safe(str(out.parent))}",
            hint="make it, or name a file elsewhere",
            exit_code=ExitCode.CANNOT_CREATE,
        )
    write_atomically(out, "".join(lines).encode())


def _scores(model: Model, outputs: NDArray[Any], cells: Sequence[str]) -> Scores | str:
    """The scores, or why there are none."""
    import numpy as np

    about = model.about
    try:
        if not about.classes:
            return about.objective.scores(outputs, np.array([float(cell) for cell in cells]), ())
        number = {name: k for k, name in enumerate(about.classes)}
        targets = np.array(
            [number[safe(cell)] if safe(cell) in number else number[_plain(cell)] for cell in cells]
        )
    except (KeyError, ValueError):
        return f"no scores: {about.target} holds what the network was not trained to predict"
    return about.objective.scores(outputs, targets, about.classes)


def _plain(cell: str) -> str:
    """1.0 and 01 as the class 1 is named."""
    return str(float(cell) + 0.0).removesuffix(".0")


def _tell(say: Any, scores: Scores | str) -> None:
    if isinstance(scores, str):
        say(scores)
        return
    found = scores.as_json()
    by_class = [
        f"{row['class']}: precision {row['precision']:.1%}, recall {row['recall']:.1%} of {row['support']:,}"
        for row in found.pop("classes", [])
    ]
    found.pop("confusion", None)
    say(
        ", ".join(f"{name} {'-' if value is None else format(value, '.4g')}" for name, value in found.items())
    )
    for line in by_class:
        say(line)
