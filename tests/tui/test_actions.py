"""The table of actions: keys, footer, palette and help say the same, and what they say can be done."""

from __future__ import annotations

import re
from collections import Counter
from functools import partial
from itertools import pairwise

import pytest
from textual.widgets import Input

from dlterm.course.content import panes, presets
from dlterm.course.shelf import shelf
from dlterm.settings.config import Config
from dlterm.training.recipe import Recipe
from dlterm.tui.actions import ACTIONS, PLACES, Keys, at, key_name
from dlterm.tui.app import DltermApp
from dlterm.tui.charts import CHARTS
from dlterm.tui.modes import MODES
from dlterm.tui.opening import Opening
from dlterm.tui.page import Page
from dlterm.tui.preferences import Preferences
from dlterm.tui.screens.course import CourseScreen
from dlterm.tui.screens.experiment import ExperimentScreen
from dlterm.tui.screens.experiments import ExperimentsScreen
from dlterm.tui.screens.help import HelpScreen
from dlterm.tui.screens.home import HomeScreen
from dlterm.tui.screens.jump import JumpScreen
from dlterm.tui.screens.lab import LabScreen
from dlterm.tui.screens.progress import ProgressScreen
from dlterm.tui.screens.question import QuestionScreen
from dlterm.tui.screens.quiz import QuizScreen
from dlterm.tui.screens.race import RaceScreen
from dlterm.tui.screens.runs import RunsScreen
from dlterm.tui.screens.settings import SettingsScreen
from dlterm.tui.screens.shelf import ShelfScreen
from dlterm.tui.screens.watch import WatchScreen
from dlterm.tui.widgets.answer_rows import AnswerRows
from dlterm.tui.widgets.asking import Asking
from dlterm.tui.widgets.canvas import CanvasPane
from dlterm.tui.widgets.chart_pane import ChartPane
from dlterm.tui.widgets.experiment_figure import ExperimentFigure
from dlterm.tui.widgets.knobs_pane import KnobsPane
from dlterm.tui.widgets.lab_figure import LabFigure
from dlterm.tui.widgets.network_pane import NetworkPane
from dlterm.tui.widgets.output_pane import OutputPane
from dlterm.tui.widgets.settings_pane import SettingsPane
from dlterm.tui.widgets.told import Ended, Told
from dlterm.tui.widgets.weights_pane import WeightsPane
from tests.tui.race_support import Racing, StillPlayer
from tests.tui.support import Lab, click_key, footer, settled

SIZE = (120, 40)
DOERS = {
    "home": HomeScreen,
    "lab": LabScreen,
    "shelf": ShelfScreen,
    "runs": RunsScreen,
    "network": NetworkPane,
    "output": OutputPane,
    "charts": ChartPane,
    "settings": SettingsPane,
    "preferences": SettingsScreen,
    "course": CourseScreen,
    "figure": LabFigure,
    "quiz": QuizScreen,
    "session": QuestionScreen,
    "question": Asking,
    "choice": AnswerRows,
    "answered": Told,
    "ended": Ended,
    "progress": ProgressScreen,
    "weights": WeightsPane,
    "race": RaceScreen,
    "watch": WatchScreen,
    "inline": ExperimentFigure,
    "experiments": ExperimentsScreen,
    "experiment": ExperimentScreen,
    "knobs": KnobsPane,
    "canvas": CanvasPane,
}
PANES = ("network", "output", "charts", "settings", "weights")
TOGETHER = [
    ("app", "home"),
    ("app", "lab", "network"),
    ("app", "lab", "output"),
    ("app", "lab", "charts"),
    ("app", "lab", "settings"),
    ("app", "course", "figure"),
    ("app", "course", "inline"),
    ("app", "experiments"),
    ("app", "experiment", "knobs"),
    ("app", "experiment", "canvas"),
    ("app", "lab", "weights"),
    ("app", "quiz"),
    ("app", "session", "question", "choice"),
    ("app", "session", "answered"),
    ("app", "session", "ended"),
    ("app", "progress"),
    ("app", "race"),
    ("app", "shelf"),
    ("app", "runs"),
    ("app", "watch", "network"),
    ("app", "watch", "output"),
    ("app", "watch", "charts"),
    ("app", "preferences"),
]
# Space turns a page of the text, and plays the figure that one has taken hold of; while a prediction is asked for,
# numbers choose one and lead nowhere.
PREDICTIONS = ["1", "2", "3", "4"]
TAKEN_BY_THE_INNER = {
    ("app", "course", "figure"): ["space"],
    ("app", "course", "inline"): ["enter", "space"],
    ("app", "experiment", "knobs"): PREDICTIONS,
    ("app", "experiment", "canvas"): [*PREDICTIONS, "space"],
}


