"""`dlterm handout LESSON`: a lesson to print for a class."""

from __future__ import annotations

from pathlib import Path

import click

from dlterm.cli.catalogue import COMMANDS, examples
from dlterm.cli.options import no_color_option
from dlterm.course.library import lessons
from dlterm.errors import DltermError, ExitCode
from dlterm.text import safe


@click.command(epilog=examples(*COMMANDS["handout"].examples))
@click.argument("lesson")
@click.option(
    "--to",
    "directory",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where to write; it is made if it is not there.  [default: LESSON-handout]",
)
@click.option("--answers", is_flag=True, help="Put the answers on a last page.")
@click.option("--force", is_flag=True, help="Write over an earlier handout.")
@no_color_option
def command(lesson: str, directory: Path | None, answers: bool, force: bool) -> int:
    """Write LESSON for print: HTML in one file, and Markdown with its pictures beside it.

    Networks of the lesson are trained, and drawn as they then are; questions have room for answers.
    """
    found = lessons()
    if lesson not in found:
        raise DltermError(
            f'there is no lesson "{safe(lesson, limit=60)}"',
            hint="dlterm read lists the lessons",
            exit_code=ExitCode.NO_INPUT,
        )
    directory = directory or Path(f"{lesson}-handout")
    page = directory / f"{lesson}.html"
    if page.exists() and not force:
        raise DltermError(
            f"{safe(str(page))}: there is such a file",
            hint="name another directory with --to, or write over it with --force",
            exit_code=ExitCode.CANNOT_CREATE,
        )
    _write(lesson, directory, answers=answers)
    click.echo(safe(str(page)))
    return ExitCode.DONE


def _write(lesson: str, directory: Path, *, answers: bool) -> None:
    from dlterm.atomic import naming, write_atomically
    from dlterm.authoring.handout import handout
    from dlterm.authoring.handout_html import as_html
    from dlterm.authoring.handout_markdown import as_markdown
    from dlterm.cli.narration import narrator
    from dlterm.course.shelf import shelf

    with naming(directory):
        directory.mkdir(parents=True, exist_ok=True)
    page = handout(lessons()[lesson], shelf(), narrator(quiet=False))
    text, pictures = as_markdown(page, answers=answers)
    files = {f"{lesson}.html": as_html(page, answers=answers), f"{lesson}.md": text, **pictures}
    for name, content in files.items():
        write_atomically(directory / name, content.encode())
