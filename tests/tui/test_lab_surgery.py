"""Operating on a network by keys and mouse: units knocked out and frozen, weights listed and changed."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from dlterm.training.recipe import Recipe
from dlterm.training.snapshot import Marks
from dlterm.tui.widgets.weights_pane import WeightsPane
from tests.tui.support import Lab, settled, shows, snapshot

SIZE = (120, 40)


def marks(frozen=(), out=()):
    """Units of the default network, as (layer, unit), that are frozen or knocked out."""
    sizes = (2, *Recipe().hidden, 1)
    found = Marks(
        tuple(np.zeros((after, before), bool) for before, after in pairwise(sizes)),
        tuple(np.zeros(after, bool) for after in sizes[1:]),
        tuple(np.zeros(after, bool) for after in sizes[1:]),
    )
    for layer, unit in frozen:
        found.frozen_weights[layer - 1][unit] = found.frozen_biases[layer - 1][unit] = True
    for layer, unit in out:
        found.knocked_out[layer - 1][unit] = True
    return found


def box_of(lab, neuron):
    return next(box for box in lab.screen.network._network.boxes if (box.layer, box.unit) == neuron)


async def test_the_chosen_neuron_is_knocked_out_and_frozen_and_back(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("m", "k", "z")
        lab.publish(marks=marks(frozen=[(1, 0)], out=[(1, 0)]))
        await pilot.press("k", "z")
        assert lab.told == [
            ("knock_out", 1, 0, True),
            ("freeze", 1, 0, True),
            ("knock_out", 1, 0, False),
            ("freeze", 1, 0, False),
        ]


@pytest.mark.parametrize("key", ["k", "z"])
@pytest.mark.parametrize("neuron", [None, (0, 1)])
async def test_without_a_neuron_that_has_weights_it_is_said_what_to_do(lab, key, neuron):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        lab.screen.neuron = neuron
        await pilot.press(key)
        assert lab.told == []
        assert any("choose a neuron" in note.message for note in lab.app._notifications)


async def test_what_was_done_is_seen_on_the_network_and_said(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        lab.publish(marks=marks(frozen=[(2, 1)], out=[(1, 2)]))
        lab.screen.neuron = (1, 2)
        await pilot.pause(0.1)
        picture = str(lab.screen.network.raster.frame).split("\n")
        out, frozen = box_of(lab, (1, 2)), box_of(lab, (2, 1))
        assert any("×" in row[out.column : out.column + out.columns] for row in picture)
        assert picture[frozen.row][frozen.column + frozen.columns - 1] == "✱"
        assert "layer 1, neuron 3 · knocked out" in lab.text


@pytest.mark.parametrize("how", ["key", "click"])
async def test_a_neuron_s_weights_are_listed_beside_the_network(lab, how):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        box = box_of(lab, (1, 2))
        await pilot.click(lab.screen.network.raster, offset=(box.column, box.row))
        await shows(pilot, lab, "layer 1, neuron 3")
        if how == "key":
            await pilot.press("enter")
        else:
            await pilot.click(lab.screen.network.raster, offset=(box.column, box.row))
        await shows(pilot, lab, "Weights of layer 1, neuron 3")
        newest = lab.screen.player.newest
        for name, value in (
            ("bias", newest.biases[0][2]),
            ("x1", newest.weights[0][2, 0]),
            ("x2", newest.weights[0][2, 1]),
        ):
            assert any(name in line and f"{value:+.3f}" in line for line in lab.text.split("\n"))
        assert not lab.screen.settings.display
        assert lab.screen.focused is lab.screen.weights


async def test_out_of_an_enlarged_network_the_list_is_seen_beside_it(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("m")
        lab.screen.network.focus()
        await pilot.press("Z")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert "Weights of layer 1, neuron 1" in lab.text
        assert "Output" in lab.text  # the whole answer, not the map of the neuron that is operated on
        assert lab.screen.output.region


async def test_escape_closes_the_list_and_then_goes_back_to_the_output(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        lab.screen.open_weights((2, 0, 3))
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
        assert lab.screen.settings.display
        assert lab.screen.focused is lab.screen.network
        assert lab.screen.neuron == (2, 0)
        await pilot.press("escape")
        assert lab.screen.neuron is None


async def test_a_weight_is_knocked_out_and_let_go_again(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        newest = lab.screen.player.newest
        lab.screen.open_weights((2, 0, 3))
        await pilot.pause()
        await pilot.press("k")
        assert lab.told[-2:] == [("edit_weight", 2, 0, 3, 0.0), ("freeze_weight", 2, 0, 3, True)]
        weights = [matrix.copy() for matrix in newest.weights]
        weights[1][0, 3] = 0
        frozen = tuple(np.zeros(matrix.shape, bool) for matrix in weights)
        frozen[1][0, 3] = True
        biases = tuple(np.zeros(len(matrix), bool) for matrix in weights)
        lab.publish(weights=tuple(weights), marks=Marks(frozen, biases, biases))
        await pilot.pause(0.1)
        lab.told.clear()
        await pilot.press("k")
        assert lab.session.told[-1] == ("freeze_weight", 2, 0, 3, False)


@pytest.mark.parametrize("key", ["k", "z", "enter"])
async def test_while_a_neuron_is_operated_on_the_whole_answer_is_seen(lab, key):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        lab.screen.network.focus()
        await pilot.press("m")
        assert lab.screen.enlarged == lab.screen.neuron == (1, 0)
        await pilot.press(key)
        await pilot.pause(0.1)
        assert (lab.screen.neuron, lab.screen.enlarged) == ((1, 0), None)
        lab.screen.network.focus()
        await pilot.press("m")
        assert lab.screen.enlarged == (1, 1)


async def test_keys_change_the_chosen_weight(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        newest = lab.screen.player.newest
        lab.publish(weights=(newest.weights[0], np.full((8, 8), 2.0, np.float32), newest.weights[2]))
        lab.screen.open_weights((2, 0, None))
        await pilot.pause()
        bias = float(newest.biases[1][0])
        await pilot.press("right", "down", "left", "delete", "z", *"-1.5", "enter", *"0.25", "enter")
        told = [
            (*command[:4], pytest.approx(command[4])) for command in lab.told if command[0] == "edit_weight"
        ]
        assert told == [
            ("edit_weight", 2, 0, None, bias + max(0.1, abs(bias) / 10)),
            ("edit_weight", 2, 0, 0, 1.8),
            ("edit_weight", 2, 0, 0, 0.0),
            ("edit_weight", 2, 0, 0, -1.5),
            ("edit_weight", 2, 0, 0, 0.25),
        ]
        assert ("freeze_weight", 2, 0, 0, True) in lab.told


@pytest.mark.parametrize(
    "keys", [["1", "escape"], ["-", "enter"], ["1", "e", "enter"], ["4", "backspace", "enter"]]
)
async def test_what_is_no_number_or_is_given_up_changes_nothing(lab, keys):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        lab.screen.open_weights((2, 0, 0))
        await pilot.pause()
        await pilot.press(*keys)
        assert not [command for command in lab.told if command[0] == "edit_weight"]
        assert lab.app.current_mode == "lab"
        assert lab.screen.weights.display


async def test_a_frozen_weight_has_a_mark_and_is_let_go(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        lab.publish(marks=marks(frozen=[(1, 4)]))
        lab.screen.open_weights((1, 4, 1))
        await pilot.pause(0.1)
        assert any("✱ x2" in line for line in lab.text.split("\n"))
        await pilot.press("z")
        assert lab.told == [("freeze_weight", 1, 4, 1, False)]


async def test_a_click_on_a_bar_sets_the_weight_to_what_it_says_there(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        newest = lab.screen.player.newest
        lab.publish(weights=(np.full((8, 2), 4.0, np.float32), *newest.weights[1:]))
        lab.screen.open_weights((1, 0, None))
        await pilot.pause(0.1)
        pane = lab.screen.weights
        row = next(line for line in lab.text.split("\n") if " x2 " in line and "+4.000" in line)
        middle = row.rindex("│", 0, row.rindex("━")) - pane.region.x
        await pilot.click(WeightsPane, offset=(middle, 3))
        assert lab.told[-1] == ("edit_weight", 1, 0, 1, 0.0)
        await pilot.click(WeightsPane, offset=(middle - 3, 3))
        assert -4 < lab.told[-1][-1] < 0


async def test_the_list_follows_the_chosen_neuron_and_goes_with_it(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        lab.screen.open_weights((2, 0, None))
        await pilot.pause(0.1)
        await pilot.press("m")
        await pilot.pause(0.1)
        assert "Weights of layer 2, neuron 2" in lab.text
        small = snapshot(Recipe(hidden=(3,)))
        lab.publish(maps=small.maps, weights=small.weights, biases=small.biases, recipe=small.recipe)
        await pilot.pause(0.2)
        assert lab.screen.neuron is None
        assert lab.screen.settings.display


async def test_a_line_says_its_weight_and_a_click_on_it_opens_the_list_there():
    lab = Lab(Recipe(hidden=(2,)))
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        network = lab.screen.network._network
        start, end = (next(b for b in network.boxes if (b.layer, b.unit) == n) for n in ((1, 0), (2, 0)))
        column = start.column + start.columns + 1
        row = next(r for r in range(40) if network.weight_at(column, r) == (2, 0, 0))
        await pilot.hover(lab.screen.network.raster, offset=(column, row))
        await pilot.pause(0.1)
        value = lab.screen.player.newest.weights[1][0, 0]
        assert f"layer 1, neuron 1 → output · weight {value:+.3f}" in lab.text
        await pilot.click(lab.screen.network.raster, offset=(column, row))
        await pilot.pause(0.1)
        assert lab.screen.neuron == (2, 0)
        assert lab.screen.weights.chosen == (2, 0, 0)
        assert end.column > column


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (200, 60)])
async def test_a_long_list_of_weights_that_are_no_numbers_is_shown_at_every_size(size):
    lab = Lab(Recipe(hidden=(64, 2)))
    async with lab.app.run_test(size=size) as pilot:
        await settled(pilot)
        newest = lab.screen.player.newest
        lab.publish(weights=(newest.weights[0], np.full((2, 64), np.nan, np.float32), newest.weights[2]))
        lab.screen.open_weights((2, 1, 63))
        await pilot.pause(0.1)
        assert "neuron 64" in lab.text
        assert "nan" in lab.text
        await pilot.press("down")
        await pilot.pause(0.1)
        assert "▸  bias" in lab.text


async def test_brackets_in_a_column_s_name_are_no_markup(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        lab.session.publish(
            replace(lab.screen.player.newest, number=2, features=("[/]", "[b]"), classes=("[/x]", "[b"))
        )
        lab.screen.open_weights((1, 0, None))
        await pilot.pause(0.1)
        assert "[/]" in lab.text
