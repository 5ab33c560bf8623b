"""The app: a shell of modes, themes and commands; what a screen shows is the screen's."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from dlterm.errors import ExitCode
from dlterm.training.recipe import Recipe
from dlterm.training.session import Session
from dlterm.tui.modes import MODES
from dlterm.tui.terminal import Gate, forgive_invalid_input, leave_on_signals
from dlterm.tui.themes import DARK, LIGHT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.filter import LineFilter
    from textual.screen import Screen

    from dlterm.tui.player import MakeSession

_SWITCH_SECONDS = 0.001  # the session's thread gives way to a key after 1 ms, not 5
_SESSION = partial(Session, prepare=True)  # so that no change of a setting waits for a compiler


def _lab(recipe: Recipe, make_session: MakeSession) -> Screen[None]:
    from dlterm.tui.screens.lab import LabScreen

    return LabScreen(recipe, make_session)


def _home(make_session: MakeSession) -> Screen[None]:
    from dlterm.tui.screens.home import HomeScreen

    return HomeScreen(make_session)


def _shelf() -> Screen[None]:
    from dlterm.tui.screens.shelf import ShelfScreen

    return ShelfScreen()


def _runs() -> Screen[None]:
    from dlterm.tui.screens.runs import RunsScreen

    return RunsScreen()


class DltermApp(App[None]):
    """dlterm on screen. `recipe` is what the lab opens on; tests give it sessions of their own.

    `start` is the mode that it begins with, one of `MODES`.
    """

    TITLE = "dlterm"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "Quit", key_display="^q", priority=True),
        *(
            Binding(
                mode.key, f"go('{mode.id}')", mode.title, show=False, tooltip=mode.help, id=f"go.{mode.id}"
            )
            for mode in MODES
        ),
    ]

    def __init__(self, recipe: Recipe, make_session: MakeSession = _SESSION, *, start: str = "lab") -> None:
        self._start = start  # before Textual asks for the default mode
        super().__init__()
        self.failure: Exception | None = None
        self._gate = Gate()
        self.add_mode("home", partial(_home, make_session))
        self.add_mode("lab", partial(_lab, recipe, make_session))
        self.add_mode("shelf", _shelf)
        self.add_mode("runs", _runs)
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = DARK.name

    @property
    def DEFAULT_MODE(self) -> str:  # type: ignore[override]  # noqa: N802 - Textual reads it
        """The mode it begins with."""
        return self._start

    def action_go(self, mode: str) -> None:
        """Go to a mode."""
        self.go(mode)

    def go(self, mode: str) -> None:
        """Go to a mode; a page that lies over the present one is closed."""
        if isinstance(self.screen, ModalScreen):
            self.screen.dismiss()
        if self.current_mode != mode:
            self.switch_mode(mode)

    def open_in_lab(self, text: str) -> None:
        """Open a recipe's text in the lab."""
        self.go("lab")
        self.call_after_refresh(self._open_recipe, text)

    def _open_recipe(self, text: str) -> None:
        from dlterm.tui.screens.lab import LabScreen

        if isinstance(self.screen, LabScreen):
            self.screen.open(text)

    def on_mount(self) -> None:
        """Leave the terminal as it was on signals, too."""
        leave_on_signals(lambda code: self.exit(return_code=code))

    def get_line_filters(self) -> list[LineFilter]:
        """Textual's filters, and the gate."""
        return [*super().get_line_filters(), self._gate]

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Every action of the screen, and the choice among all themes."""
        commands = getattr(screen, "commands", None)
        if commands is not None:
            yield from commands()
        for mode in MODES:
            yield SystemCommand(f"Go to {mode.title}  ({mode.key})", mode.help, partial(self.go, mode.id))
        yield SystemCommand("Theme", "Choose among all themes", self.action_change_theme)

    def _handle_exception(self, error: Exception) -> None:
        self.failure = self.failure or error
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Leave without Textual's traceback: `run_app` raises the failure, and the command line reports it."""
        self._close_messages_no_wait()


def run_app(recipe: Recipe | None = None, *, start: str = "lab") -> int:
    """Run the app until it is left, and return the exit code. Raises what ended it, if anything did."""
    forgive_invalid_input()
    sys.setswitchinterval(_SWITCH_SECONDS)
    app = DltermApp(recipe or Recipe(), start=start)
    app.run()
    if app.failure is not None:
        raise app.failure
    # Textual ends with no return code when its driver dies
    return ExitCode.SOFTWARE if app.return_code is None else app.return_code
