"""The race in pictures: see test_lab."""

from __future__ import annotations

import pytest

from dlterm.tui.themes import DARK, LIGHT
from tests.tui.race_support import Racing, StillPlayer


@pytest.fixture(autouse=True)
def a_race_that_stands_still(monkeypatch):
    monkeypatch.setattr("dlterm.tui.screens.race.RacePlayer", StillPlayer)


@pytest.mark.parametrize("theme", [DARK.name, LIGHT.name])
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)], ids=lambda size: "x".join(map(str, size)))
def test_the_race(snap_compare, size, theme):
    race = Racing("lr=0.001", "lr=0.01", "lr=0.1", "svm")

    async def show(pilot):
        pilot.app.theme = theme
        await race.begun(pilot)

    assert snap_compare(race.app, terminal_size=size, run_before=show)


def test_two_racing(snap_compare):
    race = Racing("optimizer=sgd", "optimizer=adam")

    async def show(pilot):
        await race.begun(pilot)
        await pilot.press("v", "v", "down")

    assert snap_compare(race.app, terminal_size=(120, 40), run_before=show)


def test_the_races_to_choose_from(snap_compare):
    race = Racing("lr=0.001", "lr=0.1")

    async def show(pilot):
        await race.begun(pilot)
        await pilot.press("o")

    assert snap_compare(race.app, terminal_size=(120, 40), run_before=show)


def test_a_contestant_by_hand(snap_compare):
    race = Racing("lr=0.001", "lr=0.1")

    async def show(pilot):
        await race.begun(pilot)
        await pilot.press("enter", "x")

    assert snap_compare(race.app, terminal_size=(80, 24), run_before=show)


def test_no_colour(snap_compare, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    race = Racing("lr=0.001", "lr=0.01", "lr=0.1")

    async def show(pilot):
        await race.begun(pilot)

    assert snap_compare(race.app, terminal_size=(80, 24), run_before=show)
