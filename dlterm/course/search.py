"""Full-text search over all that the course has to read: SQLite's FTS5, in memory, made when it is first asked."""

from __future__ import annotations

import functools
import re
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from dlterm.course.content import presets, topic, topics
from dlterm.course.library import lessons, unlinked
from dlterm.course.prose import uncited
from dlterm.course.shelf import SOURCE_COLUMN, Shelf, shelf

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Kind = Literal["term", "event", "table", "lesson", "help", "preset"]
MARKS = ("\ue000", "\ue001")  # around a found word in an excerpt; private characters, which no text holds
_WORD = re.compile(r"\w+")
_WEIGHTS = (10.0, 6.0, 1.0)  # of title, other names, text
_EXCERPT = 16  # words


@dataclass(frozen=True)
class Entry:
    """Something that can be found: `id` names it within its kind, `also` are its other names."""

    kind: Kind
    id: str
    title: str
    text: str
    also: str = ""


@dataclass(frozen=True)
class Hit:
    """An entry that was found; in `excerpt` the words that were are between MARKS."""

    kind: Kind
    id: str
    title: str
    excerpt: str


class Index:
    """An index of entries. One thread at a time."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._database = sqlite3.connect(":memory:", check_same_thread=False)
        self._database.execute(
            "create virtual table entries using fts5(kind unindexed, id unindexed, title, also, text,"
            " tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3')"
        )
        rows = ((entry.kind, entry.id, entry.title, entry.also, entry.text) for entry in entries)
        self._database.executemany("insert into entries values (?, ?, ?, ?, ?)", rows)

    def search(self, words: str, *, limit: int = 20) -> list[Hit]:
        """The entries that have words that begin with all of these, the best first."""
        found = _WORD.findall(words)
        if not found:
            return []
        query = " ".join(f'"{word}"*' for word in found)
        rows = self._database.execute(
            "select kind, id, title, snippet(entries, 4, ?, ?, '…', ?) from entries where entries match ? "
            "order by lower(title) = ? desc, bm25(entries, 0, 0, ?, ?, ?) limit ?",
            (*MARKS, _EXCERPT, query, words.strip().lower(), *_WEIGHTS, limit),
        )
        return [Hit(*row) for row in rows]


@functools.cache
def index() -> Index:
    """The course's own."""
    return Index(entries(shelf()))


def entries(found: Shelf) -> Iterator[Entry]:
    """All that the course has to read."""
    for term in found.terms.values():
        yield Entry("term", term.id, term.name, f"{term.text} {term.formula}".strip(), ", ".join(term.also))
    for table in found.tables.values():
        yield from _rows_of(found, table.name)
    for lesson in lessons().values():
        texts = (part.figure.caption if part.figure else part.text for part in lesson.parts)
        yield Entry("lesson", lesson.head.id, lesson.head.title, unlinked(uncited("\n".join(texts))))
    for name in topics():
        text = topic(name)
        yield Entry("help", name, text.partition("\n")[0].lstrip("# "), text)
    for preset in presets():
        yield Entry("preset", preset.id, preset.title, preset.note)


def _rows_of(found: Shelf, name: str) -> Iterator[Entry]:
    table = found.tables[name]
    for number, row in enumerate(table.rows):
        cells = {c: cell for c, cell in zip(table.columns, row, strict=True) if c != SOURCE_COLUMN and cell}
        if name == "timeline":
            text = " ".join(cells.get(column, "") for column in ("text", "people")).strip()
            yield Entry("event", str(number), f"{cells['year']} {cells['event']}", text)
        else:
            title = next(iter(cells.values()))
            yield Entry("table", f"{name}:{number}", title, " · ".join(list(cells.values())[1:]))
