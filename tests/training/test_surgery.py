from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dlterm.training.learner import Learner
from dlterm.training.recipe import OPTIMIZERS, Recipe
from dlterm.training.surgery import NOTHING, Surgery

RECIPE = Recipe(hidden=(5, 4), count=100)
WEIGHT = ("hidden2", 3, 1)
BIAS = ("output", 0, None)
HALF = NOTHING.freeze([WEIGHT, BIAS], [("hidden1", 2)], on=True)


def bits(learner: Learner) -> dict[str, bytes]:
    return {name: array.tobytes() for name, array in learner.state().arrays.items()}


@pytest.mark.parametrize(
    "how", [{}, {"clip": 0.05}, {"l1": 0.01, "l2": 0.1}, {"norm": "batch"}, {"dropout": 0.2}]
)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_what_is_frozen_keeps_its_bits_and_all_else_moves(optimizer: str, how: dict[str, Any]) -> None:
    learner = Learner(RECIPE.with_(optimizer=optimizer, lr=0.01, **how))
    learner.advance(50)
    frozen = learner.operated(HALF)
    before = frozen.state().arrays
    frozen.advance(1000)
    after = frozen.state().arrays
    for name, array in after.items():
        held = np.zeros(array.shape, np.bool_)
        if name.endswith(("hidden1.weight", "hidden1.bias", "hidden1.norm.weight", "hidden1.norm.bias")):
            held[2] = True  # of the parameter, and of every part of the optimiser's state
        if name.endswith("hidden2.weight"):
            held[3, 1] = True
        if name.endswith("output.bias"):
            held[0] = True
        assert array[held].tobytes() == before[name][held].tobytes(), name
        if "running" not in name and array.ndim > 1:
            assert (array[~held] != before[name][~held]).all(), name


def test_what_is_frozen_counts_for_nothing_in_the_norm_of_a_clipped_gradient() -> None:
    recipe = RECIPE.with_(optimizer="sgd", clip=0.001)
    everything = [("hidden1", unit) for unit in range(5)] + [("hidden2", unit) for unit in range(4)]
    learner = Learner(recipe, surgery=NOTHING.freeze(units=everything, on=True))
    before = learner.weights()["output.weight"]
    bias = learner.weights()["output.bias"]
    learner.advance(1)
    way = np.append(learner.weights()["output.weight"] - before, learner.weights()["output.bias"] - bias)
    assert np.linalg.norm(way) == pytest.approx(recipe.lr * recipe.clip, rel=1e-2)


def test_a_weight_that_is_let_go_trains_on() -> None:
    learner = Learner(RECIPE, surgery=HALF)
    learner.advance(10)
    free = learner.operated(NOTHING)
    before = free.weights()["hidden2.weight"][3, 1]
    free.advance(10)
    assert free.weights()["hidden2.weight"][3, 1] != before


def test_one_weight_can_be_let_go_out_of_a_unit_that_is_frozen_whole() -> None:
    learner = Learner(RECIPE)
    whole = NOTHING.freeze(units=[("hidden2", 3)], on=True)
    surgery = whole.apart(("hidden2", 3), learner.network).freeze([WEIGHT], on=False)
    learner = learner.operated(surgery)
    before = learner.weights()
    learner.advance(10)
    after = learner.weights()
    moved = after["hidden2.weight"][3] != before["hidden2.weight"][3]
    assert moved.tolist() == [False, True, False, False, False]
    assert after["hidden2.bias"][3] == before["hidden2.bias"][3]


def test_a_unit_that_is_let_go_holds_none_of_its_weights_back() -> None:
    assert HALF.freeze(units=[("hidden2", 3)], on=False).frozen_weights == {BIAS}


def test_freezing_and_letting_go_at_once_changes_no_bit_of_the_run() -> None:
    plain, touched = Learner(RECIPE), Learner(RECIPE)
    plain.advance(137)
    touched.advance(33)
    touched = touched.operated(HALF).operated(NOTHING)
    touched.advance(104)
    assert bits(plain) == bits(touched)


@pytest.mark.parametrize("how", [{}, {"norm": "batch"}, {"dropout": 0.2}, {"activation": "relu"}])
def test_a_unit_that_is_knocked_out_has_no_influence(how: dict[str, Any]) -> None:
    def run(outgoing: float) -> Learner:
        learner = Learner(RECIPE.with_(**how), surgery=NOTHING.knock_out([("hidden1", 2)], on=True))
        for unit in range(4):
            learner.edit(("hidden2", unit, 2), outgoing)
        learner.advance(200)
        return learner

    one, other = run(0.5), run(-1e6)
    x = one.dataset.inputs
    assert one.predict(x).tobytes() == other.predict(x).tobytes()
    assert not one.activations(x)[0][:, 2].any()
    assert one.activations(x)[0][:, 1].any()


