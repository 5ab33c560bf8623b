"""How far one has come: days, lessons, memory, confidence, misconceptions."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import getters, on, work
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from dlterm.errors import DltermError
from dlterm.quiz.opening import Wish
from dlterm.text import safe
from dlterm.tui.actions import page_bindings
from dlterm.tui.page import Page
from dlterm.tui.quiz_words import time_words
from dlterm.tui.widgets.banner import Banner
from dlterm.tui.widgets.view_pane import ViewPane

if TYPE_CHECKING:
    from datetime import datetime

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.geometry import Size

    from dlterm.drawing.views import View
    from dlterm.quiz.statistics import Statistics
    from dlterm.quiz.store import Store
    from dlterm.settings.config import Config

_BOTH = 110  # columns from which panes stand side by side
_WEEKS, _WEEK = 53, 2  # weeks of a calendar at the most; columns of one
_LABELS = 4
_PANES = {
    "calendar": "Days",
    "mastery": "Lessons",
    "coming": "Coming back",
    "retention": "Known when asked again",
    "confidence": "Right, when sure and when not",
    "misconceptions": "Misconceptions",
}
_COLUMNS = ("mastery", "coming"), ("retention", "confidence", "misconceptions")


class _ProgressPane(ViewPane):
    """One of the views; it can be looked at alone."""

    can_focus = True

    def __init__(self, name: str) -> None:
        super().__init__(_PANES[name])
        self.id = name


class _Calendar(_ProgressPane):
    """Of as many weeks as there is room for, which is its page's to choose."""

    class Sized(Message):
        """There is more room than there was, or less."""

    def on_resize(self) -> None:
        """Tell of it."""
        super().on_resize()
        self.post_message(self.Sized())


class ProgressScreen(Page):
    """Read anew whenever it is come to; scrolled where it has no room."""

    PLACE = "progress"
    CSS_PATH = "progress.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*page_bindings(PLACE)]
    AUTO_FOCUS = "#panes"

    banner = getters.query_one(Banner)
    numbers = getters.query_one("#numbers", Static)
    calendar = getters.query_one("#calendar", _Calendar)
    found: Statistics | None = None
    _weeks = 0  # of the calendar that is shown

    def body(self) -> ComposeResult:
        """The numbers, and a pane each for what they say."""
        yield Banner()
        with VerticalScroll(id="panes"):
            yield Static(id="numbers", markup=False)
            with Vertical(id="drawn"):
                yield _Calendar("calendar")
                with Horizontal():
                    for names in _COLUMNS:
                        with Vertical():
                            for name in names:
                                yield _ProgressPane(name)

    def on_screen_resume(self) -> None:
        """Look how far one is now."""
        self.action_read()

    @on(_Calendar.Sized)
    def _size_calendar(self) -> None:
        """A calendar has as many weeks as there is room for."""
        if self._weeks_with_room != self._weeks:
            self._show_calendar()

    def lay_out(self, size: Size) -> None:
        """Panes side by side, or below each other."""
        self.set_class(size.width < _BOTH, "-narrow")

    def subject(self) -> str:
        """What is said of the page."""
        return "help:quiz"

    @work(exclusive=True, group="progress")
    async def action_read(self) -> None:
        """Ask the store, beside the event loop."""
        answers, config = self.app.answers, self.app.config
        try:
            found = await answers.ask(
                config, lambda store: _statistics(store, config, answers.clock()), again=True
            )
        except DltermError as error:
            self.banner.say(safe(error.message), alarming=True)
            return
        refusal = answers.refusal
        self.banner.say(
            f"What you answer is not kept: {safe(refusal, limit=300)}" if refusal else "", alarming=True
        )
        self.found = found
        self.numbers.update(self._numbers(found))
        self.query_one("#drawn").display = bool(found.total.answers)
        if found.total.answers:
            views = await asyncio.to_thread(_views, found, config.retention)
            for name, view in views.items():
                self.query_one(f"#{name}", _ProgressPane).show(view)
            self._show_calendar()

    def _show_calendar(self) -> None:
        """Show those weeks; before it has its size, none."""
        self._weeks = self._weeks_with_room
        if self._weeks and self.found is not None and self.found.total.answers:
            from dlterm.quiz.views import calendar

            self.calendar.show(calendar(self.found, self._weeks))

    @property
    def _weeks_with_room(self) -> int:
        width = self.calendar.content_size.width
        return width and min(_WEEKS, max((width - _LABELS - 2) // _WEEK, 4))

    def _numbers(self, found: Statistics) -> Content:
        total = found.total
        if not total.answers:
            key = self.app.keys.first("progress.quiz")
            return Content.assemble(
                ("Nothing is answered yet.\n\n", "bold"),
                (f" {key} ", "bold $accent"),
                "begins.",
                *_flagged(found),
            )
        days = f"{len(found.days):,} day{'s' * (len(found.days) != 1)}"
        today = found.days.get(found.today)
        due = "vacation: nothing is due" if found.off else f"{found.due.get(0, 0)} due, {found.new_left} new"
        answers = f"answer{'s' * (total.answers != 1)}"
        parts: list[str | tuple[str, str]] = [
            (f"{total.answers:,}", "bold $accent"), f" {answers} on {days}, in {time_words(total.seconds)}; ",
            (f"{total.right / total.answers:.0%}", "bold $accent"), " right\n",
            "Today ", (f"{today.answers if today else 0}", "bold $accent"), f" answered, {due}",
        ]  # fmt: skip
        if found.streak is not None:
            parts += [
                "    Days in a row ",
                (f"{found.streak.now}", "bold $accent"),
                f", longest {found.streak.longest}",
            ]
        return Content.assemble(*parts, *_flagged(found))

    def action_quiz(self) -> None:
        """Be asked what is due today."""
        self.app.quiz(Wish())


def _flagged(found: Statistics) -> list[tuple[str, str]]:
    flags = ("\n⚑ flagged  ", "$accent"), (", ".join(found.flags), "$text-muted")
    return [*flags] if found.flags else []


def _statistics(store: Store, config: Config, now: datetime) -> Statistics:
    from dlterm.quiz.bank import bank
    from dlterm.quiz.statistics import statistics

    return statistics(store, bank(), config, now)


def _views(found: Statistics, wanted: int) -> dict[str, View]:
    from dlterm.quiz import views

    return {
        "mastery": views.mastery(found),
        "retention": views.retention(found, wanted),
        "confidence": views.confidence(found),
        "coming": views.coming(found),
        "misconceptions": views.misconceptions(found),
    }
