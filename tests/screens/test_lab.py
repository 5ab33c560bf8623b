"""The lab in pictures: `pytest tests/screens --snapshot-update` renews them, to be looked at before they are kept."""

from __future__ import annotations

import pytest

from dlterm.training.recipe import Recipe
from dlterm.tui.themes import DARK, LIGHT
from tests.tui.support import Lab, settled


@pytest.mark.parametrize("theme", [DARK.name, LIGHT.name])
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)], ids=lambda size: "x".join(map(str, size)))
def test_the_lab(snap_compare, size, theme):
    async def show(pilot):
        pilot.app.theme = theme
        await settled(pilot)

    assert snap_compare(Lab().app, terminal_size=size, run_before=show)


def test_a_neuron_enlarged(snap_compare):
    async def show(pilot):
        await settled(pilot)
        await pilot.press("m", "m")
        await settled(pilot)

    assert snap_compare(Lab(Recipe(hidden=(3, 2))).app, terminal_size=(120, 40), run_before=show)


def test_training_that_diverged(snap_compare):
    lab = Lab()

    async def show(pilot):
        await settled(pilot)
        lab.publish(status="diverged", message="diverged at step 7: mse is not finite")
        await settled(pilot)

    assert snap_compare(lab.app, terminal_size=(80, 24), run_before=show)


def test_no_colour(snap_compare, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(Lab().app, terminal_size=(80, 24), run_before=settled)


def test_the_help(snap_compare):
    async def show(pilot):
        await settled(pilot)
        await pilot.press("question_mark")
        await pilot.pause(0.2)

    assert snap_compare(Lab().app, terminal_size=(120, 40), run_before=show)


def test_a_terminal_that_is_too_small(snap_compare):
    assert snap_compare(Lab().app, terminal_size=(50, 16))
