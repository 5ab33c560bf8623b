"""High contrast, the terminal's own colours, few colours and none, and the settings, in pictures."""

from __future__ import annotations

import pytest

from dlterm.settings.config import Config
from dlterm.tui.preferences import Preferences
from tests.tui.support import Lab, settled

SIZES = pytest.mark.parametrize(
    "size", [(80, 24), (120, 40), (200, 60)], ids=lambda size: "x".join(map(str, size))
)


def app(start="lab", **config):
    return Lab(start=start, preferences=Preferences(Config(**config))).app


@SIZES
@pytest.mark.parametrize("theme", ["contrast", "terminal"])
def test_the_lab(snap_compare, theme, size):
    assert snap_compare(app(theme=theme), terminal_size=size, run_before=settled)


@SIZES
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_settings(snap_compare, theme, size):
    async def show(pilot):
        await settled(pilot)
        await pilot.press("f2", "down")
        await settled(pilot)

    assert snap_compare(app("shelf", theme=theme), terminal_size=size, run_before=show)


def test_sixteen_colours(snap_compare):
    assert snap_compare(app(colours="16"), terminal_size=(80, 24), run_before=settled)


def test_the_shelf_without_colours(snap_compare):
    assert snap_compare(app("shelf", colours="none"), terminal_size=(80, 24), run_before=settled)
