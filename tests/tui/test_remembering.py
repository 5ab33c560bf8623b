"""What the app takes up again, and what it does with settings and files that are wrong."""

from __future__ import annotations

import pytest

from dlterm.settings.config import Config
from dlterm.settings.config_file import ConfigFile
from dlterm.settings.state import Memory, State
from dlterm.training.recipe import Recipe
from dlterm.tui import app as module
from dlterm.tui.app import DltermApp, remembered, run_app
from dlterm.tui.opening import Opening
from tests.tui.support import Lab, settled

SIZE = (120, 40)


@pytest.fixture(autouse=True)
def nowhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def opened(monkeypatch):
    """The apps that `run_app` would run."""
    apps = []

    def run(self):
        apps.append(self)
        self._return_code = 0

    monkeypatch.setattr(DltermApp, "run", run)
    return apps


def remember(**state):
    memory = Memory.open()
    memory.change(**state)
    assert memory.save() == ""


def begun(app):
    return app.DEFAULT_MODE


@pytest.mark.parametrize(
    ("start", "state", "mode"),
    [
        ("home", "lab", "home"),
        ("lab", "", "lab"),
        ("last", "shelf", "shelf"),
        ("last", "", "home"),
        ("last", "x", "home"),
    ],
)
def test_it_begins_where_the_user_wants_it_to(opened, start, state, mode):
    remember(screen=state)
    ConfigFile.read().write(Config(start=start))
    run_app(Opening())
    assert begun(opened[0]) == mode
    run_app(Opening("runs"))
    assert begun(opened[1]) == "runs"


@pytest.mark.parametrize(
    ("text", "recipe"),
    [
        ("moons?hidden=3", Recipe(data="moons", hidden=(3,))),
        ("", Recipe()),
        ("gone.csv?lr=1", Recipe()),
        ("moons?nonsense=1", Recipe()),
    ],
)
def test_the_labs_recipe_is_taken_up_where_it_still_can_be(text, recipe):
    assert remembered(text) == recipe


def test_it_is_not_taken_up_where_the_user_does_not_want_it(opened, monkeypatch):
    made = []
    monkeypatch.setattr(module, "_lab", lambda opening, _: made.append(opening.recipe))
    remember(recipe="moons?hidden=3")
    for restore in (True, False):
        ConfigFile.read().write(Config(restore=restore))
        run_app(Opening())
        opened[-1]._modes["lab"]()
    assert made == [Recipe(data="moons", hidden=(3,)), Recipe()]


async def test_a_change_in_the_lab_and_the_way_to_another_page_are_kept():
    memory = Memory.open()
    lab = Lab()
    lab.app.memory = memory
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("l", "7")
        await settled(pilot)
    found = Memory.open().state
    assert (found.screen, found.recipe) == ("shelf", "spirals?lr=0.01")


async def test_home_leads_back_to_where_one_stopped():
    lab = Lab(start="home")
    lab.app.memory = Memory(lab.app.memory.path, State(recipe="moons?hidden=3"), kept=False)
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert "moons?hidden=3" in lab.text
        await pilot.press("enter")
        await settled(pilot)
        assert lab.screen.player.recipe == Recipe(data="moons", hidden=(3,))


async def test_on_a_first_visit_enter_opens_what_is_training():
    lab = Lab(start="home")
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert "press enter" in lab.text
        recipe = lab.screen.player.recipe
        await pilot.press("enter")
        await settled(pilot)
        assert lab.screen.player.recipe == recipe


async def test_what_is_wrong_with_the_users_files_is_said_and_stops_nothing(opened, tmp_path):
    for name, content in (("config/dlterm/config.toml", "theme = 3"), ("state/dlterm/state.json", "{")):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text(content)
    run_app(Opening())
    app = Lab().app
    app._notices = opened[0]._notices
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        said = " ".join(note.message for note in app._notifications)
        assert "theme" in said
        assert "state.json" in said
