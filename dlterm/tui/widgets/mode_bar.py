"""The line at the top of most screens: the name, and the modes with their keys; a click goes there."""

from __future__ import annotations

from textual import getters
from textual.content import Content
from textual.widget import Widget

from dlterm.tui.app import DltermApp
from dlterm.tui.modes import MODES
from dlterm.tui.recorder import RECORDING

_NAME = " dlterm "
_SETTINGS = ("settings", "Settings", "app.settings")


class ModeBar(Widget):
    """Shows which mode this is; `shown` is its id."""

    ALLOW_SELECT = False
    app = getters.app(DltermApp)
    DEFAULT_CSS = """
    ModeBar {
        height: 1;
        background: $background;
        link-style: none;
        link-style-hover: bold;
        link-color: $foreground;
        link-background-hover: $primary 30%;
    }
    """

    def __init__(self, shown: str) -> None:
        super().__init__()
        self._shown = shown

    def on_mount(self) -> None:
        """Show at once whether the screen is recorded."""
        self.app.recording_changed.subscribe(self, lambda _: self.refresh())

    def render(self) -> Content:
        """Return the line; where room is short, less stands between the modes, and then fewer of their titles."""
        shown = self._ways(gap="  ")
        for kept in (len(MODES) + 1, len(MODES), 1):
            if shown.cell_length <= self.size.width:
                break
            shown = self._ways(gap=" ", kept=kept)
        return shown

    def _ways(self, gap: str, kept: int = len(MODES) + 1) -> Content:
        """The ways to the modes; the first so many have their titles, and the one that is shown."""
        keys = self.app.keys
        parts: list[str | tuple[str, str] | Content] = [(_NAME, "bold $button-color-foreground on $primary")]
        ways = [*((mode.id, mode.title, f"app.go('{mode.id}')") for mode in MODES), _SETTINGS]
        for number, (place, title, action) in enumerate(ways):
            style = "bold $foreground" if place == self._shown else "$text-muted"
            parts += [gap, (keys.first(f"app.{place}"), f"$accent @click={action}")]
            if number < kept or place == self._shown:
                parts.append((f" {title}", f"{style} @click={action}"))
        if self.app.recorder.is_on:
            parts.append((f"{gap}{RECORDING}", "bold $error @click=app.record"))
        return Content.assemble(*parts)
