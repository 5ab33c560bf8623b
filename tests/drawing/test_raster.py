from __future__ import annotations

import numpy as np
import pytest
from textual.color import Color
from textual.screen import ModalScreen
from textual.widgets import Static

from dlterm.drawing.frame import Label, blank, from_colours, overlaid
from dlterm.tui.appearance import Appearance
from dlterm.tui.widgets.raster import Raster


@pytest.fixture(autouse=True)
def a_terminal_of_many_colours(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TERM", "xterm-256color")


class Room(Appearance):
    CSS = "Raster { width: 20; height: 6; }"

    def __init__(self):
        super().__init__()
        self.heard = []

    def compose(self):
        yield Raster()

    def on_raster_hovered(self, message):
        self.heard.append(("hovered", message.column, message.row))

    def on_raster_left(self, message):
        self.heard.append("left")

    def on_raster_clicked(self, message):
        self.heard.append(("clicked", message.column, message.row))


class Question(ModalScreen):
    CSS = "Question { align: center middle; background: black 50%; } Static { width: 8; height: 2; }"

    def compose(self):
        yield Static("really?")


def picture(columns=20, rows=6):
    colours = np.random.default_rng(0).integers(0, 4, (2 * rows, columns)).astype(np.int32) * 0x3F2010
    return from_colours(colours)


def shown(app):
    """What the compositor has for each row, as text."""
    return ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()]


async def test_the_frame_is_shown():
    app = Room()
    async with app.run_test(size=(30, 8)) as pilot:
        app.query_one(Raster).frame = picture()
        await pilot.pause()
        assert tuple(row[:20] for row in shown(app)[:6]) == picture().glyphs


@pytest.mark.parametrize("size", [(5, 2), (40, 20), (20, 6)])
async def test_a_frame_of_another_size_is_cut_or_padded(size):
    app = Room()
    async with app.run_test(size=(30, 8)) as pilot:
        app.query_one(Raster).frame = overlaid(blank(*size, 0), [Label(0, 0, "here", 1)])
        await pilot.pause()
        assert shown(app)[0].startswith("here")
        assert all(len(row) == 30 for row in shown(app))
        await pilot.resize_terminal(12, 4)
        await pilot.pause()
        assert shown(app)[0].startswith("here")


async def test_without_a_frame_the_widget_is_blank():
    app = Room()
    async with app.run_test(size=(30, 8)):
        assert "".join(shown(app)).isspace()


async def test_no_escape_text_leaks_under_a_modal_or_a_toast():
    app = Room()
    async with app.run_test(size=(60, 12)) as pilot:
        app.query_one(Raster).frame = picture()
        app.notify("a toast")
        await pilot.pause()
        assert not any("\x1b" in row or "38;2" in row for row in shown(app))
        app.push_screen(Question())
        await pilot.pause()
        assert "really?" in "".join(shown(app))
        assert not any("\x1b" in row or "38;2" in row for row in shown(app))


async def test_a_screenshot_shows_the_frame_in_its_colours():
    app = Room()
    async with app.run_test(size=(30, 8)) as pilot:
        app.query_one(Raster).frame = blank(20, 6, 0xC08040)
        await pilot.pause()
        assert "#c08040" in app.export_screenshot()


async def test_the_terminal_gets_whole_lines_that_end_with_the_colours_reset():
    app = Room()
    async with app.run_test(size=(30, 8)) as pilot:
        raster = app.query_one(Raster)
        raster.frame = picture()
        await pilot.pause()
        lines = [strip.render(app.console) for strip in raster.render_lines(raster.size.region)]
        assert all(line.endswith("\x1b[0m") for line in lines)


async def test_under_no_color_the_glyphs_stay_and_the_colours_go(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    app = Room()
    async with app.run_test(size=(30, 8)) as pilot:
        raster = app.query_one(Raster)
        assert raster.depth == "none"
        raster.frame = overlaid(blank(20, 6, 0xFF0000), [Label(0, 0, "here", 0x00FF00)])
        await pilot.pause()
        assert shown(app)[0].startswith("here")
        for strip in raster.render_lines(raster.size.region):
            for segment in strip:
                assert segment.style.color is segment.style.bgcolor is None


async def test_clicks_and_moves_tell_their_cell():
    app = Room()
    async with app.run_test(size=(30, 8)) as pilot:
        await pilot.hover(Raster, offset=(3, 2))
        await pilot.click(Raster, offset=(7, 4))
        await pilot.hover(offset=(25, 7))
        await pilot.pause()
        assert ("hovered", 3, 2) in app.heard
        assert ("clicked", 7, 4) in app.heard
        assert app.heard[-1] == "left"


async def test_a_small_frame_is_padded_in_the_colour_around_it():
    app = Room()
    async with app.run_test(size=(30, 8)) as pilot:
        raster = app.query_one(Raster)
        raster.frame = blank(2, 1, 0)
        await pilot.pause()
        raster.styles.background = Color.parse("#204060")
        await pilot.pause()
        assert "#204060" in app.export_screenshot()
