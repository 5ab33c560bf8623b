"""The line at the bottom: it says what can be done where one is, in whatever room there is, and a click does it."""

from __future__ import annotations

import pytest
from textual.widgets import Input, Tooltip

from dlterm.tui.actions import ACTIONS, at
from dlterm.tui.modes import MODES
from dlterm.tui.screens.help import HelpScreen
from dlterm.tui.widgets.footer import Footer, Key, fitting
from tests.tui.support import Lab, click_key, footer, settled

SIZE = (120, 40)
NARROW, OLD, USUAL = 60, 80, 120


@pytest.fixture(autouse=True)
def nowhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def keys(*actions):
    named = {action.id: action for action in ACTIONS}
    return [
        Key(name, name in ("app.help", "app.quit"), "x", named[name].title, "", True, name, None)
        for name in actions
    ]


def test_what_is_last_goes_first_and_help_and_quit_stay():
    line = keys("lab.play", "lab.step", "lab.epoch", "app.help", "app.card", "app.quit")
    left = []
    for columns in range(sum(key.width + 1 for key in line) - 1, -1, -1):
        ids = [key.id for key in fitting(line, columns)]
        if not left or left[-1] != ids:
            left.append(ids)
    assert left == [
        ["lab.play", "lab.step", "lab.epoch", "app.help", "app.card", "app.quit"],
        ["lab.play", "lab.step", "lab.epoch", "app.help", "app.quit"],
        ["lab.play", "lab.step", "app.help", "app.quit"],
        ["lab.play", "app.help", "app.quit"],
        ["app.help", "app.quit"],
    ]


@pytest.mark.parametrize("columns", [NARROW, OLD, USUAL])
@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.id)
async def test_no_word_is_cut(mode, columns):
    lab = Lab(start=mode.id)
    async with lab.app.run_test(size=(columns, 30)) as pilot:
        await settled(pilot)
        line = lab.text.splitlines()[-1]
        assert line.rstrip() == footer(lab.app)
        offered = [action for action in at(mode.id, "app") if action.in_footer]
        words = [f"{lab.app.keys.first(action.id)} {action.title.partition(':')[0]}" for action in offered]
        said = [word for word in words if word in line]
        assert sorted(line.split()) == sorted(" ".join(said).split())
        assert {"? Help", "^q Quit"} <= {*said}


@pytest.mark.parametrize("columns", [NARROW, OLD, USUAL])
async def test_a_click_on_a_key_does_what_it_does(columns):
    lab = Lab()
    async with lab.app.run_test(size=(columns, 30)) as pilot:
        await settled(pilot)
        await click_key(pilot, "lab.step")
        assert ("step",) in lab.told
        await click_key(pilot, "app.help")
        assert isinstance(lab.screen, HelpScreen)
        await pilot.press("escape")
        await pilot.pause(0.1)
        await click_key(pilot, "app.quit")
        assert not lab.app.is_running


async def test_a_click_beside_the_keys_does_nothing(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        said = footer(lab.app)
        for column in (said.index(" s Step"), len(said), SIZE[0] - 1):
            await pilot.click(Footer, offset=(column, 0))
            await pilot.pause(0.05)
        assert lab.told == []


async def test_it_goes_along_with_the_focus():
    lab = Lab(start="shelf")
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert "? Help" in footer(lab.app)
        await pilot.press("slash")
        await pilot.pause(0.1)
        assert isinstance(lab.app.focused, Input)
        assert "f1 Help" in footer(lab.app) or "F1 Help" in footer(lab.app)
        await click_key(pilot, "app.help")  # a key that is typed would be in the search
        assert isinstance(lab.screen, HelpScreen)


async def test_it_is_drawn_again_only_where_it_says_something_else(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        line = lab.screen.query_one(Footer)
        drawn = []
        line.refresh = lambda *_, **__: drawn.append(True)
        await pilot.press("tab")
        await pilot.pause(0.1)
        lab.screen.refresh_bindings()
        await pilot.pause(0.1)
        assert not drawn


async def test_the_key_under_the_mouse_is_marked_and_explained(lab):
    async with lab.app.run_test(size=SIZE, tooltips=True) as pilot:
        await settled(pilot)
        plain = _styles(lab)
        await pilot.hover(Footer, offset=(footer(lab.app).index("s Step"), 0))
        await pilot.pause(lab.app.TOOLTIP_DELAY + 0.3)
        assert {text for text, style in _styles(lab).items() if style != plain[text]} == {"s", " Step"}
        help_ = next(action.help for action in at("lab") if action.id == "lab.step")
        assert str(lab.screen.query_one(Tooltip).render()) == help_
        await pilot.hover("NetworkPane")
        await pilot.pause(0.1)
        assert _styles(lab) == plain


def _styles(lab):
    return {segment.text: segment.style for segment in lab.screen._compositor.render_strips()[-1]}
