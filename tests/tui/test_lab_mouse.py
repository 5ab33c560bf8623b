from __future__ import annotations

import pytest

from dlterm.training.recipe import Recipe
from dlterm.tui.screens.help import HelpScreen
from dlterm.tui.widgets.layer_bar import LayerBar
from dlterm.tui.widgets.settings_pane import SettingsPane
from dlterm.tui.widgets.title_bar import TitleBar
from tests.tui.support import Lab, click_key, footer, settled

SIZE = (120, 40)


def place_of(lab, text, nth=0):
    """The cell where a text begins on the screen."""
    found = [(row.index(text), y) for y, row in enumerate(lab.text.split("\n")) if text in row]
    return found[nth]


async def test_a_click_on_a_neuron_enlarges_its_map(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        raster = lab.screen.network.raster
        box = next(box for box in lab.screen.network._network.boxes if (box.layer, box.unit) == (1, 2))
        await pilot.click(raster, offset=(box.column, box.row))
        await pilot.pause(0.1)
        assert lab.screen.neuron == (1, 2)
        assert "layer 1, neuron 3" in lab.text


async def test_a_click_beside_the_neurons_or_on_the_output_goes_back(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        for raster in (lab.screen.network.raster, lab.screen.output.raster):
            lab.screen.neuron = (1, 2)
            await pilot.click(raster, offset=(0, 0))
            await pilot.pause(0.05)
            assert lab.screen.neuron is None


async def test_pointing_at_a_neuron_says_its_numbers(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        box = next(box for box in lab.screen.network._network.boxes if (box.layer, box.unit) == (1, 0))
        await pilot.hover(lab.screen.network.raster, offset=(box.column, box.row))
        await pilot.pause(0.1)
        assert "layer 1, neuron 1 · bias" in lab.text


async def test_pointing_at_the_output_says_the_answer_there(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        raster = lab.screen.output.raster
        await pilot.hover(raster, offset=(raster.size.width // 2, raster.size.height // 2))
        await pilot.pause(0.1)
        assert "class 1" in lab.text
        await pilot.hover(TitleBar)
        await pilot.pause(0.1)
        assert "class 1" not in lab.text


@pytest.mark.parametrize(
    ("at", "hidden"),
    [(0, (8,)), (9, (8, 8, 8)), (None, (8, 9))],
)
async def test_the_bar_above_the_network_changes_layers_and_neurons(lab, at, hidden):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        bar = lab.screen.query_one(LayerBar)
        text = bar.render().plain
        where = text.rindex("+") if at is None else text.index("− 2 layers +") + at + (at == 9) * 2
        await pilot.click(bar, offset=(where, 0))
        assert lab.told == [("change", Recipe(hidden=hidden))]


async def test_the_arrows_beside_a_value_turn_it(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        pane = lab.screen.query_one(SettingsPane)
        x, y = place_of(lab, "learning rate")
        left = x + 14 - pane.region.x
        await pilot.click(pane, offset=(left, y - pane.region.y))
        assert lab.screen.player.recipe.lr == 0.003
        await pilot.click(pane, offset=(left + 20, y - pane.region.y))
        assert lab.screen.player.recipe.lr == 0.005


async def test_a_click_on_a_heading_opens_and_closes_its_group(lab):
    async with lab.app.run_test(size=(120, 60)) as pilot:
        await settled(pilot)
        pane = lab.screen.query_one(SettingsPane)
        for seen in (True, False):
            x, y = place_of(lab, "Training ")
            await pilot.click(pane, offset=(x - pane.region.x, y - pane.region.y))
            await pilot.pause(0.1)
            assert ("schedule" in lab.text) is seen


async def test_every_key_in_the_footer_can_be_clicked(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert "Quit" in footer(lab.app)
        await click_key(pilot, "lab.play")
        assert lab.told[0] == ("pause",)
        await click_key(pilot, "app.help")
        assert isinstance(lab.app.screen, HelpScreen)
        await pilot.click(offset=(60, 20))
        assert not isinstance(lab.app.screen, HelpScreen)


async def test_a_click_on_the_recipe_copies_it():
    lab = Lab(Recipe(data="xor"))
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.click(TitleBar, offset=(12, 0))
        assert lab.app.clipboard == "xor"


async def test_the_bar_marks_the_layer_of_the_chosen_neuron_and_nothing_else(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        bar = lab.screen.query_one(LayerBar)
        for neuron, marked in (((2, 0), ["8"]), ((0, 1), []), (None, [])):
            lab.screen.neuron = neuron
            await pilot.pause(0.1)
            row = bar.render()
            found = [span for span in row.spans if str(span.style) == "bold $foreground"]
            assert [row.plain[span.start : span.end].strip() for span in found] == marked


async def test_a_click_on_the_name_leads_home(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.click(TitleBar, offset=(3, 0))
        await settled(pilot)
        assert lab.app.current_mode == "home"
