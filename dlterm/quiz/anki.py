"""Questions as cards for Anki: a text file that it imports, or a deck as a package.

Both carry an id of their own for each question, so that importing again changes cards instead of doubling them. What is
answered by building a network has no card.
"""

from __future__ import annotations

import html
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dlterm.course.library import unlinked
from dlterm.course.schema import Challenge, Multiple, Predict, Single, TrueFalse
from dlterm.errors import DltermError, ExitCode
from dlterm.quiz.asking import ask
from dlterm.quiz.grading import solution

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from dlterm.course.schema import Question, Source
    from dlterm.quiz.bank import Entry

_HEAD = (
    "#separator:Tab",
    "#html:true",
    "#notetype:Basic",
    "#guid column:1",
    "#deck column:2",
    "#tags column:5",
)
_MODEL, _DECKS = (
    1_684_371_825,
    1_684_000_000,
)  # Anki knows note types and decks by numbers: these are ours for ever
_SEED = 0  # options stand in the same order in every export


@dataclass(frozen=True)
class Note:
    """A card's two sides, in HTML."""

    id: str
    deck: str
    front: str
    back: str
    tags: tuple[str, ...]


def notes(entries: Iterable[Entry], sources: Mapping[str, Source]) -> Iterator[Note]:
    """A note for each question that can be one."""
    for entry in entries:
        if isinstance(entry.question, Challenge):
            continue
        tags = (
            "dlterm",
            entry.lesson.id,
            entry.kind,
            *(tag.replace(" ", "-") for tag in entry.question.tags),
        )
        yield Note(
            f"dlterm-{entry.id}",
            f"dlterm::{entry.lesson.title}",
            _front(entry.question),
            _back(entry.question, sources),
            tags,
        )


def as_text(entries: Iterable[Entry], sources: Mapping[str, Source]) -> str:
    """A file for Anki's Import: notes of its Basic type, a line each."""
    rows = (
        "\t".join(_cell(text) for text in (note.id, note.deck, note.front, note.back, " ".join(note.tags)))
        for note in notes(entries, sources)
    )
    return "\n".join([*_HEAD, *rows]) + "\n"


def write_package(entries: Iterable[Entry], sources: Mapping[str, Source], path: Path) -> int:
    """Write an .apkg with a deck a lesson; how many notes. Raises DltermError (usage) without genanki."""
    try:
        import genanki
    except ImportError:
        raise DltermError(
            "writing .apkg needs genanki",
            hint="pip install 'dlterm[anki]', or write text for Anki's Import: --to anki",
            exit_code=ExitCode.USAGE,
        ) from None
    model = genanki.Model(
        _MODEL,
        "dlterm",
        fields=[{"name": "Id"}, {"name": "Front"}, {"name": "Back"}],
        templates=[{"name": "Card", "qfmt": "{{Front}}", "afmt": "{{FrontSide}}<hr id=answer>{{Back}}"}],
    )
    decks: dict[str, genanki.Deck] = {}
    count = 0
    for note in notes(entries, sources):
        deck = decks.setdefault(
            note.deck, genanki.Deck(_DECKS + zlib.crc32(note.deck.encode()) % 10**9, note.deck)
        )
        fields = [note.id, note.front, note.back]
        deck.add_note(
            genanki.Note(model, fields, tags=list(note.tags), guid=genanki.guid_for("dlterm", note.id))
        )
        count += 1
    genanki.Package(list(decks.values())).write_to_file(str(path))
    return count


def _front(question: Question) -> str:
    asked = ask(question, _SEED)
    lines = [unlinked(question.prompt.strip())]
    lines += ["True or false?"] if isinstance(question, TrueFalse) else []
    lines += [f"{left.sign}. {left.text}" for left in asked.lefts]
    lines += [f"{choice.sign}) {choice.text}" for choice in asked.choices]
    return _html(lines)


def _back(question: Question, sources: Mapping[str, Source]) -> str:
    outcome = question.experiment.expect if isinstance(question, Predict) else ""
    answer = f"<b>{html.escape(solution(question, outcome))}</b>"
    lines = [unlinked(question.explain.strip())]
    if isinstance(question, (Single, Multiple, Predict)):
        lines += [f"{option.text}: {option.why}" for option in question.options if option.why]
    lines += [f"Source: {sources[key]}" for key in question.sources if key in sources]
    return f"{answer}<br>{_html(lines)}"


def _html(lines: Iterable[str]) -> str:
    return "<br>".join(html.escape(line, quote=False).replace("\n", "<br>") for line in lines)


def _cell(text: str) -> str:
    """A cell: quotes begin a quoted one only at its start."""
    text = text.replace("\t", " ")
    return '"' + text.replace('"', '""') + '"' if text.startswith(('"', "#")) else text
