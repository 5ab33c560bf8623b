"""`dlterm progress`: what was learned, and the file that it is kept in."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dlterm.cli.catalogue import COMMANDS, examples
from dlterm.cli.complete import complete_topic
from dlterm.cli.options import json_option, no_color_option
from dlterm.cli.screens import open_app
from dlterm.clock import local_time
from dlterm.errors import DltermError, ExitCode
from dlterm.text import safe
from dlterm.tui.opening import Opening

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from dlterm.quiz.store import Store

_yes_option = click.option("--yes", is_flag=True, help="Do it without asking.")


@click.group(invoke_without_command=True, epilog=examples(*COMMANDS["progress"].examples))
@click.option("--screen", is_flag=True, help="Open it in the app.")
@json_option
@no_color_option
@click.pass_context
def command(ctx: click.Context, screen: bool, as_json: bool) -> int | None:
    """Show how far you have come: days, lessons, memory, confidence, misconceptions."""
    if ctx.invoked_subcommand is not None:
        return None
    if screen:
        return open_app(Opening("progress"))
    from dlterm.cli.progress_words import progress_words
    from dlterm.quiz.bank import bank
    from dlterm.quiz.statistics import statistics
    from dlterm.settings.config_file import ConfigFile

    with _store() as store:
        found = statistics(store, bank(), ConfigFile.read().config, local_time())
    if as_json:
        click.echo(json.dumps(found.as_json()))
    else:
        width = _columns() if sys.stdout.isatty() else 0
        click.echo("\n".join(progress_words(found, width=width)))
    return ExitCode.DONE


@command.command("export")
@click.argument("file", required=False, type=click.Path(path_type=Path))
def export_command(file: Path | None) -> int:
    """Write all answers to FILE, or standard output: a JSON object a line, for dlterm progress import."""
    from dlterm.atomic import write_atomically
    from dlterm.quiz.exchange import exported

    with _store() as store:
        if file is None or str(file) == "-":
            for line in exported(store):
                click.echo(line)
            return ExitCode.DONE
        if file.exists():
            raise DltermError(
                f"{safe(str(file))}: there is a file of that name",
                hint="name a new one",
                exit_code=ExitCode.CANNOT_CREATE,
            )
        write_atomically(file, ("\n".join(exported(store)) + "\n").encode())
    click.echo(f"written: {safe(str(file))}", err=True)
    return ExitCode.DONE


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path))
def import_command(file: Path) -> int:
    """Take over the answers in FILE, an export of this or another machine, that are not here yet. - reads a pipe."""
    from dlterm.quiz.exchange import taken_over

    with _store() as store:
        store.back_up(local_time())
        if str(file) == "-":
            taken = taken_over(store, "standard input", sys.stdin or ())
        else:
            taken = taken_over(store, str(file), _lines(file))
    click.echo(f"{taken:,} answer{'s' * (taken != 1)} taken over", err=True)
    return ExitCode.DONE


@command.command("backup")
def backup_command() -> int:
    """Keep a copy of all answers; print where. One is made each day that you learn, and old ones are thinned out."""
    with _store() as store:
        click.echo(str(store.back_up(local_time())))
    return ExitCode.DONE


@command.command("restore")
@click.argument("backup", required=False, type=click.Path(path_type=Path))
@click.option("--list", "as_list", is_flag=True, help="List the backups.")
@_yes_option
def restore_command(backup: Path | None, as_list: bool, yes: bool) -> int:
    """Go back to BACKUP, a file, or to the newest one. What is there now is kept as a backup, too."""
    from dlterm.quiz.backups import backups
    from dlterm.quiz.database import store_path
    from dlterm.quiz.restoring import restore

    found = backups(store_path())
    if as_list:
        for each in found:
            click.echo(f"{each.time:%Y-%m-%d %H:%M}  {each.path}")
        return ExitCode.DONE
    if backup is None and not found:
        raise DltermError(
            "there are no backups", hint="dlterm progress backup makes one", exit_code=ExitCode.NO_INPUT
        )
    chosen = backup if backup is not None else found[0].path
    _confirm(f"go back to {safe(str(chosen))}?", yes=yes)
    with _store() as store:
        before, after = restore(store, chosen, local_time())
    answers = f"{after:,} answer{'s' * (after != 1)}"
    click.echo(f"{answers}, where there were {before:,}; those are in the newest backup", err=True)
    return ExitCode.DONE


@command.command("check")
@click.option("--mend", is_flag=True, help="Compute anew what follows from the answers.")
@json_option
def check_command(mend: bool, as_json: bool) -> int:
    """Look whether the store is whole: one line a problem, and exit code 1 if there is any."""
    from dlterm.quiz.bank import bank

    with _store() as store:
        problems = list(store.notices)
        verdict = [row[0] for row in store.kept.rows("PRAGMA integrity_check")]
        problems += [] if verdict == ["ok"] else [str(line) for line in verdict]
        cards, folded = store.cards.all(), store.cards.folded()
        wrong = {name for name in cards.keys() | folded.keys() if cards.get(name) != folded.get(name)}
        if wrong and mend:
            store.refold()
        elif wrong:
            problems.append(f"{len(wrong)} cards are not what the answers say; dlterm progress check --mend")
        about = {
            "store": str(store.path),
            "answers": store.kept.value("SELECT count(*) FROM answers"),
            "cards": len(folded),
            "removed_questions": sum(name not in bank().entries for name in folded),
            "mended": len(wrong) if mend else 0,
            "problems": problems,
        }
    if as_json:
        click.echo(json.dumps(about))
    else:
        click.echo(
            "\n".join([f"{name.replace('_', ' ')}: {value}" for name, value in list(about.items())[:-1]])
        )
        click.echo(
            "\n".join(safe(problem, limit=400) for problem in problems) or "no problems", err=not problems
        )
    return ExitCode.NO if problems else ExitCode.DONE


@command.command("reset")
@click.argument("topic", nargs=-1, shell_complete=complete_topic)
@_yes_option
def reset_command(topic: tuple[str, ...], yes: bool) -> int:
    """Forget the answers on TOPIC, a lesson or a question's id; without one, all. A backup is kept."""
    from dlterm.quiz.bank import bank

    chosen = [entry.id for each in topic for entry in bank().about(each)] if topic else None
    _confirm(f"forget the answers on {', '.join(map(safe, topic)) or 'everything'}?", yes=yes)
    with _store() as store:
        path = store.back_up(local_time())
        count = store.forget(chosen)
    click.echo(f"{count:,} answer{'s' * (count != 1)} forgotten; they are in {safe(str(path))}", err=True)
    return ExitCode.DONE


