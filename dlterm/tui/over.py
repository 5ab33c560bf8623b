"""What lies over a page, and is closed once however often it is told to: keys come faster than screens close."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from rich.segment import Segment
from rich.style import Style
from textual.await_complete import AwaitComplete
from textual.color import Color
from textual.renderables.background_screen import BackgroundScreen
from textual.screen import ModalScreen, ScreenResultType
from textual.strip import Strip
from textual.visual import RenderOptions, Visual

from dlterm.tui.steady import Steady

if TYPE_CHECKING:
    from rich.color import Color as RichColor
    from rich.console import RenderableType
    from textual.css.styles import RulesMap
    from textual.geometry import Size
    from textual.screen import Screen
    from textual.style import Style as TextualStyle

_PLAIN = Style()


class Below(Visual):
    """The page below in the colour of what lies over it, drawn once for all that it was made from."""

    def __init__(self, screen: Screen[Any], colour: Color, size: Size) -> None:
        self._strips = [
            Strip(
                [Segment(text, _tinted(style or _PLAIN, colour), control) for text, style, control in strip],
                strip.cell_length,
            )
            for strip in screen._compositor.render_strips(size)
        ]
        self._size = size

    def render_strips(
        self,
        width: int,  # noqa: ARG002
        height: int | None,  # noqa: ARG002
        style: TextualStyle,  # noqa: ARG002
        options: RenderOptions,  # noqa: ARG002
    ) -> list[Strip]:
        """Its lines."""
        return list(self._strips)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:  # noqa: ARG002
        """The columns of the page."""
        return self._size.width

    def get_height(self, rules: RulesMap, width: int) -> int:  # noqa: ARG002
        """The lines of the page."""
        return self._size.height


@functools.lru_cache(maxsize=4096)
def _tinted(style: Style, colour: Color) -> Style:
    """A style below in the colour of what lies over it, without links."""

    def tint(ink: RichColor | None) -> RichColor | None:
        return None if ink is None else (Color.from_rich_color(ink) + colour).rich_color

    bare = style.clear_meta_and_links()
    return bare if colour.a == 0 else bare + Style.from_color(tint(style.color), tint(style.bgcolor))


class Over(Steady[ScreenResultType], ModalScreen[ScreenResultType]):
    """A screen over the page. Textual's own `dismiss` closes whatever screen is in front; the last one is an error."""

    _below: Below | None = None
    _seen: tuple[object, ...] = ()  # what the page below was drawn from

    def render(self) -> RenderableType | Visual:  # type: ignore[override]
        """The page below in the colour of this screen, drawn once for every size and theme: that takes 20 ms."""
        shown = super().render()
        if not isinstance(shown, BackgroundScreen):
            return shown
        seen = shown.screen, shown.color, self.size, self.app.theme
        if self._below is None or self._seen != seen:
            self._below, self._seen = Below(shown.screen, shown.color, self.size), seen
        return self._below

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Close this screen, if it is still there."""
        return super().dismiss(result) if self.is_active else AwaitComplete()