@pytest.fixture
def still(monkeypatch):
    """A race that stands still, shown at once."""
    monkeypatch.setattr("dlterm.tui.screens.race.RacePlayer", StillPlayer)
    return Racing()


@pytest.fixture(autouse=True)
def nowhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("places", TOGETHER, ids="-".join)
def test_no_key_does_two_things_at_once(places):
    keys = Counter(key for action in at(*places) if action.keys for key in action.keys.split(","))
    taken = TAKEN_BY_THE_INNER.get(places, [])
    assert [key for key, times in keys.items() if times > 1] == taken


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_an_action_is_explained_and_there_is_what_does_it(action):
    assert action.title
    assert action.help.endswith(".")
    doer = DOERS.get(action.place, Page if action.is_page else DltermApp)
    assert callable(getattr(doer, f"action_{action.textual.partition('(')[0]}"))


def test_no_key_is_one_that_terminals_and_multiplexers_keep_for_themselves():
    taken = {f"ctrl+{letter}" for letter in "abcdhijmstwz"}
    keys = {key for action in ACTIONS for key in action.keys.split(",") if action.id != "app.stop"}
    assert not taken & keys


def test_ctrl_z_means_what_it_means_everywhere():
    assert next(action.keys for action in ACTIONS if action.call == "suspend_process") == "ctrl+z"


def test_every_place_is_explained_by_terms_that_there_are():
    assert panes().keys() >= DOERS.keys() | {chart.id for chart in CHARTS}
    assert {term for pane in panes().values() for term in pane.see} <= shelf().terms.keys()


def test_every_key_that_an_explanation_names_is_an_action_s():
    named = {name for pane in panes().values() for name in re.findall(r"\{([^}]*)\}", pane.text)}
    assert len(named) > 40
    assert named <= {action.id for action in ACTIONS if action.keys}


# --- by key, by mouse, from the palette -----------------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.id)
async def test_every_action_can_be_done_by_its_key_wherever_it_applies(mode):
    lab = Lab(start=mode.id)
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        done = _noted(lab.app)
        for place in ("app", mode.id, *(PANES if mode.id == "lab" else ())):
            if place == "weights":
                lab.screen.open_weights((1, 0, None))
            elif place in PANES:
                lab.screen.query_one(DOERS[place]).focus()
            for action in (action for action in at(place) if action.keys):
                done.clear()
                lab.app.simulate_key(action.keys.partition(",")[0])
                await pilot.pause()
                assert action.textual in done, action.id


def _noted(app):
    """The names of the actions that would be carried out from now on: what each does has tests of its own."""
    done = []

    async def noted(action, *_arguments, **_options):
        done.append(action if isinstance(action, str) else "")
        return True

    app.run_action = noted
    return done


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.id)
async def test_every_key_in_the_footer_can_be_clicked(mode):
    lab = Lab(start=mode.id)
    async with lab.app.run_test(size=(200, 50)) as pilot:
        await settled(pilot)
        done = _noted(lab.app)
        for action in (action for action in at("app", mode.id) if action.in_footer):
            done.clear()
            await click_key(pilot, action.id)
            assert any(name.endswith(action.textual) for name in done), action.id


@pytest.mark.parametrize("columns", [60, 80, 120, 160, 80])
async def test_where_there_is_no_room_for_all_keys_help_and_the_ways_out_stay(still, columns):
    async with still.app.run_test(size=(70, 24)) as pilot:
        await settled(pilot)
        await pilot.resize_terminal(columns, 40)
        await pilot.pause(0.1)
        assert {"esc Lab", "? Help", "^q Quit"} <= {*re.split(r"(?<=\w) (?=\S+ [A-Z])", footer(still.app))}


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.id)
async def test_the_palette_offers_every_action_of_the_page_and_of_the_app(mode):
    lab = Lab(start=mode.id)
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        offered = [command.title for command in lab.app.get_system_commands(lab.screen)]
        for action in at("app", mode.id):
            assert action.id == "app.palette" or any(title.startswith(action.title) for title in offered)


