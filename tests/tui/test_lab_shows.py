"""What the lab shows as its session and its terminal change."""

from __future__ import annotations

import pytest

from dlterm.training.recipe import Recipe
from dlterm.tui.widgets.banner import Banner
from tests.tui.support import Lab, settled, snapshot

SIZE = (120, 40)


async def test_training_begins_by_itself_and_a_line_says_which_key_does_what(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert [command[0] for command in lab.session.told[:3]] == ["start", "pace", "play"]
        assert "space Play/pause s Step" in lab.text.rpartition("\n")[2]


async def test_the_field_is_asked_for_in_the_size_it_is_drawn_in(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        width, height = lab.screen.output.raster.size
        assert ("look", width, 2 * height) in lab.session.told


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (99, 31), (120, 40), (200, 60), (400, 120)])
async def test_every_size_has_all_panes(lab, size):
    async with lab.app.run_test(size=size) as pilot:
        await settled(pilot)
        charts = "Charts" if size[0] < 80 else "Loss"
        for title in ("Network", "Output", charts, "Settings", "epoch 60", "60 epochs/s"):
            assert title in lab.text


@pytest.mark.parametrize(
    ("size", "named"),
    [
        ((80, 24), "Output  ■ 0  ■ 1"),  # no room
        ((120, 40), "Output  the length … → the width o… ↑"),
        ((200, 60), "Output  the length of a petal → the width of all of the… ↑"),
    ],
)
async def test_the_axes_of_ones_own_data_are_named_where_there_is_room(lab, size, named):
    async with lab.app.run_test(size=size) as pilot:
        await settled(pilot)
        assert "→" not in lab.text.split("\n")[1]  # those of a generated set are no names
        lab.publish(axes=("the length of a petal", "the width of all of them together"))
        await settled(pilot)
        assert named in lab.text
        lab.publish(axes=("age",))
        await settled(pilot)
        assert "Output  age →" in lab.text


@pytest.mark.parametrize("size", [(59, 30), (100, 19), (20, 5), (1, 1)])
async def test_a_terminal_too_small_gets_a_message_or_at_least_no_error(lab, size):
    async with lab.app.run_test(size=size) as pilot:
        await pilot.pause(0.1)
        if size[0] > 20:
            assert "dlterm needs 60 x 20" in lab.text
        await pilot.resize_terminal(*SIZE)
        await settled(pilot)
        assert "Network" in lab.text


async def test_any_row_of_resizes_is_survived(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        for size in [(80, 24), (1, 1), (300, 12), (61, 100), (40, 40), (500, 200), SIZE]:
            await pilot.resize_terminal(*size)
            await pilot.pause(0.05)
        await settled(pilot)
        assert "Network" in lab.text


@pytest.mark.parametrize(("status", "advice"), [("diverged", "press r"), ("failed", "press d")])
async def test_what_went_wrong_is_said_with_what_to_do(lab, status, advice):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        lab.publish(status=status, message="at step 7: the loss is not finite")
        await pilot.pause(0.1)
        assert "at step 7" in lab.text
        assert advice in lab.text
        assert status in lab.text
        assert lab.screen.query_one(Banner).has_class("-alarming")


async def test_compiling_is_reported_before_there_is_any_picture(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        lab.publish(status="compiling", message="compiling kernel 3 of 7", field=None, metrics=None)
        await pilot.pause(0.1)
        assert "compiling kernel 3 of 7" in lab.text


async def test_a_file_s_name_and_columns_cannot_command_the_terminal():
    evil = "\x1b]0;gone\x07\x1b[2Jdata.csv"
    lab = Lab(Recipe(data=evil))
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        lab.publish(
            features=(evil, evil), axes=(evil, evil), classes=(evil, "b"), message=evil, status="failed"
        )
        await pilot.press("y")
        await pilot.pause(0.2)
        assert "\x1b" not in lab.text
        assert "\x07" not in lab.text


async def test_brackets_in_names_are_no_markup():
    lab = Lab(Recipe(data="[/bold][red]x.csv"))
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        lab.publish(
            features=("[/]", "[b"), classes=("[/x]", "[@click=app.quit]"), status="failed", message="[/]"
        )
        await pilot.press("y")
        await pilot.pause(0.2)
        assert "[@click=app.quit]" in lab.text


async def test_without_colours_classes_are_told_apart_by_letters(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    lab = Lab()
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        output = lab.screen.output.raster.frame
        assert {"o", "x", "O", "X"} <= set(str(output))


@pytest.mark.parametrize("hidden", [(), (1,), (8,) * 8, (64, 2)])
async def test_any_network_is_drawn(hidden):
    lab = Lab(Recipe(hidden=hidden))
    async with lab.app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert lab.screen.network.raster.frame is not None
        assert f"{snapshot(Recipe(hidden=hidden)).parameters:,} parameters" in lab.text
