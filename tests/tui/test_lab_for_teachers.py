"""What a teacher uses before a class: settings out of the way, one preset after the other."""

from __future__ import annotations

import pytest

from dlterm.course.content import Preset, presets
from dlterm.course.library import lesson_about, lessons
from dlterm.settings.config import Config
from dlterm.training.recipe import Recipe
from dlterm.tui.app import DltermApp
from dlterm.tui.opening import Opening
from dlterm.tui.preparing import own_presets
from tests.tui.support import Lab, settled

OWN = (
    Preset("first", "A line", "Who sees what it cannot do?", "xor?hidden=", "neuron"),
    Preset("second", "A bend", "Now with four neurons.", "xor?hidden=4"),
)


@pytest.fixture
def taught():
    """The lab with a teacher's presets."""
    lab = Lab()
    lab.app = DltermApp(Opening("lab", Recipe.parse(OWN[0].recipe), presets=OWN), lab._make)
    return lab


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_settings_give_their_room_to_the_network_and_come_back(lab, size):
    async with lab.app.run_test(size=size) as pilot:
        await settled(pilot)
        screen = lab.screen
        before = screen.network.size
        await pilot.press("H")
        await settled(pilot)
        assert not screen.settings.display
        assert screen.network.size.height > 1.4 * before.height
        assert screen.network.size.width >= before.width
        assert screen.charts.region.y > screen.output.region.y
        assert screen.charts.region.x == screen.output.region.x
        assert screen.focused is screen.network
        await pilot.press("l")
        assert lab.told == [("change", Recipe(lr=0.01))]
        await pilot.press("H")
        await settled(pilot)
        assert screen.settings.display
        assert screen.network.size == before


async def test_without_settings_a_neuron_s_weights_are_still_listed(lab):
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await pilot.press("H")
        lab.screen.open_weights((1, 0, None))
        await settled(pilot)
        assert "Weights of layer 1, neuron 1" in lab.text
        await pilot.press("escape")
        await settled(pilot)
        assert not lab.screen.weights.display
        assert not lab.screen.settings.display


