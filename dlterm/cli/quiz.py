"""`dlterm quiz`: questions on the course, line by line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from dlterm.cli.catalogue import COMMANDS, examples
from dlterm.cli.complete import complete_topic
from dlterm.cli.options import Decimal, Whole, json_option, no_color_option
from dlterm.clock import local_time
from dlterm.errors import DltermError, ExitCode

if TYPE_CHECKING:
    from dlterm.cli.quiz_lines import Lines
    from dlterm.quiz.modes import Name
    from dlterm.quiz.store import Store
    from dlterm.settings.config import Config

_ANYWAY = "dlterm quiz LESSON, or --mode cram, asks anyway."
_MODES = ("review", "lesson", "topic", "cram", "exam", "pretest", "placement", "marathon")


@click.command(epilog=examples(*COMMANDS["quiz"].examples))
@click.argument("topic", nargs=-1, shell_complete=complete_topic)
@click.option(
    "--mode",
    type=click.Choice(_MODES),
    help="How to ask.  [default: review; with TOPIC: lesson or topic]",
)
@click.option("--n", "count", type=Whole(1, 10_000), metavar="N", help="Ask N questions at the most.")
@click.option(
    "--seed", type=Whole(0, 2**32 - 1), metavar="SEED", help="Ask, and shuffle, in the same order again."
)
@click.option("--minutes", type=Decimal(0.01, 1440), metavar="MINUTES", help="End after so many minutes.")
@click.option("--plain", is_flag=True, help="Line by line: for screen readers, pipes and scripts.")
@click.option("--list", "as_list", is_flag=True, help="List the questions instead of asking them.")
@json_option
@no_color_option
def command(
    topic: tuple[str, ...],
    mode: Name | None,
    count: int | None,
    seed: int | None,
    minutes: float | None,
    plain: bool,
    as_list: bool,
    as_json: bool,
) -> int:
    """Answer questions: what is due today, or those on each TOPIC.

    TOPIC is a lesson, a chapter, a tag, a type of question or a question's id. A wrong answer says why it is wrong;
    what is answered right comes back later and later. Modes: review (what is due, and some new ones), lesson, topic,
    cram (leaves the schedule alone), exam (a mark at the end; without --n as long as it is set: dlterm config
    exam_questions, exam_minutes), pretest (a guess before a lesson), placement (which lessons to skip), marathon
    (predictions, which are run).

    On a terminal the questions are on screen. With --plain, and in a pipe, answers are read line by line: b for an
    option, ac for several, t or f, a number, a word, cab for an order, 1b 2a for pairs, ? for "I do not know". A line
    that ends in ! is a sure answer, one that ends in ? an unsure one. /help tells of hints, skipping, undoing and
    stopping.
    """
    from dlterm.cli.screens import is_terminal, open_app
    from dlterm.quiz.opening import Wish, begin, open_store
    from dlterm.settings.config_file import ConfigFile

    file = ConfigFile.read()
    file.require()
    chosen = _mode(topic, mode)
    if as_list:
        return _list(topic, file.config, as_json=as_json)
    _require_topics(topic)
    wish = Wish(chosen, topic, count, seed, None if minutes is None else 60 * minutes)
    if not (plain or as_json) and is_terminal():
        from dlterm.tui.opening import Opening

        return open_app(Opening("quiz", wish=wish))

    from dlterm.cli.quiz_lines import Lines

    with open_store(file.config) as store:
        lines = Lines(store, as_json=as_json)
        for notice in store.notices:
            lines.note(notice)
        session, why = begin(store, file.config, local_time, wish)
        if why:
            lines.nothing(f"{why} {_ANYWAY}" if chosen == "review" else why)
            return ExitCode.DONE
        try:
            lines.hold(session)
        finally:
            lines.end(session)
            _back_up(store, lines)
    return ExitCode.DONE


def _mode(topic: tuple[str, ...], name: Name | None) -> Name:
    """The mode that is asked for, or meant. Raises click's usage error."""
    from dlterm.quiz.bank import bank

    if name is None:
        if not topic:
            return "review"
        return "lesson" if len(topic) == 1 and topic[0] in bank().lessons else "topic"
    if not topic and name in ("lesson", "topic", "pretest"):
        raise click.UsageError(f"--mode {name} needs a TOPIC: {', '.join(bank().lessons)}")
    return name


def _require_topics(topic: tuple[str, ...]) -> None:
    """Raises DltermError (no input) for a topic without questions, before anything is opened."""
    from dlterm.quiz.bank import bank

    for each in topic:
        bank().about(each)


def _back_up(store: Store, lines: Lines) -> None:
    """Once a day, when a session ends: what fails is told, and costs nothing that was answered."""
    try:
        store.back_up(local_time(), only_if_due=True)
    except DltermError as error:
        lines.note(f"no backup was made: {error.message}")


def _list(topic: tuple[str, ...], config: Config, *, as_json: bool) -> int:
    """The questions, a line each; with the days on which they come back, where there is a store."""
    from dlterm.quiz.bank import bank
    from dlterm.quiz.database import store_path
    from dlterm.quiz.days import as_date
    from dlterm.quiz.opening import open_store

    chosen = {entry.id: entry for each in topic for entry in bank().about(each)} if topic else bank().entries
    cards = {}
    if store_path().is_file():
        with open_store(config) as store:
            cards = store.cards.all()
    for entry in chosen.values():
        card, question = cards.get(entry.id), entry.question
        due = as_date(card.due).isoformat() if card else None
        if as_json:
            line = {
                "id": entry.id,
                "type": entry.kind,
                "lesson": entry.lesson.id,
                "difficulty": question.difficulty,
                "objective": question.objective,
                "tags": list(question.tags),
                "prompt": question.prompt,
                "due": due,
            }
            click.echo(json.dumps(line, ensure_ascii=False))
        else:
            click.echo(
                f"{entry.id:32}  {entry.kind:9}  {entry.lesson.id:24}  {question.difficulty}  {due or ''}".rstrip()
            )
    return ExitCode.DONE
