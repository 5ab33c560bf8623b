"""A session's past, and its surgery, as a screen sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from dlterm.training.recipe import Recipe
from dlterm.training.session import Session
from tests.training.test_session import Screen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dlterm.training.snapshot import Snapshot

RECIPE = Recipe(hidden=(4,), count=100)


@pytest.fixture
def screen() -> Screen:
    return Screen()


@pytest.fixture
def session(screen: Screen) -> Iterator[Session]:
    session = Session(RECIPE, screen.publish, field_size=(20, 10))
    session.start()
    yield session
    session.close()


def same(one: Snapshot, other: Snapshot) -> bool:
    pairs = zip((*one.weights, *one.biases), (*other.weights, *other.biases), strict=True)
    assert one.field is not None
    assert other.field is not None
    return all(map(np.array_equal, *zip(*pairs, strict=True))) and np.array_equal(one.field, other.field)


def stepped(session: Session, screen: Screen, at: int) -> Snapshot:
    """The snapshot after steps up to `at`."""
    now = screen.until(lambda s: s.field is not None)
    now = max((s for s in screen.snapshots if s.field is not None), key=lambda s: s.number, default=now)
    session.step(at - now.at)
    return screen.until(lambda s: s.at == at, after=now.number)


def test_seeking_shows_the_past_at_once_and_then_to_the_bit(session: Session, screen: Screen) -> None:
    stepped(session, screen, 100)
    there = stepped(session, screen, 300)
    last = stepped(session, screen, 700)
    assert (last.at, last.latest, last.is_past, last.goal) == (700, 700, False, None)
    session.seek(300)
    first = screen.until(lambda s: s.is_past, after=last.number)
    assert first.status == "paused"
    exact = screen.until(lambda s: s.at == 300 and s.goal is None, after=last.number)
    assert same(exact, there)
    assert (exact.step, exact.latest, exact.is_past) == (300, 700, True)
    assert exact.curves is not None
    assert exact.curves.epochs[-1] == last.epochs
    session.seek(700)
    again = screen.until(lambda s: not s.is_past, after=exact.number)
    assert same(again, last)


def test_seeking_while_it_trains_pauses_it(session: Session, screen: Screen) -> None:
    session.play()
    running = screen.until(lambda s: s.step > 5_000)
    session.seek(1_234)
    past = screen.until(lambda s: s.at == 1_234, after=running.number)
    assert past.status == "paused"
    assert past.latest >= running.at


def test_the_newest_of_many_goals_is_reached(session: Session, screen: Screen) -> None:
    session.play()
    running = screen.until(lambda s: s.step > 20_000)
    for at in range(100, 19_000, 700):
        session.seek(at)
    session.seek(4_321)
    assert screen.until(lambda s: s.at == 4_321 and s.goal is None, after=running.number).is_past


def test_playing_from_the_past_shows_both_curves(session: Session, screen: Screen) -> None:
    stepped(session, screen, 100)
    last = stepped(session, screen, 400)
    session.seek(150)
    session.tune(lr=0.3)
    changed = screen.until(lambda s: s.recipe.lr == 0.3)
    assert (changed.at, changed.latest, changed.branch) == (150, 150, "run 2")
    session.play()
    running = screen.until(lambda s: s.at > 2000)
    (other,) = running.other_curves
    assert (other.name, other.latest) == ("run 1", 400)
    assert other.curves.epochs[-1] == last.epochs
    assert running.curves is not None
    assert running.curves.epochs[-1] == running.epochs > last.epochs
    assert (np.diff(running.curves.epochs) > 0).all()
    session.return_to("run 1")
    back = screen.until(lambda s: s.branch == "run 1" and s.goal is None, after=running.number)
    assert same(back, last)
    assert [branch.name for branch in back.other_curves] == ["run 2"]
    session.return_to("run 7")
    assert "run 7" in screen.until(lambda s: bool(s.message), after=back.number).message


def test_a_reset_can_be_gone_back_behind(session: Session, screen: Screen) -> None:
    before = stepped(session, screen, 50)
    session.reset()
    anew = screen.until(lambda s: s.step == 0, after=before.number)
    assert (anew.at, anew.latest) == (50, 50)
    session.step(20)
    later = screen.until(lambda s: s.step == 20, after=anew.number)
    session.seek(49)
    past = screen.until(lambda s: s.at == 49 and s.goal is None, after=later.number)
    assert past.step == 49
    session.undo()
    session.seek(10_000)
    assert screen.until(lambda s: s.at == 70, after=past.number).step == 20


def test_an_edit_shows_at_once_and_undo_restores_the_answer_to_the_bit(
    session: Session, screen: Screen
) -> None:
    before = stepped(session, screen, 50)
    session.edit_weight(1, 2, 0, 9.5)
    edited = screen.until(lambda s: s.number > before.number)
    assert edited.weights[0][2, 0] == 9.5
    assert edited.metrics != before.metrics
    session.edit_weight(2, 0, None, -3.0)
    bias = screen.until(lambda s: s.number > edited.number)
    assert bias.biases[1][0] == -3.0
    assert (bias.undoable, bias.redoable) == (2, 0)
    session.undo()
    session.undo()
    undone = screen.until(lambda s: s.undoable == 0, after=bias.number)
    assert same(undone, before)
    assert undone.redoable == 2
    session.redo()
    session.redo()
    assert same(screen.until(lambda s: s.redoable == 0, after=undone.number), bias)


def test_knocking_out_and_freezing_are_marked(session: Session, screen: Screen) -> None:
    first = stepped(session, screen, 50)
    session.knock_out(1, 3)
    session.freeze(1, 0)
    session.freeze_weight(2, 0, 1)
    marked = screen.until(lambda s: s.undoable == 3)
    assert marked.marks is not None
    assert marked.marks.knocked_out[0].tolist() == [False, False, False, True]
    assert marked.marks.frozen_weights[0].tolist() == [[True, True], *[[False, False]] * 3]
    assert marked.marks.frozen_biases[0].tolist() == [True, False, False, False]
    assert marked.marks.frozen_weights[1].tolist() == [[False, True, False, False]]
    assert not marked.maps[1][3].any()
    assert marked.steps_per_epoch == 8
    session.step(300)
    later = screen.until(lambda s: s.at == 350)
    assert np.array_equal(later.weights[0][0], first.weights[0][0])
    assert later.weights[1][0, 1] == first.weights[1][0, 1]
    assert not np.array_equal(later.weights[0][1], first.weights[0][1])
    session.knock_out(1, 3, on=False)
    session.freeze(1, 0, on=False)
    session.freeze_weight(2, 0, 1, on=False)
    free = screen.until(lambda s: s.undoable == 6)
    assert free.marks is not None
    assert not any(mask.any() for mask in (*free.marks.frozen_weights, *free.marks.knocked_out))
    session.freeze(1, 0)
    session.freeze_weight(1, 0, 1, on=False)
    but_one = screen.until(lambda s: s.undoable == 8)
    assert but_one.marks is not None
    assert but_one.marks.frozen_weights[0][0].tolist() == [True, False]
    assert but_one.marks.frozen_biases[0][0]


def test_what_there_is_not_is_refused_in_a_line_and_training_goes_on(
    session: Session, screen: Screen
) -> None:
    session.play()
    screen.until(lambda s: s.step > 0)
    for command in (
        lambda: session.knock_out(5, 0),
        lambda: session.knock_out(1, 4),
        lambda: session.freeze(0, 0),
        lambda: session.freeze_weight(1, 0, 2),
        lambda: session.edit_weight(1, 0, -1, 1.0),
        lambda: session.edit_weight(1, 0, 0, float("nan")),
    ):
        number = screen.snapshots[-1].number
        command()
        told = screen.until(lambda s, n=number: "no " in s.message or "cannot" in s.message, after=number)  # type: ignore[misc]
        assert told.status == "running"
        session.tune(lr=0.01 + number * 1e-9)
        screen.until(lambda s: not s.message, after=told.number)
    screen.until(lambda s: s.step > 1000 and s.undoable == 6)


def test_the_newest_moment_is_that_of_the_session_and_not_of_its_last_picture(
    session: Session, screen: Screen
) -> None:
    session.play()
    screen.until(lambda s: s.step > 1000)
    session.seek_end()
    stopped = screen.until(lambda s: s.status == "paused" and s.step > 1000)
    assert (stopped.at, stopped.goal) == (stopped.latest, None)


def test_epochs_are_found_whose_last_batch_is_smaller(session: Session, screen: Screen) -> None:
    session.change(Recipe(data="iris", batch=10))
    steps = 12  # of 112 examples
    for extra in range(steps):
        before = screen.until(lambda s: s.recipe.data == "iris" and s.status == "paused")
        session.reset()
        session.step(2 * steps + extra)
        there = screen.until(lambda s: s.step == 2 * steps + extra, after=screen.snapshots[-1].number - 1)  # noqa: B023
        begun = there.latest - there.step
        session.seek_epoch(-1)
        goal = begun + (2 * steps if extra else steps)
        screen.until(lambda s: s.at == goal and s.goal is None, after=there.number)  # noqa: B023
        session.seek_epoch(1)
        last = screen.until(lambda s: s.number > there.number and s.at > goal and s.goal is None)  # noqa: B023
        assert last.at == min(goal + steps, there.latest)
        assert before.steps_per_epoch == steps


def test_commands_before_anything_is_loaded_harm_nothing(screen: Screen) -> None:
    session = Session(Recipe(data="nothing.csv"), screen.publish)
    for command in (session.undo, session.redo, session.branch, lambda: session.seek(5)):
        command()
    session.freeze(1, 0)
    session.return_to("run 1")
    session.start()
    screen.until(lambda s: s.status == "failed")
    session.change(RECIPE)
    screen.until(lambda s: s.field is not None)
    session.close()


def test_after_divergence_one_can_go_back_and_on_with_a_smaller_rate(
    session: Session, screen: Screen
) -> None:
    screen.until(lambda s: s.status == "paused")
    wild = Recipe(data="hills", activation="relu", optimizer="sgd", lr=1000.0, hidden=(8, 8))
    session.change(wild)
    session.play()
    stopped = screen.until(lambda s: s.status == "diverged")
    session.seek(0)
    past = screen.until(lambda s: s.at == 0 and s.goal is None, after=stopped.number)
    assert past.status == "paused"
    session.tune(lr=0.01)
    session.play()
    assert screen.until(lambda s: s.at > 1000, after=past.number).status == "running"
