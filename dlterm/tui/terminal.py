"""Between Textual and the terminal: signals, its driver, a last gate for escape codes."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from typing import TYPE_CHECKING, Any

from rich.segment import Segment
from textual.filter import LineFilter
from textual.widgets._toast import Toast

from dlterm.text import safe

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import App
    from textual.color import Color
    from textual.driver import Driver
    from textual.screen import Screen
    from textual.strip import Strip

_LONGEST = 10_000  # characters of a segment: longer than any terminal is wide
_SIGNALS = ("SIGTERM", "SIGHUP", "SIGINT")  # Windows has no SIGHUP


class Gate(LineFilter):
    """The last gate before the terminal: no control character passes, whatever widget it came from.

    What else reduces a line is done in it, before: Textual makes a strip with seven caches for each filter of a line.
    """

    def __init__(self, before: tuple[LineFilter, ...] = ()) -> None:
        super().__init__()
        self.before = before

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments with every control character replaced."""
        for each in self.before:
            segments = each.apply(segments, background)
        return [
            segment
            if segment.control or segment.text.isprintable()
            else Segment(safe(segment.text, limit=_LONGEST), segment.style)
            for segment in segments
        ]


def leave_on_signals(leave: Callable[[int], None]) -> None:
    """Have the running loop call `leave(128 + signal)` on SIGTERM, SIGHUP and SIGINT.

    Textual by itself restores the terminal on SIGINT only. A signal that the parent had ignored (nohup) is
    taken too: an app whose terminal is gone would read its end for ever.
    """
    loop = asyncio.get_running_loop()
    for name in _SIGNALS:
        number = getattr(signal, name, None)
        if number is not None:
            with contextlib.suppress(NotImplementedError, RuntimeError):  # Windows; not the main thread
                loop.add_signal_handler(number, leave, 128 + number)


def measure_the_terminal() -> None:
    """Have Textual ask the terminal for its size: of COLUMNS and LINES it would never learn that they have changed."""
    for name in ("COLUMNS", "LINES"):
        os.environ.pop(name, None)


def driver_class() -> type[Driver] | None:
    """The driver for this terminal; None for Textual's own choice: on Windows, or where the environment names one."""
    if os.environ.get("TEXTUAL_DRIVER"):  # as textual-serve does
        return None
    try:
        from dlterm.tui.driver import TerminalDriver
    except ImportError:  # Windows
        return None
    return TerminalDriver


def strips_of(screen: Screen[Any]) -> list[Strip]:
    """What a screen shows, line by line, whether something lies over it or not; without notifications."""
    compositor = screen._compositor
    seen = compositor.visible_widgets
    compositor._visible_widgets = {
        widget: place for widget, place in seen.items() if not isinstance(widget, Toast)
    }
    try:
        return compositor.render_strips()
    finally:
        compositor._visible_widgets = seen


def whole_screen(app: App[Any]) -> str:
    """What draws all that is seen now, as it is written to the terminal."""
    update = app.screen._compositor.render_full_update()
    return update.render_segments(app.console)


def listen(app: App[Any], listener: Callable[[str], None] | None) -> bool:
    """Have a listener hear of every update of the screen as it is sent; whether that can be had of this driver."""
    driver: Any = app._driver
    if not hasattr(driver, "listener"):
        return False
    driver.listener = listener
    return True


def is_behind(app: App[Any]) -> bool:
    """Whether the terminal has not yet taken all that was written to it; then a picture is better skipped."""
    return bool(getattr(app._driver, "is_behind", False))
