"""What a teacher uses before a class: settings out of the way, one preset after the other."""

from __future__ import annotations

import pytest

from dlterm.course.content import presets
from dlterm.training.recipe import Recipe
from tests.tui.support import settled


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_settings_give_their_room_to_the_network_and_come_back(lab, size):
    async with lab.app.run_test(size=size) as pilot:
        await settled(pilot)
        screen = lab.screen
        before = screen.network.size
        await pilot.press("H")
        await settled(pilot)
        assert not screen.settings.display
        assert screen.network.size.height > 1.4 * before.height
        assert screen.network.size.width >= before.width
        assert screen.charts.region.y > screen.output.region.y
        assert screen.charts.region.x == screen.output.region.x
        assert screen.focused is screen.network
        await pilot.press("l")
        assert lab.told == [("change", Recipe(lr=0.01))]
        await pilot.press("H")
        await settled(pilot)
        assert screen.settings.display
        assert screen.network.size == before


async def test_without_settings_a_neuron_s_weights_are_still_listed(lab):
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await pilot.press("H")
        lab.screen.open_weights((1, 0, None))
        await settled(pilot)
        assert "Weights of layer 1, neuron 1" in lab.text
        await pilot.press("escape")
        await settled(pilot)
        assert not lab.screen.weights.display
        assert not lab.screen.settings.display


async def test_presets_come_one_after_the_other_with_what_they_are_for(lab):
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        for preset in presets()[:3]:
            await pilot.press("ctrl+n")
            await pilot.pause(0.1)
            assert lab.screen.player.recipe == Recipe.parse(preset.recipe)
            assert lab.told[-3:] == [("change", Recipe.parse(preset.recipe)), ("reset",), ("play",)]
            assert preset.title in lab.text
            assert preset.note[:40] in lab.text


async def test_what_went_wrong_is_said_before_what_a_preset_is_for(lab):
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await pilot.press("ctrl+n")
        lab.publish(status="diverged", message="at step 7: the loss is not finite")
        await pilot.pause(0.1)
        assert "at step 7" in lab.text
        assert presets()[0].title not in lab.text
