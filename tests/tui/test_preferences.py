"""The settings while the app runs: by key and by mouse, at once and for good, whatever the file is like."""

from __future__ import annotations

import msgspec
import pytest
from textual.widgets import Input

from dlterm.drawing.depth import DEFAULT
from dlterm.settings.config import Config, settings
from dlterm.settings.config_file import ConfigFile
from dlterm.tui.modes import MODES
from dlterm.tui.preferences import Preferences, turned
from dlterm.tui.screens.settings import SettingsScreen
from dlterm.tui.themes import CONTRAST, DARK, IDS, LIGHT, TERMINAL
from tests.tui.support import Lab, settled

SIZE = (120, 40)


@pytest.fixture(autouse=True)
def path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLORFGBG", raising=False)
    path = tmp_path / "config.toml"
    monkeypatch.setenv("DLTERM_CONFIG", str(path))
    return path


def opened(start="lab"):
    """The app as it is opened on the file."""
    return Lab(start=start, preferences=Preferences.open())


async def at_the_setting(pilot, name):
    await settled(pilot)
    await pilot.press("f2")
    await pilot.pause()
    pilot.app.screen.entries.highlighted = list(settings()).index(name)
    await pilot.pause()


def kept():
    return ConfigFile.read().config


# --- themes and colours --------------------------------------------------------------------------------------------


async def test_the_app_opens_in_the_theme_that_was_set(path):
    path.write_text('theme = "contrast"')
    lab = opened()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert lab.app.theme == CONTRAST.name
        assert lab.screen.output.picture_theme.background == 0


async def test_the_key_goes_through_all_four_themes_and_each_is_kept():
    lab = opened()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        for theme in (LIGHT, CONTRAST, TERMINAL, DARK):
            await pilot.press("T")
            await settled(pilot)
            assert lab.app.theme == theme.name
            assert kept().theme == IDS[theme.name]


async def test_the_palette_lists_our_themes_first_and_others_are_not_kept():
    lab = opened()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        lab.app.action_change_theme()
        await pilot.pause(0.3)
        await settled(pilot)
        listed = [line for line in lab.text.split("\n") if "dlterm-" in line or "ansi-dark" in line]
        assert [next(name for name in (*IDS, "ansi-dark") if name in line) for line in listed][:5] == [
            *IDS,
            "ansi-dark",
        ]
        await pilot.press(*"contrast")
        await pilot.pause(0.3)
        await pilot.press("enter")
        await settled(pilot)
        assert kept().theme == "contrast"
        lab.app.theme = "nord"
        await settled(pilot)
        assert kept().theme == "contrast"


async def test_in_the_terminals_theme_pictures_and_words_use_its_sixteen_colours(path):
    path.write_text('theme = "terminal"')
    lab = opened()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        raster = lab.screen.output.raster
        assert raster.depth == "16"
        assert lab.screen.network.picture_theme.background == DEFAULT
        for strip in lab.screen._compositor.render_strips():
            for segment in strip:
                if segment.style is not None:
                    for color in (segment.style.color, segment.style.bgcolor):
                        assert color is None or color.triplet is None, segment


@pytest.mark.parametrize(
    ("colours", "depth"), [("true", "truecolor"), ("256", "256"), ("16", "16"), ("none", "none")]
)
async def test_all_that_is_shown_has_the_colours_that_were_asked_for(path, colours, depth):
    path.write_text(f'colours = "{colours}"')
    lab = opened()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert lab.screen.output.raster.depth == depth
        codes = "".join(strip.render(lab.app.console) for strip in lab.screen._compositor.render_strips())
        assert ("8;2;" in codes) is (depth == "truecolor")
        assert ("8;5;" in codes) is (depth == "256")


