"""The app: a shell of modes, themes and commands; what a screen shows is the screen's."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType

from dlterm.errors import ExitCode
from dlterm.training.recipe import Recipe
from dlterm.training.session import Session
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


class DltermApp(App[None]):
    """dlterm on screen. `recipe` is what the lab opens on; tests give it sessions of their own."""

    TITLE = "dlterm"
    DEFAULT_MODE = "lab"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "Quit", key_display="^q", priority=True)
    ]

    def __init__(self, recipe: Recipe, make_session: MakeSession = _SESSION) -> None:
        super().__init__()
        self.failure: Exception | None = None
        self._gate = Gate()
        self.add_mode("lab", partial(_lab, recipe, make_session))
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = DARK.name

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
        yield SystemCommand("Theme", "Choose among all themes", self.action_change_theme)

    def _handle_exception(self, error: Exception) -> None:
        self.failure = self.failure or error
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Leave without Textual's traceback: `run_app` raises the failure, and the command line reports it."""
        self._close_messages_no_wait()


def run_app(recipe: Recipe | None = None) -> int:
    """Run the app until it is left, and return the exit code. Raises what ended it, if anything did."""
    forgive_invalid_input()
    sys.setswitchinterval(_SWITCH_SECONDS)
    app = DltermApp(recipe or Recipe())
    app.run()
    if app.failure is not None:
        raise app.failure
    # Textual ends with no return code when its driver dies
    return ExitCode.SOFTWARE if app.return_code is None else app.return_code
