from __future__ import annotations

import asyncio
import time
from dataclasses import replace

import pytest

from dlterm.training.pace import PACES
from dlterm.training.recipe import Recipe
from dlterm.training.session import Session
from dlterm.tui.player import Player
from tests.tui.support import FakeSession, snapshot


@pytest.fixture
def told():
    return []


@pytest.fixture
def player(told):
    def make(recipe, publish):
        session = FakeSession(recipe, publish)
        session.told = told
        return session

    player = Player(Recipe(), make)
    player.start()
    told.clear()
    return player


def test_it_plays_from_the_start(player):
    assert player.playing


def test_before_the_first_snapshot_it_is_loading():
    assert Player(Recipe(), FakeSession).status == "loading"


def test_toggle_pauses_and_plays(player, told):
    player.toggle()
    player.toggle()
    assert told == [("pause",), ("play",)]


@pytest.mark.parametrize("take", ["step", "epoch"])
def test_a_step_or_an_epoch_ends_playing(player, told, take):
    getattr(player, take)()
    assert told == [(take,)]
    assert not player.playing


def test_the_pace_stays_within_its_range(player, told):
    for _ in range(20):
        player.faster(1)
    assert player.pace == PACES[-1]
    for _ in range(20):
        player.faster(-1)
    assert player.pace == PACES[0]
    assert told[-1] == ("pace", PACES[0])


def test_a_reset_plays_on_only_where_the_user_wants_to_play(player, told):
    player.reset()
    assert told == [("reset",), ("play",)]
    player.toggle()
    told.clear()
    player.reset()
    assert told == [("reset",)]


def test_what_failed_is_tried_again_with_the_settings_that_are_shown(player, told):
    player.change(Recipe(data="xor"))
    player.newest = snapshot(status="failed")
    told.clear()
    player.reset()
    assert told == [("begin", Recipe(data="xor")), ("play",)]


def test_a_recipe_that_is_refused_is_not_shown_any_longer(player, told):
    player.change(Recipe(data="nowhere.csv"))
    player.session.publish(replace(snapshot(), refused=Recipe(data="elsewhere.csv")))
    assert not player.follow()
    player.session.publish(replace(snapshot(), refused=Recipe(data="nowhere.csv")))
    assert player.follow()
    assert player.recipe == Recipe()


@pytest.mark.parametrize("how", ["begin", "change"])
def test_what_a_session_refuses_is_still_told_while_the_old_recipe_trains_on(how):
    recipe = Recipe(hidden=(2,), count=100)
    player = Player(recipe, Session)
    player.start()
    until(lambda: player.status == "running")
    getattr(player, how)(Recipe(data="nothing.csv"))
    until(player.follow)
    number = player.newest.number
    until(lambda: player.newest.number > number + 5)
    player.close()
    assert player.recipe == recipe
    assert "nothing.csv" in player.newest.message
    assert player.status == "running"


def until(so):
    for _ in range(2000):
        if so():
            return
        time.sleep(0.01)
    raise AssertionError("it never came")


def test_a_change_that_is_not_made_yet_can_be_undone(player, told):
    assert not player.undo()
    player.change(Recipe(lr=0.001))
    told.clear()
    assert player.undo()
    assert told == [("undo",)]


async def test_who_no_longer_waits_for_the_run_is_not_answered(player):
    waiting = []
    player.session.stand = waiting.append
    asked = asyncio.ensure_future(player.stand())
    await asyncio.sleep(0)
    asked.cancel()
    await asyncio.sleep(0)
    waiting[0](None)


def test_a_new_seed_is_in_the_recipe_too(player, told):
    player.reseed()
    assert told[0] == ("reset", 1)
    assert player.recipe.seed == 1


def test_the_last_seed_is_followed_by_the_first():
    player = Player(Recipe(seed=2**32 - 1), FakeSession)
    player.reseed()
    assert player.recipe.seed == 0


def test_a_change_that_changes_nothing_is_not_sent(player, told):
    player.change(Recipe())
    assert told == []


def test_after_it_diverged_a_change_plays_on(player, told):
    player.newest = snapshot(status="diverged")
    player.change(Recipe(lr=0.001))
    assert told == [("change", Recipe(lr=0.001)), ("play",)]


def test_a_failed_change_is_not_played_over(player, told):
    player.change(Recipe(data="nowhere.csv"))
    assert ("play",) not in told