def test_a_unit_that_answered_infinity_is_harmless_once_knocked_out() -> None:
    learner = Learner(RECIPE.with_(activation="relu"), surgery=NOTHING.knock_out([("hidden1", 2)], on=True))
    learner.edit(("hidden1", 2, 0), 3e38)
    learner.edit(("hidden1", 2, 1), 3e38)
    learner.advance(100)
    assert np.isfinite(learner.predict(learner.dataset.inputs)).all()


def test_knocking_out_changes_no_other_weight_and_is_undone_to_the_bit() -> None:
    learner = Learner(RECIPE)
    learner.advance(77)
    out = learner.operated(NOTHING.knock_out([("hidden2", 0), ("hidden1", 4)], on=True))
    assert bits(out) == bits(learner)
    assert (out.step, out.examples_seen) == (77, learner.examples_seen)
    x = learner.dataset.inputs
    assert out.predict(x).tobytes() != learner.predict(x).tobytes()
    assert out.operated(NOTHING).predict(x).tobytes() == learner.predict(x).tobytes()


def test_an_output_can_be_knocked_out() -> None:
    learner = Learner(RECIPE, surgery=NOTHING.knock_out([("output", 0)], on=True))
    learner.advance(5)
    assert (learner.predict(learner.dataset.inputs) == 0.5).all()


def test_surgery_survives_another_network_as_far_as_it_fits() -> None:
    surgery = HALF.knock_out([("hidden1", 4), ("hidden2", 0)], on=True)
    learner = Learner(RECIPE, surgery=surgery)
    assert learner.changed(RECIPE.with_(hidden=(5, 4, 3))).surgery == surgery
    smaller = learner.changed(RECIPE.with_(hidden=(2,))).surgery
    assert smaller == Surgery(frozen_weights=frozenset({BIAS}))


def test_a_weight_is_read_and_set_by_its_place() -> None:
    learner = Learner(RECIPE)
    assert learner.weight(WEIGHT) == learner.weights()["hidden2.weight"][3, 1]
    learner.edit(WEIGHT, 2.5)
    assert learner.weight(WEIGHT) == learner.weights()["hidden2.weight"][3, 1] == 2.5
    for wrong in (("hidden2", 4, 0), ("hidden2", 0, 5), ("hidden2", -1, 0), ("hidden9", 0, None)):
        with pytest.raises(ValueError, match="no weight"):
            learner.edit(wrong, 1.0)
    for value in (float("nan"), float("inf"), 1e39):
        with pytest.raises(ValueError, match="cannot be"):
            learner.edit(WEIGHT, value)


def test_an_edited_weight_that_is_frozen_stays_as_it_was_edited() -> None:
    learner = Learner(RECIPE, surgery=HALF)
    learner.edit(WEIGHT, 2.5)
    learner.advance(100)
    assert learner.weights()["hidden2.weight"][3, 1] == 2.5


def test_the_reference_engine_freezes_and_knocks_out_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    surgery = HALF.knock_out([("hidden1", 4)], on=True)
    recipe = RECIPE.with_(clip=0.1)
    compiled = Learner(recipe, surgery=surgery)
    compiled.advance(20)
    monkeypatch.setenv("DLTERM_ENGINE", "reference")
    reference = Learner(recipe, surgery=surgery)
    first = reference.weights()["hidden2.weight"][3, 1]
    reference.advance(20)
    assert reference.weights()["hidden2.weight"][3, 1] == first
    for name, array in compiled.weights().items():
        np.testing.assert_allclose(reference.weights()[name], array, rtol=1e-3, atol=1e-5)


def test_units_of_a_given_network_are_not_knocked_out() -> None:
    network = Learner(RECIPE).network
    with pytest.raises(ValueError, match="knocked out"):
        Learner(RECIPE, network=network, surgery=NOTHING.knock_out([("hidden1", 0)], on=True))


def test_a_network_that_was_not_operated_on_runs_the_same_tape_as_ever() -> None:
    plain, let_go = Learner(RECIPE), Learner(RECIPE, surgery=HALF).operated(NOTHING)
    for learner in (plain, let_go):
        used = {instruction.op.name for instruction in learner.machine.plan.tapes["train"].instructions}
        assert not used & {"hold", "knock_out"}
    assert plain.machine.plan.tapes["train"].rows.tolist() == let_go.machine.plan.tapes["train"].rows.tolist()
