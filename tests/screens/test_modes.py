"""Home, the shelf and the list of runs, which is empty, in pictures."""

from __future__ import annotations

import pytest

from dlterm.tui.themes import DARK, LIGHT
from tests.tui.support import Lab, settled


@pytest.mark.parametrize("theme", [DARK.name, LIGHT.name])
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)], ids=lambda size: "x".join(map(str, size)))
@pytest.mark.parametrize("mode", ["home", "shelf", "runs"])
def test_a_mode(snap_compare, mode, size, theme):
    async def show(pilot):
        pilot.app.theme = theme
        await settled(pilot)

    assert snap_compare(Lab(start=mode).app, terminal_size=size, run_before=show)


@pytest.mark.parametrize("theme", [DARK.name, LIGHT.name])
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)], ids=lambda size: "x".join(map(str, size)))
def test_a_table_that_is_sorted(snap_compare, size, theme):
    async def show(pilot):
        pilot.app.theme = theme
        await settled(pilot)
        pilot.app.screen.open("table:frameworks")
        await settled(pilot)
        await pilot.press("s", "s", "S")
        await settled(pilot)

    assert snap_compare(Lab(start="shelf").app, terminal_size=size, run_before=show)


def test_a_search(snap_compare):
    async def show(pilot):
        await settled(pilot)
        await pilot.press("slash", *"gradient")
        await settled(pilot)

    assert snap_compare(Lab(start="shelf").app, terminal_size=(120, 40), run_before=show)


@pytest.mark.parametrize(
    ("size", "theme"), [((80, 24), LIGHT.name), ((120, 40), DARK.name)], ids=["80x24", "120x40"]
)
def test_the_commands(snap_compare, size, theme):
    async def show(pilot):
        pilot.app.theme = theme
        await settled(pilot)
        await pilot.press("ctrl+p", *"next")
        await settled(pilot)

    assert snap_compare(Lab(start="shelf").app, terminal_size=size, run_before=show)
