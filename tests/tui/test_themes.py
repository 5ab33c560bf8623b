"""The themes: what is written in them can be read, and what was chosen stays."""

from __future__ import annotations

import pytest

from dlterm.tui.themes import CONTRAST, DARK, LIGHT, themes
from tests.drawing.vision import contrast

GROUNDS = ("background", "surface", "panel", "block-cursor-background")
INKS = (
    "foreground", "text-muted", "primary", "secondary", "accent", "success", "warning", "error",
    "footer-key-foreground", "footer-description-foreground",
)  # fmt: skip
WITH_THE_CURSOR = ("foreground", "text-muted", "accent", "block-cursor-foreground")
LEAST = {DARK.name: 4.5, LIGHT.name: 4.5, CONTRAST.name: 7}
every_theme = pytest.mark.parametrize("theme", [DARK, LIGHT, CONTRAST], ids=lambda theme: theme.name)


def colour(theme, name):
    text = theme.variables.get(name) or getattr(theme, name)
    return int(text.removeprefix("#"), 16)


@every_theme
@pytest.mark.parametrize("ground", GROUNDS[:3])
def test_every_ink_can_be_read_on_every_ground(theme, ground):
    found = {ink: contrast(colour(theme, ink), colour(theme, ground)) for ink in INKS}
    assert {ink: ratio for ink, ratio in found.items() if ratio < LEAST[theme.name]} == {}


@every_theme
def test_a_row_under_the_cursor_can_be_read(theme):
    ground = colour(theme, "block-cursor-background")
    found = {ink: contrast(colour(theme, ink), ground) for ink in WITH_THE_CURSOR}
    assert {ink: ratio for ink, ratio in found.items() if ratio < LEAST[theme.name]} == {}
    assert contrast(colour(theme, "button-color-foreground"), colour(theme, "primary")) >= LEAST[theme.name]


def test_in_high_contrast_frames_are_seen_and_so_is_which_has_the_focus():
    for ground in GROUNDS[:3]:
        assert contrast(colour(CONTRAST, "border"), colour(CONTRAST, ground)) >= 3
        assert contrast(colour(CONTRAST, "primary"), colour(CONTRAST, ground)) >= 3


@pytest.mark.parametrize("theme", ["dark", "light", "contrast"])
@pytest.mark.parametrize("depth", ["256", "16"])
def test_a_row_under_the_cursor_can_be_read_with_fewer_colours(theme, depth):
    found = themes(depth)[theme]
    for ink in WITH_THE_CURSOR:
        assert contrast(colour(found, ink), colour(found, "block-cursor-background")) >= 4.5


@pytest.mark.parametrize("theme", ["dark", "light", "contrast"])
def test_with_sixteen_colours_no_line_is_of_the_colour_of_its_ground(theme):
    found = themes("16")[theme]
    for ink in (*INKS, "border"):
        assert contrast(colour(found, ink), colour(found, "background")) > 2
