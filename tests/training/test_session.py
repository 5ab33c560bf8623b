from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dlterm.training.recipe import Recipe
from dlterm.training.run import Run
from dlterm.training.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dlterm.training.snapshot import Snapshot


class Screen:
    """Collects snapshots, and waits for one."""

    def __init__(self) -> None:
        self.snapshots: list[Snapshot] = []
        self._changed = threading.Condition()

    def publish(self, snapshot: Snapshot) -> None:
        with self._changed:
            self.snapshots.append(snapshot)
            self._changed.notify_all()

    def until(self, wanted: Callable[[Snapshot], bool], after: int = 0) -> Snapshot:
        with self._changed:
            found = lambda: next((s for s in self.snapshots if s.number > after and wanted(s)), None)  # noqa: E731
            assert self._changed.wait_for(lambda: found() is not None, timeout=60)
            snapshot = found()
            assert snapshot is not None
            return snapshot


@pytest.fixture
def screen() -> Screen:
    return Screen()


@pytest.fixture
def session(screen: Screen) -> Iterator[Session]:
    session = Session(Recipe(hidden=(4,), count=100), screen.publish, field_size=(20, 10))
    session.start()
    yield session
    session.close()


def test_it_waits_until_it_is_played(session: Session, screen: Screen) -> None:
    ready = screen.until(lambda s: s.status == "paused")
    assert ready.step == 0
    assert ready.field is not None
    assert ready.field.shape == (1, 10, 20)
    assert [layer.shape[0] for layer in ready.maps] == [2, 4, 1]
    session.play()
    assert screen.until(lambda s: s.status == "running" and s.epoch > 5).curves is not None


def test_it_publishes_at_most_forty_snapshots_a_second(session: Session, screen: Screen) -> None:
    session.play()
    first = screen.until(lambda s: s.status == "running" and s.step > 0)
    begun = time.perf_counter()
    last = screen.until(lambda s: s.number >= first.number + 20)
    assert last.number - first.number <= 40 * (time.perf_counter() - begun) + 2


def test_steps_and_epochs_are_exact(session: Session, screen: Screen) -> None:
    screen.until(lambda s: s.status == "paused")
    session.step(3)
    assert screen.until(lambda s: s.step > 0).step == 3
    session.epoch()
    assert screen.until(lambda s: s.epoch > 0).step == 8  # 75 examples, 10 a batch
    session.epoch()
    assert screen.until(lambda s: s.epoch == 2).step == 16


def test_reset_begins_again_from_the_same_weights(session: Session, screen: Screen) -> None:
    first = screen.until(lambda s: s.status == "paused")
    session.step(10)
    moved = screen.until(lambda s: s.step == 10)
    session.reset()
    again = screen.until(lambda s: s.step == 0, after=moved.number)
    assert np.array_equal(first.weights[0], again.weights[0])
    assert not np.array_equal(first.weights[0], moved.weights[0])
    assert again.curves is not None
    assert len(again.curves.epochs) == 1
    session.reset(seed=9)
    other = screen.until(lambda s: s.recipe.seed == 9 and s.field is not None, after=again.number)
    assert not np.array_equal(first.weights[0], other.weights[0])


def test_a_live_change_goes_on_with_the_same_network(session: Session, screen: Screen) -> None:
    screen.until(lambda s: s.status == "paused")
    session.step(10)
    session.tune(lr=0.5)
    tuned = screen.until(lambda s: s.recipe.lr == 0.5)
    assert tuned.step == 10


def test_another_network_is_trained_on(session: Session, screen: Screen) -> None:
    session.play()
    screen.until(lambda s: s.epoch > 5)
    session.change(Recipe(hidden=(4, 3), count=100))
    deeper = screen.until(lambda s: len(s.weights) == 3 and s.status == "running")
    assert deeper.epoch > 5
    session.change(Recipe(data="hills", hidden=(4, 3), count=100))
    other = screen.until(lambda s: s.task == "regression" and s.field is not None)
    assert other.points is not None


def test_divergence_is_told_and_a_reset_helps(session: Session, screen: Screen) -> None:
    screen.until(lambda s: s.status == "paused")
    session.change(Recipe(data="hills", activation="relu", optimizer="sgd", lr=1000.0, hidden=(8, 8)))
    session.play()
    stopped = screen.until(lambda s: s.status == "diverged")
    assert "step" in stopped.message
    session.change(stopped.recipe.with_(lr=0.01))
    session.reset()
    session.play()
    screen.until(lambda s: s.status == "running" and s.step > 0, after=stopped.number)


