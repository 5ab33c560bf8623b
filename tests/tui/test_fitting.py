"""The experiments that fit: from a card, from the shelf and from the lab, and the way back."""

from __future__ import annotations

import pytest

from dlterm.course.shelf import shelf
from dlterm.experiments.registry import entries
from dlterm.training.recipe import Recipe
from dlterm.tui.fitting import experiments_at, experiments_on, lab_terms
from dlterm.tui.screens.experiment import ExperimentScreen
from dlterm.tui.screens.fitting import FittingScreen
from dlterm.tui.screens.lab import LabScreen
from tests.tui.support import Lab

SIZE = (120, 40)


@pytest.fixture
def lab():
    return Lab(Recipe.parse("xor"))


async def until(pilot, page, so):
    for _ in range(500):
        await pilot.pause(0.02)
        if so():
            return
    raise AssertionError(page.text)


def fitting(recipe, chart="loss"):
    return [entry.id for entry in experiments_on(lab_terms(Recipe.parse(recipe), chart))]


# --- which ones -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("recipe", "nearest"),
    [
        ("xor", "xor"),
        ("spirals", "vanishing"),
        ("circle?activation=identity", "activations"),
        ("gaussians?hidden=", "perceptron"),
        ("hills", "universal"),
        ("digits?model=cnn", "digits"),
        ("wine", "tabular"),
    ],
)
def test_what_is_nearest_to_the_data_comes_first(recipe, nearest):
    assert fitting(recipe)[0] == nearest


@pytest.mark.parametrize(
    ("recipe", "fits"),
    [
        ("moons?l2=0.01", "overfitting"),
        ("moons?dropout=0.2", "overfitting"),
        ("moons?optimizer=rmsprop", "optimizers"),
        ("moons?lr=0.1", "gradient-descent"),
        ("moons?init=xavier", "vanishing"),
        ("moons?hidden=4,4,4,4,4,4", "vanishing"),
        ("moons?features=x1,x2,x1x2", "feature-engineering"),
        ("moons?count=50", "data-appetite"),
    ],
)
def test_what_is_set_otherwise_than_by_default_brings_its_experiments(recipe, fits):
    assert fits in fitting(recipe)
    assert fits not in fitting("moons")


def test_the_chart_that_is_shown_brings_its_experiments():
    assert "loss-landscape" in fitting("moons", "landscape")
    assert "backprop" in fitting("moons", "example")
    assert len(fitting("xor?hidden=", "landscape")) == len(set(fitting("xor?hidden=", "landscape")))


def test_every_term_for_what_the_lab_shows_is_in_the_glossary():
    from dlterm.tui import fitting as rules

    named = {name for name, _ in rules._SIGHTS} | {*rules._CHARTS.values(), *rules._ANYWAY}
    assert all(shelf().terms[name].experiments for name in named)


def test_cards_name_experiments_that_there_are():
    on_cards = {name for term in shelf().terms.values() for name in term.experiments}
    assert len(on_cards) > 25
    assert on_cards <= {entry.id for entry in entries()}


def test_a_lessons_card_has_those_of_the_lesson():
    assert [entry.id for entry in experiments_at("lesson:layers")] == ["xor", "activations", "universal"]
    assert experiments_at("help:runs") == []


# --- from the lab -----------------------------------------------------------------------------------------------------


async def test_the_lab_offers_what_fits_and_rests_until_escape_leads_back(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await pilot.pause(0.3)
        await pilot.press("X")
        await until(pilot, lab, lambda: isinstance(lab.screen, FittingScreen))
        assert "One layer cannot do XOR" in lab.text
        await pilot.press("enter")
        await until(pilot, lab, lambda: isinstance(lab.screen, ExperimentScreen))
        assert lab.screen._entry.id == "xor"
        assert lab.told[-1] == ("pause",)
        await pilot.press("escape")
        await until(pilot, lab, lambda: isinstance(lab.screen, LabScreen) and lab.told[-1] == ("play",))
        assert lab.app.current_mode == "lab"


async def test_one_is_chosen_by_a_click_and_none_by_escape(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await pilot.pause(0.3)
        await pilot.press("X")
        await until(pilot, lab, lambda: isinstance(lab.screen, FittingScreen))
        await pilot.press("escape")
        await until(pilot, lab, lambda: isinstance(lab.screen, LabScreen))
        assert not lab.told
        await pilot.press("X")
        await until(pilot, lab, lambda: isinstance(lab.screen, FittingScreen))
        await pilot.click("Entries", offset=(6, 3))
        await until(pilot, lab, lambda: isinstance(lab.screen, ExperimentScreen))
        assert lab.screen._entry.id == fitting("xor")[1]


async def test_a_setting_that_is_chosen_counts_too(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await pilot.pause(0.3)
        assert "gradient-descent" not in [entry.id for entry in lab.screen.fitting()]
        while lab.screen.settings.chosen.id != "lr":
            await pilot.press("down")
        assert "gradient-descent" in [entry.id for entry in lab.screen.fitting()]


async def test_the_palette_has_it(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await pilot.pause(0.3)
        commands = {each.title: each for each in lab.app.get_system_commands(lab.screen)}
        await commands["Experiments that fit  (X)"].callback()
        await until(pilot, lab, lambda: isinstance(lab.screen, FittingScreen))


# --- from a card ------------------------------------------------------------------------------------------------------


async def test_a_words_card_opens_its_experiment_by_key_and_by_mouse_and_escape_leads_back():
    shown = Lab(start="shelf")
    async with shown.app.run_test(size=SIZE) as pilot:
        await pilot.pause(0.3)
        shown.screen.open("term:dbn")
        await pilot.pause(0.1)
        assert "Run it (X):" in shown.text
        for opening in (lambda: pilot.press("X"), lambda: _click(pilot, shown, "One layer at a time")):
            await opening()
            await until(pilot, shown, lambda: isinstance(shown.screen, ExperimentScreen))
            assert shown.screen._entry.id == "deep-belief"
            await pilot.press("escape")
            await until(pilot, shown, lambda: shown.app.current_mode == "shelf")


async def _click(pilot, shown, words):
    row, line = next((y, line) for y, line in enumerate(shown.text.splitlines()) if words in line)
    await pilot.click(offset=(line.index(words) + 2, row))


async def test_an_open_card_comes_before_what_is_chosen(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await pilot.pause(0.3)
        lab.app.explain("term:gan")
        await pilot.pause(0.1)
        assert [entry.id for entry in lab.screen.fitting()][:2] == ["gan", "xor"]


async def test_where_nothing_fits_that_is_said():
    shown = Lab(start="shelf")
    async with shown.app.run_test(size=SIZE) as pilot:
        await pilot.pause(0.3)
        shown.screen.open("term:turing-test")
        await pilot.press("X")
        await until(pilot, shown, lambda: len(shown.app._notifications) == 1)
