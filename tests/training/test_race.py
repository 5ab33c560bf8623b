"""The race: contestants on one data set, level with each other, each as it would be alone."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dlterm.errors import DltermError
from dlterm.training.classic import CLASSICS, fit
from dlterm.training.contestants import Model, contestants
from dlterm.training.learner import Learner
from dlterm.training.race import Race, RaceSnapshot
from dlterm.training.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOONS = Recipe(data="moons", noise=0.5, seed=3)


@pytest.fixture
def race() -> Iterator[Callable[..., Race]]:
    begun: list[Race] = []

    def begin(*lines: str, base: Recipe = MOONS, size: tuple[int, int] = (20, 10)) -> Race:
        begun.append(Race(contestants(base, lines), field_size=size))
        return begun[-1]

    yield begin
    for each in begun:
        each.close()


def finished(race: Race) -> RaceSnapshot:
    """When every classic model is trained and drawn, or has failed."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        snapshot = race.snapshot()
        if all(each.field is not None or each.status == "failed" for each in snapshot.standings):
            return snapshot
        time.sleep(0.01)
    raise AssertionError("a classic model never came")


def test_contestants_are_named_by_what_differs(race: Callable[..., Race]) -> None:
    names = [each.name for each in race("", "lr=0.1", "svm", "lr=0.1&hidden=").snapshot().standings]
    assert names == ["hidden=8,8 lr=0.005", "hidden=8,8 lr=0.1", "SVM (RBF)", "hidden=none lr=0.1"]


def test_twins_are_told_apart_and_stay_alike(race: Callable[..., Race]) -> None:
    twins = race("", "")
    twins.advance(0.05)
    one, other = twins.snapshot().standings
    assert (one.name, other.name) == ("network", "network (2)")
    assert one.epochs == other.epochs > 0
    np.testing.assert_array_equal(one.field, other.field)


def test_networks_are_level_after_every_advance(race: Callable[..., Race]) -> None:
    running = race("", "hidden=64,64", "batch=64", "optimizer=sgd")
    for _ in range(3):
        running.advance(0.05)
        epochs = [each.epochs for each in running.snapshot().standings]
        assert max(epochs) - min(epochs) <= 1 / 6 + 1e-9  # of 375 examples, batches of 64
        assert min(epochs) > 0


def test_a_network_in_a_race_learns_what_it_learns_alone(race: Callable[..., Race]) -> None:
    running = race("lr=0.01", "activation=relu")
    for _ in range(4):
        running.advance(0.02)
    for standing in running.snapshot().standings:
        alone = Learner(standing.recipe)
        alone.advance(round(standing.epochs * alone.steps_per_epoch))
        assert standing.test_quality == alone.evaluate().test_accuracy
        assert standing.size == alone.parameters
        assert standing.curves is not None
        assert standing.curves.train_loss[-1] == alone.evaluate().train_loss


def test_one_that_diverges_stands_still_and_the_others_go_on(race: Callable[..., Race]) -> None:
    running = race("lr=0.01", "lr=1000&optimizer=sgd", base=Recipe(data="hills", activation="relu"))
    running.advance(0.1)
    first = running.snapshot().standings
    running.advance(0.1)
    second = running.snapshot().standings
    assert (second[1].status, second[1].epochs) == ("diverged", first[1].epochs)
    assert "not finite" in second[1].message
    assert second[0].epochs > first[0].epochs
    assert running.training


@pytest.mark.parametrize("data", ["moons", "hills", "iris", "gaussians"])
def test_every_classic_model_takes_part(race: Callable[..., Race], data: str) -> None:
    base = Recipe(data=data, classes=4 if data == "gaussians" else 2, count=200)
    names = list(CLASSICS)
    for some in (names[:3], names[2:]):
        snapshot = finished(race("", *some, base=base))
        network, *others = snapshot.standings
        assert network.field is not None
        for standing in others:
            assert (standing.status, standing.message) == ("trained", "")
            assert standing.size > 0
            assert standing.seconds > 0
            assert standing.field is not None
            assert standing.field.shape == network.field.shape
            assert np.abs(standing.field).max() <= 1 + 1e-6
            if snapshot.task == "classification":
                assert standing.test_quality is not None
                assert standing.test_quality > 0.7


@pytest.mark.parametrize("name", CLASSICS)
@pytest.mark.parametrize("line", ["moons?noise=0.8", "iris", "hills"])
def test_a_classic_model_is_scikit_learns_on_the_same_examples(name: str, line: str) -> None:
    learner = Learner(Recipe.parse(line))
    fitted = fit(name, learner)
    rows = learner.split.test
    inputs, targets = learner.dataset.inputs[rows], learner.dataset.targets[rows]
    predicted = fitted.model.predict(learner.scaler.scale(inputs))
    quality = fitted.quality(held_out=True)
    if learner.task == "regression":
        expected = learner.objective.mean + learner.objective.std * predicted
        np.testing.assert_allclose(fitted.predict(inputs), expected, rtol=1e-5)
        assert quality == pytest.approx(np.sqrt(np.mean((expected - targets) ** 2)), rel=1e-5)
    else:
        answers = fitted.predict(inputs)
        np.testing.assert_allclose(answers.sum(1), 1, atol=1e-5)
        np.testing.assert_array_equal(answers.argmax(1), predicted)
        assert quality == pytest.approx(np.mean(predicted == targets))


