"""What stands beside the pages, and how wide. It knows no Textual."""

from __future__ import annotations

from dataclasses import dataclass, field

NARROWEST, WIDEST = 30, 80  # columns
READING = "reading:"  # how the place of a lesson's text begins
_STEP = 4


@dataclass
class Beside:
    """What stands beside the pages: the app has one, so that a card stays where one goes on to another page."""

    is_open: bool = False
    columns: int = 40
    place: str = ""
    _before: list[str] = field(default_factory=list)

    @property
    def is_read(self) -> bool:
        """Whether it is a text to be read, through which one scrolls."""
        return self.place.startswith(READING)

    def show(self, place: str) -> None:
        """Turn to a place."""
        if self.place and place != self.place:
            self._before.append(self.place)
        self.place = place

    def back(self) -> None:
        """Turn to the place before."""
        if self._before:
            self.place = self._before.pop()

    def widen(self, columns: int) -> None:
        """Take so many columns, as far as a card can."""
        self.columns = min(max(columns, NARROWEST), WIDEST)

    def widen_by(self, steps: int) -> None:
        """Take more columns, or fewer."""
        self.widen(self.columns + steps * _STEP)
