"""What a learner marks beside answering: flagged questions, and days off."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from dlterm.quiz.kept import Kept


class Marks:
    """The marks of a store. Each change is on the disk when its method returns, or raises DltermError."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def flags(self) -> set[str]:
        """The questions that are flagged."""
        return {row[0] for row in self._kept.rows("SELECT question FROM flags")}

    def flag(self, question: str, now: datetime, *, on: bool = True) -> None:
        """Flag a question, to find it again, or take its flag away."""
        with self._kept.writing():
            self._kept.change("DELETE FROM flags WHERE question = ?", question)
            if on:
                self._kept.change("INSERT INTO flags VALUES (?, ?)", question, int(now.timestamp() * 1000))

    def add_flags(self, questions: Iterable[str]) -> None:
        """Flag questions that were flagged elsewhere."""
        with self._kept.writing():
            self._kept.change_many(
                "INSERT OR IGNORE INTO flags VALUES (?, 0)", [(question,) for question in questions]
            )

    def days_off(self) -> list[tuple[int, int]]:
        """Vacations, as first and last study days."""
        return [(first, last) for first, last in self._kept.rows("SELECT * FROM days_off ORDER BY first")]

    def is_off(self, day: int) -> bool:
        """Whether a day is one of a vacation."""
        return any(first <= day <= last for first, last in self.days_off())

    def take_off(self, first: int, last: int) -> None:
        """Have a vacation: nothing is due, and no streak breaks. One that overlaps is replaced."""
        with self._kept.writing():
            self._kept.change("DELETE FROM days_off WHERE first <= ? AND last >= ?", last, first)
            self._kept.change("INSERT INTO days_off VALUES (?, ?)", first, last)

    def end_days_off(self, day: int) -> bool:
        """End the vacation of that day, and drop later ones; whether there was any."""
        with self._kept.writing():
            dropped = self._kept.change("DELETE FROM days_off WHERE first >= ?", day).rowcount
            ended = self._kept.change("UPDATE days_off SET last = ? WHERE last >= ?", day - 1, day).rowcount
        return dropped + ended > 0
