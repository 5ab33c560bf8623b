from __future__ import annotations

import numpy as np

from dlterm.course.shelf import shelf
from dlterm.drawing import views
from dlterm.drawing.draw import draw
from dlterm.drawing.timeline_years import years_of
from dlterm.tui.appearance import Appearance
from dlterm.tui.steady import Steady
from dlterm.tui.themes import LIGHT
from dlterm.tui.widgets.view_pane import ViewPane
from tests.tui.support import Lab, settled


class Shown(Appearance):
    CSS = "ViewPane { height: 1fr; } Raster { height: 1fr; }"

    def compose(self):
        yield ViewPane("View")

    async def on_mount(self):
        await self.query_one(ViewPane).open()


BARS = views.Bars(("a", "b"), np.array([1.0, 2.0]))


async def test_a_view_is_drawn_again_in_another_size_and_theme():
    async with Shown().run_test(size=(60, 20)) as pilot:
        pane = pilot.app.query_one(ViewPane)
        pane.show(BARS)
        for change in (lambda: pilot.resize_terminal(40, 12), pilot.pause):
            await pilot.pause(0.1)
            size = pane.raster.size
            assert str(pane.raster.frame) == str(draw(BARS, *size, pane.picture_theme, pane.raster.depth))
            await change()
        pilot.app.theme = LIGHT.name
        await pilot.pause(0.2)
        red = pane.raster.frame.background[0, 0] >> 16
        assert red > 0x80


async def test_only_the_newest_of_many_views_stays():
    async with Shown().run_test(size=(60, 20)) as pilot:
        pane = pilot.app.query_one(ViewPane)
        for number in range(20):
            pane.show(views.Number(float(number)))
        await pilot.pause(0.3)
        assert "19" in str(pane.raster.frame)
        pane.show(None)
        await pilot.pause(0.1)
        assert pane.raster.frame is None


async def test_a_table_that_has_a_chart_is_shown_as_one_and_as_rows(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lab = Lab(start="shelf")
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        lab.screen.open("table:chips")
        await settled(pilot)
        assert lab.screen.picture.display
        assert "4004" in lab.text
        await pilot.press("c")
        await settled(pilot)
        assert lab.screen.table.display
        assert not lab.screen.picture.display
        lab.screen.open("table:frameworks")
        await settled(pilot)
        assert lab.screen.table.display


async def test_the_first_view_opens_the_pane():
    class Unopened(Appearance):
        CSS = Shown.CSS

        def compose(self):
            yield ViewPane("View")

    async with Unopened().run_test(size=(60, 20)) as pilot:
        pane = pilot.app.query_one(ViewPane)
        pane.show(views.Number(1.0))
        pane.show(views.Number(2.0))
        await settled(pilot)
        assert str(pane.raster.frame).split()[0] == "2"


async def test_an_event_is_shown_among_the_years_and_a_click_goes_to_another(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    years = shelf().tables["timeline"].column("year")
    lab = Lab(start="shelf")
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await pilot.press("right_square_bracket", "down", "down")
        await settled(pilot)
        picture, entries = lab.screen.picture, lab.screen.entries
        assert picture.view.year == int(years[2])
        assert f" {years[2]} " in picture.raster.frame.glyphs[-1]
        column = years_of(picture.view, picture.raster.size.width).column(2012)
        await pilot.click(picture.raster, offset=(column, 3))
        await settled(pilot)
        assert years[entries.highlighted] == "2012"
        assert years[entries.highlighted - 1] != "2012"
        assert picture.view.year == 2012


async def test_an_event_that_was_searched_for_leads_to_years_that_are_not_in_the_list(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lab = Lab(start="shelf")
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        lab.screen.open("event:0")
        await settled(pilot)
        picture = lab.screen.picture
        column = years_of(picture.view, picture.raster.size.width).column(2012)
        await pilot.click(picture.raster, offset=(column, 3))
        await settled(pilot)
        assert picture.view.year == 2012
        await pilot.press("slash")
        lab.screen.open("term:adam")
        await settled(pilot)
        assert not picture.display


async def test_a_new_title_is_painted_without_the_picture_below_it(monkeypatch):
    class Page(Steady):
        def compose(self):
            yield ViewPane("View")

    async with Shown().run_test(size=(60, 20)) as pilot:
        await pilot.app.push_screen(Page())
        pane = pilot.app.screen.query_one(ViewPane)
        await pane.open()
        pane.styles.border = ("round", "white")
        pane.show(BARS)
        await pilot.pause(0.3)
        drawn = []
        monkeypatch.setattr(pane.raster, "render_lines", lambda part: drawn.append(part) or [])
        pane.head("Another")
        await pilot.pause(0.1)
        assert not drawn
        monkeypatch.undo()
        assert "Another" in pilot.app.screen._compositor.render_strips()[0].text
