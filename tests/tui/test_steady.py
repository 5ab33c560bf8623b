from __future__ import annotations

import pytest
from textual._compositor import Compositor
from textual.color import Color
from textual.css.stylesheet import Stylesheet
from textual.events import Resize
from textual.geometry import Size

from dlterm.tui.modes import MODE_IDS
from dlterm.tui.screens.lab import LabScreen
from dlterm.tui.screens.runs import RunsScreen
from dlterm.tui.screens.settings import SettingsScreen
from dlterm.tui.themes import LIGHT
from tests.tui.support import Lab, settled

SIZE = (120, 40)


def test_a_page_takes_no_key_before_it_is_there():
    assert not RunsScreen().check_action("narrower", ())


async def test_a_click_selects_nothing_of_what_is_gone_but_was_drawn_last(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        screen, pane = lab.screen, lab.screen.settings
        x, y = pane.region.x + 2, pane.region.y + 2
        assert screen.get_widget_and_offset_at(x, y)[0] is pane
        with lab.app.batch_update():
            await pane.remove()
            assert screen.get_widget_and_offset_at(x, y) == (None, None)


async def test_a_page_that_is_left_before_it_has_its_widgets_is_no_error(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        for _ in range(3):
            opened = lab.app.push_screen(SettingsScreen())
            lab.app.pop_screen()
            await opened
        await settled(pilot)
        assert lab.app.is_running


@pytest.mark.parametrize("mode", MODE_IDS)
async def test_a_page_that_is_opened_as_the_app_ends_is_no_error(mode):
    lab = Lab(start="home" if mode == "lab" else "lab")
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        lab.app.go(mode)
        lab.app.exit()
        await pilot.pause(0.2)
    assert lab.app.failure is None


async def test_of_many_sizes_at_once_only_the_newest_is_laid_out(lab, monkeypatch):
    laid_out = []
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        monkeypatch.setattr(LabScreen, "share_out", lambda _, size: laid_out.append(size))
        for size in [(200, 50), (90, 30)] * 3:
            lab.screen.post_message(Resize(Size(*size), Size(*size)))
        await pilot.resize_terminal(100, 40)
        await pilot.pause(0.5)
        assert set(laid_out) == {Size(100, 40)}
        assert len(laid_out) < 5


async def test_a_page_is_told_once_that_it_is_in_front(lab, monkeypatch):
    told = []
    monkeypatch.setattr(RunsScreen, "on_screen_resume", lambda _: told.append("runs"))
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("8")
        await pilot.pause(0.2)
        assert told == ["runs"]
        await pilot.press("1")
        await pilot.pause(0.2)
        await pilot.press("8")
        await pilot.pause(0.2)
        assert told == ["runs", "runs"]


async def test_a_page_that_is_opened_leaves_the_styles_of_the_one_before_as_they_are(lab, monkeypatch):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        before, styled = set(lab.screen.walk_children(with_self=True)), set()
        apply = Stylesheet.apply

        def noted(self, node, **options):
            styled.add(node)
            apply(self, node, **options)

        monkeypatch.setattr(Stylesheet, "apply", noted)
        await pilot.press("8")
        await settled(pilot)
        assert {*lab.screen.walk_children(with_self=True)} <= styled
        assert len(styled & before) <= 2  # what had the focus


async def test_a_page_is_drawn_only_where_it_is_shown(lab, monkeypatch):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        held, drawn = [], []
        draw = Compositor.render_update

        def noted(self, **options):
            (held if lab.app._batch_count else drawn).append(self)
            return draw(self, **options)

        monkeypatch.setattr(Compositor, "render_update", noted)
        await pilot.press("8")
        await settled(pilot)
        assert drawn
        assert not held


async def test_a_page_has_the_theme_that_was_chosen_on_another(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("8", "T")
        for key in "218":  # seen before, opened now, where it was chosen
            await pilot.press(key)
            await settled(pilot)
            assert lab.screen.styles.background == Color.parse(LIGHT.background)
