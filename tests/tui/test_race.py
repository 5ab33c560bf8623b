"""The race's page: who races is seen side by side, chosen with few keys, by mouse and from the palette."""

from __future__ import annotations

import sys
from itertools import pairwise

import pytest
from textual.widgets import Input

from dlterm.course.content import panes
from dlterm.drawing.race import STYLES
from dlterm.training.line_ups import line_ups
from dlterm.training.recipe import Recipe
from dlterm.tui.actions import at
from dlterm.tui.app import DltermApp
from dlterm.tui.race_arrangement import race_arranged
from dlterm.tui.screens.contestant import ContestantScreen
from dlterm.tui.screens.help import HelpScreen
from dlterm.tui.screens.lab import LabScreen
from dlterm.tui.screens.line_up import LineUpScreen
from dlterm.tui.screens.race import RaceScreen
from tests.tui.race_support import Racing, StillPlayer, race_snapshot
from tests.tui.support import Lab, click_key, footer, settled

SIZE = (120, 40)
BASE = Recipe(data="moons", noise=0.5)


@pytest.fixture(autouse=True)
def nowhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def still(monkeypatch):
    """A race that stands still, shown at once."""
    monkeypatch.setattr("dlterm.tui.screens.race.RacePlayer", StillPlayer)
    return Racing("lr=0.001", "lr=0.01", "lr=0.1")


def line_up(name):
    return next(each for each in line_ups(BASE) if each.id == name)


# --- there and back ---------------------------------------------------------------------------------------------------


async def test_from_the_lab_one_key_races_its_recipe_and_escape_leads_back_while_the_lab_rests():
    lab = Lab(BASE)
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("ctrl+r")
        await pilot.pause()
        assert isinstance(lab.screen, RaceScreen)
        assert lab.screen.player.base == BASE
        assert lab.screen.player.lines == line_ups(BASE)[0].lines
        assert lab.told == [("pause",)]
        await pilot.press("escape")
        await pilot.pause(0.1)
        assert isinstance(lab.screen, LabScreen)
        assert lab.told == [("pause",), ("play",)]


async def test_a_race_that_is_opened_from_the_shell_is_the_first_thing_seen_and_the_lab_rests_below(
    monkeypatch, still
):
    shown = []
    display = DltermApp._display

    def noted(app, screen, renderable):
        if renderable is not None and not app._batch_count:  # else it is held back
            shown.append(type(screen))
        display(app, screen, renderable)

    monkeypatch.setattr(DltermApp, "_display", noted)
    async with still.app.run_test(size=SIZE) as pilot:
        await still.begun(pilot)
        await settled(pilot)
        assert set(shown) == {RaceScreen}
        assert ("play",) not in still.session.told
        await pilot.press("escape")
        await pilot.pause(0.1)
        assert isinstance(still.screen, LabScreen)
        assert ("play",) in still.session.told


async def test_a_lab_that_was_paused_stays_paused_after_the_race():
    lab = Lab(BASE)
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("space", "ctrl+r")
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause(0.1)
        assert lab.told == [("pause",)]


async def test_who_raced_last_races_again_and_going_to_another_page_leaves_the_race():
    lab = Lab(BASE)
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("ctrl+r")
        await pilot.pause()
        lab.screen._run(("batch=5", "batch=50"))
        await pilot.press("7")
        await pilot.pause(0.1)
        await pilot.press("2")
        await pilot.pause(0.1)
        assert isinstance(lab.screen, LabScreen)
        assert lab.told[-1] == ("play",)
        await pilot.press("ctrl+r")
        await pilot.pause()
        assert lab.screen.player.lines == ("batch=5", "batch=50")


# --- what is seen -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (200, 60)])
async def test_everybody_is_seen_side_by_side_with_curves_and_standings(size):
    race = Racing("lr=0.001", "lr=0.1", "tree", "svm")
    async with race.app.run_test(size=size) as pilot:
        await race.begun(pilot)
        screen = race.screen
        await race.wait(pilot, lambda: all(each.field is not None for each in screen.player.newest.standings))
        regions = [pane.region for pane in screen._panes]
        assert len({region.y for region in regions}) == 1
        assert all(one.right <= other.x for one, other in pairwise(regions))
        assert min(region.width for region in regions) >= size[0] // 4 - 1
        assert all(pane.raster.size.height >= 6 for pane in screen._panes)
        assert screen.curves.size.height >= 5
        for name in ("lr=0.001", "lr=0.1", "decision tree", "SVM (RBF)", "test")[: 3 if size[0] == 60 else 5]:
            assert name in race.text
        assert f"A {'lr=' if size[0] > 80 else ''}" in race.text


