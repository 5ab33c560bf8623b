"""The app: themes, the last gate before the terminal, signals, and the screens, each imported when first shown."""

from __future__ import annotations

import asyncio
import codecs
import functools
import signal
import sys
from typing import TYPE_CHECKING, Any, ClassVar

from rich.segment import Segment
from textual.app import App
from textual.binding import Binding, BindingType
from textual.filter import LineFilter

from dlterm.errors import ExitCode
from dlterm.text import safe
from dlterm.tui.themes import DARK, LIGHT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import SystemCommand
    from textual.color import Color
    from textual.screen import Screen

    from dlterm.training.recipe import Recipe


class _NoControlCharacters(LineFilter):
    """Whatever reached a widget, no control character reaches the terminal."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        return [
            segment
            if segment.text.isprintable()
            else Segment(safe(segment.text, limit=10_000), segment.style)
            for segment in segments
        ]


def _lab(recipe: Recipe) -> Screen[None]:
    from dlterm.tui.screens.lab import LabScreen

    return LabScreen(recipe)


class DltermApp(App[int]):
    """dlterm on screen. `recipe` is what the lab opens on."""

    TITLE = "dlterm"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+q", "quit", "Quit", priority=True)]
    DEFAULT_MODE = "lab"

    def __init__(self, recipe: Recipe) -> None:
        super().__init__()
        self.add_mode("lab", functools.partial(_lab, recipe))
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = DARK.name

    def get_line_filters(self) -> list[LineFilter]:
        """Textual's filters, and the gate."""
        return [*super().get_line_filters(), _NoControlCharacters()]

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Textual's commands, and every action of the screen."""
        yield from super().get_system_commands(screen)
        commands = getattr(screen, "commands", None)
        if commands is not None:
            yield from commands()

    def on_mount(self) -> None:
        """Leave the terminal as it was on SIGTERM, SIGHUP and SIGINT: Textual alone does not."""
        loop = asyncio.get_running_loop()
        for name in ("SIGTERM", "SIGHUP", "SIGINT"):
            number = getattr(signal, name, None)  # Windows has no SIGHUP
            if number is None:
                continue
            try:
                loop.add_signal_handler(number, functools.partial(self.exit, return_code=128 + number))
            except NotImplementedError:  # Windows' event loop has no signal handlers
                return


def run_app(recipe: Recipe | None = None) -> int:
    """Open the app; the exit code."""
    from dlterm.training.recipe import Recipe

    _forgive_invalid_input()
    app = DltermApp(recipe or Recipe())
    app.run()
    # Textual ends with no return code when its driver dies
    return ExitCode.SOFTWARE if app.return_code is None else app.return_code


def _forgive_invalid_input() -> None:
    """One byte of invalid UTF-8 on the terminal would end Textual's input thread, and so the app."""
    if sys.platform == "win32":
        return
    from textual.drivers import linux_driver

    linux_driver.getincrementaldecoder = lambda name: functools.partial(  # type: ignore[attr-defined]
        codecs.getincrementaldecoder(name), errors="replace"
    )
