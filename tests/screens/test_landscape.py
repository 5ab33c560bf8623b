"""The landscape and the list of exports in pictures, to be looked at before they are kept."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dlterm.training.snapshot import Wish
from dlterm.tui import exports
from dlterm.tui.themes import DARK, LIGHT
from tests.tui.support import Lab, settled
from tests.tui.test_lab_landscape import TWO, surveyed
from tests.tui.test_lab_looks_closer import drawn

SIZES = pytest.mark.parametrize(
    "size", [(80, 24), (120, 40), (200, 60)], ids=lambda size: "x".join(map(str, size))
)
THEMES = pytest.mark.parametrize("theme", [DARK.name, LIGHT.name])


@THEMES
@SIZES
def test_the_landscape(snap_compare, size, theme):
    lab = Lab(TWO)

    async def show(pilot):
        pilot.app.theme = theme
        await settled(pilot)
        await pilot.press("h")
        lab.show(surveyed())
        await drawn(pilot)
        await pilot.press("up", "up")
        await drawn(pilot)

    assert snap_compare(lab.app, terminal_size=size, run_before=show)


def test_random_directions_on_the_whole_screen_without_colours(snap_compare, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    lab = Lab(TWO)

    async def show(pilot):
        await settled(pilot)
        await pilot.press("Y", "Z")
        lab.show(surveyed(Wish("random", 0)))
        await drawn(pilot)

    assert snap_compare(lab.app, terminal_size=(80, 24), run_before=show)


@THEMES
@SIZES
def test_the_list_of_exports(snap_compare, monkeypatch, size, theme):
    monkeypatch.setattr(exports, "local_time", lambda: datetime(2026, 5, 17, 10, 30, tzinfo=UTC))
    lab = Lab(TWO)

    async def show(pilot):
        pilot.app.theme = theme
        await settled(pilot)
        await pilot.press("E")
        await pilot.pause(0.2)
        await pilot.press("down", "down", "down")
        await pilot.pause(0.2)

    assert snap_compare(lab.app, terminal_size=size, run_before=show)