@pytest.mark.parametrize("count", [2, 3, 4])
@pytest.mark.parametrize("size", [(60, 18), (80, 22), (100, 30), (120, 38), (300, 98), (60, 98), (300, 18)])
def test_whatever_the_terminal_there_is_room_for_all_three_parts(size, count):
    found = race_arranged(*size, count)
    assert found.top >= 6
    assert size[1] - found.top - (0 if found.beside else found.table) >= 6
    assert found.table >= count + 3
    assert found.beside <= size[0] - 28


async def test_who_leads_is_marked_by_a_sign(still):
    async with still.app.run_test(size=SIZE) as pilot:
        await still.begun(pilot)
        rows = {row.split("lr=")[1].split()[0]: row for row in still.text.splitlines() if "parameters" in row}
        assert ["▲" in rows[name] for name in ("0.001", "0.01", "0.1")] == [False, False, True]
        assert "▲ 95.0%" in still.text


async def test_on_a_small_terminal_names_are_shortened_before_accuracy_time_and_size(monkeypatch):
    monkeypatch.setattr("dlterm.tui.screens.race.RacePlayer", StillPlayer)
    race = Racing("lr=0.001", "lr=0.01", "lr=0.12345", "svm")
    async with race.app.run_test(size=(80, 24)) as pilot:
        await race.begun(pilot)
        await settled(pilot)
        headings = race.text.splitlines()[1]
        assert all(score in headings for score in ("A 0.001  90.0%", "  92.5%", "  95.0%", "  ▲97.5%"))
        assert "C 0.12345  " in headings
        assert "D SVM (RB…  " in headings
        rows = [row for row in race.text.splitlines() if "%" in row][1:]
        assert ["12.3 ms 105 par." in rows[0], "49.2 ms  87 vec." in rows[3]] == [True, True]


async def test_where_all_are_equal_nobody_leads(still):
    async with still.app.run_test(size=SIZE) as pilot:
        await still.begun(pilot)
        alike = race_snapshot(BASE, ("lr=0.001", "lr=0.1")).standings[:1] * 3
        still.player.newest = race_snapshot(BASE, ("lr=0.001", "lr=0.1", "l2=1"), standings=alike)
        await pilot.pause(0.3)
        assert "▲" not in still.text


async def test_one_that_diverged_is_told_in_words():
    race = Racing("lr=0.01", "lr=1000&optimizer=sgd", recipe=Recipe(data="hills", activation="relu"))
    async with race.app.run_test(size=SIZE) as pilot:
        await race.begun(pilot)
        await race.wait(pilot, lambda: race.text.count("diverged") >= 2)
        await pilot.press("down")
        await race.wait(pilot, lambda: "not finite" in race.text)
        assert "RMSE" in race.text


async def test_curves_of_loss_and_accuracy_are_shown_in_turn_by_key_and_by_click(still):
    async with still.app.run_test(size=SIZE) as pilot:
        await still.begun(pilot)
        assert "A lr=0.001" in still.text
        await pilot.press("v", "v")
        await still.wait(pilot, lambda: "%  " in still.text)
        assert still.screen.chart == "quality"
        heading = still.screen.curves.heading().plain
        await pilot.click("RaceCurves", offset=(2 + heading.index("Test loss") + 1, 0))
        assert still.screen.chart == "held"


async def test_what_is_held_out_can_be_hidden_and_the_answers_shown_alone(still):
    async with still.app.run_test(size=SIZE) as pilot:
        await still.begun(pilot)
        for key in ("t", "x"):
            before = still.screen._panes[0].raster.frame
            await pilot.press(key)
            await still.wait(pilot, lambda before=before: still.screen._panes[0].raster.frame is not before)


