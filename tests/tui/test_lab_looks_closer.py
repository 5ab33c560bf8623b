"""The lab beyond its pictures: charts, one example, what is misclassified, dead units; by key and by mouse."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dlterm.training.recipe import Recipe
from dlterm.tui.charts import CHARTS
from tests.tui.support import Lab, seen, settled
from tests.tui.test_lab_mouse import place_of

SIZE = (120, 40)
TWO = Recipe(data="moons", noise=0.3, count=200, hidden=(5, 4))
NAMES = [chart.title for chart in CHARTS if chart.id != "rmse"]


@pytest.fixture
def lab():
    return Lab(TWO)


def inspected(lab):
    return [command[1:] for command in lab.told if command[0] == "inspect"]


async def looked(pilot, lab, example=None, **fields):
    """Publish what a session would that trains and looks through its lens."""
    lab.show(replace(seen(TWO, example=example), **fields))
    await drawn(pilot)


async def drawn(pilot):
    await pilot.pause(0.3)
    await pilot.app.workers.wait_for_complete()
    await pilot.pause(0.1)


# --- charts ---------------------------------------------------------------------------------------------------------


async def test_a_key_shows_one_chart_after_the_other_and_another_goes_back(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        shown = []
        for key in [*"vvvvvvvvv", *"VV"]:
            await pilot.press(key)
            await pilot.pause(0.05)
            shown.append(lab.screen.charts.topic)
        around = ["accuracy", "confusion", "roc", "calibration", "histograms", "gradients"]
        assert shown == [*around, "example", "landscape", "loss", "landscape", "example"]


async def test_keys_pressed_quickly_are_all_counted(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("v", "v", "v")
        assert lab.screen.chart == "roc"


async def test_a_click_on_a_name_shows_the_chart(lab):
    async with lab.app.run_test(size=(200, 60)) as pilot:
        await settled(pilot)
        await looked(pilot, lab)
        for name, sign in (("Accuracy", "train"), ("Weights", "layer 1"), ("Loss", "train")):
            await pilot.click(offset=place_of(lab, name))
            await drawn(pilot)
            assert lab.screen.chart == {"Weights": "histograms"}.get(name, name.lower())
            assert sign in str(lab.screen.charts.raster.frame)


async def test_the_name_of_the_chart_shown_stands_out(lab):
    async with lab.app.run_test(size=(200, 60)) as pilot:
        await settled(pilot)
        await pilot.press("v")
        await pilot.pause(0.1)
        heading = lab.screen.charts.heading()
        assert heading.plain.split() == NAMES
        bold = [span for span in heading.spans if str(span.style).startswith("bold")]
        assert [heading.plain[span.start : span.end] for span in bold] == ["Accuracy"]


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (99, 31)])
async def test_where_not_all_names_fit_arrows_lead_to_the_others(lab, size):
    async with lab.app.run_test(size=size) as pilot:
        await settled(pilot)
        lab.screen.side = "charts"  # where there is room for two panes alone
        await settled(pilot)
        pane = lab.screen.charts
        met = [pane.topic]
        for _ in NAMES:
            await pilot.pause(0.05)
            heading = pane.heading().plain
            assert next(chart.title for chart in CHARTS if chart.id == pane.topic) in heading
            if "›" not in heading:
                break
            row = lab.text.split("\n")[pane.region.y]
            await pilot.click(offset=(row.index("›"), pane.region.y))
            await pilot.pause(0.1)
            met.append(pane.topic)
        assert met[1] == "accuracy"
        assert "‹" in pane.heading().plain or size == (99, 31)


async def test_at_80x24_the_quality_is_still_told_beside_the_names(lab):
    async with lab.app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "acc 93.4% / 90.4%" in lab.text


async def test_a_chart_that_says_nothing_of_new_data_gives_way_to_the_loss(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        lab.screen.chart = "roc"
        await pilot.pause(0.1)
        values = Recipe(data="plane", hidden=(3,))
        lab.show(seen(values))
        await drawn(pilot)
        assert lab.screen.charts.topic == "loss"
        assert lab.screen.charts.heading().plain.split() == [
            "Loss",
            "RMSE",
            "Weights",
            "Gradients",
            "Example",
            "Landscape",
        ]


async def test_the_help_explains_the_chart_shown(lab):
    async with lab.app.run_test(size=(120, 100)) as pilot:
        await settled(pilot)
        lab.screen.charts.focus()
        lab.screen.chart = "calibration"
        await pilot.pause(0.1)
        await pilot.press("f1")
        await pilot.pause(0.2)
        assert "too sure of itself" in lab.text


# --- the lens -------------------------------------------------------------------------------------------------------


async def test_the_lens_is_asked_for_only_while_something_shown_needs_it(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert inspected(lab) == []
        for keys, asked in (
            ("vv", (True, None)),
            ("VV", (False, None)),
            ("j", (True, None)),
            ("j", (False, None)),
        ):
            await pilot.press(*keys)
            await pilot.pause(0.1)
            assert inspected(lab)[-1] == asked
        assert len(inspected(lab)) == 4


async def test_misclassified_points_are_crosses_in_colour_and_marked_letters_without(monkeypatch):
    for no_color, sign in (("", "╳"), ("1", "!")):
        if no_color:
            monkeypatch.setenv("NO_COLOR", no_color)
        lab = Lab(TWO)
        async with lab.app.run_test(size=SIZE) as pilot:
            await settled(pilot)
            await looked(pilot, lab)
            frame = lab.screen.output.raster.frame
            assert sign not in str(frame)
            await pilot.press("j")
            await pilot.pause(0.1)
            wrong = lab.screen.player.newest.lens.wrong.sum()
            assert 0 < str(lab.screen.output.raster.frame).count(sign) <= wrong
            await pilot.press("t")
            await pilot.pause(0.1)
            trained_on = lab.screen.player.newest.lens.wrong[~lab.screen.player.newest.points.held_out].sum()
            assert str(lab.screen.output.raster.frame).count(sign) <= trained_on


async def test_dead_units_are_marked_and_told(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        shown = seen(TWO)
        first, *rest = shown.lens.layers
        dead = np.array([False, True, False, False, False])
        await looked(pilot, lab)
        assert "∅" not in str(lab.screen.network.raster.frame)
        lab.show(replace(shown, lens=replace(shown.lens, layers=(replace(first, dead=dead), *rest))))
        await drawn(pilot)
        assert str(lab.screen.network.raster.frame).count("∅") == 1
        lab.screen.neuron = (1, 1)
        await pilot.pause(0.1)
        assert "dead: no example wakes it" in lab.text


# --- one example ----------------------------------------------------------------------------------------------------


def cell_of(lab, number):
    """The cell that an example is drawn in."""
    snapshot, size = lab.screen.player.newest, lab.screen.output.raster.size
    (x, y), (x0, x1, y0, y1) = snapshot.points.inputs[number].tolist(), snapshot.domain
    return int((x - x0) / (x1 - x0) * size.width), int((y1 - y) / (y1 - y0) * size.height)


async def test_a_click_on_a_point_chooses_it_and_escape_lets_it_go(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await looked(pilot, lab)
        await pilot.click(lab.screen.output.raster, offset=cell_of(lab, 17))
        await pilot.pause(0.1)
        chosen = lab.screen.example
        assert cell_of(lab, chosen) == cell_of(lab, 17)
        assert inspected(lab)[-1] == (True, chosen)
        await looked(pilot, lab, example=chosen)
        assert {"[", "]"} <= set(str(lab.screen.output.raster.frame))
        assert f"example {chosen + 1}" in lab.text
        await pilot.press("escape")
        await pilot.pause(0.1)
        assert lab.screen.example is None
        assert inspected(lab)[-1] == (False, None)


async def test_the_arrows_move_a_cursor_that_tells_and_enter_chooses_the_nearest(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await looked(pilot, lab)
        output = lab.screen.output
        assert "╋" not in str(output.raster.frame)
        output.focus()
        await pilot.pause(0.1)
        middle = str(output.raster.frame)
        assert "╋" in middle
        told = output.border_subtitle
        await pilot.press(*["left"] * 9, *["up"] * 4)
        await pilot.pause(0.1)
        assert str(output.raster.frame) != middle
        assert output.border_subtitle != told
        await pilot.press("enter")
        await pilot.pause(0.1)
        column, row = output._cell
        away = [np.hypot(x - column, 2 * (y - row)) for x, y in (cell_of(lab, n) for n in range(200))]
        assert away[lab.screen.example] <= min(away) + 3


async def test_the_cursor_stays_inside_and_in_its_place_through_resizes(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        output = lab.screen.output
        output.focus()
        output._cursor = 0.95, 0.9
        await pilot.press(*["right"] * 6, *["down"] * 6)
        width, height = output.raster.size
        assert output._cell == (width - 1, height - 1)
        for size in ((80, 24), (1, 1), (200, 60), SIZE):
            await pilot.resize_terminal(*size)
            await pilot.press("enter")
            await pilot.pause(0.05)
        await settled(pilot)
        assert output._cell == (width - 1, height - 1)


async def test_the_numbers_of_an_example_are_on_the_neurons_in_the_chart_and_told(lab):
    async with lab.app.run_test(size=(200, 60)) as pilot:
        await settled(pilot)
        await looked(pilot, lab)
        await pilot.click(lab.screen.output.raster, offset=cell_of(lab, 17))
        await pilot.pause(0.1)
        lab.screen.chart = "example"
        await looked(pilot, lab, example=lab.screen.example)
        lens = lab.screen.player.newest.lens.example
        network, chart = (str(pane.raster.frame) for pane in (lab.screen.network, lab.screen.charts))
        for answer in lens.activations[1].tolist():
            told = f"{answer:+.3f}" if 0.001 <= abs(answer) < 0.1 else f"{answer:+.2f}"
            assert told in network
            assert told in chart
        lab.screen.neuron = (2, 1)
        await drawn(pilot)
        assert f"answers {lens.activations[1][1]:+.2f}" in lab.text
        assert "∂ weight" in str(lab.screen.charts.raster.frame)


async def test_other_data_let_go_of_the_example(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await looked(pilot, lab)
        await pilot.click(lab.screen.output.raster, offset=cell_of(lab, 17))
        await pilot.pause(0.1)
        chosen = lab.screen.example
        lab.show(seen(TWO.with_(hidden=(3,))))
        await drawn(pilot)
        assert lab.screen.example == chosen
        lab.show(seen(TWO.with_(count=20)))
        await drawn(pilot)
        assert lab.screen.example is None


async def test_a_neurons_map_is_left_before_the_example(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await looked(pilot, lab)
        await pilot.click(lab.screen.output.raster, offset=cell_of(lab, 17))
        await pilot.press("m", "escape")
        assert lab.screen.neuron is None
        assert lab.screen.example is not None


async def test_the_arrows_scroll_the_numbers_of_an_example(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await looked(pilot, lab)
        lab.screen.chart = "example"
        await pilot.click(lab.screen.output.raster, offset=cell_of(lab, 17))
        await looked(pilot, lab, example=lab.screen.example)
        lab.screen.charts.focus()
        assert "inputs" in str(lab.screen.charts.raster.frame)
        await pilot.press("right", "down")
        await drawn(pilot)
        frame = str(lab.screen.charts.raster.frame)
        assert "inputs" not in frame
        assert "\n2 " in frame
        assert "\n1 " not in frame
