"""Experiments on screen: found, predicted, run, turned and judged, by keys and by mouse."""

from __future__ import annotations

import gc
import threading
import weakref

import numpy as np
import pytest
from textual.events import MouseScrollDown

from dlterm.drawing import views
from dlterm.errors import DltermError
from dlterm.experiments.catalogue.neuron import Neuron
from dlterm.experiments.driving import run
from dlterm.experiments.experiment import Moment
from dlterm.experiments.registry import entries
from dlterm.experiments.results import Store
from dlterm.tui.experiment_player import ExperimentPlayer, Trial
from dlterm.tui.screens.experiment import ExperimentScreen
from dlterm.tui.screens.experiments import ExperimentsScreen
from dlterm.tui.screens.help import HelpScreen
from dlterm.tui.widgets.canvas import CanvasPane
from dlterm.tui.widgets.entries import Entries
from dlterm.tui.widgets.knobs_pane import KnobsPane
from dlterm.tui.widgets.predictions import Predictions
from dlterm.tui.widgets.view_grid import ShownView
from tests.tui.experiment_support import ENDLESS, Alone, Climbing
from tests.tui.support import Lab

SIZE = (120, 40)


@pytest.fixture(autouse=True)
def nowhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DLTERM_CACHE_DIR", str(tmp_path / "cache"))


@pytest.fixture
def alone(monkeypatch):
    return Alone(monkeypatch)


@pytest.fixture
def endless(monkeypatch):
    return Alone(monkeypatch, steps=ENDLESS)


def shown(page, name):
    """What a view's picture says."""
    panes = {pane._otherwise: pane for pane in page.screen.query(ShownView)}
    frame = panes[name].raster.frame
    return "" if frame is None else str(frame)


# --- the list ---------------------------------------------------------------------------------------------------------


async def test_all_are_listed_by_chapter_with_question_and_what_came_out():
    result = run(Neuron(), 0)
    Store.open().keep(result)
    lab = Lab(start="experiments")
    async with lab.app.run_test(size=(120, 100)) as pilot:
        for _ in range(400):
            await pilot.pause(0.02)
            if "✔" in lab.text:
                break
        for entry in entries():
            assert entry.title in lab.text
            assert entry.chapter in lab.text
            assert entry.question[:40] in lab.text
        assert f"✔  {Neuron.title}" in lab.text
        assert Neuron.claim in str(lab.screen.words.content)
        await pilot.press("down")
        await pilot.pause()
        assert "not run yet" in str(lab.screen.words.content)


async def test_only_what_came_out_otherwise_is_written_anew(monkeypatch):
    Store.open().keep(run(Neuron(), 0))
    written = []
    monkeypatch.setattr(Entries, "replace_option_prompt", lambda _, name, line: written.append(name))
    lab = Lab(start="experiments")
    async with lab.app.run_test(size=SIZE) as pilot:
        for _ in range(2):
            await pilot.pause(0.2)
            await pilot.app.workers.wait_for_complete()
            await pilot.press("8", "4")
        assert written == [Neuron.id]


async def test_enter_and_a_click_open_the_one_under_the_cursor_and_escape_leads_back(alone):
    async with alone.app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        for opening in (lambda: pilot.press("enter"), lambda: pilot.click("Entries", offset=(8, 1))):
            await opening()
            await alone.wait(pilot, lambda: isinstance(alone.screen, ExperimentScreen))
            assert alone.screen._entry.id == "neuron"
            await pilot.press("escape")
            await alone.wait(pilot, lambda: isinstance(alone.screen, ExperimentsScreen))


# --- predicting -------------------------------------------------------------------------------------------------------


