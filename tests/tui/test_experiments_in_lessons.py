"""Experiments in the text: they run where they are seen, and lead to their pages."""

from __future__ import annotations

import pytest

from dlterm.tui.experiment_player import ExperimentPlayer
from dlterm.tui.screens.experiment import ExperimentScreen
from dlterm.tui.widgets.experiment_figure import ExperimentFigure
from dlterm.tui.widgets.lesson_view import LessonView
from tests.tui.course_support import course_of
from tests.tui.experiment_support import ENDLESS, Alone, Climbing

SIZE = (120, 40)
HEAD = '+++\nid = "neuron"\ntitle = "The first"\nchapter = "Basics"\nminutes = 5\nquestion = "Why?"\n+++\n'
FILLER = "".join(f"Paragraph {k} fills the page with words.\n\n" for k in range(30))
FIGURE = '```experiment\nid = "neuron"\nviews = ["slope", "bars"]\ncaption = "It climbs."\n```\n'
LESSON = f"{HEAD}See [one neuron](experiment:neuron).\n\n{FILLER}{FIGURE}\n{FILLER}"


@pytest.fixture(autouse=True)
def pack(tmp_path, monkeypatch):
    monkeypatch.setenv("DLTERM_CACHE_DIR", str(tmp_path / "cache"))
    with course_of({"01-first.md": LESSON}, tmp_path, monkeypatch):
        yield


class Reading(Alone):
    """The course on that lesson; its experiment climbs."""

    @property
    def view(self):
        return self.app.screen.query_one(LessonView)

    @property
    def figure(self):
        return self.app.screen.query_one(ExperimentFigure)

    async def opened(self, pilot):
        await self.wait(pilot, lambda: self.app.screen.query(ExperimentFigure) and self.view._has_arrived)
        await self.wait(pilot, lambda: len(self.view._shown) == len(self.view.walk.blocks))

    async def at_the_figure(self, pilot):
        await self.opened(pilot)
        self.view.focus()
        number = next(k for k, block in enumerate(self.view.walk.blocks) if block.figure)
        self.view.walk.to(number)
        self.view.arrive(at_top=True)
        await self.wait(pilot, lambda: self.figure._grid.drawn)
        self.view.scroll_to_widget(self.figure, animate=False, top=True)


@pytest.fixture
def reading(monkeypatch):
    page = Reading(monkeypatch, opened_from="course")

    def load(player):
        player.experiment = Climbing(steps=ENDLESS)
        player.values = dict(player.experiment.values)

    monkeypatch.setattr(ExperimentPlayer, "load", load)
    return page


async def test_it_runs_when_it_is_seen_and_rests_when_it_is_not(reading):
    async with reading.app.run_test(size=SIZE) as pilot:
        await reading.opened(pilot)
        assert reading.figure._player is None
        await reading.at_the_figure(pilot)
        player = reading.figure._player
        assert player.playing
        reading.view.scroll_home(animate=False)
        await reading.wait(pilot, lambda: not player.playing)
        await reading.at_the_figure(pilot)
        await reading.wait(pilot, lambda: player.playing)
        await pilot.press("7")
        await reading.wait(pilot, lambda: not player.playing)


@pytest.mark.parametrize("how", ["space", "click"])
async def test_what_takes_long_begins_when_it_is_asked_for(reading, monkeypatch, how):
    monkeypatch.setattr("dlterm.tui.widgets.experiment_figure._UNASKED", 0.0)
    async with reading.app.run_test(size=SIZE) as pilot:
        await reading.opened(pilot)
        number = next(k for k, block in enumerate(reading.view.walk.blocks) if block.figure)
        reading.view.walk.to(number)
        reading.view.arrive(at_top=True)
        await reading.wait(pilot, lambda: "space or a click runs it" in reading.text)
        assert reading.figure._player is None
        if how == "space":
            reading.figure.focus()
            await pilot.press("space")
        else:
            await pilot.click(reading.figure, offset=(3, 1))
        await reading.wait(pilot, lambda: reading.figure._grid.drawn)
        assert reading.figure._player.playing


async def test_it_shows_the_views_it_names_with_news_and_how_to_open_it(reading):
    async with reading.app.run_test(size=SIZE) as pilot:
        await reading.at_the_figure(pilot)
        await reading.wait(pilot, lambda: "step " in reading.text)
        assert [*reading.figure._grid._panes] == ["slope", "bars"]
        assert "It climbs." in reading.text
        assert "One neuron, by hand" in reading.text
        assert "opens it" in reading.text


async def test_enter_opens_its_page_and_escape_leads_back_to_the_text(reading):
    async with reading.app.run_test(size=SIZE) as pilot:
        await reading.at_the_figure(pilot)
        await pilot.press("enter")
        await reading.wait(pilot, lambda: isinstance(reading.screen, ExperimentScreen))
        await pilot.press("escape")
        await reading.wait(pilot, lambda: reading.app.current_mode == "course")


async def test_who_takes_hold_of_it_stops_and_plays_it(reading):
    async with reading.app.run_test(size=SIZE) as pilot:
        await reading.at_the_figure(pilot)
        reading.figure.focus()
        await pilot.press("space")
        assert not reading.figure._player.playing
        await pilot.press("r")
        await reading.wait(pilot, lambda: reading.figure._player.playing)
        await pilot.press("o")
        await reading.wait(pilot, lambda: isinstance(reading.screen, ExperimentScreen))


async def test_a_link_in_the_text_opens_it(reading):
    async with reading.app.run_test(size=SIZE) as pilot:
        await reading.opened(pilot)
        reading.view.focus()
        await pilot.press("l", "enter")
        await reading.wait(pilot, lambda: isinstance(reading.screen, ExperimentScreen))


async def test_the_end_of_a_lesson_names_its_experiments(reading):
    async with reading.app.run_test(size=SIZE) as pilot:
        await reading.opened(pilot)
        await reading.wait(pilot, lambda: len(reading.app.screen.query(".end")))
        reading.view.scroll_end(animate=False)
        await reading.wait(pilot, lambda: "The perceptron learns from its mistakes" in reading.text)
        await reading.app.run_action("run_experiment('perceptron')")
        await reading.wait(pilot, lambda: isinstance(reading.screen, ExperimentScreen))
