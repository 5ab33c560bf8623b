"""The ways to be asked: what a mode asks, in which order, and what its answers mean."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from dlterm.course.schema import Challenge, Predict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from dlterm.quiz.bank import Bank, Entry
    from dlterm.quiz.scheduling import Card, Scheduler

Name = Literal["review", "lesson", "topic", "cram", "exam", "pretest", "placement", "marathon"]
PLACEMENT_EACH, PRETEST = 3, 2  # questions a lesson
_EXAM = 20


@dataclass(frozen=True)
class Situation:
    """What choosing questions depends on."""

    bank: Bank
    cards: Mapping[str, Card]
    day: int
    scheduler: Scheduler
    new_left: int = 10  # questions that may still be begun on this day
    reviews_left: int = 100
    off: bool = False  # a day of vacation
    topics: tuple[str, ...] = ()
    seed: int = 0

    def entries(self) -> list[Entry]:
        """The questions on the topics, or all. Raises DltermError (no input) for a topic without any."""
        if not self.topics:
            return list(self.bank)
        found = {entry.id: entry for topic in self.topics for entry in self.bank.about(topic)}
        return list(found.values())

    def chance(self) -> random.Random:
        """The same for the same seed."""
        return random.Random(f"order {self.seed}")

    def recall(self, entry: Entry) -> float:
        """How likely the question is known by now; 0 before its first answer."""
        card = self.cards.get(entry.id)
        return 0.0 if card is None else self.scheduler.recall(card, self.day)


@dataclass(frozen=True)
class Mode:
    """`counts`: answers move the schedule. `at_end`: no feedback before. `again`: what was wrong is asked again."""

    name: Name
    about: str
    choose: Callable[[Situation, int | None], list[Entry]] = field(repr=False)
    counts: bool = True
    at_end: bool = False
    again: bool = False


def _review(situation: Situation, n: int | None) -> list[Entry]:
    """What is due, lessons mixed, what was surely wrong first; then new questions, lesson by lesson.

    Of more than a day's reviews, those that are still best known come first: they are the cheapest to keep.
    """
    if situation.off:
        return []
    known = [entry for entry in situation.entries() if entry.scheduled]
    due = [
        entry
        for entry in known
        if entry.id in situation.cards and situation.cards[entry.id].is_due(situation.day)
    ]
    due.sort(key=lambda entry: (not situation.cards[entry.id].surely_wrong, -situation.recall(entry)))
    due = due[: max(0, situation.reviews_left)]
    burning = [entry for entry in due if situation.cards[entry.id].surely_wrong]
    new = [entry for entry in known if entry.id not in situation.cards][: max(0, situation.new_left)]
    rest = mixed([*due[len(burning) :], *new], situation.chance())
    return [*burning, *rest][:n]


def _lesson(situation: Situation, n: int | None) -> list[Entry]:
    """The easy before the hard, and what runs last; where not all are asked, the unseen and the forgotten."""
    chance = situation.chance()
    found = situation.entries()
    if n is not None:
        chance.shuffle(found)
        found = sorted(found, key=situation.recall)[:n]
    return sorted(found, key=lambda entry: (_runs(entry), entry.question.difficulty, chance.random()))


def _cram(situation: Situation, n: int | None) -> list[Entry]:
    """What is known worst, first."""
    chance = situation.chance()
    found = [entry for entry in situation.entries() if entry.scheduled]
    chance.shuffle(found)
    return sorted(found, key=lambda entry: round(situation.recall(entry), 1))[:n]


def _exam(situation: Situation, n: int | None) -> list[Entry]:
    """As many of each lesson, as far as there are."""
    chance = situation.chance()
    by_lesson = _by_lesson(entry for entry in situation.entries() if entry.scheduled)
    for entries in by_lesson.values():
        chance.shuffle(entries)
    chosen: list[Entry] = []
    wanted = n or _EXAM
    while len(chosen) < wanted and any(by_lesson.values()):
        for entries in by_lesson.values():
            if entries and len(chosen) < wanted:
                chosen.append(entries.pop())
    return mixed(chosen, chance)


def _pretest(situation: Situation, n: int | None) -> list[Entry]:
    """Easy questions before a lesson is read: to err first helps to notice later."""
    chance = situation.chance()
    found = [entry for entry in situation.entries() if entry.scheduled]
    return sorted(found, key=lambda entry: (entry.question.difficulty, chance.random()))[: n or PRETEST]


def _placement(situation: Situation, n: int | None) -> list[Entry]:
    """A few questions of middling difficulty on each lesson, in the lessons' order."""
    chance = situation.chance()
    chosen: list[Entry] = []
    for entries in _by_lesson(entry for entry in situation.entries() if entry.scheduled).values():
        chance.shuffle(entries)
        chosen += sorted(entries, key=lambda entry: abs(entry.question.difficulty - 2))[: n or PLACEMENT_EACH]
    return chosen


def _marathon(situation: Situation, n: int | None) -> list[Entry]:
    """Predictions, one after the other."""
    found = [entry for entry in situation.entries() if isinstance(entry.question, Predict)]
    return mixed(found, situation.chance())[:n]


MODES: dict[str, Mode] = {
    mode.name: mode
    for mode in (
        Mode("review", "what is due today, and some new questions", _review, again=True),
        Mode("lesson", "a lesson's questions", _lesson, again=True),
        Mode("topic", "the questions on a topic", _lesson, again=True),
        Mode("cram", "practice that leaves the schedule alone", _cram, counts=False, again=True),
        Mode("exam", "feedback at the end, and a mark", _exam, at_end=True),
        Mode("pretest", "a guess before a lesson is read", _pretest, counts=False),
        Mode("placement", "which lessons you can skip", _placement, counts=False),
        Mode("marathon", "prediction after prediction", _marathon),
    )
}


def mixed(entries: Sequence[Entry], chance: random.Random) -> list[Entry]:
    """In an order in which two of a lesson follow each other only where it cannot be helped."""
    waiting = _by_lesson(entries)
    for each in waiting.values():
        chance.shuffle(each)
    order: list[Entry] = []
    while waiting:
        last = order[-1].lesson.id if order else ""
        names = [name for name in waiting if name != last] or list(waiting)
        most = max(len(waiting[name]) for name in names)
        name = chance.choice([name for name in names if len(waiting[name]) == most])
        order.append(waiting[name].pop())
        if not waiting[name]:
            del waiting[name]
    return order


def _by_lesson(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        found[entry.lesson.id].append(entry)
    return dict(found)


def _runs(entry: Entry) -> int:
    """0 for what is answered at once, then predictions, then challenges."""
    return 2 if isinstance(entry.question, Challenge) else int(isinstance(entry.question, Predict))