async def test_nothing_is_seen_and_nothing_runs_before_a_prediction(endless):
    async with endless.app.run_test(size=SIZE) as pilot:
        await endless.asked(pilot)
        await pilot.press("space", "s", "r")
        await pilot.pause(0.2)
        assert "Predict first" in endless.text
        assert endless.screen.expected is None
        assert not endless.screen.query(ShownView)
        assert "step" not in endless.text.split("Predict first")[1].split("Next")[0]
        assert endless.player.newest.moment.news == "step 1: 1"  # it is ready by then


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (("2",), "near"),
        (("down", "down", "enter"), "nowhere"),
        (("0",), ""),
        (("up", "enter"), ""),
    ],
)
async def test_a_prediction_is_chosen_by_key_and_unlocks_the_run(endless, keys, expected):
    async with endless.app.run_test(size=SIZE) as pilot:
        await endless.asked(pilot)
        await pilot.press(*keys)
        await endless.wait(pilot, lambda: endless.screen.grid.drawn)
        assert endless.screen.expected == expected
        assert endless.player.playing
        assert ("made no prediction" in endless.text) == (not expected)


async def test_a_prediction_is_chosen_by_a_click(endless):
    async with endless.app.run_test(size=SIZE) as pilot:
        await endless.asked(pilot)
        await pilot.click(Predictions, offset=(5, 2))
        await endless.wait(pilot, lambda: endless.screen.grid.drawn)
        assert endless.screen.expected == "near"
        assert "It stays near" in endless.text


async def test_numbers_lead_to_other_modes_again_once_it_is_predicted(endless):
    async with endless.app.run_test(size=SIZE) as pilot:
        await endless.running(pilot, "3")
        assert isinstance(endless.screen, ExperimentScreen)
        await pilot.press("1")
        await endless.wait(pilot, lambda: endless.app.current_mode == "home")


async def test_what_was_expected_is_remembered(alone):
    async with alone.app.run_test(size=SIZE) as pilot:
        await alone.running(pilot, "2")
        assert alone.app.memory.state.predictions == {"neuron": "near"}
        await alone.asked(pilot)
        assert alone.screen.predictions.number == 1


# --- running ----------------------------------------------------------------------------------------------------------


async def test_it_is_played_held_and_stepped_through(endless):
    async with endless.app.run_test(size=SIZE) as pilot:
        await endless.running(pilot)
        await pilot.press("space")
        await endless.wait(
            pilot, lambda: endless.player.newest.status == "paused" and "‖ paused" in endless.text
        )
        before = endless.player.newest.moment.progress
        await pilot.press("s")
        await endless.wait(pilot, lambda: endless.player.newest.moment.progress > before)
        await endless.wait(pilot, lambda: endless.player.newest.status == "paused")
        assert endless.player.newest.moment.progress == pytest.approx(before + 1 / ENDLESS)
        await pilot.press("space")
        await endless.wait(pilot, lambda: "▶ running" in endless.text)


async def test_the_news_and_how_far_it_is_are_told(endless):
    async with endless.app.run_test(size=SIZE) as pilot:
        await endless.running(pilot)
        await endless.wait(pilot, lambda: "step 3" in endless.text)
        assert "seed 3" in endless.text


@pytest.mark.parametrize(("key", "seed"), [("r", 3), ("R", 4), ("space", 3)])
async def test_it_runs_again_on_the_same_seed_or_on_another(alone, key, seed):
    async with alone.app.run_test(size=SIZE) as pilot:
        await alone.ended(pilot)
        first = alone.player.newest
        await pilot.press(key)
        await alone.wait(pilot, lambda: alone.player.newest is not first and alone.player.newest)
        await alone.wait(pilot, lambda: alone.player.newest.result is not None)
        assert alone.player.newest.result is not first.result
        assert alone.player.newest.result.seed == seed
        await alone.wait(pilot, lambda: f"seed {seed} ·" in alone.text)


async def test_what_came_out_is_kept(alone, tmp_path):
    async with alone.app.run_test(size=SIZE) as pilot:
        await alone.ended(pilot)
        await alone.wait(pilot, lambda: list((tmp_path / "cache").rglob("*.json")))


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (200, 60)])
async def test_every_view_has_room_at_every_size(alone, size):
    async with alone.app.run_test(size=size) as pilot:
        await alone.ended(pilot)
        regions = [pane.region for pane in alone.screen.query(ShownView)] + [
            alone.screen.query_one(CanvasPane).region,
            alone.screen.verdict.region,
            alone.screen.knobs.region,
        ]
        assert len(regions) == 7
        assert all(region.width >= 10 and region.height >= 3 for region in regions)
        assert not any(one.overlaps(other) for k, one in enumerate(regions) for other in regions[k + 1 :])
        screen = alone.screen.region
        assert all(screen.contains_region(region) for region in regions)
        assert "The claim holds" in alone.text


