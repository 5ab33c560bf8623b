"""The landscape in the lab: shown by its key, over the plane that is wished for, told place by place."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dlterm.training.changes import Begin
from dlterm.training.landscape import survey
from dlterm.training.portrait import Portraitist
from dlterm.training.recipe import Recipe
from dlterm.training.run import Run
from dlterm.training.snapshot import Landscape, Snapshot, Wish
from dlterm.training.weight_plane import flat, principal_plane, random_plane
from tests.tui.support import Lab, settled
from tests.tui.test_lab_looks_closer import drawn
from tests.tui.test_lab_mouse import place_of

SIZE = (120, 40)
TWO = Recipe(data="moons", noise=0.3, count=200, hidden=(5, 4))


def surveyed(wish=None):
    """What a session would show that has looked around."""
    wish = wish or Wish()
    run = Run()
    run.do(Begin(TWO))
    for _ in range(20):
        run.advance(15)
    apart, weights = run.learner.apart(), run.learner.weights()
    path = np.stack([*map(run.learner.weights_at, run.path()), flat(weights)])
    plane = (
        principal_plane(weights, path) if wish.directions == "principal" else random_plane(weights, wish.seed)
    )
    places = plane.project(path)
    *_, surface = survey(apart, plane, plane.domain(places), size=21)
    landscape = Landscape(wish, surface, places, places[-1], plane.shown(path))
    shown = Snapshot(1, TWO, "paused", "", **Portraitist((24, 24)).draw(run, moving=False))
    return replace(shown, landscape=landscape)


@pytest.fixture
def lab():
    return Lab(TWO)


def wishes(lab):
    return [command[1] for command in lab.told if command[0] == "survey"]


def loss_in_row(lab, shown, row):
    """The loss at the left end of a row of the map, which has a line above it and one below."""
    rows, losses = lab.screen.charts.raster.size.height - 2, shown.landscape.surface.losses
    return losses[int((row % rows + 0.5) / rows * len(losses)), 0]


async def test_a_key_shows_it_and_the_session_surveys_only_while_it_is_shown(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert wishes(lab) == []
        await pilot.press("h")
        await drawn(pilot)
        assert "surveying" in lab.text
        assert wishes(lab) == [Wish("principal", 0)]
        assert lab.screen.charts.has_focus
        lab.show(surveyed())
        await drawn(pilot)
        picture = str(lab.screen.charts.raster.frame)
        assert "○" in picture
        assert "●" in picture
        assert "PC1" in picture
        await pilot.press("v")
        await drawn(pilot)
        assert wishes(lab)[-1] is None


async def test_the_key_goes_from_the_runs_own_directions_to_random_ones_and_back_and_another_draws_others(
    lab,
):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        for key in "hhhYYYh":
            await pilot.press(key)
            await pilot.pause(0.1)
        own, first = Wish("principal", 0), Wish("random", 0)
        others = Wish("random", 1), Wish("random", 2)
        assert wishes(lab) == [own, first, own, first, *others, Wish("principal", 2)]


async def test_it_tells_which_directions_these_are_and_how_much_of_the_way_they_show(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("h")
        for wish, words in (
            (Wish(), "principal (h: random)"),
            (Wish("random", 3), "random (h: principal, Y: new)"),
        ):
            shown = surveyed(wish)
            lab.show(shown)
            await drawn(pilot)
            assert words in lab.text
            assert f"{shown.landscape.shown:.0%} of path" in lab.text


async def test_the_arrows_point_at_a_place_and_its_loss_is_told(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("h")
        shown = surveyed()
        lab.show(shown)
        await drawn(pilot)
        here = f"loss {shown.metrics.train_loss:.4g} here"
        assert here in lab.text
        assert "╋" not in str(lab.screen.charts.raster.frame)
        await pilot.press(*["left"] * 60, *["down"] * 15)
        await drawn(pilot)
        assert "╋" in str(lab.screen.charts.raster.frame).split("\n")[-2]
        assert f"{here} · {loss_in_row(lab, shown, -1):.4g} at" in lab.text


async def test_the_mouse_points_too(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("h")
        shown = surveyed()
        lab.show(shown)
        await drawn(pilot)
        await pilot.hover(lab.screen.charts.raster, offset=(0, 1))
        await drawn(pilot)
        assert f"{loss_in_row(lab, shown, 0):.4g} at" in lab.text
        await pilot.hover(lab.screen.charts.raster, offset=(0, 0))
        await drawn(pilot)
        assert " at " not in lab.text


async def test_the_scale_is_linear_on_request(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("h")
        lab.show(surveyed())
        await drawn(pilot)
        ground = lab.screen.charts.raster.frame.background
        assert "of path · log" in lab.text
        await pilot.press("g")
        await drawn(pilot)
        assert "of path · log" not in lab.text
        assert (lab.screen.charts.raster.frame.background != ground).any()


async def test_a_click_on_its_name_shows_it_and_the_help_explains_it(lab):
    async with lab.app.run_test(size=(200, 60)) as pilot:
        await settled(pilot)
        await pilot.click(offset=place_of(lab, "Landscape"))
        await drawn(pilot)
        assert lab.screen.chart == "landscape"
        lab.screen.charts.focus()
        await pilot.press("f1")
        await pilot.pause(0.2)
        assert "training walks downhill" in lab.text
