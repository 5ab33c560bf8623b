"""A run of another process on screen: what is seen of it while it trains and afterwards, and that nothing changes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dlterm.cli.main import main
from dlterm.training.recipe import Recipe
from dlterm.training.run_info import describe
from dlterm.tui.actions import at
from dlterm.tui.opening import Opening
from dlterm.tui.screens.lab import LabScreen
from dlterm.tui.screens.runs import RunsScreen
from dlterm.tui.screens.watch import WatchScreen
from tests.tui.support import Lab, settled

SIZE = (120, 40)


@pytest.fixture(autouse=True)
def nowhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def trained(capsys):
    assert main(["train", "xor?count=100&epochs=20&hidden=3", "--out", "runs/one", "-q"]) == 0
    capsys.readouterr()
    return Path("runs/one")


@pytest.fixture
def training(tmp_path):
    """A run that trains in another process until it is killed."""
    arguments = "train xor?count=100&hidden=3 --epochs 100000000 --out runs/long --checkpoint 0.1 -q --json"
    trainer = subprocess.Popen(
        [sys.executable, "-m", "dlterm", *arguments.split()],
        env={**os.environ, "XDG_CONFIG_HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path)},
        stdout=subprocess.PIPE,
    )
    trainer.stdout.readline()
    yield trainer
    trainer.kill()
    trainer.communicate()


async def watching(pilot, path):
    """Watch a run, and wait until its network is drawn."""
    pilot.app.watch_run(describe(path))
    await pilot.pause()
    await shown(
        pilot, lambda: pilot.app.screen.player.newest and pilot.app.screen.player.newest.field is not None
    )
    await settled(pilot)
    return pilot.app.screen


def told(lab):
    return [notification.message for notification in lab.app._notifications]


async def shown(pilot, happened, seconds=20):
    for _ in range(int(seconds / 0.05)):
        if happened():
            return
        await pilot.pause(0.05)
    raise AssertionError("it did not happen")


async def test_enter_on_a_run_watches_it_and_escape_goes_back(trained):
    lab = Lab(start="runs")
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("enter")
        await pilot.pause(0.1)
        assert isinstance(lab.screen, WatchScreen)
        await shown(pilot, lambda: lab.screen.player.newest and lab.screen.player.newest.field is not None)
        await settled(pilot)
        assert "finished" in lab.text
        assert "20 of 20" in lab.text
        assert "runs/one" in lab.text
        await pilot.press("m")
        await pilot.pause(0.1)
        assert "layer 1, neuron 1" in lab.text
        await pilot.press("escape")
        assert isinstance(lab.screen, WatchScreen)
        await pilot.press("escape")
        await pilot.pause(0.1)
        assert isinstance(lab.screen, RunsScreen)


async def test_a_run_grows_on_screen_until_it_is_killed(training):
    lab = Lab(start="runs")
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        screen = await watching(pilot, Path("runs/long"))
        await shown(pilot, lambda: "▶ running" in lab.text)
        before = screen.player.watched
        await shown(pilot, lambda: screen.player.watched.epoch > before.epoch)
        await shown(pilot, lambda: screen.player.newest.at > before.snapshot.at)
        await pilot.press("space")
        assert screen.player.held
        held = screen.player.watched
        await pilot.pause(0.5)
        assert screen.player.watched is held
        await shown(pilot, lambda: "held" in lab.text)
        await pilot.press("space")
        await shown(pilot, lambda: screen.player.watched.epoch > held.epoch)
        training.kill()
        await shown(pilot, lambda: "‖ interrupted" in lab.text)
        assert "dlterm train --resume runs/long goes on" in lab.text


async def test_a_run_deleted_while_it_is_watched_says_so(trained):
    lab = Lab(start="runs")
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await watching(pilot, trained)
        shutil.rmtree(trained)
        await shown(pilot, lambda: "runs/one was deleted" in lab.text)


@pytest.mark.parametrize("key", ["l", "d", "plus", "r", "u"])
async def test_a_key_that_would_change_the_network_says_why_it_does_not(trained, key):
    lab = Lab(start="runs")
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        screen = await watching(pilot, trained)
        await pilot.press(key)
        await pilot.pause(0.3)
        assert any("Another process trains it. o opens its recipe in the lab" in said for said in told(lab))
        assert screen.player.recipe == Recipe.parse("xor?count=100&epochs=20&hidden=3")


async def test_so_do_the_buttons_and_the_lines_of_the_diagram(trained):
    lab = Lab(start="runs")
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        screen = await watching(pilot, trained)
        await pilot.press("right", "enter")
        await pilot.pause(0.2)
        assert len(told(lab)) == 1
        lab.app.clear_notifications()
        await pilot.click("LayerBar", offset=(1, 0))
        await pilot.pause(0.2)
        assert len(told(lab)) == 1
        assert isinstance(screen, WatchScreen)


async def test_o_opens_the_recipe_in_the_lab(trained):
    lab = Lab(start="runs")
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await watching(pilot, trained)
        await pilot.press("o")
        await pilot.pause(0.3)
        assert isinstance(lab.screen, LabScreen)
        assert lab.screen.player.recipe == Recipe.parse("xor?count=100&epochs=20&hidden=3")


async def test_every_action_has_a_key_and_is_in_the_palette_and_the_help(trained):
    lab = Lab(start="runs")
    async with lab.app.run_test(size=(160, 120)) as pilot:
        await settled(pilot)
        screen = await watching(pilot, trained)
        offered = [command.title for command in lab.app.get_system_commands(screen)]
        done = []
        for action in at("watch"):
            assert any(title.startswith(action.title) for title in offered)
            if action.textual not in ("lab", "output"):
                name = f"action_{action.textual}"
                setattr(screen, name, lambda name=name: done.append(name))
                await pilot.press(action.keys)
                assert done[-1] == name
        await pilot.press("question_mark")
        await pilot.pause(0.2)
        for action in at("watch"):
            assert action.title in lab.text


async def test_nothing_is_read_where_nobody_looks(trained):
    lab = Lab(start="runs")
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        screen = await watching(pilot, trained)
        await pilot.press("1")
        await pilot.pause(0.3)
        shutil.rmtree(trained)
        await pilot.pause(0.4)
        assert screen.player.watched.status == "finished"


async def test_a_run_is_watched_from_the_beginning_on(trained):
    from dlterm.tui.app import DltermApp

    lab = Lab(start="runs")
    lab.app = DltermApp(Opening("runs", then=lambda app: app.watch_run(describe(trained))), lab._make)
    async with lab.app.run_test(size=(60, 20)) as pilot:
        await pilot.pause(0.2)
        assert isinstance(lab.screen, WatchScreen)
        await shown(pilot, lambda: "finished" in lab.text)
