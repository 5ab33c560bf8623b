"""The machine does what the reference does, whatever is trained; and fusing changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlterm.engine.machine import Machine
from dlterm.engine.memory import Cursor, Feed, Fetch
from dlterm.engine.reference import ReferenceMachine
from tests.engine.support import Net, net

if TYPE_CHECKING:
    from dlterm.engine.runtime import AnyMachine

SETTINGS = st.fixed_dictionaries(
    {
        "sizes": st.lists(st.integers(1, 20), min_size=2, max_size=5).map(tuple),
        "activation": st.sampled_from(["identity", "step", "sigmoid", "tanh", "relu", "leaky_relu"]),
        "loss": st.sampled_from(["mse", "binary_cross_entropy", "cross_entropy"]),
        "optimizer": st.sampled_from(["sgd", "momentum", "adam"]),
        "dropout": st.booleans(),
        "batch": st.integers(1, 40),
        "examples": st.integers(1, 90),
        "prediction_batch": st.sampled_from([1, 16, 40]),
        "fused": st.booleans(),
        "seed": st.integers(0, 2**32 - 1),
    }
)
# With Adam's usual epsilon a gradient that is 0 but for rounding moves a weight by a whole lr, in either direction.
HYPER = {"lr": 0.02, "dropout": 0.2, "l1": 0.001, "l2": 0.01, "epsilon": 1e-3}

thorough = settings(max_examples=40, deadline=None, derandomize=True, database=None)


def both(how: dict[str, Any]) -> tuple[Net, AnyMachine, AnyMachine]:
    how = dict(how)
    seed = how.pop("seed")
    subject = net(seed=seed, **how)
    machine, reference = Machine(subject.plan, seed=seed), ReferenceMachine(subject.plan, seed=seed)
    machine.memory.set_hyper(**HYPER)
    reference.memory.set_hyper(**HYPER)
    return subject, machine, reference


def assert_same(ours: dict[str, np.ndarray], theirs: dict[str, np.ndarray], tolerance: float) -> None:
    assert ours.keys() == theirs.keys()
    for name, values in ours.items():
        scale = max(1.0, float(np.abs(theirs[name]).max(initial=0)))
        np.testing.assert_allclose(values, theirs[name], rtol=0, atol=tolerance * scale, err_msg=name)


@thorough
@given(SETTINGS)
def test_the_machine_computes_the_references_gradients(how: dict[str, Any]) -> None:
    subject, machine, reference = both(how)
    for each in (machine, reference):
        each.run("gradient", subject.feeds, Cursor(), 2, shuffle=True)
    assert_same(machine.memory.gradients(), reference.memory.gradients(), 2e-6)


@thorough
@given(SETTINGS)
def test_the_machine_trains_as_the_reference_does(how: dict[str, Any]) -> None:
    subject, machine, reference = both(how)
    cursors = Cursor(), Cursor()
    for each, cursor in zip((machine, reference), cursors, strict=True):
        assert each.run("train", subject.feeds, cursor, 7, shuffle=True, loss=subject.loss) == 7
    assert cursors[0] == cursors[1]
    assert_same(machine.memory.persistent(), reference.memory.persistent(), 2e-5)


@thorough
@given(SETTINGS)
def test_the_machine_predicts_and_evaluates_as_the_reference_does(how: dict[str, Any]) -> None:
    subject, *machines = both(how)
    examples, width = how["examples"], how["prediction_batch"]
    steps = -(-examples // width)
    answers = []
    for machine in machines:
        predicted = np.empty((examples, *subject.output.shape), np.float32)
        outputs, losses = np.empty_like(predicted), np.empty(steps, np.float32)
        machine.run(
            "predict",
            subject.feeds[:1],
            Cursor(),
            steps,
            batch=width,
            fetches=[Fetch(subject.output, predicted)],
        )
        fetches = [Fetch(subject.output, outputs), Fetch(subject.loss, losses)]
        machine.run("evaluate", subject.feeds, Cursor(), steps, batch=width, fetches=fetches)
        np.testing.assert_array_equal(predicted, outputs)
        answers.append({"outputs": outputs, "losses": losses})
    assert_same(answers[0], answers[1], 2e-6)


@thorough
@given(SETTINGS)
def test_fusing_changes_nothing_but_rounding(how: dict[str, Any]) -> None:
    gradients = []
    for fused in (True, False):
        subject, machine, _ = both(how | {"fused": fused})
        machine.run("gradient", subject.feeds, Cursor(), 2, shuffle=True)
        gradients.append(machine.memory.gradients())
    assert_same(gradients[0], gradients[1], 2e-6)


def test_fusing_leaves_one_instruction_a_layer_and_direction() -> None:
    subject = net((2, 8, 8, 1), loss="mse")
    names = [i.op.name for i in subject.plan.tapes["train"].instructions]
    assert sorted(names) == sorted([
        "linear_tanh", "linear_tanh", "linear", "mse_with_dp",
        "linear_dw", "linear_dx_tanh", "linear_dw", "linear_dx_tanh", "linear_dw", "sgd",
    ])  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_a_prediction_drops_nothing(seed: int) -> None:
    plain, dropping = net(seed=seed), net(seed=seed, dropout=True)
    answers = []
    for subject in (plain, dropping):
        machine = Machine(subject.plan)
        machine.memory.set_hyper(dropout=0.9)
        out = np.empty((50, 1), np.float32)
        machine.run("predict", subject.feeds[:1], Cursor(), 1, batch=50, fetches=[Fetch(subject.output, out)])
        answers.append(out)
    np.testing.assert_array_equal(answers[0], answers[1])


def test_a_batch_of_padding_is_like_no_padding() -> None:
    """Seventeen examples in a batch of seventeen, in thirty-two lanes, and in a batch of forty."""
    answers = []
    for batch in (17, 40):
        subject = net((3, 5, 2), loss="cross_entropy", examples=17, batch=batch)
        machine = Machine(subject.plan)
        machine.run("gradient", subject.feeds, Cursor(), 1)
        answers.append(machine.memory.gradients())
    assert_same(answers[0], answers[1], 1e-7)


def test_logits_of_any_size_have_a_finite_loss_and_gradient() -> None:
    for loss in ("binary_cross_entropy", "cross_entropy"):
        subject = net((2, 3), loss=loss, examples=10)
        huge = Feed(subject.feeds[0].tensor, np.full((10, 2), 1e4, np.float32))
        machine, reference = Machine(subject.plan), ReferenceMachine(subject.plan)
        pair: tuple[AnyMachine, AnyMachine] = machine, reference
        values = []
        for each in pair:
            each.run("gradient", [huge, subject.feeds[1]], Cursor(), 1)
            values.append(each.memory.view(subject.plan.tapes["gradient"].spans[subject.loss])[0])
        assert np.isfinite(values[0])
        np.testing.assert_allclose(values[0], values[1], rtol=1e-5)
        assert_same(machine.memory.gradients(), reference.memory.gradients(), 1e-5)


def test_inputs_of_differing_lengths_are_refused() -> None:
    subject = net()
    x, y = subject.feeds
    with pytest.raises(ValueError, match=r"differ in their number of examples: \[49, 50\]"):
        Machine(subject.plan).run("train", [x, Feed(y.tensor, y.array[1:])], Cursor(), 1)


@pytest.mark.parametrize(
    "array",
    [np.zeros((5, 2)), np.zeros((5, 3), np.float32), np.zeros((2, 5), np.float32).T],
    ids=["float64", "another shape", "another order"],
)
def test_an_array_that_does_not_fit_its_input_is_refused(array: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"x: .* given, float32 \[examples, 2\] in C order needed"):
        Feed(net().feeds[0].tensor, array)