async def test_no_color_wins(path, monkeypatch):
    path.write_text('colours = "true"')
    monkeypatch.setenv("NO_COLOR", "1")
    async with (lab := opened()).app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert lab.app.depth == "none"


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.id)
@pytest.mark.parametrize("theme", [DARK, LIGHT, CONTRAST, TERMINAL], ids=lambda theme: theme.name)
async def test_without_colours_the_row_under_the_cursor_is_still_seen(mode, theme, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    lab = opened(mode.id)
    async with lab.app.run_test(size=SIZE) as pilot:
        lab.app.theme = theme.name
        await settled(pilot)
        styles = [segment.style for strip in lab.screen._compositor.render_strips() for segment in strip]
        assert all(style.color is style.bgcolor is None for style in styles if style)
        assert any(style.reverse for style in styles if style)


# --- the screen ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.id)
@pytest.mark.parametrize("key", ["f2", "comma"])
async def test_the_settings_open_over_every_page_and_lead_back(mode, key):
    lab = opened(mode.id)
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        page = lab.screen
        await pilot.press(key)
        await settled(pilot)
        assert isinstance(lab.screen, SettingsScreen)
        await pilot.press("escape")
        await settled(pilot)
        assert lab.screen is page


async def test_a_comma_that_is_typed_into_the_search_opens_nothing():
    lab = opened("shelf")
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("slash", "comma")
        await settled(pilot)
        assert lab.screen.query_one(Input).value == ","


async def test_going_to_a_mode_closes_the_settings():
    lab = opened("lab")
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        for key in ("2", "1"):
            await pilot.press("f2", "question_mark")
            await settled(pilot)
            await pilot.press("escape")
            await settled(pilot)
            await pilot.press(key)
            await settled(pilot)
            assert len(lab.app.screen_stack) == 1


async def test_a_small_terminal_has_room_for_all_that_is_said_of_a_setting():
    lab = opened("shelf")
    async with lab.app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("f2")
        for setting in settings().values():
            await settled(pilot)
            assert setting.help.split()[0] in lab.text
            assert "In a shell: dlterm config" in lab.text
            await pilot.press("down")


async def test_every_setting_is_listed_explained_and_changed_by_key_and_written():
    lab = opened()
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await pilot.press("f2")
        for number, setting in enumerate(settings().values()):
            await settled(pilot)
            assert lab.screen.entries.highlighted == number
            assert setting.help.split()[0] in lab.text
            if setting.name not in ("keys", "presets"):  # these are written in a shell
                await pilot.press("right")
                await settled(pilot)
                value = getattr(kept(), setting.name)
                assert value != setting.default
                assert value == getattr(lab.app.config, setting.name)
                await pilot.press("d")
                await settled(pilot)
                assert getattr(kept(), setting.name) == setting.default
            await pilot.press("down")
        assert "config.toml" in lab.text


async def test_the_arrows_of_a_setting_are_clicked():
    lab = opened()
    async with lab.app.run_test(size=SIZE) as pilot:
        await at_the_setting(pilot, "theme")
        row = next(y for y, line in enumerate(lab.text.split("\n")) if "Frame rate" in line)
        line = lab.text.split("\n")[row]
        for arrow, rate in (("›", 35), ("›", 40), ("‹", 35)):
            await pilot.click(offset=(line.index(arrow), row))
            await settled(pilot)
            assert kept().frame_rate == rate


async def test_what_is_set_holds_at_once():
    lab = opened()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        screen = lab.screen
        assert screen.test_points
        for name, value in (
            ("test_points", False),
            ("animation", False),
            ("colours", "256"),
            ("theme", "light"),
        ):
            lab.app.change(name, value)
            await settled(pilot)
        assert not screen.test_points
        assert lab.app.animation_level == "none"
        assert screen.output.raster.depth == "256"
        assert lab.app.theme == LIGHT.name
        lab.app.change("colours", "none")
        await settled(pilot)
        assert lab.app.no_color


@pytest.mark.parametrize("setting", settings().values(), ids=lambda setting: setting.name)
def test_turning_a_setting_goes_through_its_values_only(setting):
    value = setting.default
    for by in (*[1] * 20, *[-1] * 40):
        value = turned(setting, value, by)
        assert setting.check(value) == value
    if setting.choices:
        assert turned(setting, turned(setting, setting.default, 1), -1) == setting.default


# --- the file ------------------------------------------------------------------------------------------------------


async def test_a_file_that_is_broken_is_said_shown_and_left_as_it_is(path):
    path.write_text("theme = [")
    lab = opened()
    async with lab.app.run_test(size=SIZE) as pilot:
        await at_the_setting(pilot, "theme")
        assert "not TOML" in lab.text
        await pilot.press("right")
        await settled(pilot)
        assert lab.app.theme == LIGHT.name
        assert any("not kept" in note.message for note in lab.app._notifications)
    assert path.read_text() == "theme = ["


async def test_a_setting_that_is_wrong_is_mended_by_setting_it(path):
    path.write_text('theme = "dakr"\nstart = "lab"\n')
    lab = opened()
    async with lab.app.run_test(size=SIZE) as pilot:
        await at_the_setting(pilot, "theme")
        assert "dakr" in lab.text
        await pilot.press("right")
        await settled(pilot)
        assert "dakr" not in lab.text
    assert kept() == Config(theme="light", start="lab")


async def test_where_the_file_cannot_be_written_the_setting_holds_until_the_end(path, monkeypatch):
    folder = path.parent / "not a folder"
    folder.write_text("")
    monkeypatch.setenv("DLTERM_CONFIG", str(folder / "config.toml"))
    lab = opened()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("T")
        await settled(pilot)
        assert lab.app.theme == LIGHT.name
        assert any("not kept" in note.message for note in lab.app._notifications)


def test_what_another_process_has_set_meanwhile_stays(path):
    preferences = Preferences.open()
    path.write_text('start = "last"\n')
    assert preferences.change("theme", "light") == ""
    assert kept() == Config(theme="light", start="last")


def test_without_a_file_nothing_is_written(path):
    preferences = Preferences()
    assert preferences.change("theme", "light") == ""
    assert preferences.config == msgspec.structs.replace(Config(), theme="light")
    assert not path.exists()
