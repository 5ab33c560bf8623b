"""Travelling through a run on screen: the scrubber, branches, undo and redo."""

from __future__ import annotations

import pytest

from dlterm.training.recipe import Recipe
from dlterm.training.snapshot import Branch
from dlterm.tui.past import where
from dlterm.tui.widgets.scrubber import Scrubber
from tests.tui.support import Lab, settled, snapshot

SIZE = (120, 40)
EPOCH = 38  # steps of one, in the snapshots here


def in_the_past(lab, at=30 * EPOCH, **fields):
    lab.publish(status="paused", at=at, epoch=at // EPOCH, epochs=at / EPOCH, **fields)


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("left_parenthesis", ("seek_epoch", -1)),
        ("right_parenthesis", ("seek_epoch", 1)),
        ("left_curly_bracket", ("seek", 0)),
        ("right_curly_bracket", ("seek_end",)),
    ],
)
async def test_keys_go_through_time(lab, key, told):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press(key)
        assert lab.told == [told]
        assert not lab.screen.player.playing


async def test_in_the_past_the_title_and_the_scrubber_say_so(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert "past" not in lab.text
        in_the_past(lab)
        await pilot.pause(0.1)
        title, scrubber = lab.text.split("\n")[0], lab.text.split("\n")[-2]
        assert "past: play goes on from here as a branch" in title
        assert "‖ past" in title
        assert "epoch 30 of 60" in scrubber
        track = scrubber[scrubber.index("━") : scrubber.rindex("─") + 1]
        assert abs(track.index("●") - len(track) / 2) <= 1


async def test_a_click_and_a_drag_on_the_line_go_there(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        row = lab.text.split("\n")[-2]
        first, last = row.index("━"), row.index("●")
        await pilot.mouse_down(Scrubber, offset=(first, 0))
        assert lab.told == [("seek", 0)]
        await pilot.hover(Scrubber, offset=((first + last) // 2, 0))
        await pilot.hover(Scrubber, offset=(last + 9, 0))  # beyond the end is the end
        await pilot.mouse_up(Scrubber, offset=(last + 9, 0))
        await pilot.hover(Scrubber, offset=(first, 0))  # let go
        steps = [at for _, at in lab.told]
        assert len(steps) == 3
        assert abs(steps[1] / (60 * EPOCH) - 0.5) < 0.02
        assert steps[2] == 60 * EPOCH


async def test_while_the_line_is_held_it_stays_under_the_mouse(lab):
    async with lab.app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        row = lab.text.split("\n")[-2]
        middle = (row.index("━") + row.index("●")) // 2
        await pilot.mouse_down(Scrubber, offset=(middle, 0))
        in_the_past(lab)
        await pilot.pause(0.1)
        assert "epoch 30 of 60" not in lab.text.split("\n")[-2]
        await pilot.hover(Scrubber, offset=(middle + 1, 0))
        first, second = (at for _, at in lab.told)
        assert 0 < second - first < 2 * 60 * EPOCH / (row.index("●") - row.index("━"))
        await pilot.mouse_up(Scrubber, offset=(middle + 1, 0))
        await pilot.pause()
        assert "epoch 30 of 60" in lab.text.split("\n")[-2]


async def test_the_line_is_let_go_where_help_comes_over_it(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        column = lab.text.split("\n")[-2].index("━")
        await pilot.mouse_down(Scrubber, offset=(column, 0))
        await pilot.press("question_mark")
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
        lab.told.clear()
        count = len(lab.told)
        await pilot.hover(Scrubber, offset=(column + 5, 0))
        assert len(lab.told) == count


async def test_what_is_refused_is_told_and_the_settings_stay(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        before = lab.screen.player.recipe
        asked = Recipe(data="nothing.csv")
        lab.screen.open(str(asked))
        assert lab.screen.player.recipe == asked
        lab.publish(refused=asked, message="nothing.csv: there is no such file")
        await pilot.pause(0.1)
        assert lab.screen.player.recipe == before
        assert "there is no such file: all is as it was" in lab.text
        assert "nothing.csv" not in lab.text.split("\n")[0]


async def test_every_sign_beside_the_line_is_a_button(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        curves = lab.screen.player.newest.curves
        in_the_past(lab, undoable=2, redoable=1, branch="run 2", other_curves=(Branch("run 1", 3, curves),))
        await pilot.pause(0.1)
        row = lab.text.split("\n")[-2]
        for sign, told in (
            ("⇤", ("seek", 0)),
            ("‹", ("seek_epoch", -1)),
            ("›", ("seek_epoch", 1)),
            ("⇥", ("seek_end",)),
            ("run 2", ("return_to", "run 1")),
            ("↶", ("undo",)),
            ("↷", ("redo",)),
        ):
            await pilot.click(Scrubber, offset=(row.index(sign), 0))
            await pilot.pause()
            assert lab.told[-1] == told


async def test_below_24_rows_there_is_no_scrubber_and_its_keys_still_work(lab):
    async with lab.app.run_test(size=(80, 23)) as pilot:
        await settled(pilot)
        assert not lab.screen.scrubber.display
        await pilot.press("left_parenthesis")
        assert lab.told == [("seek_epoch", -1)]
        await pilot.resize_terminal(80, 24)
        await pilot.pause(0.1)
        assert lab.screen.scrubber.display


async def test_the_settings_and_the_recipe_are_those_of_the_moment(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("l", "left_parenthesis")
        in_the_past(lab, recipe=Recipe(lr=0.3))
        await pilot.pause(0.1)
        assert "spirals?lr=0.3" in lab.text
        assert "0.3" in lab.text.rpartition("learning rate")[2].partition("\n")[0]
        await pilot.press("l")
        assert lab.told[-1] == ("change", Recipe(lr=1.0))
        in_the_past(lab, recipe=Recipe(lr=0.3))  # from before the change
        await pilot.pause(0.1)
        assert lab.screen.player.recipe == Recipe(lr=1.0)


async def test_playing_from_the_past_is_told_to_the_session(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("left_parenthesis", "space")
        assert lab.told[-1] == ("play",)
        assert lab.screen.player.aim is None


async def test_branches_are_gone_around(lab):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press("J")
        assert lab.told == []
        assert any("no other branch" in note.message for note in lab.app._notifications)
        curves = lab.screen.player.newest.curves
        others = (Branch("run 1", 300, curves), Branch("run 3", 400, curves))
        lab.publish(branch="run 2", other_curves=others)
        await pilot.press("J")
        assert lab.told == [("return_to", "run 1")]


@pytest.mark.parametrize(("key", "word"), [("u", "undone"), ("U", "made again")])
async def test_what_was_undone_or_made_again_is_said(lab, key, word):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        lab.publish(undoable=1, redoable=1, recipe=Recipe(lr=0.03))
        await pilot.press(key)
        lab.publish(undoable=0, redoable=2, recipe=Recipe(lr=0.01))
        await pilot.pause(0.1)
        (note,) = lab.app._notifications
        assert (note.title, note.message) == (word, "learning rate 0.03 → 0.01")
        assert lab.screen.player.recipe == Recipe(lr=0.01)


@pytest.mark.parametrize("key", ["u", "U"])
async def test_where_there_is_nothing_to_undo_it_is_said(lab, key):
    async with lab.app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await pilot.press(key)
        assert lab.told == []
        assert any("nothing" in note.message for note in lab.app._notifications)


def test_a_run_that_has_not_begun_is_at_its_end():
    assert where(snapshot()).share == 1
    assert where(Lab().app and snapshot(), aim=0).share == 0
