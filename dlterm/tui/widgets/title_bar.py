"""The line at the top: the name, the recipe, how far training is."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from dlterm.text import safe

_NAME = " dlterm "
_STYLES = {"▶": "$success", "✖": "$error", "‖": "$accent"}


class TitleBar(Widget):
    """Says what is trained and whether it is; a click asks for a copy of the recipe."""

    ALLOW_SELECT = False

    class Clicked(Message):
        """The line was clicked."""

    _shown = ("", "", "")

    def show(self, recipe: str, progress: str, status: str) -> None:
        """Set the parts of the line: left, and right in order of importance from the right."""
        shown = safe(recipe), progress, status
        if shown != self._shown:
            self._shown = shown
            self.refresh()

    def render(self) -> Content:
        """Return the line, the recipe cut to what fits."""
        recipe, progress, status = self._shown
        right = f"{progress}   {status} "
        room = self.size.width - len(_NAME) - 2 - cell_len(right) - 2
        left = Content(recipe).truncate(max(room, 8), ellipsis=True)
        gap = max(1, self.size.width - len(_NAME) - 1 - left.cell_length - cell_len(right))
        return Content.assemble(
            (_NAME, "bold $background on $primary"),
            " ",
            left.stylize("$foreground"),
            " " * gap,
            (f"{progress}   ", "$muted"),
            (f"{status} ", f"bold {_STYLES.get(status[:1], '$muted')}"),
        )

    def on_click(self) -> None:
        """Tell of the click."""
        self.post_message(self.Clicked())
