"""A run of a session, kept as a run directory: it predicts the same, and goes on to the same bits."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from dlterm.atomic import free
from dlterm.cli.main import main
from dlterm.training.changes import Become, Begin
from dlterm.training.keeping import Standing, keep, new_run, proposed
from dlterm.training.learner import Learner
from dlterm.training.model_file import Model
from dlterm.training.recipe import Recipe
from dlterm.training.run import Run
from dlterm.training.run_directory import read_rows
from dlterm.training.run_info import describe
from dlterm.training.session import Session
from dlterm.training.surgery import NOTHING

NOW = datetime(2026, 5, 17, 10, 30, tzinfo=UTC)
RECIPE = Recipe(data="moons", noise=0.2, count=80, hidden=(4,), epochs=30, dropout=0.1)


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def run_of(recipe=RECIPE, steps=47):
    run = Run()
    run.do(Begin(recipe))
    for _ in range(5):
        run.note_metrics(run.learner.evaluate())
        run.advance(steps // 5)
    run.advance(steps % 5)
    run.note_metrics(run.learner.evaluate())
    return run


def standing(run, **more):
    return Standing(run.learner.apart(), run.curves(), 1000.0, **more)


def kept(run, path="runs/one", **more):
    now = standing(run, **more)
    with new_run(now.learner, NOW, Path(path)) as directory:
        keep(now, directory)
        return directory.path


def resume(path, *options):
    assert main(["train", "--resume", str(path), "-q", *options]) == 0
    return Model(path / "model.safetensors")


def weights(learner):
    return b"".join(array.tobytes() for array in learner.weights().values())


def test_what_is_kept_answers_as_the_network_did():
    run = run_of()
    inputs = run.learner.dataset.inputs[:20]
    model = Model(kept(run) / "model.safetensors")
    np.testing.assert_allclose(model.predict(inputs), run.learner.predict(inputs), atol=1e-6)


def test_a_run_kept_in_the_middle_of_an_epoch_goes_on_to_the_bits_of_one_that_was_never_kept():
    path = kept(run_of())
    found = resume(path)
    whole = Learner(RECIPE)
    whole.advance(RECIPE.epochs * whole.steps_per_epoch)
    inputs = whole.dataset.inputs
    assert found.predict(inputs).tobytes() == whole.predict(inputs).tobytes()
    assert describe(path).status == "finished"
    assert describe(path).epoch == 30


def test_a_run_that_has_had_its_epochs_is_finished_and_goes_on_with_more():
    path = kept(run_of(steps=400))
    assert describe(path).status == "finished"
    epoch = describe(path).epoch
    resume(path, "--epochs", str(epoch + 10))
    assert describe(path).epoch == epoch + 10


def test_its_rows_are_the_curves_and_name_epochs_under_way_as_fractions():
    run = run_of()
    rows = read_rows((kept(run) / "metrics.jsonl").read_bytes())
    curves = run.curves()
    assert [row["epoch"] for row in rows] == pytest.approx(curves.epochs.tolist(), abs=1e-3)
    assert [row["train_loss"] for row in rows] == curves.train_loss.tolist()
    assert rows[0]["epoch"] == 0
    assert isinstance(rows[0]["epoch"], int)
    assert rows[-1]["step"] == 47
    assert rows[-1]["seconds"] == pytest.approx(run.learner.examples_seen / 1000)


def test_after_another_batch_size_epochs_are_counted_as_they_would_have_been():
    run = run_of()
    run.do(Become(RECIPE.with_(batch=5), NOTHING))
    run.advance(3)
    path = kept(run)
    resume(path)
    rows = read_rows((path / "metrics.jsonl").read_bytes())
    assert rows[-1]["epoch"] == 30
    assert rows[-1]["step"] == 30 * 12


def test_a_unit_that_is_knocked_out_stays_so_in_what_is_kept_and_after_going_on():
    run = run_of()
    run.operate(run.learner.surgery.knock_out([("hidden1", 1)], on=True))
    inputs = run.learner.dataset.inputs[:20]
    expected = run.learner.predict(inputs)
    path = kept(run)
    np.testing.assert_allclose(Model(path / "model.safetensors").predict(inputs), expected, atol=1e-6)
    found = resume(path, "--epochs", str(run.learner.epoch))
    np.testing.assert_allclose(found.predict(inputs), expected, atol=1e-6)


def test_to_keep_a_run_changes_nothing_of_it():
    run = run_of()
    before = weights(run.learner)
    kept(run)
    assert weights(run.learner) == before
    assert run.learner.step == 47


def test_a_run_that_diverged_says_so():
    assert describe(kept(run_of(), diverged=True)).status == "diverged"


def test_no_name_is_taken_twice():
    Path("runs").mkdir()
    first = proposed("my data.csv", NOW)
    assert first.name == "20260517-103000-my-data"
    first.mkdir()
    assert proposed("my data.csv", NOW).name == "20260517-103000-my-data-2"
    Path("a.svg").touch()
    Path("a-2.svg").touch()
    assert free(Path("a.svg")) == Path("a-3.svg")


def test_a_session_hands_out_where_it_stands_while_it_trains_on():
    shown, taken = [], []
    session = Session(RECIPE, shown.append)
    session.start()
    session.step(47)
    session.stand(taken.append)
    session.step(5)
    session.stand(taken.append)
    _until(lambda: len(taken) == 2)
    session.close()
    assert [each.learner.step for each in taken] == [47, 52]
    assert taken[0].curves.epochs[-1] <= 47 / 6 + 1e-9
    assert taken[0].examples_per_second > 0
    alone = Learner(RECIPE)
    alone.advance(47)
    assert weights(taken[0].learner) == weights(alone)


def test_a_session_without_a_network_has_nothing_to_hand_out():
    taken = []
    session = Session(Recipe(data="nowhere.csv"), lambda _: None)
    session.start()
    session.stand(taken.append)
    _until(lambda: taken)
    session.close()
    assert taken == [None]


def _until(holds):
    until = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.005)
