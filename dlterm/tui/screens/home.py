"""Home: what there is, what was done last, and a network that is learning already."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import getters, work
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from dlterm.errors import DltermError
from dlterm.settings.state import Reading
from dlterm.text import safe
from dlterm.training.recipe import Recipe
from dlterm.tui import describe
from dlterm.tui.actions import page_bindings
from dlterm.tui.modes import MODES
from dlterm.tui.player import Player
from dlterm.tui.screens.playing import Playing
from dlterm.tui.widgets.entries import Entries
from dlterm.tui.widgets.output_pane import OutputPane

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.geometry import Size

    from dlterm.course.content import Preset
    from dlterm.quiz.store import Store
    from dlterm.settings.config import Config
    from dlterm.tui.player import MakeSession
    from dlterm.tui.widgets.pane import Pane

_READ_AHEAD = 1.0  # seconds after the picture is there
_RECENT_RUNS = 3
_SHOWN = Recipe(hidden=(8, 8, 8))
_ABOUT = "A course on deep learning that runs: train small networks, and see what every choice does."
_TITLE = max(len(mode.title) for mode in MODES) + 1
_NARROW = 90  # columns below which there is no picture


class HomeScreen(Playing):
    """A list of places to go to; beside it a network trains, and enter opens it in the lab."""

    PLACE = "home"
    CSS_PATH = "home.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*page_bindings(PLACE)]
    AUTO_FOCUS = "Entries"
    PICTURES = 12

    player: Player

    _due = ""  # what is due in the quiz, in words

    entries = getters.query_one(Entries)
    picture = getters.query_one(OutputPane)

    def __init__(self, make_session: MakeSession, recipe: Recipe | None = None) -> None:
        super().__init__()
        self.player = Player(recipe or _SHOWN, make_session)

    def body(self) -> ComposeResult:
        """The first paint: words, and a frame for the picture."""
        with Horizontal(id="home"):
            with Vertical(id="left"):
                yield Static(_ABOUT, id="about", markup=False)
                yield Entries(*self._places(), markup=False)
                yield Static(id="hint", markup=False)
            with Vertical(id="right"):
                picture = OutputPane("It learns already")
                picture.can_focus = False  # there is nothing to choose in it
                yield picture
                yield Static(id="news", markup=False)

    def on_mount(self) -> None:
        """Paint first, then begin."""
        self.once_painted(self._begin)

    def on_screen_suspend(self) -> None:
        """Nothing trains where nobody looks."""
        if self.player.playing:
            self.player.toggle()

    def on_screen_resume(self) -> None:
        """Go on; and look which runs there are now."""
        if not self.player.playing:
            self.player.toggle()
        self._list_runs()

    def lay_out(self, size: Size) -> None:
        """Leave the picture out where it has no room."""
        self.set_class(size.width < _NARROW, "-narrow")

    def _begin(self) -> None:
        self.player.start()
        self._open_picture()

    @work
    async def _open_picture(self) -> None:
        await self.open_pictures()
        self.set_timer(_READ_AHEAD, self.read_ahead)

    def panes(self) -> tuple[Pane]:
        """The one picture."""
        return (self.picture,)

    def draw(self) -> None:
        """Draw what it has learned so far."""
        snapshot = self.player.newest
        if snapshot is None or snapshot.field is None or not self.is_seen:
            return
        self.picture.show(snapshot, None, test_points=True, discretised=False)
        figures = " · ".join(describe.progress(snapshot))
        news = f"{figures}\n{describe.quality(snapshot)}"
        self.query_one("#news", Static).update(news, layout=False)

    @work(exclusive=True)
    async def _list_runs(self) -> None:
        """Add the newest runs, and the presets, once they are read."""
        reading = self.app.memory.state.reading
        found = await asyncio.to_thread(_later_places, reading, self.app.own_presets)
        self.entries.clear_options()
        self.entries.add_options([*self._places(), *found])
        self.entries.highlighted = 0
        self._look_what_is_due()

    @work(exclusive=True, group="due")
    async def _look_what_is_due(self) -> None:
        """Say at the quiz what is due today, where anything was ever answered."""
        answers, config = self.app.answers, self.app.config
        if not answers.are_there:
            return
        with suppress(DltermError):  # the quiz will say it
            self._due = await answers.ask(config, lambda store: _due_words(store, config, answers.clock()))
        at = next((k for k, leads in enumerate(self._leads) if leads == "mode:quiz"), None)
        if at is not None and self._due:
            self.entries.replace_option_prompt_at_index(at, self._mode_line("quiz"))

    @property
    def _leads(self) -> list[str]:
        return [
            getattr(self.entries.get_option_at_index(k), "leads", "")
            for k in range(self.entries.option_count)
        ]

    def _mode_line(self, name: str) -> Content:
        mode = next(mode for mode in MODES if mode.id == name)
        key = self.app.keys.first(f"app.{name}")
        if name == "quiz" and self._due:
            return _line(key, mode.title, self._due, "bold $accent")
        return _line(key, mode.title, mode.help)

    def _places(self) -> Iterator[Option]:
        """Where one stopped, or where to begin; then the modes."""
        left = self.app.memory.state.recipe
        if left:
            yield _Way(_line("⏎", "Go on", safe(left)), f"recipe:{left}")
        else:
            begin = "Change this network: press enter."
            yield _Way(_line("⏎", "Begin", begin), f"recipe:{self.player.recipe}")
        for mode in MODES[1:]:
            yield _Way(self._mode_line(mode.id), f"mode:{mode.id}")

    def on_output_pane_sized(self, message: OutputPane.Sized) -> None:
        """Have the field computed in the size it is drawn in."""
        self.player.look(message.width, message.height)

    def on_option_list_option_highlighted(self, message: OptionList.OptionHighlighted) -> None:
        """Say what it is about."""
        self.query_one("#hint", Static).update(getattr(message.option, "hint", ""))

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Go where the line leads."""
        kind, _, name = getattr(message.option, "leads", "").partition(":")
        if kind == "mode":
            self.app.go(name)
        elif kind == "lesson":
            self.app.read(name)
        elif kind == "recipe":
            self.app.open_in_lab(name)

    def action_choose(self) -> None:
        """Go where the cursor is."""
        self.entries.action_select()


