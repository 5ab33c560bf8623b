"""How well each question is known: written with each answer, and always what the answers say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dlterm.quiz.scheduling import Card, Rating, Scheduler

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dlterm.quiz.kept import Kept

_COUNTED = "SELECT question, rating, day, confidence FROM answers WHERE undone = 0 AND rating > 0"


class Cards:
    """The cards of a store. What writes is called within a transaction."""

    def __init__(self, kept: Kept, scheduler: Scheduler) -> None:
        self._kept = kept
        self._scheduler = scheduler

    def get(self, question: str) -> Card | None:
        """The card of a question; None before its first answer that counts."""
        row = self._kept.row("SELECT * FROM cards WHERE question = ?", question)
        return None if row is None else _card(row)

    def all(self) -> dict[str, Card]:
        """All cards, by question, those of questions that are no longer there among them."""
        return {row[0]: _card(row) for row in self._kept.rows("SELECT * FROM cards")}

    def put(self, card: Card) -> None:
        """Write a card."""
        self._kept.change(
            "INSERT OR REPLACE INTO cards VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            *(card.question, card.stability, card.difficulty, card.last, card.due),
            *(card.reviews, card.lapses, int(card.surely_wrong)),
        )

    def folded(self, questions: Iterable[str] | None = None) -> dict[str, Card]:
        """What the cards are by the answers alone, of some questions or of all."""
        order = "ORDER BY day, id"
        if questions is None:
            rows = self._kept.rows(f"{_COUNTED} {order}")
        else:
            one = f"{_COUNTED} AND question = ? {order}"
            rows = [row for each in set(questions) for row in self._kept.rows(one, each)]
        cards: dict[str, Card] = {}
        for question, rated, day, confidence in rows:
            sure = confidence == "sure"
            cards[question] = self._scheduler.reviewed(
                cards.get(question), question, Rating(rated), day, sure=sure
            )
        return cards

    def fold(self, questions: Iterable[str] | None = None) -> None:
        """Write the cards as the answers say."""
        chosen = None if questions is None else set(questions)
        found = self.folded(chosen)
        if chosen is None:
            self._kept.change("DELETE FROM cards")
        else:
            self._kept.change_many("DELETE FROM cards WHERE question = ?", [(each,) for each in chosen])
        for card in found.values():
            self.put(card)


def _card(row: tuple[Any, ...]) -> Card:
    question, stability, difficulty, last, due, reviews, lapses, surely_wrong = row
    return Card(question, stability, difficulty, last, due, reviews, lapses, bool(surely_wrong))
