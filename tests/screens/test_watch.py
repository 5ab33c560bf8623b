"""A run that is watched, and the lab with very large type, in pictures."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from dlterm.training.recipe import Recipe
from dlterm.training.run_info import RunInfo
from dlterm.training.watching import Watched
from dlterm.tui.themes import DARK, LIGHT
from dlterm.tui.widgets.pane import Pane
from tests.tui.support import Lab, settled, snapshot

RECIPE = Recipe(hidden=(8, 8), epochs=200)
RUN = RunInfo(Path("runs/20261121-093000-spirals"), "running", RECIPE, datetime(2026, 11, 21, 9, 30))


@pytest.fixture
def told(monkeypatch):
    """What is told of the run in place of what its directory holds."""
    found = []

    class FakeWatching:
        def __init__(self, path, recipe, publish):
            self.publish = publish

        def start(self):
            self.publish(found[0])

        def __getattr__(self, name):
            return lambda *values, **named: None

    monkeypatch.setattr("dlterm.tui.watcher.Watching", FakeWatching)
    monkeypatch.setattr("dlterm.tui.screens.watch.time.time", lambda: 1000.0)
    at = replace(snapshot(RECIPE), at=40 * 38, epoch=40, epochs=40.0)
    found.append(Watched(at, "running", 60, 12.0, 28.0, 998.0))
    return found


async def watch(pilot, *, drawn=True):
    await settled(pilot)
    pilot.app.watch_run(RUN)
    for _ in range(200):
        await pilot.pause(0.05)
        if any(pane.region for pane in pilot.app.screen.query(Pane)):
            break
    await settled(pilot, drawn=drawn)


@pytest.mark.parametrize("theme", [DARK.name, LIGHT.name])
@pytest.mark.parametrize(
    "size", [(64, 21), (80, 24), (120, 40), (200, 60)], ids=lambda size: "x".join(map(str, size))
)
def test_a_run_that_is_watched(snap_compare, told, size, theme):
    async def show(pilot):
        pilot.app.theme = theme
        await watch(pilot)

    assert snap_compare(Lab(start="runs").app, terminal_size=size, run_before=show)


def test_a_run_before_its_first_checkpoint(snap_compare, told):
    bare = replace(told[0].snapshot, field=None, maps=(), weights=(), message="reading its data", points=None)
    told[0] = replace(told[0], snapshot=bare, saved=None)
    assert snap_compare(
        Lab(start="runs").app, terminal_size=(120, 40), run_before=partial(watch, drawn=False)
    )


def test_a_run_that_was_interrupted(snap_compare, told):
    told[0] = replace(told[0], status="interrupted", seconds_left=None)
    assert snap_compare(Lab(start="runs").app, terminal_size=(120, 40), run_before=watch)


@pytest.mark.parametrize("theme", [DARK.name, LIGHT.name])
@pytest.mark.parametrize("keys", [(), ("v",), ("H",)], ids=["network", "charts", "settings"])
def test_the_lab_with_very_large_type(snap_compare, keys, theme):
    async def show(pilot):
        pilot.app.theme = theme
        await settled(pilot)
        await pilot.press(*keys)
        await settled(pilot)

    assert snap_compare(Lab().app, terminal_size=(64, 21), run_before=show)


def test_a_preset_with_its_lesson_beside_the_lab(snap_compare):
    async def show(pilot):
        await settled(pilot)
        await pilot.press("ctrl+n", "I")
        await settled(pilot)

    assert snap_compare(Lab().app, terminal_size=(120, 40), run_before=show)
