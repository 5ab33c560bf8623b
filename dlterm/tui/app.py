"""The app: a shell of modes, themes, keys and commands; what a page shows is the page's."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import SystemCommand
from textual.css.query import NoMatches
from textual.dom import NoScreen
from textual.screen import ModalScreen
from textual.signal import Signal
from textual.widget import MountError
from textual.widgets import Input, TextArea
from textual.worker import WorkerFailed

from dlterm.atomic import free
from dlterm.errors import DltermError, ExitCode
from dlterm.settings.notes import Notes, notes_path
from dlterm.settings.state import Memory
from dlterm.text import safe
from dlterm.training.recipe import Recipe
from dlterm.tui.actions import Keys, app_bindings, at, key_name
from dlterm.tui.answers import Answers
from dlterm.tui.appearance import Appearance
from dlterm.tui.beside import Beside
from dlterm.tui.echoing import Echoing
from dlterm.tui.modes import MODE_IDS
from dlterm.tui.preferences import Preferences
from dlterm.tui.recorder import Recorder
from dlterm.tui.stylesheet import KeptStylesheet
from dlterm.tui.terminal import (
    Gate,
    driver_class,
    leave_on_signals,
    listen,
    measure_the_terminal,
    whole_screen,
)
from dlterm.tui.tidying import EVERY, Tidying
from dlterm.tui.turning import SETS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.binding import Binding, BindingType
    from textual.filter import LineFilter
    from textual.screen import Screen

    from dlterm.course.content import Preset
    from dlterm.quiz.opening import Wish
    from dlterm.settings.config import Config
    from dlterm.settings.state import State
    from dlterm.training.run_info import RunInfo
    from dlterm.training.session import Publish, Session
    from dlterm.tui.actions import Action
    from dlterm.tui.experiment_player import Trial
    from dlterm.tui.opening import Opening
    from dlterm.tui.page import Page
    from dlterm.tui.player import MakeSession

_ECHOED = (events.Key, events.MouseDown, events.MouseScrollDown, events.MouseScrollUp)
_MASKED = 0.005  # seconds in which nothing is painted while another mode comes
_SWITCH_SECONDS = 0.001  # the session's thread gives way to a key after 1 ms, not 5


def _session(recipe: Recipe, publish: Publish) -> Session:
    from dlterm.training.session import Session

    return Session(recipe, publish, prepare=True)  # so that no change of a setting waits for a compiler


def _lab(opening: Opening, make_session: MakeSession) -> Screen[None]:
    """The lab; on presets it waits, so that a class can guess first."""
    from dlterm.tui.screens.lab import LabScreen

    return LabScreen(opening.recipe or Recipe(), make_session, playing=not opening.presets)


def _home(make_session: MakeSession) -> Screen[None]:
    from dlterm.tui.screens.home import HomeScreen

    return HomeScreen(make_session)


def _course(make_session: MakeSession) -> Screen[None]:
    from dlterm.tui.screens.course import CourseScreen

    return CourseScreen(make_session)


def _experiments() -> Screen[None]:
    from dlterm.tui.screens.experiments import ExperimentsScreen

    return ExperimentsScreen()


def _quiz(wish: Wish | None) -> Screen[None]:
    from dlterm.tui.screens.quiz import QuizScreen

    return QuizScreen(wish)


def _progress() -> Screen[None]:
    from dlterm.tui.screens.progress import ProgressScreen

    return ProgressScreen()


def _shelf() -> Screen[None]:
    from dlterm.tui.screens.shelf import ShelfScreen

    return ShelfScreen()


def _runs() -> Screen[None]:
    from dlterm.tui.screens.runs import RunsScreen

    return RunsScreen()


class DltermApp(Appearance):
    """dlterm on screen, from an opening whose mode is named; tests give it sessions of their own."""

    TITLE = "dlterm"
    BINDINGS: ClassVar[list[BindingType]] = [*app_bindings()]

    def __init__(
        self,
        opening: Opening,
        make_session: MakeSession = _session,
        *,
        preferences: Preferences | None = None,
        memory: Memory | None = None,
        notes: Notes | None = None,
        notices: Sequence[str] = (),
        own_presets: tuple[Preset, ...] = (),
        answers: Answers | None = None,
    ) -> None:
        self._opening = opening  # before Textual asks for the default mode
        super().__init__(preferences, driver_class())
        self.stylesheet = KeptStylesheet(variables=self.get_css_variables())
        self.memory = memory or Memory.blank()
        self.notes = notes or Notes()
        self.answers = answers or Answers()
        self.keys = Keys(self.config.keys)
        self.beside = Beside()
        self.failure: Exception | None = None
        self.recorder = Recorder(self._recording_ended)
        self.recording_changed: Signal[bool] = Signal(self, "recording_changed")
        self.own_presets = opening.presets or own_presets
        self.tidying: Tidying | None = None  # there is one where the process is the app's alone
        self._notices = (*notices, *self.keys.faults)
        self._gate = Gate()
        self.add_mode("home", partial(_home, make_session))
        self.add_mode("lab", partial(_lab, opening, make_session))
        self.add_mode("course", partial(_course, make_session))
        self.add_mode("experiments", _experiments)
        self.add_mode("quiz", partial(_quiz, opening.wish))
        self.add_mode("progress", _progress)
        self.add_mode("shelf", _shelf)
        self.add_mode("runs", _runs)
        self.set_keymap(self.keys.own)

    @property
    def DEFAULT_MODE(self) -> str:  # type: ignore[override]  # noqa: N802 - Textual reads it
        """The mode it begins with."""
        return self._opening.mode

    # --- where it is --------------------------------------------------------------------------------------------------

    @property
    def page(self) -> Page | None:
        """The page that is seen, or lies below what is over it."""
        from dlterm.tui.page import Page

        return next((screen for screen in reversed(self.screen_stack) if isinstance(screen, Page)), None)

    def action_go(self, mode: str) -> None:
        """Go to a mode."""
        self.go(mode)

    def go(self, mode: str) -> None:
        """Go to a mode; what lies over the present page is closed, but for what stays there."""
        while len(self.screen_stack) > 1 and not getattr(self.screen, "STAYS", False):
            self.pop_screen()
        if self.current_mode != mode:
            self.switch_mode(mode)
            self.memory.change(screen=mode)
            self._remember()

    def open_in_lab(self, text: str) -> None:
        """Open a recipe's text in the lab."""
        self.go("lab")
        self.call_after_refresh(self._open_recipe, text)

    def _open_recipe(self, text: str) -> None:
        from dlterm.tui.screens.lab import LabScreen

        if isinstance(self.screen, LabScreen):
            self.screen.open(text)

    def open_experiment(self, trial: Trial, opened_from: str = "") -> None:
        """Open an experiment, over the list of them; it leads back to the mode that it was opened from."""
        from dlterm.tui.screens.experiment import ExperimentScreen

        opened_from = opened_from or self.current_mode
        self.go("experiments")
        self.push_screen(ExperimentScreen(trial, opened_from))

    def action_run_experiment(self, name: str) -> None:
        """Open an experiment by its id."""
        from dlterm.tui.experiment_player import Trial

        self.open_experiment(Trial(name))

    def watch_run(self, run: RunInfo) -> None:
        """Watch a run, over the list of the runs."""
        from dlterm.tui.screens.watch import WatchScreen

        self.go("runs")
        self.push_screen(WatchScreen(run))

    def race(self, lines: Sequence[str]) -> None:
        """Race learners, each a line of changes to the lab's recipe, over the lab, which is not seen before."""
        from dlterm.tui.screens.lab import LabScreen

        self.go("lab")
        if isinstance(self.screen, LabScreen):
            self.screen.open_race(lines)

    def read(self, lesson: str, words: str = "", about: str = "") -> None:
        """Open a lesson by its id, where it was left, where words are, or where it speaks most of what a text says."""
        self.go("course")
        self.call_after_refresh(self._read, lesson, words, about)

    def _read(self, lesson: str, words: str, about: str) -> None:
        from dlterm.tui.screens.course import CourseScreen

        if isinstance(self.screen, CourseScreen):
            self.screen.open(lesson, words=words, about=about)

    def quiz(self, wish: Wish) -> None:
        """Be asked what is wished for; a session that is not over yet gives way, and all that was answered is kept."""
        self.go("quiz")
        self.call_after_refresh(self._quiz, wish)

    def _quiz(self, wish: Wish) -> None:
        from dlterm.tui.screens.quiz import QuizScreen

        if self.current_mode != "quiz":
            return
        for _ in self.screen_stack[1:]:
            self.pop_screen()
        if isinstance(self.screen, QuizScreen):
            self.screen.begin(wish)

    def look_up(self, place: str) -> None:
        """Show a place of the course, `kind:id`, on the shelf."""
        self.go("shelf")
        self.call_after_refresh(self._look_up, place)

    def _look_up(self, place: str) -> None:
        from dlterm.tui.screens.shelf import ShelfScreen

        if isinstance(self.screen, ShelfScreen):
            self.screen.open(place)

    def explain(self, place: str) -> None:
        """Open a place of the course, `kind:id`, beside the page; what lies over the page is closed."""
        if isinstance(self.screen, ModalScreen):
            self.screen.dismiss()
        self.beside.is_open = True
        page = self.page
        if page is not None:
            page.turn_card(place)

    def _remember(self) -> None:
        notice = self.memory.save()
        if notice:
            self.notify(safe(notice), severity="warning", markup=False)

    def settle(self) -> None:
        """Have what is there by now never looked at as garbage again."""
        if self.tidying is not None:
            self.tidying.settle()

    # --- the shell ----------------------------------------------------------------------------------------------------

    async def on_event(self, event: events.Event) -> None:
        """Have what a key or a click changes painted at once."""
        if isinstance(event, _ECHOED):
            if self.tidying is not None:
                self.tidying.note_key()
            if self.screen_stack and isinstance(self.screen, Echoing):
                self.screen.hurry()
        await super().on_event(event)

    def on_mount(self) -> None:
        """Leave the terminal as it was on signals, too; say what was wrong with the user's files."""
        leave_on_signals(lambda code: self.exit(return_code=code))
        if self.tidying is not None:
            self.set_interval(EVERY, self.tidying.tidy)
        for notice in self._notices:
            self.notify(safe(notice), severity="warning", markup=False, timeout=8)
        if self._opening.then is not None:
            self._opening.then(self)

    def action_settings(self) -> None:
        """Open the settings over the page; from them, go back."""
        from dlterm.tui.screens.settings import SettingsScreen

        if isinstance(self.screen, SettingsScreen):
            self.screen.action_close()
        elif not any(isinstance(screen, SettingsScreen) for screen in self.screen_stack):
            self.push_screen(SettingsScreen())

    def action_record(self) -> None:
        """Record the screen to a file; again, stop."""
        recorder = self.recorder
        if recorder.is_on:
            listen(self, None)
            recorder.end()
            self.notify(safe(str(recorder.path)), title="recorded", markup=False, timeout=6)
        else:
            self._begin_recording()
        self.recording_changed.publish(recorder.is_on)

    def _begin_recording(self) -> None:
        path = free(Path(f"dlterm-{self.current_mode}.cast"))
        if not listen(self, lambda text: self.recorder.take(text, self.size)):
            self.notify("the screen cannot be recorded on this terminal", title="record", severity="warning")
            return
        try:
            self.recorder.begin(path, self.size, whole_screen(self), f"dlterm {self.current_mode}")
        except OSError as error:
            listen(self, None)
            self.notify(
                safe(f"{path}: {error.strerror or error}"), title="record", severity="warning", markup=False
            )

    def _recording_ended(self, why: str) -> None:
        self.call_later(self._tell_of_the_end, why)  # from the recorder's thread

    def _tell_of_the_end(self, why: str) -> None:
        """Tell of a recording that has ended by itself."""
        listen(self, None)
        self.recording_changed.publish(False)
        text = f"{self.recorder.path}: {why or 'as long as a recording may be'}"
        self.notify(safe(text), title="the recording has ended", severity="warning", markup=False, timeout=8)

    def delay_update(self, delay: float = _MASKED) -> None:
        """Paint a mode that is gone to once it is laid out; Textual waits for 50 ms."""
        super().delay_update(delay)

    def action_command_palette(self) -> None:
        """Search everything that can be done."""
        from dlterm.tui.screens.commands import CommandsScreen

        if not isinstance(self.screen, CommandsScreen):
            self.push_screen(CommandsScreen(self.get_system_commands(self.screen)), self.carry_out)

    def get_key_display(self, binding: Binding) -> str:
        """A key as the table of actions writes it."""
        return self.key_to_press(binding.id or "") or key_name(binding.key)

    def key_to_press(self, action: str) -> str:
        """The key of an action that works where one is: letters do not while one is typing."""
        return self.keys.to_press(action, typing=isinstance(self.focused, Input | TextArea))

    def on_unmount(self) -> None:
        """Let go of the answers."""
        self.answers.close()

    def get_line_filters(self) -> list[LineFilter]:
        """What reduces the colours, in the gate."""
        before = tuple(super().get_line_filters())
        if before != self._gate.before:
            self._gate = Gate(before)
        return [self._gate]

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:  # noqa: ARG002
        """Every action of the page and of the app; what the page offers besides; all experiments and themes."""
        from dlterm.experiments.registry import entries

        page = self.page
        if page is not None:
            for action in at(page.PLACE):
                run = partial(self.run_action, action.textual, page)
                yield SystemCommand(self._titled(action), action.help, run)
            yield from page.commands()
            yield from page.offered()
        for action in at("app"):
            if action.id != "app.palette":
                run = partial(self.run_action, action.textual, page if action.is_page else self)
                yield SystemCommand(self._titled(action), action.help, run)
        for entry in entries():
            opened = partial(self.action_run_experiment, entry.id)
            yield SystemCommand(f"Run an experiment: {entry.title}", entry.question, opened)
        yield SystemCommand("Choose a theme", "All that there are.", self.action_change_theme)

    def _titled(self, action: Action) -> str:
        key = self.keys.first(action.id)
        return f"{action.title}  ({key})" if key else action.title

    def _handle_exception(self, error: Exception) -> None:
        cause = error.error if isinstance(error, WorkerFailed) else error
        if isinstance(cause, (MountError, NoMatches, NoScreen)) and (self._exit or not self.is_running):
            return  # what still had to do with a page that was opened or taken apart as the app ended
        self.failure = self.failure or error
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Leave without Textual's traceback: `run_app` raises the failure, and the command line reports it."""
        self._close_messages_no_wait()


