"""What lies over a page: closed at the wrong moment, or asked for what it has no room for."""

from __future__ import annotations

import pytest
from rich.style import Style
from textual.events import Click
from textual.renderables.background_screen import BackgroundScreen
from textual.strip import Strip
from textual.widgets import Input

from dlterm.tui.over import Below
from dlterm.tui.page import Page
from dlterm.tui.screens.commands import CommandsScreen
from dlterm.tui.screens.help import HelpScreen
from dlterm.tui.widgets.entries import Entries
from tests.tui.support import settled


@pytest.mark.parametrize("key", ["ctrl+p", "question_mark", "ctrl+o", "colon"])
async def test_told_twice_to_close_it_closes_once(lab, key):
    async with lab.app.run_test(size=(100, 30)) as pilot:
        await pilot.pause(0.1)
        await pilot.press(key)
        over = lab.screen
        assert not isinstance(over, Page)
        over.dismiss()
        over.dismiss()
        await pilot.pause()
        assert isinstance(lab.screen, Page)


async def test_a_page_over_a_page_is_not_closed_in_the_place_of_another(lab):
    async with lab.app.run_test(size=(100, 30)) as pilot:
        lab.app.push_screen(HelpScreen(["lab"], print))
        await pilot.pause()
        below = lab.screen
        lab.app.action_command_palette()
        await pilot.pause()
        below.dismiss()
        await pilot.pause()
        assert isinstance(lab.screen, CommandsScreen)


async def test_a_palette_that_is_closed_before_it_is_there_is_no_error(lab):
    async with lab.app.run_test(size=(100, 30)) as pilot:
        await pilot.pause(0.1)
        for _ in range(3):
            lab.app.action_command_palette()
            lab.app.go("home")
            lab.app.go("lab")
        await pilot.pause(0.3)
        assert lab.app.is_running
        assert isinstance(lab.screen, Page)


async def test_what_is_typed_into_a_palette_that_closes_searches_nothing(lab):
    async with lab.app.run_test(size=(100, 30)) as pilot:
        await pilot.press("ctrl+p")
        palette = lab.screen
        palette.query_one(Input).value = "step"
        palette.dismiss()
        await pilot.pause(0.3)
        assert isinstance(lab.screen, Page)


async def test_no_page_is_turned_in_a_list_without_room(lab):
    async with lab.app.run_test(size=(100, 30)) as pilot:
        await pilot.press("1", "ctrl+p")
        await pilot.pause(0.3)
        await pilot.resize_terminal(1, 1)
        await pilot.press("pageup", "pagedown")
        assert lab.screen.query_one(Entries)
        await pilot.press("escape", "pageup", "pagedown")
        await pilot.resize_terminal(100, 30)
        assert lab.screen.query_one(Entries).option_count


@pytest.mark.parametrize("key", ["ctrl+p", "1"])
async def test_a_click_on_an_entry_that_is_gone_is_no_error(lab, key):
    async with lab.app.run_test(size=(100, 30)) as pilot:
        await pilot.press(key)
        await pilot.pause(0.3)
        entries = lab.screen.query_one(Entries)
        gone = Style.from_meta({"option": entries.option_count})
        entries.post_message(Click(entries, 1, 1, 0, 0, 1, False, False, False, style=gone))
        await pilot.pause()
        assert lab.app.is_running


@pytest.mark.parametrize("columns", [1, 4, 6, 9])
async def test_the_palette_has_no_room_for_a_letter(lab, columns):
    async with lab.app.run_test(size=(100, 30)) as pilot:
        await pilot.press("ctrl+p")
        await pilot.pause(0.3)
        await pilot.resize_terminal(columns, 10)
        await pilot.pause(0.1)
        assert lab.app.failure is None
        assert isinstance(lab.screen, CommandsScreen)


async def test_the_page_below_has_the_colours_that_textual_gives_it(lab):
    async with lab.app.run_test(size=(100, 30)) as pilot:
        await settled(pilot)
        lab.app.action_command_palette()
        await pilot.pause(0.3)
        over, page = lab.app.screen_stack[-1], lab.app.screen_stack[-2]
        ours = Below(page, over.styles.background, lab.app.size).render_strips(
            100, 30, over.visual_style, None
        )
        theirs = [
            Strip(BackgroundScreen.process_segments(strip, over.styles.background))
            for strip in page._compositor.render_strips()
        ]
        assert len(ours) == len(theirs) == 30
        for mine, textuals in zip(ours, theirs, strict=True):
            assert list(mine.simplify()) == list(textuals.simplify())
        assert {segment.style.color for strip in ours for segment in strip} != {
            segment.style.color for strip in page._compositor.render_strips() for segment in strip
        }
