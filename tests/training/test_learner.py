from __future__ import annotations

import numpy as np
import pytest

from dlterm.errors import DltermError
from dlterm.training.learner import DivergedError, Learner
from dlterm.training.recipe import Recipe


def trained(recipe: Recipe, *chunks: int) -> Learner:
    learner = Learner(recipe)
    for steps in chunks:
        learner.advance(steps)
    return learner


def bits(learner: Learner) -> dict[str, bytes]:
    return {name: array.tobytes() for name, array in learner.state().arrays.items()}


@pytest.mark.parametrize("seed", range(3))
def test_spirals_are_learned_by_three_hidden_layers(seed: int) -> None:
    learner = Learner(Recipe(hidden=(8, 8, 8), seed=seed))
    learner.advance(learner.steps_per_epoch * learner.recipe.epochs)
    accuracy = learner.evaluate().test_accuracy
    assert accuracy is not None
    assert accuracy >= 0.98


def test_xor_needs_a_hidden_layer() -> None:
    shallow = trained(Recipe(data="xor", hidden=()), 20_000).evaluate().test_accuracy
    deep = trained(Recipe(data="xor", hidden=(4,)), 20_000).evaluate().test_accuracy
    assert shallow is not None
    assert deep is not None
    assert shallow < 0.75 < 0.95 < deep


@pytest.mark.parametrize("loss", ["mse", "binary_cross_entropy", "cross_entropy"])
@pytest.mark.parametrize("classes", [2, 4])
def test_every_loss_learns_classes_and_gives_probabilities(loss: str, classes: int) -> None:
    learner = trained(Recipe(data="gaussians", loss=loss, classes=classes), 5_000)
    answers = learner.predict(learner.dataset.inputs)
    assert answers.shape == (500, classes)
    np.testing.assert_allclose(answers.sum(1), 1, atol=1e-5)
    assert (answers.argmax(1) == learner.dataset.targets).mean() > 0.95


def test_a_regression_answers_in_the_targets_own_units() -> None:
    learner = trained(Recipe(data="plane"), 10_000)
    error = learner.predict(learner.dataset.inputs) - learner.dataset.targets
    rmse = learner.evaluate().test_rmse
    assert rmse is not None
    assert np.sqrt((error**2).mean()) == pytest.approx(rmse, rel=0.5)
    assert rmse < 0.2 * learner.dataset.targets.std()


def test_the_same_recipe_gives_the_same_bits_whatever_the_chunks() -> None:
    recipe = Recipe(dropout=0.2, hidden=(5, 3), batch=7, optimizer="adam", seed=4)
    whole = trained(recipe, 333)
    parts = trained(recipe, 1, 50, 100, 53, 129)
    assert bits(whole) == bits(parts)
    assert bits(whole) != bits(trained(recipe.with_(seed=5), 333))


def test_a_restored_state_goes_on_to_the_same_bits() -> None:
    recipe = Recipe(dropout=0.1, optimizer="momentum", batch=9)
    whole = trained(recipe, 200)
    first = trained(recipe, 77)
    other = Learner(recipe)
    other.restore(first.state())
    other.advance(123)
    assert bits(other) == bits(whole)
    assert (other.step, other.epoch) == (whole.step, whole.epoch)


def test_a_state_of_another_network_is_refused() -> None:
    state = Learner(Recipe(hidden=(3,))).state()
    with pytest.raises(ValueError, match=r"hidden1\.weight"):
        Learner(Recipe(hidden=(4,))).restore(state)


def test_a_change_of_rate_plans_nothing_anew() -> None:
    learner = trained(Recipe(optimizer="sgd"), 10)
    before = learner.machine
    learner.tune(lr=0.0)
    kept = bits(learner)
    learner.advance(10)
    assert learner.machine is before
    assert bits(learner) == kept
    assert learner.recipe.lr == 0.0


def test_another_network_keeps_the_parameters_that_fit() -> None:
    learner = trained(Recipe(hidden=(8, 8)), 500)
    deeper = learner.changed(learner.recipe.with_(hidden=(8, 8, 8)))
    old, new = learner.weights(), deeper.weights()
    np.testing.assert_array_equal(old["hidden1.weight"], new["hidden1.weight"])
    np.testing.assert_array_equal(old["hidden2.weight"], new["hidden2.weight"])
    assert deeper.step == learner.step
    other_batch = learner.changed(learner.recipe.with_(batch=32))
    assert bits(other_batch) == bits(learner)


def test_a_first_layer_that_reads_other_features_begins_anew_and_the_others_go_on() -> None:
    learner = trained(Recipe(hidden=(8, 4)), 500)
    crossed = learner.changed(learner.recipe.with_(features=("x1^2", "x2^2")))
    fresh = Learner(crossed.recipe).weights()
    for name, array in crossed.weights().items():
        expected = fresh if name.startswith("hidden1") else learner.weights()
        np.testing.assert_array_equal(array, expected[name])
    assert crossed.step == learner.step


@pytest.mark.parametrize("change", [{"seed": 5}, {"init": "he"}])
def test_other_first_weights_begin_anew(change: dict[str, object]) -> None:
    learner = trained(Recipe(), 100)
    other = learner.changed(learner.recipe.with_(**change))
    assert bits(other) == bits(Learner(other.recipe))
    assert other.step == 0


def test_other_axes_change_the_picture_and_no_bit_of_the_run() -> None:
    recipe = Recipe(data="iris", hidden=(4,), batch=16)
    whole = trained(recipe, 100)
    learner = trained(recipe, 41)  # in the middle of an epoch
    turned = learner.changed(recipe.with_(axes=("petal length", "petal width")))
    assert not np.array_equal(turned.points().inputs, learner.points().inputs)
    turned.advance(59)
    assert bits(turned) == bits(whole)
    assert turned.epoch == whole.epoch


