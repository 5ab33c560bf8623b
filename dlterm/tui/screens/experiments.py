"""The experiments: claims of the course, chapter by chapter, with what came out here so far."""

from __future__ import annotations

import asyncio
from itertools import groupby
from typing import TYPE_CHECKING, ClassVar

from textual import getters, work
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static
from textual.widgets.option_list import Option

from dlterm.course.library import lessons
from dlterm.errors import DltermError
from dlterm.experiments.registry import entries
from dlterm.text import safe
from dlterm.tui.actions import page_bindings
from dlterm.tui.experiment_player import Trial
from dlterm.tui.page import Page
from dlterm.tui.widgets.entries import Entries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.geometry import Size

    from dlterm.experiments.registry import Entry
    from dlterm.experiments.results import Status

_NARROW = 96  # columns below which the words stand below the list
_LOOK = 0.05  # seconds, so that the list is painted first
_TALL = 36  # rows from which on every question is in the list
_SIGNS = {
    "": ("○", "$text-muted"),
    "holds": ("✔", "$success"),
    "fails": ("✖", "$error"),
    "some": ("◐", "$accent"),
}


class ExperimentsScreen(Page):
    """A list, and a few words about what is under the cursor."""

    PLACE = "experiments"
    CSS_PATH = "experiments.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*page_bindings(PLACE)]
    AUTO_FOCUS = "Entries"

    entries = getters.query_one(Entries)
    words = getters.query_one("#words", Static)

    def __init__(self) -> None:
        super().__init__()
        self._status: dict[str, Status] = {}
        self._with_questions = False

    def body(self) -> ComposeResult:
        """The list and the words."""
        with Horizontal(id="all"):
            yield Entries(markup=False)
            with VerticalScroll(id="about", can_focus=False):
                yield Static(id="words", markup=False)

    def lay_out(self, size: Size) -> None:
        """Below each other, where there is little room."""
        shape = size.width < _NARROW, size.height >= _TALL
        if shape != (self.has_class("-narrow"), self._with_questions):
            self.set_class(shape[0], "-narrow")
            self._with_questions = shape[1]
            if self._is_listed:
                self._list()
                self._tell()

    def on_screen_resume(self) -> None:
        """List all, once the list is seen and not only what lies over it; look what has come out since."""
        super().on_screen_resume()
        if self.is_current and self.query("#words"):
            if not self._is_listed:
                self._list()
            self.set_timer(_LOOK, self._look)

    @property
    def _is_listed(self) -> bool:
        """Whether the list is there: a size may come before what is in it."""
        return any(entries.option_count for entries in self.query(Entries))

    def _list(self) -> None:
        chosen = self.chosen
        self.entries.clear_options()
        self.entries.add_options(self._listed())
        self.point(chosen.id if chosen else entries()[0].id)

    def point(self, experiment: str) -> None:
        """Put the cursor on an experiment."""
        if experiment in self._ids:
            self.entries.highlighted = self._ids.index(experiment)

    def subject(self) -> str:
        """The lesson that it belongs to."""
        chosen = self.chosen
        return f"lesson:{chosen.lesson}" if chosen and chosen.lesson in lessons() else ""

    @property
    def chosen(self) -> Entry | None:
        """The experiment under the cursor."""
        if not self._is_listed:
            return None
        at = self.entries.highlighted
        name = self.entries.get_option_at_index(at).id if at is not None else ""
        return next((entry for entry in entries() if entry.id == name), None)

    @property
    def _ids(self) -> list[str]:
        return [self.entries.get_option_at_index(k).id or "" for k in range(self.entries.option_count)]

    def _look(self) -> None:
        if self.is_current:
            self._tell()
            self._read_results()

    @work(exclusive=True, group="results")
    async def _read_results(self) -> None:
        """What came out is found by hashes of sources, on a thread: the first time that takes half a second."""
        found = await asyncio.to_thread(_results)
        for entry in entries():
            if _kind(found[entry.id]) != _kind(self._status.get(entry.id)):
                self.entries.replace_option_prompt(entry.id, self._line(entry, found[entry.id]))
        self._status = found
        self._tell()

    def _listed(self) -> Iterator[Option]:
        for number, (chapter, group) in enumerate(groupby(entries(), key=lambda entry: entry.chapter)):
            yield Option(Content.styled("\n" * bool(number) + chapter, "bold $primary"), disabled=True)
            for entry in group:
                yield Option(self._line(entry, self._status.get(entry.id)), id=entry.id)

    def _line(self, entry: Entry, status: Status | None) -> Content:
        sign, colour = _SIGNS[_kind(status)]
        question = f"\n     {entry.question}" if self._with_questions else ""
        return Content.assemble("  ", (sign, colour), "  ", entry.title, (question, "$text-muted not bold"))

    def on_option_list_option_highlighted(self) -> None:
        """Say what it is about."""
        self._tell()

    def _tell(self) -> None:
        chosen = self.chosen
        if chosen is not None and self.is_current:  # below an experiment nobody reads it, and it takes 0.1 s
            self.words.update(self._about(chosen))

    def _about(self, entry: Entry) -> Content:
        status = self._status.get(entry.id)
        kind = _kind(status)
        sign, colour = _SIGNS[kind]
        lesson = lessons().get(entry.lesson)
        expected = self.app.memory.state.predictions.get(entry.id)
        narrow = self.has_class("-narrow")
        gap = "" if narrow else "\n"
        parts: list[str | tuple[str, str]] = [
            (f"{entry.title}\n", "bold $accent"),
            (f"{gap}{entry.question}\n", "italic $foreground"),
            (f"{gap}{sign} ", f"bold {colour}"),
            (status.words if status else "not run yet", "$foreground"),
            (", you have made a prediction" if expected else "", "$text-muted"),
        ]
        if kind:
            parts.append((f"\n  {entry.claim}", "$text-muted"))
        parts.append((f"\n{gap}It takes {_duration(entry.budget)} at the most.", "$text-muted"))
        if lesson is not None:
            parts.append((f"{gap or ' '}From the lesson “{lesson.head.title}”.", "$text-muted"))
        keys = self.app.keys
        if not narrow:
            parts += [
                (f"\n\n{keys.first('experiments.open')}", "bold $accent"),
                (" predict, then see   ", "$foreground"),
                (keys.first("experiments.lesson"), "bold $accent"),
                (" its lesson", "$foreground"),
            ]
        return Content.assemble(*parts)

    # --- actions ------------------------------------------------------------------------------------------------------

    def on_option_list_option_selected(self) -> None:
        """Open the one that was clicked."""
        self.action_open()

    def action_open(self) -> None:
        """Open the one under the cursor."""
        chosen = self.chosen
        if chosen is not None:
            self.app.open_experiment(Trial(chosen.id))

    def action_lesson(self) -> None:
        """Read its lesson."""
        chosen = self.chosen
        try:
            if chosen is not None and chosen.lesson in lessons():
                self.app.read(chosen.lesson)
        except DltermError as error:
            self.notify(safe(error.message), title="lesson", severity="warning", markup=False)


def _results() -> dict[str, Status]:
    from dlterm.experiments.results import Store

    store = Store.open()
    return {entry.id: store.status(entry.id) for entry in entries()}


def _kind(status: Status | None) -> str:
    if status is None or not status.runs:
        return ""
    return "holds" if status.held == status.runs else "some" if status.held else "fails"


def _duration(seconds: float) -> str:
    return "a second" if seconds <= 1 else f"{seconds:.0f} seconds"
