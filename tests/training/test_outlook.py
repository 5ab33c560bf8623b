"""The landscape around a run: surveyed while it trains, through the weights of the moment, with the way to it."""

from __future__ import annotations

import time
from itertools import pairwise

import numpy as np
import pytest

from dlterm.training.changes import Become, Begin, Edit
from dlterm.training.outlook import Outlook
from dlterm.training.recipe import Recipe
from dlterm.training.run import Run
from dlterm.training.session import Session
from dlterm.training.snapshot import Landscape, Wish
from dlterm.training.surgery import NOTHING
from dlterm.training.weight_plane import flat

SMALL = Recipe(data="moons", hidden=(3,), count=80)
SECONDS = 30.0


def begun(recipe: Recipe = SMALL, chunks: int = 10) -> Run:
    run = Run()
    run.do(Begin(recipe))
    walk(run, chunks)
    return run


def walk(run: Run, chunks: int = 10) -> None:
    for _ in range(chunks):
        run.advance(7)


def weights_of_path(run: Run) -> list[bytes]:
    return [run.learner.weights_at(moment).tobytes() for moment in run.path()]


def awaited(outlook: Outlook, run: Run, known: float = 1.0) -> Landscape:
    """The landscape around where the run is, once so much of it is known."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        found = outlook.of(run)
        if found and found.surface.known >= known and not (found.here - found.path[-1]).any():
            return found
        time.sleep(0.005)
    raise AssertionError("no landscape came")


# --- the path -------------------------------------------------------------------------------------------------------


def test_the_path_goes_through_the_weights_that_the_run_had() -> None:
    run, had = Run(), []
    run.do(Begin(SMALL))
    for _ in range(11):
        had.append(flat(run.learner.weights()).astype(np.float32).tobytes())
        run.advance(7)
    had.append(flat(run.learner.weights()).astype(np.float32).tobytes())
    assert weights_of_path(run) == had[:-1]  # the last is where it stands


def test_a_network_of_another_shape_begins_a_path_and_another_optimiser_does_not() -> None:
    run = begun()
    before = weights_of_path(run)
    for recipe in (SMALL.with_(lr=0.1), SMALL.with_(optimizer="sgd", batch=5, dropout=0.1)):
        run.do(Become(recipe, NOTHING))
        walk(run, 3)
        found = weights_of_path(run)
        assert found[: len(before)] == before
        assert len(found) > len(before) + 1
        before = found
    run.do(Become(SMALL.with_(hidden=(4,)), NOTHING))
    assert weights_of_path(run) == []
    walk(run, 3)
    assert len(weights_of_path(run)) == 3


def test_to_begin_again_or_to_take_other_data_begins_a_path() -> None:
    run = begun()
    for change in (Begin(SMALL), Become(SMALL.with_(noise=0.3), NOTHING)):
        run.do(change)
        assert weights_of_path(run) == []
        walk(run, 2)
        assert weights_of_path(run)


def test_an_edited_weight_is_a_step_of_the_path() -> None:
    run = begun()
    before = weights_of_path(run)
    run.do(Edit(("hidden1", 0, 0), 5.0))
    walk(run, 2)
    assert weights_of_path(run)[: len(before)] == before


def test_in_the_past_and_on_a_branch_the_path_is_that_of_the_moment() -> None:
    run = begun()
    first = weights_of_path(run)
    run.seek(35)
    while run.replay(100):
        pass
    assert weights_of_path(run) == first[:5]
    run.do(Become(SMALL.with_(lr=0.5), NOTHING))
    walk(run, 4)
    assert weights_of_path(run)[:5] == first[:5]
    assert not set(weights_of_path(run)[7:]) & set(first)


# --- the landscape --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("directions", ["principal", "random"])
def test_the_path_ends_where_the_run_is_and_there_is_its_loss(directions: str) -> None:
    run, outlook = begun(), Outlook(lambda: None)
    outlook.look(Wish(directions, 3))  # type: ignore[arg-type]
    found = awaited(outlook, run)
    outlook.close()
    surface = found.surface
    x, y = surface.coordinates()
    at = np.abs(y - found.here[1]).argmin(), np.abs(x - found.here[0]).argmin()
    loss = run.learner.evaluate().train_loss
    around = surface.losses[max(0, at[0] - 1) : at[0] + 2, max(0, at[1] - 1) : at[1] + 2]
    assert around.min() <= loss <= around.max()
    assert len(found.path) == 11
    assert 0 <= found.shown <= 1 + 1e-9


def test_the_runs_own_directions_show_more_of_its_path_than_random_ones() -> None:
    run, outlook = begun(chunks=40), Outlook(lambda: None)
    shares = []
    for wish in (Wish("principal"), Wish("random", 1)):
        outlook.look(wish)
        while awaited(outlook, run).wish != wish:
            pass
        shares.append(awaited(outlook, run).shown)
    outlook.close()
    assert shares[0] > 0.8
    assert shares[0] > shares[1]


def test_to_survey_changes_nothing_of_the_run() -> None:
    watched, alone = begun(), begun()
    outlook = Outlook(lambda: None)
    outlook.look(Wish())
    for _ in range(20):
        outlook.of(watched)
        walk(watched, 1)
        walk(alone, 1)
    outlook.close()
    assert flat(watched.learner.weights()).tobytes() == flat(alone.learner.weights()).tobytes()


def test_while_the_run_moves_on_it_is_seen_moving_and_then_surveyed_anew() -> None:
    run, outlook = begun(chunks=40), Outlook(lambda: None)
    outlook.look(Wish())
    first = awaited(outlook, run)
    walk(run, 5)
    moved = outlook.of(run)
    assert moved is not None
    assert moved.surface is first.surface
    assert (moved.here != first.here).any()
    second = awaited(outlook, run)
    outlook.close()
    assert second.surface is not first.surface
    assert len(second.path) > len(first.path)


def test_no_coarse_picture_takes_the_place_of_a_fine_one_of_the_same_plane() -> None:
    run, outlook = begun(Recipe(data="moons", count=3000), chunks=4), Outlook(lambda: None)
    outlook.look(Wish())
    seen = [awaited(outlook, run).surface.known]
    for _ in range(3):
        walk(run, 1)
        seen.append(awaited(outlook, run, 0.0).surface.known)
    outlook.close()
    assert set(seen) == {1.0}


def test_a_network_of_another_shape_is_never_seen_on_the_plane_of_the_one_before() -> None:
    run, outlook = begun(), Outlook(lambda: None)
    outlook.look(Wish())
    awaited(outlook, run)
    run.do(Become(SMALL.with_(hidden=(4,)), NOTHING))
    found = outlook.of(run)
    assert found is None or len(found.surface.plane.origin) == run.learner.parameters
    assert len(awaited(outlook, run).surface.plane.origin) == run.learner.parameters
    outlook.close()


def test_a_session_shows_the_landscape_while_it_trains_and_finishes_it_when_paused() -> None:
    shown = []
    session = Session(SMALL, shown.append)
    session.start()
    session.survey(Wish("random", 1))
    session.play()
    _until(lambda: shown and shown[-1].landscape and shown[-1].status == "running" and shown[-1].step > 50)
    session.pause()
    _until(lambda: shown[-1].status == "paused" and _is_around(shown[-1]))
    assert len({snapshot.at for snapshot in shown[-2:]}) == 1
    session.survey(None)
    _until(lambda: shown[-1].landscape is None)
    session.close()
    assert all(one.number < other.number for one, other in pairwise(shown))


def _is_around(snapshot) -> bool:
    found = snapshot.landscape
    return found is not None and found.surface.known == 1 and not (found.here - found.path[-1]).any()


def _until(holds) -> None:
    until = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.005)
