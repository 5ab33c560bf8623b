"""Colours: blue for negative and orange for positive, and six classes, in four themes.

Blue against orange stays apart under the common forms of colour blindness. The class colours are Okabe and
Ito's (2008), moved until the nearest two are at least 8 CIEDE2000 apart to an eye without one kind of cone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from dlterm.drawing.depth import DEFAULT
from dlterm.drawing.frame import quantised

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dlterm.drawing.depth import Depth

LEVELS = 255  # of a ramp: odd, so that zero has a colour of its own

SHADES = np.array(list("·░▒▓█"))  # of a value from -1 to 1, where there are no colours
POINTS = "●■▲◆○□△"  # of kinds of points: more than there are inks, so that kind and ink repeat apart
GREYS = np.array(list(" ░▒▓█"))  # of a value from 0 to 1, where there are no colours
TEXTURES = np.array(list("░▓ ▒█·"))  # of a class's region, where there are no colours
# A class's training and test points, where there are no colours.
CLASS_GLYPHS = np.array([list(pair) for pair in ("oO", "xX", "vV", "sS", "zZ", "wW")])


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours a picture is drawn with, each 0xRRGGBB; text, ground and zero may be the terminal's own, DEFAULT.

    A ramp goes in even steps from -1 to 1; points have ramps and class colours of their own, which stand out
    from the field below them. `dataclasses.replace(DARK, background=...)` fits a picture into its surroundings.
    """

    background: int
    text: int
    muted: int
    line: int  # the zero of neurons, and axes
    negative: int  # edges and words
    positive: int
    ramp: tuple[int, ...]
    point_ramps: tuple[tuple[int, ...], tuple[int, ...]]  # train, test
    classes: tuple[int, ...]
    class_points: tuple[tuple[int, ...], tuple[int, ...]]  # train, test
    train: int  # curves
    test: int
    smooth: bool = True  # a ramp has colours between its stops


DARK = Theme(
    background=0x12141A,
    text=0xE4E7EE,
    muted=0x868E9C,
    line=0x3A404C,
    negative=0x2F95E8,
    positive=0xF08C28,
    ramp=(0x2183D4, 0x1B5C98, 0x15181F, 0xA35D1A, 0xE08424),
    point_ramps=((0x8CD0FF, 0x767E8C, 0xFFCB88), (0xDCF0FF, 0xB0B6C2, 0xFFEBD0)),
    classes=(0x2183D4, 0xE08424, 0x237F55, 0xCE8EBB, 0xC6BC81, 0xB34123),
    class_points=(
        (0x5FB9FC, 0xFFE13B, 0x4AFDD8, 0xF9CEFD, 0xFFF7A6, 0xFEBDA3),
        (0xECF6FF, 0xFCEA7F, 0xDEFAEE, 0xEDDDFC, 0xFFFFDC, 0xFFDCCF),
    ),
    train=0x35BFA0,
    test=0xF2D468,
)
LIGHT = Theme(
    background=0xF6F6F3,
    text=0x20242C,
    muted=0x646C7A,
    line=0xC2C6CE,
    negative=0x156FB6,
    positive=0xAE5A06,
    ramp=(0x5AA8E4, 0xA6CFF0, 0xF8F8F6, 0xF8CFA0, 0xEF9A48),
    point_ramps=((0x0A5290, 0x6A707A, 0x9C4600), (0x031F3C, 0x20242C, 0x401A00)),
    classes=(0x5AA8E4, 0xEF9A48, 0x0DD7A5, 0xEBADCE, 0xE9DB0C, 0xD06B49),
    class_points=(
        (0x0C59A1, 0x9E4800, 0x0F5443, 0x872D6C, 0x656340, 0x701E07),
        (0x0C2344, 0x351D12, 0x17382D, 0x410D2D, 0x332B00, 0x280400),
    ),
    train=0x0B7F68,
    test=0xA06400,
)
# Fields are darker than elsewhere, so that points stand out from each of them by 3:1, and still 3:1 above black.
CONTRAST = Theme(
    background=0x000000,
    text=0xFFFFFF,
    muted=0xC8CCD4,
    line=0x7C8494,
    negative=0x6AB8FF,
    positive=0xFFA64D,
    ramp=(0x1F6CB4, 0x164E84, 0x000000, 0x7A4200, 0xA85C00),
    point_ramps=((0x8FD4FF, 0xD8DCE4, 0xFFC880), (0xE4F4FF, 0xFFFFFF, 0xFFF0D8)),
    classes=(0x5B7295, 0x8B6149, 0x267F68, 0xB73982, 0x4F750D, 0xD91F0D),
    class_points=(
        (0x8FD4FF, 0xD6CCA6, 0xBAFBD5, 0xFFCFE6, 0xFEF9AA, 0xFFC073),
        (0xECF6FF, 0xFCEA7F, 0xDEFAEE, 0xEDDDFC, 0xFFFFDC, 0xFFDCCF),
    ),
    train=0x4FE0BC,
    test=0xFFE27A,
)


def with_middle(ramp: tuple[int, ...], colour: int) -> tuple[int, ...]:
    """Return the ramp with another colour at zero."""
    middle = len(ramp) // 2
    return (*ramp[:middle], colour, *ramp[middle + 1 :])


