"""dlterm's four themes; their grounds are those of dlterm.drawing.palette, so that pictures have no edge.

Each ink can be read on each ground, by 4.5:1 or more, and by 7:1 in high contrast (WCAG 2.2).
"""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from textual.color import Color
from textual.theme import Theme

if TYPE_CHECKING:
    from textual.app import App

    from dlterm.drawing import palette
    from dlterm.drawing.depth import Depth

DARK = Theme(
    name="dlterm-dark",
    dark=True,
    primary="#4FA3E0",
    secondary="#F08C28",
    accent="#F2B04C",
    success="#35BFA0",
    warning="#F2D468",
    error="#EC7C73",
    foreground="#E4E7EE",
    background="#0C0E12",
    surface="#12141A",
    panel="#1C2029",
    variables={
        "text-muted": "#A6ACB8",
        "border": "#2C323D",
        "border-blurred": "#2C323D",
        "button-color-foreground": "#0C0E12",
        "footer-background": "#0C0E12",
        "footer-description-foreground": "#8B93A1",
        "footer-key-foreground": "#F2B04C",
        "block-cursor-background": "#24405C",
        "block-cursor-blurred-background": "#1B2C3E",
        "block-cursor-foreground": "#FFFFFF",
    },
)
LIGHT = Theme(
    name="dlterm-light",
    dark=False,
    primary="#12629F",
    secondary="#8A4600",
    accent="#8A4600",
    success="#08614F",
    warning="#6B4C00",
    error="#A3211A",
    foreground="#20242C",
    background="#E9E9E4",
    surface="#F6F6F3",
    panel="#DEDED8",
    variables={
        "text-muted": "#4E5561",
        "border": "#C2C6CE",
        "border-blurred": "#C2C6CE",
        "button-color-foreground": "#FFFFFF",
        "footer-background": "#E9E9E4",
        "footer-description-foreground": "#56606E",
        "footer-key-foreground": "#8A4600",
        "block-cursor-background": "#BFD9EE",
        "block-cursor-blurred-background": "#D6E2EA",
        "block-cursor-foreground": "#101418",
    },
)
CONTRAST = Theme(
    name="dlterm-contrast",
    dark=True,
    primary="#6CC4FF",
    secondary="#FFB668",
    accent="#FFD75F",
    success="#5EE6B4",
    warning="#FFE27A",
    error="#FFA79C",
    foreground="#FFFFFF",
    background="#000000",
    surface="#000000",
    panel="#141414",
    variables={
        "text-muted": "#D8DBE1",
        "border": "#8A93A3",
        "border-blurred": "#8A93A3",
        "button-color-foreground": "#000000",
        "footer-background": "#000000",
        "footer-description-foreground": "#D8DBE1",
        "footer-key-foreground": "#FFD75F",
        "block-cursor-background": "#003F70",
        "block-cursor-blurred-background": "#2A2A2A",
        "block-cursor-foreground": "#FFFFFF",
        "scrollbar": "#8A93A3",
        "scrollbar-background": "#000000",
    },
)
TERMINAL = Theme(
    name="dlterm-terminal",
    ansi=True,
    dark=True,
    primary="ansi_bright_cyan",
    secondary="ansi_yellow",
    accent="ansi_yellow",
    success="ansi_green",
    warning="ansi_yellow",
    error="ansi_red",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    variables={
        "text-muted": "ansi_default",
        "border": "ansi_bright_black",
        "border-blurred": "ansi_bright_black",
        "button-color-foreground": "ansi_black",
        "footer-key-foreground": "ansi_yellow",
        "block-cursor-background": "ansi_blue",
        "block-cursor-foreground": "ansi_bright_white",
        "block-cursor-blurred-background": "ansi_bright_black",
        "block-cursor-blurred-foreground": "ansi_bright_white",
        "link-style": "none",
        "ansi-background": "ansi_black",
        "ansi-foreground": "ansi_white",
        "scrollbar": "ansi_bright_black",
        "scrollbar-background": "ansi_default",
    },
)
# On a light ground yellow cannot be read.
_TERMINAL_LIGHT = replace(
    TERMINAL,
    dark=False,
    primary="ansi_blue",
    secondary="ansi_magenta",
    accent="ansi_magenta",
    warning="ansi_magenta",
    variables={
        **TERMINAL.variables,
        "border": "ansi_white",
        "border-blurred": "ansi_white",
        "button-color-foreground": "ansi_bright_white",
        "block-cursor-background": "ansi_white",
        "block-cursor-foreground": "ansi_black",
        "footer-key-foreground": "ansi_magenta",
        "ansi-background": "ansi_white",
        "ansi-foreground": "ansi_black",
    },
)
# The nearest of 256 colours to dark greys that are a little blue are teal.
_DARK_256 = replace(
    DARK,
    variables={
        **DARK.variables,
        "border": "#3A3A3A",
        "border-blurred": "#3A3A3A",
        "block-cursor-background": "#3A3A3A",
        "block-cursor-blurred-background": "#262626",
    },
)
# The same in colours that a terminal of sixteen has: the nearest to the ones above would be black on black.
_DARK_16 = replace(
    DARK,
    primary="#5555FF",
    secondary="#FFFF55",
    accent="#FFFF55",
    success="#55FF55",
    warning="#FFFF55",
    error="#FF5555",
    foreground="#FFFFFF",
    background="#000000",
    surface="#000000",
    panel="#000000",
    variables={
        **DARK.variables,
        "text-muted": "#AAAAAA",
        "border": "#555555",
        "border-blurred": "#555555",
        "button-color-foreground": "#FFFFFF",
        "footer-background": "#000000",
        "footer-description-foreground": "#AAAAAA",
        "footer-key-foreground": "#FFFF55",
        "block-cursor-background": "#0000AA",
        "block-cursor-blurred-background": "#555555",
    },
)
_LIGHT_16 = replace(
    LIGHT,
    primary="#0000AA",
    secondary="#AA0000",
    accent="#AA0000",
    success="#00AA00",
    warning="#AA0000",
    error="#AA0000",
    foreground="#000000",
    background="#FFFFFF",
    surface="#FFFFFF",
    panel="#FFFFFF",
    variables={
        **LIGHT.variables,
        "text-muted": "#555555",
        "border": "#AAAAAA",
        "border-blurred": "#AAAAAA",
        "footer-background": "#FFFFFF",
        "footer-description-foreground": "#555555",
        "footer-key-foreground": "#AA0000",
        "block-cursor-background": "#55FFFF",
        "block-cursor-foreground": "#000000",
        "block-cursor-blurred-background": "#AAAAAA",
    },
)
_CONTRAST_16 = replace(
    _DARK_16,
    name=CONTRAST.name,
    primary="#55FFFF",
    variables={
        **_DARK_16.variables,
        "text-muted": "#FFFFFF",
        "border": "#AAAAAA",
        "border-blurred": "#AAAAAA",
        "button-color-foreground": "#000000",
        "footer-description-foreground": "#FFFFFF",
    },
)


