"""How many colours a terminal shows, and the escape codes of a colour there."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, Literal

from rich.color import Color, ColorSystem

if TYPE_CHECKING:
    from rich.console import Console

Depth = Literal["truecolor", "256", "16", "none"]

DEFAULT: Final = 1 << 24
"""In a frame: the terminal's own colour, of text in the foreground, of the ground in the background."""

_SYSTEMS: Final = {
    "truecolor": ColorSystem.TRUECOLOR,
    "256": ColorSystem.EIGHT_BIT,
    "16": ColorSystem.STANDARD,
}
_DEPTHS: Final[dict[str | None, Depth]] = {
    "truecolor": "truecolor",
    "256": "256",
    "standard": "16",
    "windows": "16",
}


def console_depth(console: Console) -> Depth:
    """Return the colour depth of a Rich console; "none" for dumb terminals, files and NO_COLOR."""
    return "none" if console.no_color else _DEPTHS.get(console.color_system, "none")


def wished_depth(wish: Literal["auto", "true", "256", "16", "none"], console: Console) -> Depth:
    """Return the depth that the setting `colours` asks for: auto leaves it to the console, NO_COLOR overrules it."""
    if console.no_color or wish == "auto":
        return console_depth(console)
    return "truecolor" if wish == "true" else wish


def rich_color(colour: int) -> Color:
    """Return 0xRRGGBB, or DEFAULT, as a Rich colour."""
    if colour == DEFAULT:
        return Color.default()
    return Color.from_rgb(colour >> 16, colour >> 8 & 255, colour & 255)


def shown_color(colour: int, depth: Literal["truecolor", "256", "16"]) -> Color:
    """Return the Rich colour that a terminal of this depth shows for 0xRRGGBB: the nearest that it has."""
    return rich_color(colour).downgrade(_SYSTEMS[depth])


def color_system(depth: Literal["truecolor", "256", "16"]) -> ColorSystem:
    """Return Rich's name for a depth."""
    return _SYSTEMS[depth]


class Codes(dict[int, str]):
    """The SGR parameters of each colour at one depth, worked out on first use.

    `Codes("truecolor", foreground=True)[0xFF8000]` is `38;2;255;128;0`. Frames hold 15-bit colours and a few of
    the theme's, so that the table stays small.
    """

    def __init__(self, depth: Literal["truecolor", "256", "16"], *, foreground: bool) -> None:
        self._depth = depth
        self._foreground = foreground

    def __missing__(self, colour: int) -> str:
        codes = shown_color(colour, self._depth).get_ansi_codes(self._foreground)
        self[colour] = text = ";".join(codes)
        return text


@cache
def codes(depth: Literal["truecolor", "256", "16"]) -> tuple[Codes, Codes]:
    """Return the foreground and the background codes of a depth: one pair in the whole process."""
    return Codes(depth, foreground=True), Codes(depth, foreground=False)