async def test_resizing_loses_nothing(endless):
    async with endless.app.run_test(size=SIZE) as pilot:
        await endless.running(pilot)
        for size in ((80, 24), (40, 10), (200, 60), (60, 20), SIZE):
            await pilot.resize_terminal(*size)
            await pilot.pause(0.2)
        await endless.wait(
            pilot, lambda: all(name in endless.text for name in ("height", "slope", "bars", "words"))
        )


# --- knobs ------------------------------------------------------------------------------------------------------------


async def test_a_live_knob_acts_at_once_and_any_other_on_the_next_run(endless):
    async with endless.app.run_test(size=SIZE) as pilot:
        await endless.running(pilot)
        assert isinstance(endless.screen.focused, KnobsPane)
        await pilot.press("down", "right")
        assert endless.player.experiment.stride > 1
        assert not endless.player.pending
        await pilot.press("up", "left")
        await endless.wait(pilot, lambda: "runs with them" in endless.text)
        assert endless.player.pending == {"steps"}
        assert endless.player.experiment.steps == ENDLESS
        await pilot.press("r")
        await endless.wait(pilot, lambda: endless.player.experiment.steps < ENDLESS)
        assert endless.player.experiment.stride > 1
        assert not endless.player.pending


async def test_knobs_turn_by_click_and_by_wheel_within_their_bounds(endless):
    async with endless.app.run_test(size=SIZE) as pilot:
        await endless.running(pilot)
        knobs = endless.screen.knobs
        names, values = knobs._columns()
        row = [knob.name for knob in knobs._knobs].index("stride")
        inside = (knobs.gutter.left, knobs.gutter.top + row)
        await pilot.click(knobs, offset=(inside[0] + names + 4 + values, inside[1]))
        await pilot.pause()
        assert endless.player.values["stride"] > 1
        await pilot.click(knobs, offset=(inside[0] + names + 2, inside[1]))
        await pilot.pause()
        assert endless.player.values["stride"] == pytest.approx(1)
        for _ in range(2):
            await pilot._post_mouse_events([MouseScrollDown], knobs, offset=inside)
        await pilot.pause()
        assert endless.player.values["stride"] < 0.97
        await pilot.press("d")
        await pilot.pause()
        assert endless.player.values["stride"] == 1.0


async def test_the_chosen_knob_is_explained_with_its_bounds(endless):
    async with endless.app.run_test(size=SIZE) as pilot:
        await endless.running(pilot)
        for said in (
            "how far it climbs: a whole number from 1 to",
            "how much at a time: a number from 0.5 to 2",
        ):
            assert said in " ".join(endless.screen.knobs.render().plain.split())
            await pilot.press("down")


async def test_after_the_end_a_live_knob_redraws_what_is_explored(alone):
    async with alone.app.run_test(size=SIZE) as pilot:
        await alone.ended(pilot)
        alone.screen.knobs.focus()
        alone.screen.knobs._cursor = [knob.name for knob in alone.screen.knobs._knobs].index("mood")
        await pilot.press("right")
        await alone.wait(pilot, lambda: "mood wild" in shown(alone, "words"))
        assert "The claim holds" in alone.text


# --- the canvas -------------------------------------------------------------------------------------------------------


