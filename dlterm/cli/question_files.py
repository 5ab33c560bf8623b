"""Questions to and from the files of other programs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from dlterm.atomic import write_atomically
from dlterm.course.shelf import sources
from dlterm.data.source import STANDARD_INPUT, place_name
from dlterm.errors import DltermError, ExitCode
from dlterm.quiz.bank import bank
from dlterm.text import safe

if TYPE_CHECKING:
    from pathlib import Path

    from dlterm.quiz.bank import Entry

_LARGEST = 2_000_000  # bytes


def export(topics: tuple[str, ...], form: str, out: Path | None) -> None:
    """Write the questions on the topics, or all. Raises DltermError."""
    from dlterm.quiz.anki import as_text, notes, write_package
    from dlterm.quiz.gift import as_gift

    entries = list({entry.id: entry for topic in topics for entry in bank().about(topic)}.values()) or list(
        bank()
    )
    if out is not None:
        _require_new(out)
    if form == "gift":
        text, left = as_gift(entries)
        _write(text, out)
        _tell_left(left, "GIFT")
        return
    made = {note.id for note in notes(entries, sources())}
    if form == "anki":
        _write(as_text(entries, sources()), out)
    elif out is None:
        raise click.UsageError("--to apkg needs --out FILE")
    else:
        write_package(entries, sources(), out)
    _tell_left([entry.id for entry in _without(entries, made)], "Anki")


def _without(entries: list[Entry], made: set[str]) -> list[Entry]:
    return [entry for entry in entries if f"dlterm-{entry.id}" not in made]


def import_gift(file: Path, lesson: str, out: Path | None) -> None:
    """Write a GIFT file's questions, or those from standard input for "-", as TOML. Raises DltermError."""
    import tomli_w

    from dlterm.quiz.gift_reading import read_gift

    if out is not None:
        _require_new(out)
    name = place_name(str(file))
    questions, problems = read_gift(_read(file), name)
    for problem in problems:
        click.echo(str(problem), err=True)
    if not questions:
        raise DltermError(f"{name}: no question could be read", hint="see docs.moodle.org/en/GIFT_format")
    _write(tomli_w.dumps({"format_version": 1, "lesson": lesson, "question": questions}), out)
    click.echo(f"{len(questions)} read, {len(problems)} left out", err=True)


def _read(file: Path) -> str:
    shown = place_name(str(file))
    try:
        content = _bytes(file)
    except OSError as error:
        code = ExitCode.PERMISSION if isinstance(error, PermissionError) else ExitCode.NO_INPUT
        raise DltermError(f"{shown}: {error.strerror}", exit_code=code) from None
    if len(content) > _LARGEST:
        raise DltermError(f"{shown}: larger than {_LARGEST:,} bytes", hint="split it")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DltermError(f"{shown}: not UTF-8", hint="save it as UTF-8") from None


def _bytes(file: Path) -> bytes:
    """What is in it; of what is too large, enough to tell."""
    if str(file) != STANDARD_INPUT:
        with file.open("rb") as source:
            return source.read(_LARGEST + 1)
    if sys.stdin is None:
        raise DltermError("stdin: standard input is closed", exit_code=ExitCode.NO_INPUT)
    return sys.stdin.buffer.read(_LARGEST + 1)


def _require_new(out: Path) -> None:
    if out.exists():
        raise DltermError(
            f"{safe(str(out))}: there is a file of that name",
            hint="name a new one",
            exit_code=ExitCode.CANNOT_CREATE,
        )


def _write(text: str, out: Path | None) -> None:
    if out is None:
        click.echo(text, nl=False)
    else:
        write_atomically(out, text.encode())


def _tell_left(left: list[str], form: str) -> None:
    if left:
        click.echo(f"left out, having no form in {form}: {', '.join(left)}", err=True)