async def test_resizing_loses_nothing(still):
    async with still.app.run_test(size=SIZE) as pilot:
        await still.begun(pilot)
        for size in ((80, 24), (40, 10), (200, 60), (60, 20), SIZE):
            await pilot.resize_terminal(*size)
            await pilot.pause(0.2)
        assert len(still.drawn) == 3
        assert "lr=0.001" in still.text


# --- who races --------------------------------------------------------------------------------------------------------


async def test_keys_go_through_the_ready_made_races_and_the_table_is_titled_by_them():
    race = Racing(*line_up("rates").lines)
    async with race.app.run_test(size=SIZE) as pilot:
        await race.begun(pilot)
        assert "Learning rates" in race.text
        await pilot.press("n")
        await race.wait(pilot, lambda: len(race.drawn) == 4)
        assert "Optimisers" in race.text
        assert "optimizer=sgd" in race.text
        await pilot.press("N", "N")
        assert race.player.lines == line_ups(BASE)[-1].lines


async def test_a_ready_made_race_is_chosen_from_a_list_by_key_and_by_mouse(still):
    async with still.app.run_test(size=SIZE) as pilot:
        await still.begun(pilot)
        await pilot.press("o")
        await pilot.pause(0.1)
        assert isinstance(still.screen, LineUpScreen)
        assert all(each.title in still.text for each in line_ups(BASE))
        await pilot.press("home", "down", "down", "enter")
        await pilot.pause(0.1)
        assert still.player.lines == line_ups(BASE)[2].lines
        await pilot.press("o")
        await pilot.pause(0.1)
        await pilot.click("Entries", offset=(6, 1))
        await pilot.pause(0.1)
        assert still.player.lines == line_ups(BASE)[0].lines


async def test_a_race_of_ones_own_is_come_back_to_by_key_and_from_the_list_until_there_is_another(still):
    own = ("lr=0.001", "lr=0.01", "lr=0.1")
    async with still.app.run_test(size=SIZE) as pilot:
        await still.begun(pilot)
        await settled(pilot)
        assert "Your own" in still.text
        await pilot.press("n", "n", "N", "N")
        assert still.player.lines == own
        await pilot.press("N", "n")
        assert still.player.lines == own
        await pilot.press("n", "o")
        await pilot.pause(0.1)
        assert "Your own" in still.text
        await pilot.press("end", "enter")
        await pilot.pause(0.1)
        assert still.player.lines == own
        await pilot.press("d")
        changed = still.player.lines
        await pilot.press("n", "N")
        assert still.player.lines == changed != own


async def test_a_race_of_ones_own_is_still_there_after_a_visit_to_the_lab(still):
    async with still.app.run_test(size=SIZE) as pilot:
        await still.begun(pilot)
        await pilot.press("n", "escape")
        await pilot.pause(0.1)
        await pilot.press("ctrl+r")
        await pilot.pause(0.1)
        assert still.player.lines == line_ups(BASE)[0].lines
        await pilot.press("N")
        assert still.player.lines == ("lr=0.001", "lr=0.01", "lr=0.1")


async def test_a_contestant_is_changed_by_writing_what_it_has_of_its_own():
    race = Racing("lr=0.001", "lr=0.1")
    async with race.app.run_test(size=SIZE) as pilot:
        await race.begun(pilot)
        await pilot.press("down", "enter")
        await pilot.pause(0.1)
        line = race.screen.query_one(Input)
        assert line.value == "lr=0.1"
        line.value = "hidden=4 activation=relu"
        await pilot.press("enter")
        await race.wait(pilot, lambda: "hidden=4" in race.text)
        assert "activation=relu" in race.text


async def test_what_cannot_race_is_told_as_it_is_written_and_not_taken(still):
    async with still.app.run_test(size=SIZE) as pilot:
        await still.begun(pilot)
        await pilot.press("enter")
        await pilot.pause(0.1)
        for line, said in (
            ("lr=fast", 'lr is "fast"'),
            ("svn", 'no setting "svn" and no such model'),
            ("noise=0.9", "differ in their data"),
        ):
            still.screen.query_one(Input).value = line
            await pilot.press("enter")
            await pilot.pause(0.1)
            assert isinstance(still.screen, ContestantScreen)
            assert said in " ".join(still.text.split())
        await pilot.press("escape")
        await pilot.pause(0.1)
        assert still.player.lines == ("lr=0.001", "lr=0.01", "lr=0.1")


