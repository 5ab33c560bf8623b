import math

import pytest

from dlterm.cli.headless import Trainer
from dlterm.cli.signals import Stop
from dlterm.training.learner import Learner
from dlterm.training.progress import Progress
from dlterm.training.recipe import Recipe
from dlterm.training.rows import described
from dlterm.training.snapshot import Metrics


@pytest.fixture
def learner():
    """Of 75 training examples, so 8 steps an epoch."""
    return Learner(Recipe(data="xor", count=100, hidden=(2,)))


def test_training_is_cut_into_chunks_that_a_signal_can_come_between(learner, slowly):
    chunks = slowly(0.001)
    ticks = []
    list(
        Trainer(learner, Progress.of(learner), stop=Stop(), tick=lambda: ticks.append(learner.step)).rows(
            [40]
        )
    )
    assert learner.step == sum(chunks) == 320
    assert max(chunks) < 40  # of 1 ms each
    assert len(ticks) == len(chunks) < 80


def test_an_epoch_that_is_recorded_ends_where_it_ends(learner):
    rows = list(Trainer(learner, Progress.of(learner), stop=Stop(), tick=lambda: None).rows([1, 2, 5]))
    assert [(row["epoch"], row["step"]) for row in rows] == [(1, 8), (2, 16), (5, 40)]


def test_a_signal_in_the_middle_of_an_epoch_leaves_no_row_of_it(learner, slowly):
    slowly(0.001)
    stop = Stop()

    def tick():
        stop.signal = 2 if learner.step > 20 else None

    rows = list(Trainer(learner, Progress.of(learner), stop=stop, tick=tick).rows([1, 100]))
    assert [row["epoch"] for row in rows] == [1]
    assert 20 < learner.step < 100


def test_metrics_are_named_after_the_task_and_hold_nothing_json_cannot():
    metrics = Metrics(math.inf, None, train_rmse=2.0, test_rmse=math.nan)
    assert described(metrics, "regression") == {
        "train_loss": None, "test_loss": None, "train_rmse": 2.0, "test_rmse": None
    }  # fmt: skip
    assert set(described(Metrics(0.1, 0.2), "classification")) == {
        "train_loss", "test_loss", "train_accuracy", "test_accuracy"
    }  # fmt: skip