def themes(depth: Depth) -> dict[str, Theme]:
    """Return the themes at a depth, by what the setting `theme` calls them."""
    terminal = _TERMINAL_LIGHT if _is_light_terminal() else TERMINAL
    if depth == "16":
        return {"dark": _DARK_16, "light": _LIGHT_16, "contrast": _CONTRAST_16, "terminal": terminal}
    return {**_ALL, "dark": _DARK_256 if depth == "256" else DARK, "terminal": terminal}


_ALL = {"dark": DARK, "light": LIGHT, "contrast": CONTRAST, "terminal": TERMINAL}
IDS = {theme.name: name for name, theme in _ALL.items()}


def picture_theme(app: App[Any], ground: Color) -> palette.Theme:
    """Return the theme of pictures that suits the app's, on the ground of a widget."""
    theme = app.current_theme
    kind = "terminal" if theme.ansi else IDS.get(theme.name, "")
    return _picture_theme(kind, theme.dark, packed(ground))


def packed(ground: Color) -> int:
    """Return a ground as 0xRRGGBB, or DEFAULT where it is the terminal's own."""
    from dlterm.drawing.depth import DEFAULT

    red, green, blue = ground.rgb
    return red << 16 | green << 8 | blue if ground.ansi is None else DEFAULT


def ink(colour: int, theme: palette.Theme) -> str:
    """Return a picture's colour as Textual writes it, so that words and pictures have the same."""
    from dlterm.drawing.depth import DEFAULT, shown_color

    if theme.background == DEFAULT:
        return Color.from_rich_color(shown_color(colour, "16")).css
    return f"#{colour:06x}"


@cache
def _picture_theme(kind: str, dark: bool, ground: int) -> palette.Theme:
    from dlterm.drawing import palette

    if kind == "terminal":
        return palette.TERMINAL if dark else palette.TERMINAL_LIGHT
    if kind == "contrast":
        return replace(palette.CONTRAST, background=ground)
    return replace(palette.DARK if dark else palette.LIGHT, background=ground)


def _is_light_terminal() -> bool:
    """Whether COLORFGBG, which Konsole, iTerm2 and rxvt set to such as 0;15, names a light ground."""
    return os.environ.get("COLORFGBG", "").rpartition(";")[2] in ("7", "15")