async def test_one_more_comes_and_one_goes_within_two_to_four():
    race = Racing("lr=0.001", "lr=0.1")
    async with race.app.run_test(size=SIZE) as pilot:
        await race.begun(pilot)
        await pilot.press("d")
        await pilot.pause(0.1)
        assert "at least 2" in race.said[-1]
        for line in ("tree", "l2=0.01"):
            await pilot.press("a")
            await pilot.pause(0.1)
            await pilot.press(*line, "enter")
            await pilot.pause(0.1)
        await race.wait(pilot, lambda: len(race.drawn) == 4)
        await pilot.press("a")
        await pilot.pause(0.1)
        assert isinstance(race.screen, RaceScreen)
        assert "4 race already" in race.said[-1]
        assert race.screen.chosen == 3
        await pilot.press("d")
        await race.wait(pilot, lambda: len(race.drawn) == 3)
        assert race.player.lines == ("lr=0.001", "lr=0.1", "tree")
        assert race.screen.chosen == 2


async def test_a_pane_of_who_is_to_leave_can_still_be_clicked(monkeypatch):
    race = Racing("lr=0.001", "lr=0.01", "lr=0.1", "lr=1")
    async with race.app.run_test(size=SIZE) as pilot:
        await race.begun(pilot)
        monkeypatch.setattr(race.player, "_build", lambda *_: None)  # the others take their time
        await pilot.press("d")
        await pilot.click(race.screen.panes()[3])
        await pilot.press("d")
        assert len(race.player.lines) == 2
        assert race.screen.chosen == 1


async def test_without_scikit_learn_it_is_told_what_to_install_and_the_race_goes_on(monkeypatch):
    race = Racing("lr=0.001", "lr=0.1")
    async with race.app.run_test(size=SIZE) as pilot:
        await race.begun(pilot)
        monkeypatch.setitem(sys.modules, "sklearn", None)
        race.screen._run(("lr=0.001", "svm"))
        await race.wait(pilot, lambda: race.said)
        assert "pip install scikit-learn" in race.said[-1]
        assert race.player.lines == ("lr=0.001", "lr=0.1")


async def test_a_race_that_cannot_be_had_says_which_keys_lead_on():
    race = Racing("lr=0.001", "model=mlp hidden=4,4 activation=relu,tanh,relu")
    async with race.app.run_test(size=SIZE) as pilot:
        ways = "press n for a ready-made race, esc for the lab"
        await race.wait(pilot, lambda: ways in " ".join(race.text.split()))
        assert "failed" in race.text
        await pilot.press("n")
        await race.begun(pilot)
        assert "Learning rates" in race.text


# --- by mouse, from the palette, from the footer ----------------------------------------------------------------------


async def test_a_contestant_is_chosen_by_a_click_and_changed_by_a_second(still):
    async with still.app.run_test(size=SIZE) as pilot:
        await still.begun(pilot)
        await pilot.click(still.screen._panes[2])
        await pilot.pause(0.1)
        assert still.screen.chosen == 2
        await pilot.click("Standings", offset=(10, 3))
        await pilot.pause(0.1)
        assert still.screen.chosen == 1
        await pilot.click("Standings", offset=(10, 3))
        await pilot.pause(0.1)
        assert isinstance(still.screen, ContestantScreen)
        assert still.screen.query_one(Input).value == "lr=0.01"


@pytest.mark.parametrize(
    ("words", "screen"), [("change", ContestantScreen), ("add", ContestantScreen), ("races", LineUpScreen)]
)
async def test_what_stands_below_the_table_is_done_by_a_click(still, words, screen):
    async with still.app.run_test(size=SIZE) as pilot:
        await still.begun(pilot)
        row, line = next((y, text) for y, text in enumerate(still.text.splitlines()) if "⏎ change" in text)
        await pilot.click(offset=(line.index(words) + 1, row))
        await pilot.pause(0.1)
        assert isinstance(still.screen, screen)


