"""`dlterm content`: checks the course's texts, or a pack of them, and keeps packs of one's own beside the course."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dlterm.cli.catalogue import COMMANDS, examples
from dlterm.cli.complete import complete_topic
from dlterm.cli.options import json_option, no_color_option
from dlterm.errors import DltermError, ExitCode
from dlterm.text import safe

if TYPE_CHECKING:
    from dlterm.cli.narration import Say
    from dlterm.course.problem import Problem
    from dlterm.course.whole import Whole


@click.group(epilog=examples(*COMMANDS["content"].examples))
def command() -> None:
    """Look after content packs: lessons, questions, presets, glossary, sources and tables as text files."""


@command.command("check")
@click.argument("pack", required=False, type=click.Path(path_type=Path))
@click.option(
    "--run", is_flag=True, help="Train what figures, presets, predictions and challenges are about, too."
)
@click.option("--fresh", is_flag=True, help="Run all of it, whatever was measured before.")
@json_option
@no_color_option
def check_command(pack: Path | None, run: bool, fresh: bool, as_json: bool) -> int:
    """Check PACK, a directory, or without one the course's own: one line a problem, and exit code 1 if there is any.

    With --run, every recipe must train, and come out as its figure or preset says; every prediction as stated on each
    of its seeds; every challenge's reference must pass, and doing nothing must not. What comes out is kept in the
    pack's results.toml; what that says already, of the same engine, is not run again.
    """
    from dlterm.authoring.review import read_course, review
    from dlterm.authoring.spelling import available
    from dlterm.cli.narration import narrator

    if pack is not None:
        _require_directory(pack)
    say = narrator(quiet=as_json)
    found = (
        _run(pack, say, fresh=fresh, quiet=as_json) if run or fresh else []
    )  # first: it mends a damaged file
    problems = sorted({*found, *review(pack, read_course())})
    if not run and not fresh:
        _tell_of_results(pack, say)
    for problem in problems:
        click.echo(json.dumps(asdict(problem)) if as_json else str(problem))
    if not as_json:
        click.echo(_count(problems), err=True)
        if not available():
            click.echo("spelling was not looked at: python3 -m pip install 'dlterm[authors]'", err=True)
    return ExitCode.NO if problems else ExitCode.DONE


@command.command("export")
@click.argument("topic", nargs=-1, shell_complete=complete_topic)
@click.option(
    "--to",
    "form",
    type=click.Choice(["anki", "apkg", "gift"]),
    required=True,
    help="Text for Anki's Import, an Anki package, or GIFT for Moodle.",
)
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="A new file to write to.")
@no_color_option
def export_command(topic: tuple[str, ...], form: str, out: Path | None) -> int:
    """Write the questions on TOPIC, or all, for another program. What has no form there is told on stderr."""
    from dlterm.cli.question_files import export

    export(topic, form, out)
    return ExitCode.DONE


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--lesson", required=True, metavar="ID", help="The lesson that the questions belong to.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="A new file to write to.")
@no_color_option
def import_command(file: Path, lesson: str, out: Path | None) -> int:
    """Turn a GIFT FILE into a file of questions for a pack, to be completed there: a why for each wrong answer.

    - reads standard input.
    """
    from dlterm.cli.question_files import import_gift

    import_gift(file, lesson, out)
    return ExitCode.DONE


def _run(pack: Path | None, say: Say, *, fresh: bool, quiet: bool) -> list[Problem]:
    from dlterm.authoring.running import run_faults
    from dlterm.cli.narration import compiling
    from dlterm.quiz.memory import Memory
    from dlterm.quiz.results import RESULTS, Results
    from dlterm.quiz.run_check import check_by_running

    directory, memory = _directory(pack), Memory.users(fresh=fresh)
    whole = _whole(directory)
    if whole is None:
        return []
    results = Results(memory) if fresh else Results.read(directory, memory)
    for line in results.told:
        say(line)
    with compiling(say, quiet=quiet) as memory.progress:
        problems = [*run_faults(whole, results, say), *check_by_running(whole, results, say)]
    try:
        if results.write(directory):
            say(f"{RESULTS} is written anew: it belongs to the pack, and says what came out")
    except DltermError as error:  # installed where nobody writes
        say(f"not kept: {error.message}")
    return problems


def _tell_of_results(pack: Path | None, say: Say) -> None:
    """Say what of the pack's results is not that of the pack as it is now, where it keeps any."""
    from dlterm.authoring.running import recipes_not_kept
    from dlterm.quiz.memory import Memory
    from dlterm.quiz.results import RESULTS, Results
    from dlterm.quiz.run_check import questions_not_kept

    directory = _directory(pack)
    whole = _whole(directory) if (directory / RESULTS).exists() else None
    if whole is None:
        return
    results = Results.read(directory, Memory(None))
    stale = [*dict.fromkeys(recipes_not_kept(whole, results)), *questions_not_kept(whole, results)]
    for line in results.told:
        say(line)
    if stale:
        say(f"{RESULTS} does not say what comes out of {len(stale)} of its items as they are; --run does")


