"""`dlterm quiz`: questions on the course, line by line."""

from __future__ import annotations

import json
import secrets
from datetime import datetime
from typing import TYPE_CHECKING

import click

from dlterm.cli.catalogue import COMMANDS, examples
from dlterm.cli.complete import complete_topic
from dlterm.cli.options import Decimal, Whole, json_option, no_color_option
from dlterm.errors import DltermError, ExitCode

if TYPE_CHECKING:
    from dlterm.cli.quiz_lines import Lines
    from dlterm.quiz.modes import Mode, Situation
    from dlterm.quiz.store import Store
    from dlterm.settings.config import Config

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
    mode: str | None,
    count: int | None,
    seed: int | None,
    minutes: float | None,
    plain: bool,  # noqa: ARG001  # what is asked without a screen is plain
    as_list: bool,
    as_json: bool,
) -> int:
    """Answer questions: what is due today, or those on each TOPIC.

    TOPIC is a lesson, a chapter, a tag, a type of question or a question's id. A wrong answer says why it is wrong;
    what is answered right comes back later and later. Modes: review (what is due, and some new ones), lesson, topic,
    cram (leaves the schedule alone), exam (a mark at the end), pretest (a guess before a lesson), placement (which
    lessons to skip), marathon (predictions, which are run).

    Answers are read line by line, from a pipe too: b for an option, ac for several, t or f, a number, a word, cab for
    an order, 1b 2a for pairs, ? for "I do not know". A line that ends in ! is a sure answer, one that ends in ? an
    unsure one. /help tells of hints, skipping, undoing and stopping.
    """
    from dlterm.quiz.bank import bank
    from dlterm.settings.config_file import ConfigFile

    file = ConfigFile.read()
    file.require()
    chosen = _mode(topic, mode)
    if as_list:
        return _list(topic, file.config, as_json=as_json)
    for each in topic:
        bank().about(each)

    from dlterm.cli.quiz_lines import Lines
    from dlterm.quiz.opening import open_store, situation
    from dlterm.quiz.session import Session

    seed = secrets.randbelow(2**32) if seed is None else seed
    with open_store(file.config) as store:
        lines = Lines(store, as_json=as_json)
        for notice in store.notices:
            lines.note(notice)
        now = _now()
        there = situation(store, file.config, now, topics=topic, seed=seed)
        session = Session(
            chosen.choose(there, count),
            chosen,
            store,
            clock=_now,
            seed=seed,
            seconds=None if minutes is None else 60 * minutes,
        )
        if session.current is None:
            lines.nothing(_why_nothing(chosen, there))
            return ExitCode.DONE
        try:
            lines.hold(session)
        finally:
            lines.end(session)
            _back_up(store, lines)
    return ExitCode.DONE


def _now() -> datetime:
    return datetime.now().astimezone()


def _mode(topic: tuple[str, ...], name: str | None) -> Mode:
    """The mode that is asked for, or meant. Raises click's usage error."""
    from dlterm.quiz.bank import bank
    from dlterm.quiz.modes import MODES

    if name is None:
        is_lesson = len(topic) == 1 and topic[0] in bank().lessons
        name = ("lesson" if is_lesson else "topic") if topic else "review"
    if not topic and name in ("lesson", "topic", "pretest"):
        raise click.UsageError(f"--mode {name} needs a TOPIC: {', '.join(bank().lessons)}")
    return MODES[name]


def _why_nothing(mode: Mode, there: Situation) -> str:
    """Why there is nothing to ask, and what to do."""
    from dlterm.quiz.days import as_date

    if mode.name != "review":
        return "There are no questions of that kind."
    if there.off:
        return "This is a day of your vacation: nothing is due. dlterm progress vacation --end ends it."
    waiting = [card.due for entry in there.bank if (card := there.cards.get(entry.id)) is not None]
    later = [day for day in waiting if day > there.day]
    due = f" The next question is due on {as_date(min(later))}." if later else ""
    return f"Nothing more is due today.{due} dlterm quiz LESSON, or --mode cram, asks anyway."


def _back_up(store: Store, lines: Lines) -> None:
    """Once a day, when a session ends: what fails is told, and costs nothing that was answered."""
    try:
        store.back_up(_now(), only_if_due=True)
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
