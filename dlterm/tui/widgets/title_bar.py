"""The line at the top: the name, the recipe, how far training is."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual import getters
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from dlterm.text import safe
from dlterm.tui.app import DltermApp
from dlterm.tui.recorder import RECORDING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

_NAME = " dlterm "
_SECONDS = 0.1  # between two figures: nobody reads more, and a line takes a third of what a picture takes
_STYLES = {"▶": "$success", "✔": "$success", "✖": "$error", "?": "$accent", "‖": "$accent"}


class TitleBar(Widget):
    """Says what is trained and whether it is; a click asks for a copy of the recipe."""

    ALLOW_SELECT = False
    app = getters.app(DltermApp)

    class Clicked(Message):
        """The line was clicked."""

    _recipe, _status = "", ""
    _progress: Sequence[str] = ()
    _due = 0.0
    _waiting: tuple[str, Sequence[str], str] | None = None

    def show(self, recipe: str, progress: Sequence[str], status: str) -> None:
        """Set the parts of the line; of the progress, the later ones are left out where room is short.

        Progress alone is written when it is due.
        """
        shown = safe(recipe), progress, status
        is_told = (shown[0], status) != (self._recipe, self._status)
        wait = 0.0 if is_told else self._due - monotonic()
        if self._waiting is None and wait > 0:
            self.set_timer(wait, self._catch_up)
        if wait > 0:
            self._waiting = shown
        elif shown != (self._recipe, self._progress, self._status):
            self._write(shown)

    def _write(self, shown: tuple[str, Sequence[str], str]) -> None:
        self._recipe, self._progress, self._status = shown
        self._waiting, self._due = None, monotonic() + _SECONDS
        self.refresh()

    def _catch_up(self) -> None:
        if self._waiting is not None:
            self._write(self._waiting)

    def render(self) -> Content:
        """Return the line; where not even the epoch fits beside the recipe, the recipe is cut."""
        status, progress = f"{self._status} ", list(self._progress)
        mark = f"{RECORDING}  " if self.app.recorder.is_on else ""
        room = self.size.width - len(_NAME) - len(mark) - len(status) - 2
        while len(progress) > 1 and cell_len(self._recipe) + len(_joined(progress)) > room:
            progress.pop()
        figures = _joined(progress)
        left = Content(self._recipe).truncate(max(room - len(figures), 8), ellipsis=True)
        gap = max(1, room + 1 - left.cell_length - len(figures))
        return Content.assemble(
            (_NAME, "bold $button-color-foreground on $primary"),
            " ",
            left.stylize("$foreground"),
            " " * gap,
            (figures, "$text-muted"),
            (mark, "bold $error"),
            (status, f"bold {_STYLES.get(status[:1], '$text-muted')}"),
        )

    def on_mount(self) -> None:
        """Show at once whether the screen is recorded."""
        self.app.recording_changed.subscribe(self, lambda _: self.refresh())

    def on_click(self, event: events.Click) -> None:
        """Home, on a click on the name; else tell of the click."""
        if event.x < len(_NAME):
            self.app.go("home")
        else:
            self.post_message(self.Clicked())


def _joined(progress: Sequence[str]) -> str:
    return " · ".join(progress) + "   " if progress else ""
