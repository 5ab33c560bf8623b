"""A run of another process, followed and watched: what is shown is what is written; looking writes nothing."""

from __future__ import annotations

import json
import shutil
import time
from datetime import UTC, datetime

import numpy as np
import pytest

from dlterm.training.following import Follower
from dlterm.training.learner import Learner
from dlterm.training.progress import Progress
from dlterm.training.recipe import Recipe
from dlterm.training.run_directory import CHECKPOINT, CONFIG, METRICS, RunDirectory
from dlterm.training.watching import Watching

RECIPE = Recipe.parse("xor?count=100&hidden=3&epochs=50")


@pytest.fixture
def run(tmp_path):
    with RunDirectory.create(tmp_path / "run", RECIPE, created=datetime.now(UTC)) as open_run:
        yield open_run


@pytest.fixture
def watch(run):
    watching = []

    def begin(recipe=RECIPE):
        seen = []
        watching.append(Watching(run.path, recipe, seen.append))
        watching[-1].start()
        return seen, watching[-1]

    yield begin
    for each in watching:
        each.close()


def until(happened, seconds=20):
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.01)


def row(epoch, **other):
    return {
        "epoch": epoch,
        "step": 8 * epoch,
        "train_loss": 1 / epoch,
        "test_loss": None,
        "seconds": 0.1 * epoch,
        **other,
    }


# --- following ------------------------------------------------------------------------------------------------------


def test_every_row_is_told_once_as_it_comes(run):
    follower = Follower(run.path)
    assert follower.look().rows == []
    for epoch in (1, 2, 3):
        run.add_metrics(row(epoch))
        assert [found["epoch"] for found in follower.look().rows] == [epoch]
    assert follower.look().rows == []


def test_a_row_that_is_half_written_is_told_when_it_is_whole(run):
    follower, whole = Follower(run.path), json.dumps(row(1)).encode() + b"\n"
    with (run.path / METRICS).open("ab", buffering=0) as file:
        file.write(whole[:20])
        assert follower.look().rows == []
        file.write(whole[20:])
    assert follower.look().rows == [row(1)]


def test_the_lock_tells_whether_it_runs(run):
    follower = Follower(run.path)
    assert follower.look().status == "running"
    run.__exit__()
    assert follower.look().status == "interrupted"
    shutil.rmtree(run.path)
    assert follower.look().status == "deleted"


def test_a_run_that_goes_on_from_an_earlier_row_is_told_anew(run):
    follower = Follower(run.path)
    for epoch in (1, 2, 3):
        run.add_metrics(row(epoch))
    follower.look()
    run.__exit__()
    assert follower.look().status == "interrupted"
    with RunDirectory.reopen(run.path) as again:
        again.cut_metrics(1)
        for epoch in (2, 3, 4):
            again.add_metrics(row(epoch, train_loss=7.0))
        news = follower.look()
    assert news.anew
    assert [found["train_loss"] for found in news.rows] == [1.0, 7.0, 7.0, 7.0]


# --- watching -------------------------------------------------------------------------------------------------------


def test_the_network_shown_is_the_checkpoint_s_and_the_curves_go_on(run, watch):
    seen, _ = watch()
    learner = Learner(RECIPE)
    progress = Progress.of(learner)
    until(lambda: seen and seen[-1].snapshot.field is not None)
    assert "first weights" in seen[-1].snapshot.message
    first = seen[-1].snapshot.weights[0]
    np.testing.assert_array_equal(first, Learner(RECIPE).weights()["hidden1.weight"])
    learner.advance(80)
    run.write_checkpoint(*progress.checkpoint(learner))
    for epoch in range(1, 13):
        run.add_metrics(row(epoch))
    until(lambda: seen[-1].epoch == 12 and seen[-1].saved)
    watched, snapshot = seen[-1], seen[-1].snapshot
    np.testing.assert_array_equal(snapshot.weights[0], learner.weights()["hidden1.weight"])
    assert (snapshot.at, snapshot.latest, snapshot.epochs) == (80, 96, 10.0)
    assert snapshot.is_past, "the boundary is older than the newest row, and the curves mark where"
    assert snapshot.curves.train_loss.tolist() == [1 / epoch for epoch in range(1, 13)]
    assert watched.status == "running"
    assert watched.seconds_left == pytest.approx(3.8)
    assert snapshot.examples_per_second == pytest.approx(learner.examples / 0.1)


def test_looking_at_a_run_writes_nothing(run, watch):
    run.add_metrics(row(1))
    before = sorted((path.name, path.stat().st_mtime_ns) for path in run.path.iterdir())
    seen, _ = watch()
    until(lambda: seen and seen[-1].snapshot.field is not None)
    assert sorted((path.name, path.stat().st_mtime_ns) for path in run.path.iterdir()) == before


def test_one_example_is_seen_through_the_lens(run, watch):
    seen, watching = watch()
    until(lambda: seen and seen[-1].snapshot.field is not None)
    watching.inspect(True, 5)
    watching.look(20, 10)
    until(lambda: seen[-1].snapshot.lens is not None and seen[-1].snapshot.field.shape == (1, 10, 20))
    assert seen[-1].snapshot.lens.example.number == 5


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        (METRICS, b'{"epoch": "x"}\n', "damaged"),
        (METRICS, b'{"epoch": -1, "step": 3}\n', "damaged"),
        (CHECKPOINT, b"", "not a dlterm checkpoint, or damaged"),
        (CHECKPOINT, b"\xff" * 100, "not a dlterm checkpoint, or damaged"),
    ],
)
def test_what_is_damaged_is_told_and_the_rest_is_shown(run, watch, file, content, said):
    (run.path / file).write_bytes(content)
    seen, _ = watch()
    until(lambda: seen and any(said in watched.snapshot.message for watched in seen))
    run.add_metrics(row(2))
    until(lambda: seen[-1].epoch == 2 and seen[-1].snapshot.field is not None)
    assert said in seen[-1].snapshot.message


def test_of_a_network_without_a_picture_the_curves_are_shown(run, watch):
    run.add_metrics(row(1))
    seen, _ = watch(Recipe.parse("digits?model=cnn"))
    until(lambda: seen and "only the curves" in seen[-1].snapshot.message)
    assert seen[-1].snapshot.field is None
    assert len(seen[-1].snapshot.curves.epochs) == 1


def test_data_that_are_gone_leave_the_curves(run, watch, tmp_path):
    run.add_metrics(row(1))
    seen, _ = watch(Recipe(data=str(tmp_path / "gone.csv")))
    until(lambda: seen and "gone.csv" in seen[-1].snapshot.message)
    assert len(seen[-1].snapshot.curves.epochs) == 1


def test_a_run_deleted_while_it_is_watched_leaves_what_was_seen(run, watch):
    run.add_metrics(row(1))
    seen, _ = watch()
    until(lambda: seen and seen[-1].snapshot.field is not None)
    (run.path / CONFIG).unlink()
    until(lambda: seen[-1].status == "deleted")
    assert seen[-1].snapshot.field is not None
    assert seen[-1].epoch == 1
