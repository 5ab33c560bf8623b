"""How the app looks: the user's theme, in as many colours as the terminal and the user allow."""

from __future__ import annotations

from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.style import Style
from textual import constants
from textual.app import App, SystemCommand
from textual.color import Color
from textual.filter import LineFilter, Monochrome, NoColor
from textual.signal import Signal

from dlterm.drawing.depth import color_system, wished_depth
from dlterm.text import safe
from dlterm.tui.preferences import Preferences
from dlterm.tui.themes import IDS, themes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.color import Color as RichColor
    from rich.color import ColorSystem
    from rich.segment import Segment
    from textual.driver import Driver
    from textual.screen import Screen

    from dlterm.drawing.depth import Depth
    from dlterm.settings.config import Config


_CONSOLE: dict[str, Any] = {  # as Textual makes its own
    "force_terminal": True,
    "no_color": False,
    "highlight": False,
    "emoji": False,
    "safe_box": False,
    "legacy_windows": False,
}
_MARKS = {  # what the grounds that mean something become where there are no colours
    "accent": Style(reverse=True),
    "primary": Style(reverse=True),
    "block-cursor-blurred-background": Style(underline=True),
    "block-cursor-background": Style(reverse=True),
}


class Appearance(App[None]):
    """An app in the theme, the colours and the animation of the user's settings, which it changes and keeps.

    Everything is written for a terminal of all colours, and reduced by a filter to those there are: thus another
    depth can be had while the app runs.
    """

    CSS_PATH = Path(__file__).with_name("appearance.tcss")

    def __init__(self, preferences: Preferences | None = None, driver: type[Driver] | None = None) -> None:
        super().__init__(driver)
        self.preferences = preferences or Preferences()
        self.config_changed: Signal[str] = Signal(self, "config_changed")
        self.console = Console(color_system="truecolor", file=self.console.file, **_CONSOLE)
        self._measure_depth()
        self._apply_animation()
        self.theme = self._named("theme")
        self._reduced = self._reduction()

    @property
    def config(self) -> Config:
        """The settings as they are now."""
        return self.preferences.config

    @property
    def depth(self) -> Depth:
        """How many colours a picture is to have: sixteen, too, where the theme has the terminal's own."""
        return "16" if self._depth != "none" and self.native_ansi_color else self._depth

    def change(self, name: str, value: Any) -> None:
        """Change a setting: it holds at once, is written, and its name is told to `config_changed`."""
        notice = self.preferences.change(name, value)
        if notice:
            self.notify(safe(notice), severity="warning", markup=False, timeout=8)
        if name == "theme":
            self.theme = self._named("theme")
        elif name == "colours":
            self._measure_depth()
            self.mutate_reactive(App.theme)  # so that all is painted again
        elif name == "animation":
            self._apply_animation()
        self.config_changed.publish(name)

    def action_theme(self) -> None:
        """The next theme."""
        names = list(IDS)
        after = names.index(self.theme) + 1 if self.theme in names else 0
        self.theme = names[after % len(names)]

    def search_themes(self) -> None:
        """Offer dlterm's themes, then those that come with Textual; these last until the app is left."""
        from dlterm.tui.screens.commands import ThemesScreen

        own = [(name, "dlterm's own, kept for the next time") for name in IDS]
        others = [
            (name, "until dlterm is left") for name in sorted(self.available_themes.keys() - IDS.keys())
        ]
        listed = [
            SystemCommand(name, about, partial(setattr, self, "theme", name)) for name, about in own + others
        ]
        self.push_screen(ThemesScreen(listed), self.carry_out)

    def carry_out(self, command: SystemCommand | None) -> None:
        """Do what was chosen, if anything was."""
        if command is not None:
            self.call_later(command.callback)

    def watch_theme(self, name: str) -> None:
        """Keep a theme that was chosen; only dlterm's own can be kept."""
        self._reduced = self._reduction()
        if name in IDS and IDS[name] != self.config.theme:
            self.change("theme", IDS[name])

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's filters, with the colours reduced to those there are."""
        filters = [each for each in super().get_line_filters() if not isinstance(each, Monochrome | NoColor)]
        return filters if self._depth == "truecolor" else [*filters, self._reduced]

    def _load_screen_css(self, screen: Screen[Any]) -> None:
        """Read the rules of a screen that comes, and style it.

        All rules of a screen are about what is on it: Textual styles the one that is left, too, and twice, which took
        15 ms each time that a page was opened.
        """
        new = [path for path in screen.css_path if not self.stylesheet.has_source(str(path), "")]
        if new:
            self.stylesheet.read_all(new)
            self.stylesheet.reparse()
        self.stylesheet.update(screen)
        screen._css_update_count = self._css_update_count

    def _named(self, setting: str) -> str:
        return self._themes[getattr(self.config, setting)].name

    def _measure_depth(self) -> None:
        """Work out the depth, and have the themes that suit it."""
        system: Any = constants.COLOR_SYSTEM
        console = Console(color_system=system, force_terminal=True, legacy_windows=False)
        self._depth = wished_depth(self.config.colours, console)
        self.no_color = self._depth == "none"
        self._themes = themes(self._depth)
        for theme in self._themes.values():
            self.register_theme(theme)

    def _reduction(self) -> Reduced:
        """The filter that suits the depth and the theme."""
        variables = self.current_theme.to_color_system().generate()
        return Reduced(
            self._depth, {Color.parse(variables[name]).rich_color: mark for name, mark in _MARKS.items()}
        )

    def _apply_animation(self) -> None:
        self.animation_level = constants.TEXTUAL_ANIMATIONS if self.config.animation else "none"


class Reduced(LineFilter):
    """Colours as a depth has them: the nearest, or none at all; then `marks` says how a ground is told instead."""

    def __init__(self, depth: Depth, marks: Mapping[RichColor, Style]) -> None:
        super().__init__()
        self._reduced = lru_cache(maxsize=4096)(
            partial(_uncoloured, marks) if depth == "none" else partial(_nearest, color_system(depth))
        )

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """Return the segments in other colours; Textual's marks for the mouse stay in them."""
        return [
            segment if segment.style is None else segment._replace(style=self._reduced(segment.style))
            for segment in segments
        ]


def _nearest(system: ColorSystem, style: Style) -> Style:
    color, ground = style.color, style.bgcolor
    return style + Style(color=color and color.downgrade(system), bgcolor=ground and ground.downgrade(system))


def _uncoloured(marks: Mapping[RichColor, Style], style: Style) -> Style:
    """Return the style with neither ink nor ground; Rich's own `without_color` loses what Textual keeps there."""
    kept = ("bold", "dim", "italic", "underline", "reverse", "strike")
    plain = Style(**{name: getattr(style, name) for name in kept}, link=style.link, meta=style.meta or None)
    return plain + marks.get(style.bgcolor, Style.null()) if style.bgcolor else plain
