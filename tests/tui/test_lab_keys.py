from __future__ import annotations

import pytest

from dlterm.training.pace import PACES
from dlterm.training.recipe import Recipe
from dlterm.tui.settings import SETTINGS
from tests.tui.support import Lab, settled, snapshot

SIZE = (120, 40)


async def test_keys_command_the_session(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("s", "e", "f", "F", "space", "space", "r", "R")
        assert lab.told == [
            ("step",),
            ("epoch",),
            ("pace", PACES[5]),
            ("pace", PACES[4]),
            ("play",),
            ("pause",),
            ("reset",),
            ("reset", 1),
        ]


async def test_every_setting_has_two_keys_that_turn_it(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        for setting in (setting for setting in SETTINGS if setting.more):
            for by, keys in ((1, setting.more), (-1, setting.less)):
                for key in keys.split(","):
                    before = lab.screen.player.recipe
                    await pilot.press(key)
                    assert lab.screen.player.recipe == setting.turned(before, by), key


async def test_a_turned_setting_goes_to_the_session(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("n", "N", "N")  # the last one is at the end of its range
        assert lab.told == [("change", Recipe(noise=0.1)), ("change", Recipe())]


async def test_a_key_of_a_setting_that_a_file_does_not_have_changes_nothing():
    lab = Lab(Recipe(data="people.csv"))
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("n", "c")
        assert lab.screen.player.recipe == Recipe(data="people.csv")
        assert lab.told == []


async def test_a_file_that_was_opened_can_be_returned_to():
    lab = Lab(Recipe(data="people.csv"))
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("d")
        assert lab.screen.player.recipe.data == "circle"
        await pilot.press("D")
        assert lab.screen.player.recipe.data == "people.csv"


async def test_the_recipe_and_the_settings_show_what_is_trained(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("l", "d")
        await pilot.pause(0.1)
        assert "moons?lr=0.01" in lab.text
        assert "0.01" in lab.text.rpartition("learning rate")[2].partition("\n")[0]


async def test_arrows_choose_a_setting_and_turn_it(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("down", "right", "right", "left")
        assert lab.screen.player.recipe.noise == 0.1


async def test_the_setting_chosen_is_always_in_sight(lab):
    async with lab.app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("up", "up")
        await pilot.pause(0.1)
        assert "▸w L2" in lab.text
        await pilot.press("down", "down")
        await pilot.pause(0.1)
        assert "▸d data" in lab.text


async def test_a_heading_opens_its_group_and_what_was_chosen_stays_chosen(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert "examples  " not in lab.text
        await pilot.press("up", "right")
        await pilot.pause(0.1)
        assert "▸Data" in lab.text
        assert "examples  " in lab.text
        await pilot.press(*["down"] * 4, "right")
        assert lab.told == [("change", Recipe(count=1000))]
        await pilot.press("plus")
        assert lab.screen.settings.chosen.id == "count"
        await pilot.press(*["up"] * 4, "left")
        await pilot.pause(0.1)
        assert "1000" in lab.text  # it is no longer what it is by default
        assert "test share" not in lab.text


@pytest.mark.parametrize(("key", "name"), [("t", "test_points"), ("x", "discretised"), ("g", "log_axis")])
async def test_a_key_changes_how_a_picture_is_drawn(lab, key, name):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        frame, before = lab.screen.output.raster.frame, getattr(lab.screen, name)
        await pilot.press(key)
        await pilot.pause(0.1)
        assert getattr(lab.screen, name) is not before
        if key != "g":
            assert lab.screen.output.raster.frame is not frame


async def test_the_keyboard_walks_from_neuron_to_neuron(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("m", "m")
        assert lab.screen.neuron == (1, 1)
        await pilot.pause(0.1)
        assert "layer 1, neuron 2" in lab.text
        await pilot.press("M", "M")
        assert lab.screen.neuron == (3, 0)
        await pilot.press("escape")
        assert lab.screen.neuron is None


async def test_in_the_network_the_arrows_walk(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        lab.screen.network.focus()
        await pilot.press("up", "left", "down", "down")
        assert lab.screen.neuron == (2, 2)
        await pilot.press(*["left"] * 9)
        assert lab.screen.neuron == (0, 1)


async def test_tab_goes_around_the_panes(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        screen = lab.screen
        for pane in (screen.network, screen.output, screen.charts, screen.settings):
            await pilot.press("tab")
            assert screen.focused is pane


async def test_a_neuron_that_is_taken_away_is_no_longer_shown(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        lab.screen.neuron = (2, 7)
        small = snapshot(Recipe(hidden=(3,)))
        lab.publish(maps=small.maps, weights=small.weights, biases=small.biases, recipe=small.recipe)
        await pilot.pause(0.1)
        assert lab.screen.neuron is None


async def test_the_recipe_is_copied(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("l", "y")
        assert lab.app.clipboard == "spirals?lr=0.01"


async def test_the_theme_changes_and_the_pictures_with_it(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        dark = lab.screen.network.raster.frame.background[0, 0]
        await pilot.press("T")
        await pilot.pause(0.1)
        assert not lab.app.current_theme.dark
        assert lab.screen.network.raster.frame.background[0, 0] != dark


async def test_ctrl_q_leaves_and_ends_the_session(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("ctrl+q")
    assert lab.app.return_code == 0
    assert lab.told[-1] == ("close",)