class _Way(Option):
    """A line that leads somewhere: `mode:ID`, `lesson:ID` or `recipe:TEXT`."""

    def __init__(self, line: Content, leads: str, hint: str = "") -> None:
        super().__init__(line)
        self.leads = leads
        self.hint = hint


def _line(key: str, title: str, about: str, style: str = "$text-muted") -> Content:
    return Content.assemble((f"{key}  ", "$accent"), (f"{title:{_TITLE}}", "bold"), (about, style))


def _head(title: str) -> Option:
    return Option(Content.styled(f"\n{title}", "bold $primary"), disabled=True)


def _chapters(reading: Mapping[str, Reading]) -> Iterator[Option]:
    """The course's chapters, with what is read of them; each leads to its first lesson that is not read."""
    from dlterm.course.library import lessons
    from dlterm.tui.progress import chapter_bar, chapters, last_read

    yield _head("The course")
    last = last_read(reading, lessons())
    if last and not reading[last].is_done:
        about = f"{lessons()[last].head.title}, {reading[last].share:.0%} read"
        yield _Way(Content.assemble("   ", ("Read on  ", "bold"), (about, "$text-muted")), f"lesson:{last}")
    for title, found in chapters(lessons()).items():
        unread = [lesson for lesson in found if not reading.get(lesson.head.id, Reading()).is_done]
        lesson = (unread or found)[0].head
        hint = f"{'Next' if unread else 'Again'}: {lesson.title}, {lesson.minutes} minutes."
        line = Content.assemble(f"   {title:16}", chapter_bar(found, reading))
        yield _Way(line, f"lesson:{lesson.id}", hint)


def _later_places(reading: Mapping[str, Reading], own: tuple[Preset, ...]) -> list[Option]:
    """The chapters of the course, the newest runs, and the presets of the lab."""
    from dlterm.course.content import presets
    from dlterm.training.run_info import find_runs

    options: list[Option] = []
    with suppress(DltermError):  # the course will say it
        options += _chapters(reading)
    runs = find_runs(Path("runs"))[: -_RECENT_RUNS - 1 : -1]
    if runs:
        options.append(_head("Last runs"))
    for run in runs:
        line = Content.assemble(f"   {safe(run.path.name)}  ", (run.status, "$text-muted"))
        options.append(_Way(line, f"recipe:{run.recipe}" if run.recipe else ""))
    options.append(_head("In the lab"))
    first = [
        _Way(Content(f"   {preset.title}"), f"recipe:{preset.recipe}", preset.note)
        for preset in own or presets()
    ]
    return options + first


def _due_words(store: Store, config: Config, now: datetime) -> str:
    from dlterm.quiz.opening import due_now, situation

    there = situation(store, config, now)
    due, new = due_now(there)
    parts = [f"{due} due today"] * bool(due) + [f"{new} new"] * bool(new)
    return "Vacation: nothing is due." if there.off else ", ".join(parts) or "Nothing more is due today."
