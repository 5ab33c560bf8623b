"""The race's player: it answers at once, races level, and what is refused changes nothing."""

from __future__ import annotations

import sys
import time

import pytest

from dlterm.training.recipe import Recipe
from dlterm.tui.race_player import RacePlayer

MOONS = Recipe(data="moons", noise=0.5)


@pytest.fixture
def play():
    players = []

    def begin(*lines, base=MOONS):
        players.append(RacePlayer(base, lines))
        players[-1].start()
        return players[-1]

    yield begin
    for player in players:
        player.close()


def until(what, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return
        time.sleep(0.01)
    raise AssertionError("it never came")


def epochs(player):
    return [standing.epochs for standing in player.newest.standings] if player.newest else [0.0]


def test_it_races_as_soon_as_it_is_started_and_stands_while_it_is_paused(play):
    player = play("lr=0.001", "lr=0.1")
    until(lambda: min(epochs(player)) > 2)
    assert player.status == "running"
    player.toggle()
    until(lambda: player.status == "paused")
    stood = epochs(player)
    time.sleep(0.2)
    assert epochs(player) == stood
    player.toggle()
    until(lambda: min(epochs(player)) > stood[0] + 1)


def test_a_faster_pace_trains_more_epochs(play):
    player = play("lr=0.001", "lr=0.1")
    until(lambda: player.newest)
    for _ in range(9):
        player.faster(1)
    assert player.pace.name == "flat out"
    until(lambda: min(epochs(player)) > 300)
    for _ in range(9):
        player.faster(-1)
    assert player.pace.name == "1 epoch/s"


def test_others_race_when_they_are_asked_for_and_the_last_that_were_asked_for_stay(play):
    player = play("lr=0.001", "lr=0.1")
    for lines in (("hidden=4", "hidden=8"), ("batch=1", "batch=50", "optimizer=sgd"), ("l2=0", "l2=0.1")):
        player.run(lines)
    until(lambda: player.newest and [each.name for each in player.newest.standings] == ["l2=0.0", "l2=0.1"])
    assert player.lines == ("l2=0", "l2=0.1")


def test_what_is_refused_is_told_and_the_race_goes_on(play):
    player = play("lr=0.001", "lr=0.1")
    until(lambda: player.newest)
    player.run(("lr=0.001", "noise=0.9"))
    until(lambda: player.refusal)
    assert "differ in their data" in player.refusal
    assert player.lines == ("lr=0.001", "lr=0.1")
    before = epochs(player)[0]
    until(lambda: epochs(player)[0] > before)


def test_without_scikit_learn_it_says_what_to_install(play, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    player = play("", "lr=0.1")
    until(lambda: player.newest)
    player.run(("", "svm"))
    until(lambda: player.refusal)
    assert "pip install scikit-learn" in player.refusal


def test_a_first_race_that_is_refused_can_be_followed_by_another(play):
    player = play("lr=0.1", "svn")
    until(lambda: player.status == "failed")
    assert 'no setting "svn"' in player.message
    player.run(("lr=0.1", ""))
    until(lambda: player.newest)
    assert player.message == ""


def test_classic_models_are_trained_and_drawn_while_nothing_else_is_to_be_done(play):
    player = play("knn", "tree")
    until(lambda: player.newest and all(each.field is not None for each in player.newest.standings))
    assert player.status == "over"


def test_reset_begins_again_and_another_seed_is_one_for_all(play):
    player = play("lr=0.001", "lr=0.1")
    until(lambda: min(epochs(player)) > 3)
    player.toggle()
    player.reset()
    until(lambda: epochs(player) == [0, 0])
    player.reseed()
    until(lambda: {each.recipe.seed for each in player.newest.standings} == {1})


def test_another_size_is_asked_for_once(play):
    player = play("lr=0.001", "lr=0.1")
    player.toggle()
    player.look(7, 9)
    until(lambda: player.newest and player.newest.standings[0].field.shape == (1, 9, 7))
    number = player.newest.number
    for _ in range(20):
        player.look(7, 9)
        time.sleep(0.01)
    assert player.newest.number == number


def test_it_ends_while_it_loads_trains_or_never_began(play):
    RacePlayer(MOONS, ("", "lr=1")).close()
    player = play("", "forest")
    player.close()
    until(lambda: not player._thread.is_alive())


def test_a_defect_is_told_rather_than_frozen(play, monkeypatch):
    def broken(*_arguments, **_options):
        raise ZeroDivisionError("a defect")

    monkeypatch.setattr("dlterm.training.race.Race", broken)
    monkeypatch.setattr("threading.excepthook", lambda _: None)
    player = play("", "lr=0.1")
    until(lambda: player.status == "failed")
    assert player.message == "ZeroDivisionError: a defect"
