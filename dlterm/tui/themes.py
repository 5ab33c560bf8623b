"""The app's two themes, and the drawing theme that fits the one in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.theme import Theme

if TYPE_CHECKING:
    from textual.app import App

    from dlterm.drawing.palette import Theme as DrawingTheme

DARK = Theme(
    name="dlterm-dark",
    dark=True,
    primary="#2F95E8",
    secondary="#35BFA0",
    accent="#F08C28",
    warning="#F2D468",
    error="#E8604C",
    foreground="#E4E7EE",
    background="#12141A",
    surface="#12141A",
    panel="#1C2029",
)
LIGHT = Theme(
    name="dlterm-light",
    dark=False,
    primary="#1B78C2",
    secondary="#0B7F68",
    accent="#C05F0C",
    warning="#8A6100",
    error="#B3261E",
    foreground="#20242C",
    background="#F6F6F3",
    surface="#F6F6F3",
    panel="#E6E7E4",
)


def drawing_theme(app: App[object], background: tuple[int, int, int]) -> DrawingTheme:
    """The colours for pictures on that background (red, green, blue)."""
    from dataclasses import replace

    from dlterm.drawing import palette

    base = palette.DARK if app.current_theme.dark else palette.LIGHT
    red, green, blue = background
    return replace(base, background=red << 16 | green << 8 | blue)