# Between the stops of a ramp the nearest of 256 colours are olive and dark red; so these ramps have steps.
_DARK_256 = replace(
    DARK,
    ramp=(0x0087D7, 0x005FAF, 0x005F87, 0x1C1C1C, 0x875F00, 0xAF5F00, 0xD78700),
    smooth=False,
)
_LIGHT_256 = replace(
    LIGHT,
    ramp=(0x5FAFFF, 0xAFD7FF, 0xFFFFFF, 0xFFD7AF, 0xFFAF5F),
    classes=(0x5FAFFF, 0xFFAF5F, 0x00D7AF, 0xD7AFD7, 0xFFFF5F, 0xD75F5F),
    smooth=False,
)
_DARK_16 = replace(  # stops that a terminal of 16 colours has: brown is its nearest to orange
    DARK,
    text=0xFFFFFF,
    muted=0xAAAAAA,
    line=0x555555,
    negative=0x5555FF,
    positive=0xAA5500,
    ramp=(0x0000AA, 0x000000, 0xAA5500),
    point_ramps=((0x55FFFF, 0xFF5555), (0xFFFFFF, 0xFF55FF)),
    classes=(0x0000AA, 0xAA5500, 0x00AA00, 0xAA00AA, 0x00AAAA, 0xAA0000),
    class_points=((0x55FFFF, 0xFFFF55, 0x55FF55, 0xFF55FF, 0xFFFFFF, 0xFF5555), (0xFFFFFF,) * 6),
    train=0x00AAAA,
    test=0xFFFF55,
    smooth=False,
)
_LIGHT_16 = replace(
    LIGHT,
    text=0x000000,
    muted=0x555555,
    line=0xAAAAAA,
    negative=0x0000AA,
    positive=0xAA0000,
    ramp=(0x5555FF, 0xFFFFFF, 0xFFFF55),
    point_ramps=((0x0000AA, 0xAA0000), (0x000000, 0xAA00AA)),
    classes=(0x5555FF, 0xFFFF55, 0x55FF55, 0xFF55FF, 0x55FFFF, 0xFF5555),
    class_points=((0x0000AA, 0xAA0000, 0x00AA00, 0xAA00AA, 0x00AAAA, 0x555555), (0x000000,) * 6),
    train=0x00AAAA,
    test=0xAA00AA,
    smooth=False,
)


# The terminal's sixteen colours on the terminal's own ground, which is dark or light.
TERMINAL = replace(
    _DARK_16,
    background=DEFAULT,
    text=DEFAULT,
    muted=DEFAULT,
    ramp=with_middle(_DARK_16.ramp, DEFAULT),
)
TERMINAL_LIGHT = replace(
    _LIGHT_16,
    background=DEFAULT,
    text=DEFAULT,
    muted=DEFAULT,
    ramp=with_middle(_LIGHT_16.ramp, DEFAULT),
)


def reduced(theme: Theme, depth: Depth) -> Theme:
    """Return the theme for a depth: with 16 or 256 colours, the terminal's own that suit its background."""
    if depth in ("truecolor", "none") or theme.background == DEFAULT:
        return theme
    dark, light = (_DARK_16, _LIGHT_16) if depth == "16" else (_DARK_256, _LIGHT_256)
    return replace(dark if channels(theme.background).mean() < 128 else light, background=theme.background)


def series_inks(theme: Theme) -> tuple[int, ...]:
    """Return the colours of a chart's series, told apart at every depth; the first two are train and test."""
    last = theme.classes[2] if theme.text == DEFAULT else theme.text  # a curve has a colour of its own
    return theme.train, theme.test, theme.negative, theme.positive, theme.classes[3], last


def channels(colour: int) -> NDArray[np.float32]:
    """Return 0xRRGGBB as [3] channels 0..255; DEFAULT has none, and counts as black."""
    return np.array([colour >> 16 & 255, colour >> 8 & 255, colour & 255], np.float32)


@cache
def ramp_channels(stops: tuple[int, ...], smooth: bool) -> NDArray[np.float32]:
    """Return [LEVELS, 3] channels that pass through the stops in even steps."""
    given = np.array([channels(stop) for stop in stops])
    if not smooth:
        return given[_steps(stops)]
    at = np.linspace(0, len(stops) - 1, LEVELS)
    steps = np.arange(len(stops))
    between = [np.interp(at, steps, channel) for channel in given.T]
    return np.stack(between, axis=1).astype(np.float32)


def _steps(stops: tuple[int, ...]) -> NDArray[np.intp]:
    """Return the nearest stop of each level."""
    return np.rint(np.linspace(0, len(stops) - 1, LEVELS)).astype(np.intp)


@cache
def packed_ramp(stops: tuple[int, ...], smooth: bool) -> NDArray[np.int32]:
    """Return [LEVELS] packed colours that pass through the stops in even steps."""
    if not smooth:
        return np.array(stops, np.int32)[_steps(stops)]
    return quantised(ramp_channels(stops, smooth))


def signed(ramp: tuple[int, ...], smooth: bool) -> tuple[int, ...]:
    """Return a ramp for pictures of a few pixels, of which the sign is to be seen.

    Of three colours in even steps the middle one has all from -0.5 to 0.5, which is the whole of many a neuron's map;
    here it has no more than from -0.1 to 0.1.
    """
    if smooth or len(ramp) > 3:
        return ramp
    negative, zero, positive = ramp
    return *(negative,) * 5, zero, *(positive,) * 5


def levels(values: NDArray[np.floating], count: int = LEVELS) -> NDArray[np.intp]:
    """Return values in -1..1 as indices 0..count - 1; what is not a number is taken for 0."""
    scaled = (np.nan_to_num(values, nan=0.0, posinf=1.0, neginf=-1.0).clip(-1, 1) + 1) * (0.5 * (count - 1))
    return np.asarray(np.rint(scaled), np.intp)