def test_features_of_a_run_go_on_to_the_same_bits_after_a_pause() -> None:
    recipe = Recipe.of(
        data="iris", axes="pca", features="x1,x2,x1x2,sinx1", hidden="4,3", activation="relu,tanh"
    )
    whole, other = trained(recipe, 150), Learner(recipe)
    other.restore(trained(recipe, 67).state())
    other.advance(83)
    assert bits(other) == bits(whole)


def test_a_change_in_the_middle_of_an_epoch_goes_on_there() -> None:
    learner = trained(Recipe(count=100, batch=10), 11)
    assert (learner.epoch, learner.examples_seen, learner.steps_to_epoch) == (1, 105, 5)
    wider = learner.changed(learner.recipe.with_(batch=32, hidden=(3,)))
    assert (wider.step, wider.epoch, wider.examples_seen, wider.steps_to_epoch) == (11, 1, 105, 2)
    wider.advance(2)
    assert (wider.epoch, wider.examples_seen) == (2, 150)


def test_divergence_stands_at_the_last_finite_state_and_names_step_and_layer() -> None:
    learner = Learner(Recipe(activation="relu", optimizer="sgd", lr=1000.0, data="hills", hidden=(8, 8)))
    with pytest.raises(DivergedError) as caught:
        learner.advance(10_000)
    assert all(np.isfinite(array).all() for array in learner.state().arrays.values())
    assert learner.step == caught.value.step - 1
    assert caught.value.layer
    replayed = Learner(learner.recipe)
    replayed.advance(learner.step)
    assert bits(replayed) == bits(learner)


def test_divergence_is_the_same_one_step_at_a_time() -> None:
    recipe = Recipe(activation="relu", optimizer="sgd", lr=1000.0, data="hills", hidden=(8, 8))
    with pytest.raises(DivergedError) as at_once:
        Learner(recipe).advance(10_000)
    slow = Learner(recipe)
    with pytest.raises(DivergedError) as one_by_one:
        for _ in range(10_000):
            slow.advance(1)
    assert one_by_one.value.step == at_once.value.step


def test_an_epoch_ends_with_a_smaller_batch() -> None:
    learner = Learner(Recipe(count=100, test=0.25, batch=10))
    assert learner.examples == 75
    assert learner.steps_per_epoch == 8
    learner.advance(8)
    assert (learner.epoch, learner.examples_seen) == (1, 75)


def test_without_a_test_part_there_is_no_test_loss() -> None:
    metrics = Learner(Recipe(test=0.0)).evaluate()
    assert metrics.test_loss is None
    assert metrics.test_accuracy is None


def test_a_batch_larger_than_the_data_is_the_data() -> None:
    learner = trained(Recipe(count=20, batch=1000), 3)
    assert learner.epoch == 3


def test_regression_with_a_loss_for_classes_is_refused() -> None:
    with pytest.raises(DltermError, match="needs classes"):
        Learner(Recipe(data="plane", loss="cross_entropy"))


def test_the_reference_engine_trains_the_same_network(monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = Recipe(hidden=(4,), count=40, dropout=0.2)
    compiled = trained(recipe, 30)
    monkeypatch.setenv("DLTERM_ENGINE", "reference")
    reference = trained(recipe, 30)
    assert any("NumPy" in notice for notice in reference.notices)
    for name, array in compiled.weights().items():
        np.testing.assert_allclose(reference.weights()[name], array, rtol=1e-3, atol=1e-5)


def test_a_cosine_schedule_ends_at_rate_0_with_the_last_epoch() -> None:
    recipe = Recipe(schedule="cosine", epochs=5, lr=0.1, seed=2)
    learner = trained(recipe, Learner(recipe).steps_per_epoch * 5)
    end = bits(learner)
    learner.advance(10)
    now = bits(learner)
    assert all(now[name] == end[name] for name in learner.weights())


def test_a_warm_up_begins_with_small_steps() -> None:
    def way(**settings: float) -> float:
        recipe = Recipe(optimizer="sgd", lr=0.1, **settings)
        before, after = Learner(recipe).weights(), trained(recipe, 1).weights()
        return sum(float(np.abs(after[name] - before[name]).sum()) for name in before)

    assert 0 < way(warmup=1.0) < way() / 30  # 38 steps an epoch


def test_a_step_schedule_divides_the_rate_every_so_many_epochs() -> None:
    often, once = (
        trained(Recipe(schedule="step", decay=decay, decay_epochs=1, epochs=3), 3 * 38)
        for decay in (0.001, 1.0)
    )
    constant = trained(Recipe(epochs=3), 3 * 38)
    assert bits(once) == bits(constant)
    assert bits(often) != bits(constant)
    assert bits(trained(Recipe(schedule="step", decay=0.001, decay_epochs=3), 38)) == bits(
        trained(Recipe(), 38)
    )


def test_clipping_holds_a_wild_rate_back() -> None:
    with pytest.raises(DivergedError):
        trained(Recipe(data="plane", optimizer="sgd", activation="identity", lr=50.0), 2_000)
    calm = trained(Recipe(data="plane", optimizer="sgd", activation="identity", lr=50.0, clip=1e-4), 2_000)
    assert np.isfinite(calm.evaluate().train_loss)


@pytest.mark.parametrize(
    "settings", [{"schedule": "cosine"}, {"schedule": "step"}, {"warmup": 2.0}, {"clip": 0.1}]
)
def test_schedules_and_clipping_give_the_same_bits_whatever_the_chunks(settings: dict[str, object]) -> None:
    recipe = Recipe.of(data="moons", epochs=9, decay_epochs=2, **settings)
    assert bits(trained(recipe, 300)) == bits(trained(recipe, 1, 99, 150, 50))