async def test_a_setting_without_a_key_is_in_the_palette_and_takes_a_key_of_ones_own(lab):
    keys = {"lab.schedule+": "ctrl+g"}
    app = DltermApp(Opening("lab"), lab._make, preferences=Preferences(Config(keys=keys)))
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        commands = {command.title: command for command in app.get_system_commands(app.screen)}
        assert "Schedule: next  (^g)" in commands
        await commands["L1: more"].callback()
        await pilot.press("ctrl+g")
        assert app.screen.player.recipe == Recipe(l1=0.0001, schedule="step")
        await pilot.press("question_mark")
        await pilot.pause()
        lab.app = app
        assert "L1: more" not in lab.text


async def test_what_is_chosen_in_the_palette_is_done(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("ctrl+p")
        await pilot.press(*"new seed")
        await pilot.pause(0.5)
        await pilot.press("enter")
        await pilot.pause(0.1)
        assert ("reset", 1) in lab.told


async def test_the_palette_offers_every_preset(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        commands = {command.title: command for command in lab.app.get_system_commands(lab.screen)}
        assert {f"Preset: {preset.title}" for preset in presets()} <= commands.keys()
        commands[f"Preset: {presets()[0].title}"].callback()
        assert lab.told == [("begin", Recipe.parse(presets()[0].recipe))]


# --- keys of one's own ----------------------------------------------------------------------------------------------


async def test_keys_of_ones_own_take_the_place_of_the_tables(lab):
    app = DltermApp(
        Opening("lab"),
        lab._make,
        preferences=Preferences(Config(keys={"lab.step": "n", "lab.epoch": "B", "app.help": "ctrl+g"})),
    )
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("s")
        assert ("step",) not in lab.told
        await pilot.press("n")
        assert ("step",) in lab.told
        assert "n Step" in footer(app)
        await pilot.press("ctrl+g")
        await pilot.pause()
        assert isinstance(app.screen, HelpScreen)
        lab.app = app
        assert "^g" in lab.text
        assert "press B to see one epoch" in lab.text


async def test_an_action_that_there_is_not_and_a_key_taken_twice_are_told(lab):
    keys = {"lab.dance": "x", "lab.play": "s"}
    assert Keys(keys).faults == (
        "keys.lab.dance: there is no such action",
        "keys.lab.play: s does something else there, too",
    )
    app = DltermApp(Opening("lab"), lab._make, preferences=Preferences(Config(keys=keys)))
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert any("lab.dance" in note.message for note in app._notifications)


def test_a_key_of_ones_own_for_the_lab_is_that_of_a_run_that_is_watched_too_unless_it_has_another_there():
    keys = Keys({"lab.log": "G", "lab.wrong": "o", "lab.copy": "Y", "watch.copy": "c"})
    assert [keys.of(f"watch.{name}") for name in ("log", "wrong", "copy", "next_chart")] == [
        "G",
        "o",
        "c",
        "v",
    ]
    assert keys.of("lab.copy") == "Y"
    assert "keys.watch.wrong: o does something else there, too" in keys.faults


@pytest.mark.parametrize(
    ("keys", "name"),
    [
        ("ctrl+q", "^q"),
        ("question_mark,f1", "?"),
        ("f1", "F1"),
        ("f", "f"),
        ("F", "F"),
        ("plus", "+"),
        ("alt+x", "alt+x"),
    ],
)
def test_a_key_is_named_as_it_is_written_on_keyboards(keys, name):
    assert key_name(keys) == name


# --- help and jump --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["question_mark", "f1"])
@pytest.mark.parametrize("place", PANES)
async def test_help_explains_the_pane_in_focus_with_every_key_and_closes(lab, key, place):
    async with lab.app.run_test(size=(160, 200)) as pilot:
        await settled(pilot)
        getattr(lab.screen, place).focus()
        await pilot.press(key)
        await pilot.pause(0.1)
        assert isinstance(lab.app.screen, HelpScreen)
        pane = panes()["loss" if place == "charts" else place]
        assert pane.title in lab.text
        assert pane.formula.split("=")[0] in lab.text
        clicked = clicks(lab.screen)
        for action in (action for action in at(place, "lab", "app") if action.keys):
            assert action.title in lab.text, action.id
            assert lab.app.keys.first(action.id) in lab.text
            assert f"screen.carry_out('{action.id}')" in clicked
        assert PLACES["app"] in lab.text
        await pilot.press("escape")
        assert not isinstance(lab.app.screen, HelpScreen)


async def test_a_word_in_the_help_opens_its_card_beside_the_page(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("f1")
        await pilot.pause()
        lab.app.screen.query("_Explained").first().action_open("term:weight")
        await pilot.pause()
        assert isinstance(lab.app.screen, LabScreen)
        assert shelf().terms["weight"].name in lab.text


def clicks(screen):
    """What a click does, anywhere on the screen."""
    strips = screen._compositor.render_strips()
    return {segment.style.meta.get("@click") for strip in strips for segment in strip if segment.style}


async def test_a_digit_in_the_help_opens_a_terms_card(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        lab.screen.network.focus()
        await pilot.press("f1")
        await pilot.pause(0.1)
        assert "1 Artificial neuron  2 Weight  3 Bias" in lab.text
        await pilot.press("2")
        await pilot.pause()
        assert isinstance(lab.app.screen, LabScreen)
        assert lab.app.beside.place == "term:weight"


@pytest.mark.parametrize(
    "name", ["network.weights", "lab.save", "lab.reseed", "lab.hide_settings", "app.palette", "app.zoom"]
)
async def test_a_click_on_a_row_of_the_help_does_what_its_key_does(lab, name, monkeypatch):
    action = next(action for action in ACTIONS if action.id == name)
    async with lab.app.run_test(size=(120, 170)) as pilot:
        await settled(pilot)
        lab.screen.network.focus()
        page, done = lab.screen, []
        await pilot.press("f1")
        await pilot.pause(0.1)
        monkeypatch.setattr(lab.app, "run_action", partial(_note, done, lab.app.run_action))
        lines = lab.text.split("\n")
        row = next(number for number, line in enumerate(lines) if f"  {action.title}  " in line)
        await pilot.click(offset=(lines[row].index(action.title), row))
        await pilot.pause()
        assert lab.app.screen is page
        owner = {"app": lab.app, "lab": page, "network": page.network}[action.place]
        assert done == [(action.textual, page if action.is_page else owner)]


@pytest.mark.parametrize("place", ["lab", "network", "output", "charts", "settings", "weights", "race"])
async def test_every_action_is_done_by_a_click_on_its_row_of_the_help(lab, place):
    async with lab.app.run_test(size=(110, 120)) as pilot:
        await settled(pilot)
        for action in (action for action in at(place) if action.keys):
            done = []
            await lab.app.push_screen(HelpScreen([place], done.append))
            lines = lab.text.split("\n")
            row = next(
                k
                for k, line in enumerate(lines)
                if f"  {action.title}  " in line and action.help[:20] in line
            )
            await pilot.click(offset=(lines[row].index(f"  {action.title}  ") + 2, row))
            await pilot.pause()
            assert done == [action]


async def _note(done, run, action, owner=None):
    if "carry_out" in str(action):
        return await run(action, owner)
    done.append((action, owner))
    return True


async def test_an_open_card_explains_the_pane_that_is_gone_to(lab):
    async with lab.app.run_test(size=(160, 50)) as pilot:
        await settled(pilot)
        await pilot.press("i")
        assert lab.app.beside.place == "term:data-set"
        for pane, term in (("network", "neuron"), ("output", "decision-boundary"), ("charts", "loss")):
            getattr(lab.screen, pane).focus()
            await pilot.pause()
            assert lab.app.beside.place == f"term:{term}"


async def test_escape_closes_the_card_once_nothing_else_is_open(lab):
    async with lab.app.run_test(size=(160, 50)) as pilot:
        await settled(pilot)
        await pilot.press("m", "i", "escape")
        assert lab.screen.card.display
        await pilot.press("escape")
        assert not lab.screen.card.display


async def test_a_letter_jumps_to_a_pane(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        seen = set()
        for letter in "asdf":
            await pilot.press("ctrl+o")
            await pilot.pause()
            assert isinstance(lab.app.screen, JumpScreen)
            await pilot.press(letter)
            await pilot.pause()
            seen.add(lab.screen.focused)
        assert seen == {lab.screen.network, lab.screen.charts, lab.screen.output, lab.screen.settings}


async def test_a_click_jumps_too_and_escape_stays(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        before = lab.screen.focused
        await pilot.press("ctrl+o")
        await pilot.pause()
        await pilot.press("escape")
        assert lab.screen.focused is before
        await pilot.press("ctrl+o")
        await pilot.pause()
        await pilot.click(offset=(5, 5))
        await pilot.pause()
        assert lab.screen.focused is lab.screen.network


async def test_jumping_works_from_within_the_search():
    lab = Lab(start="shelf")
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("slash")
        assert isinstance(lab.screen.focused, Input)
        await pilot.press("ctrl+o")
        await pilot.pause()
        assert isinstance(lab.app.screen, JumpScreen)


# --- the card beside ------------------------------------------------------------------------------------------------


async def test_a_card_opens_beside_every_page_and_stays_on_the_way_to_another():
    lab = Lab(start="shelf")
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        place = lab.screen.entry.place
        await pilot.press("i")
        for mode in MODES:
            await pilot.press(mode.key)
            await settled(pilot)
            assert lab.screen.card.display
            if mode.id in ("home", "runs"):
                assert lab.app.beside.place == place
                assert shelf().terms[place.partition(":")[2]].text[:20] in lab.text
        await pilot.press(next(mode.key for mode in MODES if mode.id == "shelf"), "i")
        await settled(pilot)
        assert not lab.screen.card.display


async def test_in_the_lab_the_card_follows_the_setting_and_goes_back(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("i")
        assert lab.app.beside.place == "term:data-set"
        await pilot.press("down")
        await pilot.pause()
        assert lab.app.beside.place == "term:noise"
        assert shelf().terms["noise"].name in lab.text
        await pilot.press("backspace")
        assert lab.app.beside.place == "term:data-set"
        await pilot.press("i", "i")
        assert not lab.screen.card.display


async def test_the_card_is_made_wider_by_key_and_by_mouse(lab):
    async with lab.app.run_test(size=(200, 50)) as pilot:
        await settled(pilot)
        await pilot.press("i")
        await pilot.pause()
        widths = [lab.screen.card.size.width]
        for key in (">", "<"):
            await pilot.press(key)
            await pilot.pause()
            widths.append(lab.screen.card.size.width)
        assert widths[1] > widths[0] == widths[2]
        network = lab.screen.network.size.width
        await pilot.mouse_down("Edge", offset=(0, 5))
        await pilot.hover(offset=(140, 5))
        await pilot.mouse_up(offset=(140, 5))
        await pilot.pause()
        assert lab.screen.card.size.width == 60
        assert lab.screen.network.size.width < network


async def test_where_there_is_no_room_beside_the_card_lies_over_the_page_and_resizing_loses_nothing(lab):
    async with lab.app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        width = lab.screen.network.size.width
        await pilot.press("i")
        await pilot.pause()
        assert lab.screen.card.display
        assert lab.screen.network.size.width == width
        for columns, seen in ((50, False), (120, True), (80, True)):
            await pilot.resize_terminal(columns, 30)
            await pilot.pause()
            assert lab.screen.card.display is seen


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.id)
async def test_below_its_least_size_every_page_says_what_it_needs(mode):
    lab = Lab(start=mode.id)
    async with lab.app.run_test(size=(59, 24)) as pilot:
        await pilot.pause(0.1)
        assert "needs 60 x 20" in lab.text
        for size in ((60, 19), (1, 1), (300, 100)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
        assert "needs 60 x 20" not in lab.text


def test_modes_are_actions_like_all_others():
    assert [action.id for action in at("app")][: len(MODES)] == [f"app.{mode.id}" for mode in MODES]
    assert all(int(one.key) < int(other.key) for one, other in pairwise(MODES))


@pytest.mark.parametrize("place", ["network", "output", "charts", "settings"])
async def test_a_pane_is_enlarged_to_the_whole_screen_and_all_come_back(lab, place):
    async with lab.app.run_test(size=(100, 30)) as pilot:
        await settled(pilot)
        pane = getattr(lab.screen, place)
        pane.focus()
        before = pane.size
        await pilot.press("Z")
        await settled(pilot)
        assert pane.size.width > 90
        assert pane.size.height > 24
        await pilot.press("Z")
        await settled(pilot)
        assert pane.size == before
