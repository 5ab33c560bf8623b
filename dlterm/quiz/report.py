"""How a session went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dlterm.quiz.placement import start_at

if TYPE_CHECKING:
    from dlterm.quiz.bank import Entry
    from dlterm.quiz.feedback import Feedback


@dataclass(frozen=True)
class Report:
    """All answers that stand, in their order, and what was not asked."""

    mode: str
    given: tuple[Feedback, ...]
    left: tuple[Entry, ...] = ()

    @property
    def first(self) -> list[Feedback]:
        """The first answer to each question."""
        seen: dict[str, Feedback] = {}
        for feedback in self.given:
            seen.setdefault(feedback.entry.id, feedback)
        return list(seen.values())

    @property
    def right(self) -> int:
        """Questions that were right at first."""
        return sum(feedback.right for feedback in self.first)

    @property
    def mark(self) -> float:
        """The credit earned of that which could be: in an exam, what was not answered earns nothing."""
        first = self.first
        possible = len(first) + (len(self.left) if self.mode == "exam" else 0)
        return sum(feedback.grade.credit for feedback in first) / possible if possible else 0.0

    @property
    def wrong(self) -> list[Feedback]:
        """What was not right at first, the surely wrong first."""
        return sorted((each for each in self.first if not each.right), key=lambda each: not each.surely_wrong)

    @property
    def seconds(self) -> float:
        """The time taken to answer."""
        return sum(feedback.seconds for feedback in self.given)

    def lessons(self) -> dict[str, tuple[int, int]]:
        """Right and asked, by lesson."""
        found: dict[str, tuple[int, int]] = {}
        for feedback in self.first:
            right, asked = found.get(feedback.entry.lesson.id, (0, 0))
            found[feedback.entry.lesson.id] = right + feedback.right, asked + 1
        return found

    def as_json(self) -> dict[str, Any]:
        """All of it as plain values."""
        placed = start_at(self.given, self.left) if self.mode == "placement" else None
        return {
            "mode": self.mode,
            "asked": len(self.first),
            "right": self.right,
            "mark": round(self.mark, 4),
            "surely_wrong": sum(feedback.surely_wrong for feedback in self.first),
            "seconds": round(self.seconds, 3),
            "lessons": {
                name: {"right": right, "asked": asked} for name, (right, asked) in self.lessons().items()
            },
            "wrong": [feedback.entry.id for feedback in self.wrong],
            "left": len(self.left),
            **({"start_at": placed} if self.mode == "placement" else {}),
        }