async def test_presets_that_the_settings_name_take_the_place_of_dlterm_s_and_wait_for_the_key(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("DLTERM_CONFIG", str(tmp_path / "config.toml"))
    (tmp_path / "monday.toml").write_text(
        '[[preset]]\nid = "one"\ntitle = "One"\nnote = "Look."\nrecipe = "xor?hidden=4&noise=0.1"\n'
    )
    presets, wrong = own_presets(Config(presets="monday.toml"))
    lab = Lab()
    lab.app = DltermApp(Opening("lab", Recipe()), lab._make, own_presets=presets)
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        assert wrong == ""
        assert "Look." not in lab.text
        await pilot.press("ctrl+n")
        await pilot.pause(0.1)
        assert "1/1" in lab.text
        assert "Look." in lab.text
        assert lab.screen.player.recipe == Recipe.parse("xor?hidden=4&noise=0.1")


def test_a_file_of_presets_that_is_not_there_is_told_and_the_app_opens(tmp_path, monkeypatch):
    monkeypatch.setenv("DLTERM_CONFIG", str(tmp_path / "config.toml"))
    assert own_presets(Config()) == ((), "")
    presets, wrong = own_presets(Config(presets="gone.toml"))
    assert presets == ()
    assert wrong.startswith("presets: ")
    assert "gone.toml: no such file" in wrong


async def test_presets_come_one_after_the_other_with_what_they_are_for(lab):
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        for preset in presets()[:3]:
            await pilot.press("ctrl+n")
            await pilot.pause(0.1)
            assert lab.screen.player.recipe == Recipe.parse(preset.recipe)
            assert lab.told[-1] == ("begin", Recipe.parse(preset.recipe))
            assert preset.title in lab.text
            assert preset.note[:40] in lab.text


async def test_what_went_wrong_is_said_before_what_a_preset_is_for(lab):
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await pilot.press("ctrl+n")
        lab.publish(status="diverged", message="at step 7: the loss is not finite")
        await pilot.pause(0.1)
        assert "at step 7" in lab.text
        assert presets()[0].title not in lab.text


async def test_a_preset_that_was_changed_is_still_the_one_before_the_next(lab):
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await pilot.press("ctrl+n", "ctrl+n", "l")
        assert lab.screen.player.recipe != Recipe.parse(presets()[1].recipe)
        await pilot.press("ctrl+n")
        assert lab.screen.player.recipe == Recipe.parse(presets()[2].recipe)
        await pilot.press("pageup", "pageup")
        assert lab.screen.player.recipe == Recipe.parse(presets()[0].recipe)


async def test_a_presenter_s_keys_step_whatever_has_the_focus(lab):
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        for number, pane in enumerate((lab.screen.settings, lab.screen.network, lab.screen.charts)):
            pane.focus()
            await pilot.press("pagedown")
            assert lab.screen.player.recipe == Recipe.parse(presets()[number].recipe)


async def test_the_arrows_beside_the_note_are_for_the_mouse(lab):
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await pilot.press("ctrl+n")
        await pilot.pause(0.2)
        column = lab.text.splitlines()[1].index("›")
        await pilot.click(offset=(column, 1))
        assert lab.screen.player.recipe == Recipe.parse(presets()[1].recipe)


async def test_a_teacher_s_presets_take_the_place_of_dlterm_s(taught):
    async with taught.app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        assert "1/2" in taught.text
        assert "Who sees what it cannot do?" in taught.text
        await pilot.press("ctrl+n")
        await pilot.pause(0.2)
        assert "A bend. Now with four neurons." in taught.text
        assert taught.screen.player.recipe == Recipe.parse("xor?hidden=4")
        await pilot.press("escape")
        await pilot.pause(0.2)
        assert "A bend" not in taught.text
        await pilot.press("ctrl+n")
        assert taught.screen.player.recipe == Recipe.parse("xor?hidden=")
        titles = [command.title for command in taught.app.get_system_commands(taught.screen)]
        assert [title for title in titles if title.startswith("Preset:")] == [
            "Preset: A line",
            "Preset: A bend",
        ]


async def test_a_teacher_s_first_preset_waits_for_the_guess_of_the_class_and_later_ones_go_on_as_set(taught):
    async with taught.app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        assert ("play",) not in taught.session.told
        assert "‖ space to train" in taught.text
        await pilot.press("ctrl+n")
        assert ("play",) not in taught.session.told
        await pilot.press("space")
        await pilot.pause(0.2)
        assert taught.session.told[-1] == ("play",)
        assert "to train" not in taught.text
        await pilot.press("ctrl+n")
        assert taught.session.told[-1] == ("begin", Recipe.parse(OWN[0].recipe))
        assert taught.screen.player.playing


async def test_the_lesson_of_a_preset_is_read_beside_the_lab(taught):
    async with taught.app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await pilot.press("I")
        await pilot.pause(0.2)
        assert taught.app.beside.place == "reading:neuron"
        assert lessons()["neuron"].head.title in taught.text
        assert "do you go swimming?" in " ".join(taught.text.split()) or "swimming" in taught.text
        await pilot.press("pagedown")
        await pilot.pause(0.3)
        assert "The neuron" not in taught.text, "its keys scroll it"
        await pilot.press("l", "tab", "down")
        await pilot.pause(0.2)
        assert taught.app.beside.place == "reading:neuron", "it stays while one tries what it says"
        assert taught.screen.player.recipe.lr == 0.01
        await pilot.press("I")
        await pilot.pause(0.2)
        assert not taught.screen.card.display


async def test_the_lesson_of_a_setting_is_the_one_that_is_about_it(lab):
    async with lab.app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        while lab.screen.settings.chosen.id != "lr":
            await pilot.press("down")
        await pilot.press("I")
        await pilot.pause(0.2)
        assert lab.app.beside.place == f"reading:{lesson_about('learning-rate')}"
        assert lab.screen.card.display


@pytest.mark.parametrize("lesson", lessons())
def test_every_lesson_can_be_read_on_a_card(lesson):
    from dlterm.tui.cards import card

    text = card(f"reading:{lesson}").plain
    assert lessons()[lesson].head.title in text
    assert "](" not in text
    assert "[^" not in text


def test_a_preset_of_dlterm_names_a_lesson_that_there_is():
    assert {preset.lesson for preset in presets() if preset.lesson} <= lessons().keys()