@command.command("vacation")
@click.argument("first", required=False, metavar="[FIRST]", type=click.DateTime(["%Y-%m-%d"]))
@click.argument("last", required=False, metavar="[LAST]", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--end", is_flag=True, help="End the vacation that is under way, and drop those to come.")
def vacation_command(first: datetime | None, last: datetime | None, end: bool) -> int:
    """Take days off, from FIRST to LAST: nothing is due, and no row of days breaks. Without dates, list them."""
    from dlterm.quiz.days import as_date

    with _store() as store:
        today = store.today(local_time())
        if end:
            store.marks.end_days_off(today)
        elif first is not None:
            begin, until = first.date(), (last or first).date()
            if until < begin:
                raise click.UsageError("LAST is before FIRST")
            store.marks.take_off(begin.toordinal(), until.toordinal())
        _list_days_off((as_date(begin), as_date(until)) for begin, until in store.marks.days_off())
    return ExitCode.DONE


def _list_days_off(found: Iterable[tuple[date, date]]) -> None:
    for first, last in found:
        click.echo(f"{first} {last}")


def _store() -> Store:
    """The user's store; what is to be told of it is told. Raises DltermError."""
    from dlterm.quiz.opening import open_store
    from dlterm.settings.config_file import ConfigFile

    store = open_store(ConfigFile.read().config)
    for notice in store.notices:
        click.echo(safe(notice, limit=400), err=True)
    return store


def _confirm(question: str, *, yes: bool) -> None:
    if yes:
        return
    if sys.stdin is None or not sys.stdin.isatty():
        raise click.UsageError("this asks on a terminal only; --yes does it without asking")
    click.confirm(question, abort=True, err=True)


def _lines(file: Path) -> list[str]:
    """A file's lines. Raises DltermError (66, 65, 77)."""
    try:
        return file.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        raise DltermError(
            f"{safe(str(file))}: not UTF-8", hint="dlterm progress export writes such files"
        ) from None
    except OSError as error:
        code = ExitCode.PERMISSION if isinstance(error, PermissionError) else ExitCode.NO_INPUT
        raise DltermError(f"{safe(str(file))}: {error.strerror}", exit_code=code) from None


def _columns() -> int:
    import shutil

    return shutil.get_terminal_size().columns
