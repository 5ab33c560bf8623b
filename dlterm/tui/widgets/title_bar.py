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
    from textual.timer import Timer

_NAME = " dlterm "
_SECONDS = 0.1  # between two figures: nobody reads more, and a line takes a third of what a picture takes
_STYLES = {"▶": "$success", "✔": "$success", "✖": "$error", "?": "$accent", "‖": "$accent"}


class TitleBar(Widget):
    """Says what is trained and whether it is; a click asks for a copy of the recipe."""

    ALLOW_SELECT = False
    app = getters.app(DltermApp)

    class Clicked(Message):
        """The line was clicked."""

    _newest: tuple[str, Sequence[str], str] = "", (), ""
    _shown = _newest
    _due = 0.0
    _timer: Timer | None = None

    def show(self, recipe: str, progress: Sequence[str], status: str) -> None:
        """Set the parts of the line; of the progress, the later ones are left out where room is short.

        Progress alone is written when it is due.
        """
        newest = safe(recipe), progress, status
        if newest == self._newest:
            return
        self._newest = newest
        wait = self._due - monotonic()
        if wait <= 0 or newest[::2] != self._shown[::2]:
            self._write()
        elif self._timer is None:
            self._timer = self.set_timer(wait, self._write)

    def _write(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._shown, self._timer, self._due = self._newest, None, monotonic() + _SECONDS
        self.refresh()

    def render(self) -> Content:
        """Return the line; where not even the epoch fits beside the recipe, the recipe is cut."""
        recipe, progress, status = self._shown[0], list(self._shown[1]), f"{self._shown[2]} "
        mark = f"{RECORDING}  " if self.app.recorder.is_on else ""
        room = self.size.width - len(_NAME) - len(mark) - len(status) - 2
        while len(progress) > 1 and cell_len(recipe) + len(_joined(progress)) > room:
            progress.pop()
        figures = _joined(progress)
        left = Content(recipe).truncate(max(room - len(figures), 8), ellipsis=True)
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
