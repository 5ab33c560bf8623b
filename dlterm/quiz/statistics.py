"""What the answers say of a learner: days, lessons, memory, confidence, misconceptions."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from dlterm.quiz.days import as_date
from dlterm.quiz.streak import Streak, streak

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from dlterm.quiz.bank import Bank
    from dlterm.quiz.scheduling import Card
    from dlterm.quiz.store import Store
    from dlterm.settings.config import Config

MASTERED_ON = 2  # days on which a question was right at first
MASTERY = 0.85  # of a lesson's questions
BUCKETS = ((1, 1), (2, 3), (4, 7), (8, 14), (15, 30), (31, 90), (91, 100_000))  # days since the review before


@dataclass(frozen=True)
class Day:
    """Answers given on a day, how many of them were right, and the time they took."""

    answers: int
    right: int
    seconds: float


@dataclass(frozen=True)
class LessonProgress:
    """Of a lesson's questions that come back: how many were asked, are mastered, and are due."""

    id: str
    title: str
    questions: int
    seen: int
    mastered: int
    due: int

    @property
    def is_mastered(self) -> bool:
        """Whether it is known; that opens and closes nothing."""
        return self.questions > 0 and self.mastered >= MASTERY * self.questions


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    asked: int
    right: int

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.right / self.asked if self.asked else 0.0


@dataclass(frozen=True)
class Held:
    """A misconception that the last answer to a question showed."""

    misconception: str
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Statistics:
    """All of it at one moment; `days` by study day, `retention` by days since the review before."""

    today: int
    days: dict[int, Day]
    lessons: tuple[LessonProgress, ...]
    retention: tuple[tuple[tuple[int, int], Share], ...]
    confidence: dict[str, Share]
    misconceptions: tuple[Held, ...]
    due: dict[int, int]  # cards that come back, by days from now; 0 is now
    new_left: int
    off: bool
    flags: tuple[str, ...]
    retired: int  # cards of questions that are no longer there
    streak: Streak | None

    @property
    def total(self) -> Day:
        """All days as one."""
        every = self.days.values()
        return Day(
            sum(day.answers for day in every),
            sum(day.right for day in every),
            sum(day.seconds for day in every),
        )

    def as_json(self) -> dict[str, Any]:
        """All of it as plain values."""
        return {
            "today": as_date(self.today).isoformat(),
            "total": asdict(self.total),
            "days": {as_date(day).isoformat(): asdict(each) for day, each in self.days.items()},
            "lessons": [{**asdict(each), "is_mastered": each.is_mastered} for each in self.lessons],
            "retention": [
                {"from_days": low, "to_days": high, **_share(share)} for (low, high), share in self.retention
            ],
            "confidence": {name: _share(share) for name, share in self.confidence.items()},
            "misconceptions": [asdict(each) for each in self.misconceptions],
            "due": {str(after): count for after, count in self.due.items()},
            "new_left": self.new_left,
            "vacation": self.off,
            "flags": list(self.flags),
            "retired": self.retired,
            "streak": asdict(self.streak) if self.streak else None,
        }


def statistics(store: Store, bank: Bank, config: Config, now: datetime) -> Statistics:
    """Ask the store for all of it. Raises DltermError."""
    today = store.today(now)
    cards, days = store.cards.all(), _days(store)
    known = {name: card for name, card in cards.items() if name in bank.entries}
    off = store.marks.is_off(today)
    return Statistics(
        today=today,
        days=days,
        lessons=lesson_progress(store, bank, known, today),
        retention=_retention(store),
        confidence=_confidence(store),
        misconceptions=_misconceptions(store, bank),
        due={} if off else _due(known, today),
        new_left=max(0, config.new_per_day - store.begun_on(today)),
        off=off,
        flags=tuple(sorted(store.marks.flags())),
        retired=len(cards) - len(known),
        streak=streak(days, store.marks.days_off(), today) if config.streak else None,
    )


def _share(share: Share) -> dict[str, Any]:
    return {"asked": share.asked, "right": share.right, "share": round(share.share, 4)}


def _days(store: Store) -> dict[int, Day]:
    rows = store.kept.rows(
        "SELECT day, count(*), sum(credit >= 1), sum(seconds) FROM answers WHERE undone = 0 GROUP BY day"
    )
    return {day: Day(count, right, round(seconds, 1)) for day, count, right, seconds in rows}


def lesson_progress(
    store: Store, bank: Bank, cards: Mapping[str, Card], today: int
) -> tuple[LessonProgress, ...]:
    """How far each lesson is. Raises DltermError."""
    right = dict(
        store.kept.rows(
            "SELECT question, count(DISTINCT day) FROM answers WHERE undone = 0 AND rating > 1 GROUP BY question"
        )
    )
    found = []
    for name, head in bank.lessons.items():
        questions = [entry.id for entry in bank.lesson(name) if entry.scheduled]
        seen = [cards[each] for each in questions if each in cards]
        found.append(
            LessonProgress(
                id=name,
                title=head.title,
                questions=len(questions),
                seen=len(seen),
                mastered=sum(right.get(each, 0) >= MASTERED_ON for each in questions),
                due=sum(card.is_due(today) for card in seen),
            )
        )
    return tuple(found)


def _retention(store: Store) -> tuple[tuple[tuple[int, int], Share], ...]:
    rows = store.kept.rows(
        "SELECT elapsed, count(*), sum(rating > 1) FROM answers "
        "WHERE undone = 0 AND rating > 0 AND elapsed IS NOT NULL GROUP BY elapsed"
    )
    found = []
    for low, high in BUCKETS:
        inside = [(count, right) for elapsed, count, right in rows if low <= elapsed <= high]
        if inside:
            asked, right = (sum(column) for column in zip(*inside, strict=True))
            found.append(((low, high), Share(asked, right)))
    return tuple(found)


def _confidence(store: Store) -> dict[str, Share]:
    rows = store.kept.rows(
        "SELECT confidence, count(*), sum(credit >= 1) FROM answers "
        "WHERE undone = 0 AND confidence <> '' GROUP BY confidence"
    )
    return {confidence: Share(count, right) for confidence, count, right in rows}


def _misconceptions(store: Store, bank: Bank) -> tuple[Held, ...]:
    """Those that show in the last answer to a question, the commonest first."""
    last = store.kept.rows("SELECT question, max(id) FROM answers WHERE undone = 0 GROUP BY question")
    found: dict[str, list[str]] = {}
    for question, number in last:
        if question in bank.entries:
            said = store.kept.value("SELECT misconceptions FROM answers WHERE id = ?", number)
            for misconception in str(said).split():
                found.setdefault(misconception, []).append(question)
    held = [Held(name, tuple(questions)) for name, questions in found.items()]
    return tuple(sorted(held, key=lambda each: (-len(each.questions), each.misconception)))


def _due(cards: dict[str, Card], today: int) -> dict[int, int]:
    """What comes back in the next thirty days."""
    counted = Counter(max(0, card.due - today) for card in cards.values())
    return {after: counted[after] for after in sorted(counted) if after <= 30}