@pytest.mark.parametrize("action", at("race"), ids=lambda action: action.id)
async def test_every_action_is_done_by_its_key_and_offered_by_the_palette(still, action):
    async with still.app.run_test(size=SIZE) as pilot:
        await still.begun(pilot)
        done = []
        run = still.app.run_action

        async def noted(what, *arguments, **options):
            done.append(what)
            return await run(what, *arguments, **options)

        still.app.run_action = noted
        assert any(
            each.title.startswith(action.title) for each in still.app.get_system_commands(still.screen)
        )
        await pilot.press(action.keys.partition(",")[0])
        await pilot.pause()
        assert action.textual in done
        assert still.app.is_running


async def test_every_key_in_the_footer_can_be_clicked(still):
    async with still.app.run_test(size=(200, 50)) as pilot:
        await still.begun(pilot)
        await settled(pilot)
        shown = footer(still.app)
        for action in at("race"):
            assert action.title in shown or not action.in_footer
        await click_key(pilot, "race.play")
        assert not still.player.playing


@pytest.mark.parametrize("place", ["lab", "race"])
async def test_the_palette_offers_every_ready_made_race(still, place):
    async with still.app.run_test(size=SIZE) as pilot:
        await still.begun(pilot)
        if place == "lab":
            await pilot.press("escape")
            await pilot.pause(0.1)
        commands = {each.title: each for each in still.app.get_system_commands(still.screen)}
        commands["Race: Optimisers"].callback()
        await pilot.pause(0.1)
        assert still.player.lines == line_up("optimizers").lines


async def test_the_command_that_runs_the_race_is_copied_by_key_and_by_a_click_on_the_recipe(still):
    async with still.app.run_test(size=SIZE) as pilot:
        await still.begun(pilot)
        expected = "dlterm race 'moons?noise=0.5' --with lr=0.001 --with lr=0.01 --with lr=0.1"
        await pilot.press("y")
        assert still.app.clipboard == expected
        still.app.copy_to_clipboard("")
        await pilot.click("TitleBar", offset=(12, 0))
        await pilot.pause()
        assert still.app.clipboard == expected


@pytest.mark.parametrize("topic", ["standings", "curves", "boundary"])
async def test_help_explains_the_pane_in_focus(still, topic):
    async with still.app.run_test(size=(160, 200)) as pilot:
        await still.begun(pilot)
        screen = still.screen
        {"standings": screen.standings, "curves": screen.curves, "boundary": screen._panes[0]}[topic].focus()
        await pilot.press("f1")
        await pilot.pause(0.1)
        assert isinstance(still.screen, HelpScreen)
        shown = " ".join(still.text.split())
        assert panes()[topic].title in shown
        assert panes()["race"].title in shown
        assert all(action.title in shown for action in at("race"))


async def test_one_boundary_has_the_whole_screen_for_a_projector_and_escape_brings_the_others_back(still):
    async with still.app.run_test(size=SIZE) as pilot:
        await still.begun(pilot)
        still.screen._panes[1].focus()
        await pilot.press("Z")
        await pilot.pause(0.3)
        assert still.screen._panes[1].size.width > 110
        await pilot.press("escape")
        await pilot.pause(0.3)
        assert isinstance(still.screen, RaceScreen)
        assert len(still.drawn) == 3


async def test_another_theme_gives_everybody_another_colour_in_pictures_names_and_table_alike(still):
    async with still.app.run_test(size=SIZE) as pilot:
        await still.begun(pilot)
        for theme in ("dlterm-dark", "dlterm-light"):
            still.app.theme = theme
            await pilot.pause(0.5)
            screen = still.screen
            for place, letter in enumerate("ABC"):
                colour = getattr(screen._panes[place].picture_theme, STYLES[place])
                letters = [
                    segment.style.color.triplet.hex
                    for strip in screen._compositor.render_strips()
                    for segment in strip
                    if segment.text.strip() == letter and segment.style.bold
                ]
                assert letters == [f"#{colour:06x}"] * 2


@pytest.mark.parametrize("pause", [0, 0.01, 0.05, 0.1, 0.2])
async def test_a_race_that_is_left_while_it_is_opened_breaks_nothing(pause):
    lab = Lab(BASE)
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        for _ in range(2):
            await pilot.press("ctrl+r")
            await pilot.pause(pause)
            await pilot.press("escape")
        await pilot.pause(0.3)
        assert isinstance(lab.screen, LabScreen)
        assert lab.app.failure is None