def test_a_nearest_neighbour_knows_its_examples_by_heart_and_a_tree_its_own(
    race: Callable[..., Race],
) -> None:
    knn, tree = finished(race("knn", "tree", base=MOONS.with_(noise=2))).standings
    assert (knn.size, knn.size_name) == (375, "stored examples")
    assert (tree.train_quality, tree.size_name) == (1, "nodes")
    assert tree.test_quality is not None
    assert tree.test_quality < 1


def test_networks_race_without_loading_scikit_learn() -> None:
    code = (
        "import sys\n"
        "from dlterm.training.contestants import contestants\n"
        "from dlterm.training.race import Race\n"
        "from dlterm.training.recipe import Recipe\n"
        "race = Race(contestants(Recipe(), ['lr=0.1', 'lr=0.01']))\n"
        "race.advance(0.01)\n"
        "race.snapshot()\n"
        "print('sklearn' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "False\n"


def test_a_race_of_classic_models_alone_has_nothing_to_train(race: Callable[..., Race]) -> None:
    running = race("logistic", "svm")
    assert not running.training
    begun = time.monotonic()
    running.advance(30)
    assert time.monotonic() - begun < 10


def test_another_size_is_drawn_for_all(race: Callable[..., Race]) -> None:
    running = race("", "tree")
    finished(running)
    running.look(7, 9)
    assert [each.field.shape for each in finished(running).standings if each.field is not None] == [
        (1, 9, 7)
    ] * 2


def test_a_model_takes_the_features_of_its_own_recipe(race: Callable[..., Race]) -> None:
    base = Recipe(data="xor")
    entries = [base, Model("logistic", base), Model("logistic", base.with_(features=("x1", "x2", "x1x2")))]
    running = Race(entries, field_size=(8, 8))
    _, plain, crossed = finished(running).standings
    running.close()
    assert plain.test_quality is not None
    assert crossed.test_quality is not None
    assert plain.test_quality < 0.7 < 0.9 < crossed.test_quality


def test_data_that_a_library_cannot_learn_fail_alone(race: Callable[..., Race], tmp_path) -> None:
    running = race("", "svm", base=Recipe(data="gaussians", classes=2, count=2, test=0.0))
    running.advance(0.02)
    network, svm = finished(running).standings
    assert network.epochs > 0
    assert svm.status in ("trained", "failed")
    assert svm.test_quality is None


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([""], "1 contestant; a race has 2 to 4"),
        ([""] * 5, "5 contestants"),
        (["", "noise=0.9"], "differ in their data"),
        (["", "seed=4"], "differ in their data"),
        (["", "test=0.5"], "differ in their data"),
        (["", "boosting"], 'no setting "boosting"'),
        (["", "lr=fast"], 'lr is "fast"'),
    ],
)
def test_what_cannot_be_compared_is_refused(race: Callable[..., Race], lines: list[str], said: str) -> None:
    with pytest.raises(DltermError, match=said):
        race(*lines)


def test_too_many_examples_for_a_classic_model_are_refused(race: Callable[..., Race]) -> None:
    with pytest.raises(DltermError, match="7,500 examples") as caught:
        race("", "svm", base=MOONS.with_(count=10_000))
    assert "count" in caught.value.hint


def test_without_scikit_learn_networks_race_and_the_rest_is_refused(
    race: Callable[..., Race], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    race("", "lr=0.1")
    with pytest.raises(DltermError, match="scikit-learn, which trains it, is not installed") as caught:
        race("", "knn")
    assert "pip install" in caught.value.hint


def test_no_network_is_trained_for_more_epochs_than_wanted(race: Callable[..., Race]) -> None:
    running = race("", "batch=64")
    running.advance(30, epochs=2.5)
    assert running.epochs == 2.5
    for standing in running.snapshot().standings:
        assert standing.epochs == pytest.approx(2.5, abs=0.1)
    running.advance(0.02)
    assert running.epochs > 2.5


def test_a_race_that_is_held_back_for_long_answers_soon_when_it_is_let_go(race: Callable[..., Race]) -> None:
    running = race("", "lr=0.1")
    for epoch in range(100):
        running.advance(1, epochs=epoch / 10)
    begun = time.monotonic()
    running.advance(0.01)
    assert time.monotonic() - begun < 5


def test_settings_may_have_blanks_between_them(race: Callable[..., Race]) -> None:
    one, other = race("lr=0.1 hidden=4", " svm ").snapshot().standings
    assert (one.recipe.lr, one.recipe.hidden) == (0.1, (4,))
    assert other.model == "svm"


def test_waiting_for_others_is_no_training(
    race: Callable[..., Race], monkeypatch: pytest.MonkeyPatch
) -> None:
    running = race("", "lr=0.1")
    advance = Learner.advance

    def held_up(learner: Learner, steps: int) -> None:
        time.sleep(0.3)
        advance(learner, steps)

    monkeypatch.setattr(Learner, "advance", held_up)
    running.advance(0.01)
    assert all(0 < each.seconds < 0.2 for each in running.snapshot().standings)


def test_no_network_has_the_first_turn_always(
    race: Callable[..., Race], monkeypatch: pytest.MonkeyPatch
) -> None:
    running = race("", "lr=0.1", "lr=0.2")
    turns: list[float] = []
    advance = Learner.advance

    def noted(learner: Learner, steps: int) -> None:
        turns.append(learner.recipe.lr or 0)
        advance(learner, steps)

    monkeypatch.setattr(Learner, "advance", noted)
    first = []
    for epoch in (1, 2, 3):
        turns.clear()
        running.advance(30, epochs=epoch)
        first.append(turns[0])
    assert sorted(first) == [0.005, 0.1, 0.2]
