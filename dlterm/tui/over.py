"""What lies over a page, and is closed once however often it is told to: keys come faster than screens close."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.await_complete import AwaitComplete
from textual.command import CommandList, CommandPalette
from textual.renderables.background_screen import BackgroundScreen
from textual.screen import ModalScreen, ScreenResultType

from dlterm.tui.steady import Steady
from dlterm.tui.widgets.entries import Entries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.segment import Segment
    from textual import events
    from textual.widgets import Input

CommandList.on_click = Entries.on_click  # type: ignore[attr-defined]  # the palette makes its list itself


@dataclass(frozen=True, eq=False)
class _Below:
    """What lies below, as segments, and all that they were made from."""

    seen: tuple[object, ...]
    segments: list[Segment]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterable[Segment]:
        return self.segments


class Over(Steady[ScreenResultType], ModalScreen[ScreenResultType]):
    """A screen over the page. Textual's own `dismiss` closes whatever screen is in front; the last one is an error."""

    _below: _Below | None = None

    def render(self) -> RenderableType:
        """The page below in the colour of this screen, drawn once for every size and theme: that takes 20 ms."""
        shown = super().render()
        if not isinstance(shown, BackgroundScreen):
            return shown
        seen = shown.screen, shown.color, self.size, self.app.theme
        if self._below is None or self._below.seen != seen:
            self._below = _Below(seen, list(self.app.console.render(shown, self._options)))
        return self._below

    @property
    def _options(self) -> ConsoleOptions:
        return self.app.console_options.update_dimensions(*self.size)

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Close this screen, if it is still there."""
        return super().dismiss(result) if self.is_active else AwaitComplete()


class Palette(CommandPalette, Over[None]):
    """Textual's command palette; its pages are not turned where the terminal has no room for a line of them."""

    # Textual cannot break words to lines of no columns.
    DEFAULT_CSS = "Palette CommandList { min-width: 12; }"

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Close it; a search that is not over has nowhere to show what it finds."""
        self.workers.cancel_node(self)
        return super().dismiss(result)

    def on_mount(self, event: events.Mount) -> None:
        """Do nothing where it was closed before it was there: Textual would look for the screen below it."""
        if not self.is_active:
            event.prevent_default()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search for nothing any more where it was closed meanwhile."""
        if not self.is_active:
            event.prevent_default()

    def on_click(self, event: events.Click) -> None:
        """Do nothing about a click on a screen of another size, or after it was closed."""
        if not (self.is_active and self.region.contains(event.screen_x, event.screen_y)):
            event.prevent_default()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether an action can be carried out now."""
        can = super().check_action(action, parameters)
        if can and action == "command_list":
            return bool(self.query_one(CommandList).scrollable_content_region)
        return can