def _directory(pack: Path | None) -> Path:
    from dlterm.course.content import root

    return pack or Path(str(root()))


def _whole(directory: Path) -> Whole | None:
    """All of a pack; None where it cannot be read, of which the review tells."""
    from dlterm.course.problem import ProblemError
    from dlterm.course.whole import read_whole

    try:
        return read_whole(directory, [])
    except ProblemError:
        return None


@command.command("add")
@click.argument("pack", type=click.Path(path_type=Path))
@no_color_option
def add_command(pack: Path) -> int:
    """Put PACK, a directory, beside the course: what it has is read and searched as the course's own.

    A copy is kept; after changes add it again. What is wrong with it is listed, and then nothing is added.
    """
    from dlterm.authoring.keeping import add, counted, refusals
    from dlterm.course.whole import read_whole

    _require_directory(pack)
    problems = refusals(pack)
    for problem in problems:
        click.echo(str(problem))
    if problems:
        raise DltermError(
            f"{safe(str(pack))}: {_count(problems)}; nothing was added",
            hint=f"mend what is listed; dlterm content check {safe(str(pack))} says more",
        )
    place = add(pack)
    whole = read_whole(place, [])
    click.echo(f"added {place.name}: {counted(whole)}")
    for lesson in whole.lessons[:1]:
        click.echo(f"dlterm read {lesson.head.id}", err=True)
    return ExitCode.DONE


@command.command("remove")
@click.argument("name")
@no_color_option
def remove_command(name: str) -> int:
    """Take the pack of that NAME away again; what was answered and noted stays."""
    from dlterm.authoring.keeping import remove

    remove(name)
    return ExitCode.DONE


@command.command("list")
@json_option
@no_color_option
def list_command(as_json: bool) -> int:
    """List the packs beside the course; what is wrong with one keeps it from being read."""
    from dlterm.authoring.keeping import counted
    from dlterm.course.packs import examine, kept, sound
    from dlterm.course.problem import ProblemError
    from dlterm.course.whole import read_whole

    for path in kept():
        problems = [] if path in sound() else examine(path, sound())
        try:
            holds = counted(read_whole(path, []))
        except ProblemError:
            holds = "nothing that can be read"
        if as_json:
            click.echo(
                json.dumps({"name": path.name, "path": str(path), "holds": holds, "problems": len(problems)})
            )
        else:
            told = f"not read: {problems[0]}" if problems else holds
            click.echo(f"{path.name:24}  {told}")
    return ExitCode.DONE


def _require_directory(pack: Path) -> None:
    if not pack.is_dir():
        raise DltermError(
            f"{safe(str(pack))}: no such directory", hint="a pack is a directory", exit_code=ExitCode.NO_INPUT
        )


def _count(problems: list[Problem]) -> str:
    return f"{len(problems) or 'no'} problem{'s' * (len(problems) != 1)}"