def run_app(opening: Opening) -> int:
    """Run the app until it is left, and return the exit code. Raises what ended it, if anything did."""
    measure_the_terminal()
    sys.setswitchinterval(_SWITCH_SECONDS)
    preferences, memory, notes = Preferences.open(), Memory.open(), Notes(notes_path())
    presets, wrong = _presets(opening, preferences.config)
    notices = [*map(str, preferences.faults), *filter(None, [memory.notice, notes.notice, wrong])]
    app = DltermApp(
        _settled(opening, preferences.config, memory.state),
        preferences=preferences,
        memory=memory,
        notes=notes,
        notices=notices,
        own_presets=presets,
        answers=Answers.of_the_user(),
    )
    app.tidying = Tidying()
    try:
        app.run()
    finally:
        app.recorder.end()
    memory.save()
    if app.failure is not None:
        raise app.failure
    # Textual ends with no return code when its driver dies
    return ExitCode.SOFTWARE if app.return_code is None else app.return_code


def _presets(opening: Opening, config: Config) -> tuple[tuple[Preset, ...], str]:
    """What the lab steps through in place of dlterm's own, and what is wrong there; the command goes first."""
    if opening.presets or not config.presets:
        return opening.presets, ""
    from dlterm.tui.preparing import own_presets

    return own_presets(config)


def _settled(opening: Opening, config: Config, state: State) -> Opening:
    """The opening with what it leaves to the user's settings and to the last session."""
    last = state.screen if state.screen in MODE_IDS else "home"
    mode = opening.mode or (last if config.start == "last" else config.start)
    if opening.presets:
        recipe = Recipe.parse(opening.presets[0].recipe)
    else:
        recipe = opening.recipe or remembered(state.recipe if config.restore else "")
    return replace(opening, mode=mode, recipe=recipe)


def remembered(text: str) -> Recipe:
    """The recipe that the lab was left with; the default where it can no longer be had."""
    try:
        recipe = Recipe.parse(text) if text else Recipe()
    except DltermError:
        return Recipe()
    return recipe if recipe.data in SETS or Path(recipe.data).is_file() else Recipe()