async def test_what_is_drawn_with_the_mouse_or_by_keys_is_looked_at_and_can_be_cleared(alone):
    async with alone.app.run_test(size=SIZE) as pilot:
        await alone.ended(pilot)
        sheet = alone.screen.query_one(CanvasPane)
        await pilot.mouse_down(sheet.raster, offset=(1, 1))
        await pilot.hover(sheet.raster, offset=(7, 1))
        await pilot.mouse_up(sheet.raster, offset=(7, 1))
        await pilot.pause()
        drawn = alone.player.values["drawing"]
        assert (drawn == 1).sum() >= 3
        await alone.wait(pilot, lambda: "ink 0.00" not in shown(alone, "words"))
        await pilot.press("c")
        await alone.wait(pilot, lambda: "ink 0.00" in shown(alone, "words"))
        await pilot.press("down", "right", "space")
        await pilot.pause()
        assert np.argwhere(alone.player.values["drawing"] == 1).shape == (1, 2)
        await alone.wait(pilot, lambda: "ink 0.00" not in shown(alone, "words"))


# --- the verdict ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("1", ["✔ As you expected", "It gets far"]),
        ("2", ["✖ You expected otherwise", "It stays near", "What came out", "It gets far"]),
        ("0", ["What came out", "It gets far"]),
    ],
)
async def test_the_verdict_is_held_against_the_prediction_with_measures_and_reason(alone, key, said):
    async with alone.app.run_test(size=SIZE) as pilot:
        await alone.ended(pilot, key)
        for text in [*said, "The claim holds", Climbing.claim, "at least 3", "100.0%", "it climbed to 5"]:
            await alone.wait(pilot, lambda text=text: text in " ".join(alone.text.split()))
        assert "✔ holds" in alone.text


async def test_a_claim_that_fails_is_told_and_nobody_was_right(monkeypatch):
    page = Alone(monkeypatch, steps=2)
    async with page.app.run_test(size=SIZE) as pilot:
        await page.ended(pilot)
        assert "✖ The claim does not hold" in page.text
        assert "✖ does not hold" in page.text
        assert "You expected" in page.text
        assert "As you expected" not in page.text
        assert "What came out" not in page.text


# --- what goes wrong --------------------------------------------------------------------------------------------------


async def test_a_failure_is_told_in_a_line_with_what_to_do(monkeypatch):
    monkeypatch.setattr("threading.excepthook", lambda _: None)

    class Broken(Climbing):
        def run(self, seed):
            yield Moment({"count": views.Number(1.0)}, 0.5)
            raise ZeroDivisionError("nothing left")

    page = Alone(monkeypatch, Broken)
    async with page.app.run_test(size=SIZE) as pilot:
        await page.asked(pilot)
        await pilot.press("1")
        await page.wait(pilot, lambda: "ZeroDivisionError: nothing left: r runs it again" in page.text)
        assert "✖ failed" in page.text


async def test_one_that_cannot_be_opened_says_why(monkeypatch):
    page = Alone(monkeypatch)

    def refuse(player):
        raise DltermError("it needs scikit-learn", hint="install it")

    monkeypatch.setattr(ExperimentPlayer, "load", refuse)
    async with page.app.run_test(size=SIZE) as pilot:
        page.app.open_experiment(page.trial)
        await page.wait(pilot, lambda: "it needs scikit-learn (install it): esc leads back" in page.text)
        await pilot.press("1", "space", "r")
        await pilot.press("escape")
        await page.wait(pilot, lambda: isinstance(page.screen, ExperimentsScreen))


async def test_leaving_ends_the_run_and_leads_back_to_where_it_was_opened(monkeypatch):
    page = Alone(monkeypatch, opened_from="shelf", steps=ENDLESS)
    async with page.app.run_test(size=SIZE) as pilot:
        await page.running(pilot)
        await pilot.press("escape")
        await page.wait(pilot, lambda: page.app.current_mode == "shelf")
        await page.wait(pilot, lambda: not _running())


