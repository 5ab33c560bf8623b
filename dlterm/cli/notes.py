"""`dlterm notes`: what the user has marked and written in the course."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from dlterm.cli.catalogue import COMMANDS, examples
from dlterm.cli.options import json_option
from dlterm.course.library import lessons
from dlterm.course.places import LENGTH
from dlterm.errors import DltermError, ExitCode
from dlterm.settings.notes import Notes, fault, notes_path
from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dlterm.settings.notes import Note


@click.command(epilog=examples(*COMMANDS["notes"].examples))
@json_option
def command(*, as_json: bool) -> int:
    """Write the bookmarks and notes made in the course as Markdown; the exit code is 1 where there are none."""
    path = notes_path()
    if wrong := fault(path):  # a command that reads sets no file aside
        raise DltermError(wrong, hint="dlterm sets a damaged file aside when its course is opened")
    notes = Notes(path).all
    for line in map(_json, notes) if as_json else _markdown(notes):
        click.echo(line)
    return ExitCode.DONE if notes else ExitCode.NO


def _json(note: Note) -> str:
    place = {"heading": note.place.heading, "paragraph": note.place.text}
    return json.dumps({"lesson": note.lesson, **place, "text": note.text, "made": note.made})


def _markdown(notes: Iterable[Note]) -> Iterator[str]:
    """The notes by lesson and heading, each below the words at which it stands."""
    by_lesson: dict[str, list[Note]] = {}
    for note in notes:
        by_lesson.setdefault(note.lesson, []).append(note)
    order = list(lessons())
    for name in sorted(by_lesson, key=lambda name: order.index(name) if name in order else len(order)):
        title = lessons()[name].head.title if name in order else name
        yield f"# {safe(title)}\n"
        heading = ""
        for note in by_lesson[name]:
            if note.place.heading != heading:
                heading = note.place.heading
                yield f"## {safe(heading)}\n"
            if note.place.text != heading:
                yield f"> {safe(_quoted(note.place.text), limit=400)}\n"
            if note.text:
                yield "\n".join(safe(line, limit=10_000) for line in note.text.splitlines()) + "\n"


def _quoted(beginning: str) -> str:
    """The words by which a place is known; where they are not all of its paragraph, whole words and an ellipsis."""
    return beginning if len(beginning) < LENGTH else f"{beginning.rpartition(' ')[0]} …"
