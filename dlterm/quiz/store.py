"""What was answered, one row an answer, and the cards that follow from it."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from dlterm.quiz import backups
from dlterm.quiz.cards import Cards
from dlterm.quiz.database import real, store_path
from dlterm.quiz.days import BEGINS, clock_day, true_days
from dlterm.quiz.kept import Kept
from dlterm.quiz.marks import Marks
from dlterm.quiz.rescue import open_store
from dlterm.quiz.scheduling import Card, Confidence, Rating, Scheduler

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from dlterm.quiz.grading import Given

_MISDATED = "SELECT 1 FROM answers WHERE day <> clock AND origin = '' LIMIT 1"
_COUNTED = "SELECT count(*) FROM answers WHERE day = ? AND undone = 0 AND rating > 0"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer as it is kept; `rating` NONE for one that the schedule does not ask for."""

    question: str
    lesson: str
    kind: str
    mode: str
    session: str
    given: Given
    credit: float
    rating: Rating = Rating.NONE
    confidence: Confidence = ""
    hints: int = 0
    seconds: float = 0.0
    seed: int = 0
    misconceptions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recorded:
    """An answer that is on the disk. `card` is what follows from it, None for a question without one."""

    id: int
    uid: str
    counted: bool
    card: Card | None


class Store:
    """The answers of a learner. What writes is on the disk when it returns, or raises DltermError."""

    def __init__(
        self,
        path: Path,
        connection: sqlite3.Connection,
        notices: Iterable[str] = (),
        *,
        scheduler: Scheduler | None = None,
        begins: int = BEGINS,
    ) -> None:
        self.path = path
        self.notices = list(notices)  # what is to be told of how it was opened
        self.scheduler = scheduler or Scheduler()
        self.begins = begins
        self.kept = Kept(path, connection)
        self.cards = Cards(self.kept, self.scheduler)
        self.marks = Marks(self.kept)

    @classmethod
    def open(
        cls, path: Path | None = None, *, scheduler: Scheduler | None = None, begins: int = BEGINS
    ) -> Self:
        """The store at that path, or the user's, checked, and restored where it is damaged. Raises DltermError."""
        path = real(path or store_path())
        store = cls(path, *open_store(path), scheduler=scheduler, begins=begins)
        if store.kept.row("SELECT 1 FROM facts WHERE name = 'cards'"):
            store.refold()
        return store

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self.kept.connection.close()

    def go_by(self, scheduler: Scheduler, begins: int) -> None:
        """Go by other settings from now on."""
        if (scheduler, begins) != (self.scheduler, self.begins):
            self.scheduler, self.begins = scheduler, begins
            self.cards = Cards(self.kept, scheduler)

    def back_up(self, now: datetime, *, only_if_due: bool = False) -> Path | None:
        """Keep a copy, and thin the copies; its path. Raises DltermError."""
        if only_if_due and not backups.is_due(self.path, now):
            return None
        return backups.back_up(self.kept.connection, self.path, now)

    # --- days ---------------------------------------------------------------------------------------------------

    def today(self, now: datetime) -> int:
        """The study day, whatever clocks have said; answers that a wrong clock dated are put right on the way."""
        clock = clock_day(now, self.begins)
        if clock >= self._latest() and self.kept.row(_MISDATED) is None:
            return clock
        return self._settle(clock)

    def _latest(self) -> int:
        return self.kept.value("SELECT max(day) FROM answers") or 0

    def _settle(self, clock: int) -> int:
        """Find out which days they were; the last of them."""
        with self.kept.writing():
            own = self.kept.rows("SELECT id, clock, day, question FROM answers WHERE origin = '' ORDER BY id")
            runs = [row[1] for k, row in enumerate(own) if k == 0 or own[k - 1][1] != row[1]]
            days = true_days([*runs, clock])
            run, changed, questions = -1, [], set()
            for k, (number, shown, day, question) in enumerate(own):
                run += k == 0 or own[k - 1][1] != shown
                if days[run] != day:
                    changed.append((days[run], number))
                    questions.add(question)
            if changed:
                self.kept.change_many("UPDATE answers SET day = ? WHERE id = ?", changed)
                self.cards.fold(questions)
        return days[-1]

    def begun_on(self, day: int) -> int:
        """How many questions were asked for the first time on a day."""
        return int(self.kept.value(f"{_COUNTED} AND elapsed IS NULL", day))

    def reviewed_on(self, day: int) -> int:
        """How many answers counted on a day."""
        return int(self.kept.value(_COUNTED, day))

    # --- answers ------------------------------------------------------------------------------------------------

    def record(self, answer: Answer, now: datetime) -> Recorded:
        """Keep an answer. It counts for the schedule if it is rated, and the first such one of its day."""
        clock = clock_day(now, self.begins)
        offset = now.utcoffset()
        row: dict[str, Any] = {
            "uid": secrets.token_hex(8),
            **{name: getattr(answer, name) for name in _AS_THEY_ARE},
            "at": int(now.timestamp() * 1000),
            "zone": int(offset.total_seconds() // 60) if offset else 0,
            "clock": clock,
            "given": json.dumps(answer.given, ensure_ascii=False),
            "seconds": round(answer.seconds, 3),
            "misconceptions": " ".join(answer.misconceptions),
        }
        with self.kept.writing():
            before = self.cards.get(answer.question)
            day, card, elapsed = max(clock, self._latest()), before, None
            counted = answer.rating != Rating.NONE and (before is None or before.last < day)
            if counted:
                elapsed = None if before is None else day - before.last
                sure = answer.confidence == "sure"
                card = self.scheduler.reviewed(before, answer.question, answer.rating, day, sure=sure)
                self.cards.put(card)
            rated = answer.rating.value if counted else 0
            number = self._insert({**row, "day": day, "rating": rated, "elapsed": elapsed})
        return Recorded(number, row["uid"], counted, card)

    def undo(self, number: int) -> None:
        """Take an answer back: its row stays, and says so; the card is what it was before."""
        with self.kept.writing():
            question = self.kept.value("SELECT question FROM answers WHERE id = ?", number)
            self.kept.change("UPDATE answers SET undone = 1 WHERE id = ?", number)
            self.cards.fold([question])

    def rows(self) -> Iterator[dict[str, Any]]:
        """All answers, in the order in which they were kept, those taken back among them."""
        cursor = self.kept.change("SELECT * FROM answers ORDER BY id")
        names = [column[0] for column in cursor.description]
        for row in cursor:
            yield dict(zip(names, row, strict=True))

    def merge(self, rows: Iterable[Mapping[str, Any]]) -> int:
        """Take over the answers of another store that are not here; how many there were."""
        taken = 0
        with self.kept.writing():
            known = {row[0] for row in self.kept.rows("SELECT uid FROM answers")}
            for row in rows:
                if row["uid"] not in known:
                    self._insert({name: value for name, value in row.items() if name != "id"})
                    known.add(row["uid"])
                    taken += 1
            if taken:
                self.cards.fold()
        return taken

    def forget(self, questions: Iterable[str] | None = None) -> int:
        """Delete the answers to some questions, or all that is kept; how many answers there were."""
        with self.kept.writing():
            if questions is None:
                for table in ("cards", "flags", "days_off"):
                    self.kept.change(f"DELETE FROM {table}")
                return self.kept.change("DELETE FROM answers").rowcount
            chosen = [(each,) for each in set(questions)]
            before = self.kept.value("SELECT count(*) FROM answers")
            self.kept.change_many("DELETE FROM answers WHERE question = ?", chosen)
            self.kept.change_many("DELETE FROM flags WHERE question = ?", chosen)
            self.cards.fold(each for (each,) in chosen)
            return int(before - self.kept.value("SELECT count(*) FROM answers"))

    def refold(self) -> None:
        """Compute all cards anew from the answers."""
        with self.kept.writing():
            self.cards.fold()
            self.kept.change("DELETE FROM facts WHERE name = 'cards'")

    def _insert(self, row: Mapping[str, Any]) -> int:
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        query = f"INSERT INTO answers ({names}) VALUES ({marks})"
        return self.kept.change(query, *row.values()).lastrowid or 0


_AS_THEY_ARE = (
    "question", "lesson", "kind", "mode", "session", "credit", "confidence", "hints", "seed",
)  # fmt: skip