def test_data_that_is_not_there_is_told_and_another_set_helps(session: Session, screen: Screen) -> None:
    screen.until(lambda s: s.status == "paused")
    session.change(Recipe(data="nothing.csv"))
    told = screen.until(lambda s: s.refused is not None)
    assert "nothing.csv" in told.message
    session.change(Recipe(data="xor", hidden=(4,), count=100))
    found = screen.until(lambda s: s.recipe.data == "xor" and s.field is not None)
    assert (found.refused, found.message) == (None, "")


@pytest.mark.parametrize("how", ["change", "begin"])
def test_what_is_refused_leaves_all_as_it_was(session: Session, screen: Screen, how: str) -> None:
    session.change(Recipe(count=100, lr=0.01))
    session.play()
    before = screen.until(lambda s: s.step > 100 and s.undoable == 1)
    getattr(session, how)(Recipe(data="nothing.csv"))
    told = screen.until(lambda s: s.refused is not None and s.step > before.step)
    assert told.refused == Recipe(data="nothing.csv")
    assert (told.status, told.recipe, told.undoable) == ("running", before.recipe, 1)
    session.pause()
    paused = screen.until(lambda s: s.status == "paused" and s.step >= told.step)
    assert (paused.refused, paused.message) == (None, "")


def test_another_recipe_is_begun_in_one_change(session: Session, screen: Screen) -> None:
    session.begin(Recipe(data="xor", hidden=(4,), count=100))
    begun = screen.until(lambda s: s.recipe.data == "xor")
    assert (begun.undoable, begun.step) == (1, 0)
    session.undo()
    screen.until(lambda s: s.recipe.data != "xor", after=begun.number)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_after_a_bug_what_is_asked_for_next_is_done(session: Session, screen: Screen, monkeypatch) -> None:
    ready = screen.until(lambda s: s.status == "paused")
    with monkeypatch.context() as patched:
        patched.setattr(Run, "advance", lambda *_: 1 / 0)
        session.play()
        failed = screen.until(lambda s: s.status == "failed")
    assert "ZeroDivisionError" in failed.message
    session.begin(ready.recipe)
    session.play()
    screen.until(lambda s: s.status == "running" and s.step > 0, after=failed.number)


def test_what_diverged_stays_so_until_something_changes(session: Session, screen: Screen) -> None:
    session.change(Recipe(data="hills", activation="relu", optimizer="sgd", lr=1000.0, hidden=(8, 8)))
    session.play()
    stopped = screen.until(lambda s: s.status == "diverged")
    session.pause()
    session.step()
    again = screen.until(lambda s: s.number > stopped.number)
    assert (again.status, again.step) == ("diverged", stopped.step)


def test_a_heavier_network_is_not_trained_in_the_steps_of_a_light_one(
    session: Session, screen: Screen
) -> None:
    session.change(Recipe(hidden=(), count=100, batch=1))
    session.play()
    light = screen.until(lambda s: s.step > 20_000)
    session.change(Recipe(hidden=(16,) * 8, count=5000, batch=1000))
    heavy = screen.until(lambda s: s.step > 0 and len(s.recipe.hidden) == 8, after=light.number)
    assert heavy.step < 5000  # the light one's were 20,000 or more


def test_closing_stops_the_thread_whatever_waits(session: Session, screen: Screen) -> None:
    session.play()
    screen.until(lambda s: s.step > 0)
    for _ in range(100):
        session.tune(lr=0.01)
    session.close()
    count = len(screen.snapshots)
    time.sleep(0.1)
    assert len(screen.snapshots) == count


def test_norms_of_hidden_layers_are_not_taken_for_layers(screen: Screen) -> None:
    session = Session(Recipe(hidden=(4, 3), norm="batch", count=100), screen.publish, field_size=(20, 10))
    session.start()
    ready = screen.until(lambda s: s.status == "paused")
    session.close()
    assert [weight.shape for weight in ready.weights] == [(4, 2), (3, 4), (1, 3)]
    assert [bias.shape for bias in ready.biases] == [(4,), (3,), (1,)]


def test_what_has_no_picture_is_refused_in_one_line(screen: Screen) -> None:
    session = Session(Recipe(data="digits", model="cnn"), screen.publish, field_size=(20, 10))
    session.start()
    failed = screen.until(lambda s: s.status == "failed")
    session.close()
    assert "a cnn trains without a screen" in failed.message
    assert "dlterm train 'digits?model=cnn'" in failed.message