async def test_leaving_waits_for_no_step_that_is_still_computed(monkeypatch):
    computing, may_end = threading.Event(), threading.Event()
    computed = np.zeros(1)

    class Slow(Climbing):
        def run(self, seed):
            held = computed.copy()  # what the step computes with
            given_back.append(weakref.ref(held))
            yield Moment(self._views(1.0), 0.5)
            computing.set()
            may_end.wait(60)
            yield Moment(self._views(2.0), 1.0)
            told.append(held)

    given_back, told = [], []
    page = Alone(monkeypatch, Slow)
    async with page.app.run_test(size=SIZE) as pilot:
        await page.running(pilot)
        await page.wait(pilot, computing.is_set)
        await pilot.press("escape")
        await page.wait(pilot, lambda: isinstance(page.screen, ExperimentsScreen))
        assert _running()  # it computes still, and nobody waits for it
        may_end.set()
        await page.wait(pilot, lambda: not _running())
        gc.collect()
        assert not told
        assert [each() for each in given_back] == [None]


def _running():
    return [thread for thread in threading.enumerate() if thread.name == "dlterm-experiment"]


# --- ways -------------------------------------------------------------------------------------------------------------


async def test_keys_lead_to_the_next_one_and_to_its_lesson(endless):
    async with endless.app.run_test(size=SIZE) as pilot:
        await endless.running(pilot)
        ids = [entry.id for entry in entries()]
        await pilot.press("n")
        await endless.wait(pilot, lambda: endless.screen._entry.id == ids[1])
        await pilot.press("N", "N")
        await endless.wait(pilot, lambda: endless.screen._entry.id == ids[-1])
        await pilot.press("l")
        await endless.wait(pilot, lambda: endless.app.current_mode == "course")


async def test_the_command_that_runs_it_so_is_copied(endless):
    async with endless.app.run_test(size=SIZE) as pilot:
        await endless.running(pilot)
        await pilot.press("down", "down", "right", "y")
        await pilot.pause()
        assert endless.said == [f"dlterm run neuron --seed 3 --set steps={ENDLESS} --set mood=wild"]


async def test_help_explains_every_part(endless):
    async with endless.app.run_test(size=(120, 60)) as pilot:
        await endless.asked(pilot)
        await pilot.press("f1")
        await pilot.pause(0.1)
        assert isinstance(endless.app.screen, HelpScreen)
        assert "Predict first" in endless.text
        await pilot.press("escape")
        await endless.running(pilot)
        for part, title in ((KnobsPane, "Knobs"), (CanvasPane, "Canvas"), (ShownView, "View")):
            endless.screen.query(part).first().focus()
            await pilot.press("f1")
            await pilot.pause(0.1)
            assert title in endless.text
            await pilot.press("escape")


async def test_the_palette_and_a_lessons_card_lead_to_an_experiment(alone):
    async with alone.app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        commands = {each.title: each for each in alone.app.get_system_commands(alone.screen)}
        assert {f"Run an experiment: {entry.title}" for entry in entries()} <= commands.keys()
        commands[f"Run an experiment: {Neuron.title}"].callback()
        await alone.wait(pilot, lambda: isinstance(alone.screen, ExperimentScreen))
        await pilot.press("escape", "i")
        await alone.wait(pilot, lambda: "Run it (X):" in alone.text)
        alone.screen.card.query_one("Card").action_open("experiment:neuron")
        await alone.wait(pilot, lambda: isinstance(alone.screen, ExperimentScreen))


async def test_an_experiment_of_the_command_line_is_there_from_the_beginning(monkeypatch):
    trial = Trial("neuron", 7, {"stride": "2"})
    alone = Alone(monkeypatch, then=lambda app: app.open_experiment(trial))
    async with alone.app.run_test(size=SIZE) as pilot:
        await alone.wait(pilot, lambda: isinstance(alone.screen, ExperimentScreen) and alone.player.newest)
        assert (alone.player.seed, alone.player.values["stride"]) == (7, 2.0)


async def test_a_question_in_no_room_at_all_breaks_nothing(endless):
    async with endless.app.run_test(size=SIZE) as pilot:
        await endless.asked(pilot)
        for size in ((1, 1), (6, 3), (12, 40), (3, 60), SIZE):
            await pilot.resize_terminal(*size)
            await pilot.pause(0.1)
        assert "It stays near" in endless.text
