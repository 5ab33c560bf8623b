"""With very large type there are few cells: two large panes instead of four tiny ones, the others by key and click."""

from __future__ import annotations

import pytest

from tests.tui.support import Lab, settled

SIZES = [(60, 20), (70, 22), (79, 23)]


def panes(lab):
    """Which panes are seen, from the left to the right."""
    names = ("network", "output", "charts", "settings", "weights")
    found = [(getattr(lab.screen, name).region, name) for name in names if getattr(lab.screen, name).region]
    return [name for _, name in sorted(found)]


@pytest.mark.parametrize("size", SIZES)
async def test_the_network_and_the_output_have_the_screen(lab, size):
    async with lab.app.run_test(size=size) as pilot:
        await settled(pilot)
        assert panes(lab) == ["network", "output"]
        for pane in (lab.screen.network, lab.screen.output):
            assert pane.region.height == size[1] - 2
            assert pane.region.width >= 29
        assert lab.screen.focused is lab.screen.network


@pytest.mark.parametrize("size", SIZES)
async def test_charts_and_settings_come_by_key_and_go(lab, size):
    async with lab.app.run_test(size=size) as pilot:
        await settled(pilot)
        await pilot.press("v")
        await settled(pilot)
        assert panes(lab) == ["charts", "output"]
        assert "train 0.11" in lab.text
        await pilot.press("v")
        await settled(pilot)
        assert lab.screen.chart == "accuracy"
        await pilot.press("H")
        await settled(pilot)
        assert panes(lab) == ["settings", "output"]
        assert lab.screen.focused is lab.screen.settings
        await pilot.press("H", "v", "escape")
        await settled(pilot)
        assert panes(lab) == ["network", "output"]


async def test_a_click_on_a_name_shows_that_pane(lab):
    async with lab.app.run_test(size=(64, 21)) as pilot:
        await settled(pilot)
        for name, pane in (("Settings", "settings"), ("Charts", "charts"), ("Network", "network")):
            await pilot.click(offset=(lab.text.splitlines()[1].index(name), 1))
            await settled(pilot)
            assert panes(lab) == [pane, "output"]


async def test_a_neuron_s_weights_are_listed_in_the_network_s_place(lab):
    async with lab.app.run_test(size=(64, 21)) as pilot:
        await settled(pilot)
        await pilot.press("m", "enter")
        await settled(pilot)
        assert panes(lab) == ["weights", "output"]
        await pilot.press("escape")
        await settled(pilot)
        assert panes(lab) == ["network", "output"]


async def test_more_room_brings_all_panes_where_they_were(lab):
    async with lab.app.run_test(size=(100, 30)) as pilot:
        await settled(pilot)
        before = {name: getattr(lab.screen, name).region for name in panes(lab)}
        assert len(before) == 4
        await pilot.resize_terminal(64, 21)
        await settled(pilot)
        await pilot.press("v")
        await settled(pilot)
        await pilot.resize_terminal(100, 30)
        await settled(pilot)
        assert {name: getattr(lab.screen, name).region for name in panes(lab)} == before
        assert "Charts" not in lab.text.splitlines()[1]


async def test_a_small_terminal_of_ordinary_type_keeps_four_panes():
    lab = Lab()
    async with lab.app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert len(panes(lab)) == 4
