"""A run is a function of its seed: whatever the chunks, to the bit; each epoch sees every example once."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlterm.engine import ops
from dlterm.engine.graph import parameter, variable
from dlterm.engine.machine import Machine
from dlterm.engine.memory import Cursor, Feed, Fetch
from dlterm.engine.plan import plan
from dlterm.engine.random import permutation
from dlterm.engine.reference import ReferenceMachine
from tests.engine.support import net, persistent_bits

if TYPE_CHECKING:
    from dlterm.engine.runtime import AnyMachine

MACHINES = pytest.mark.parametrize("kind", [Machine, ReferenceMachine])


def after(
    chunks: list[int], *, seed: int = 1, examples: int = 53, optimizer: str = "adam"
) -> dict[str, bytes]:
    """All that training has changed, after a run in such chunks with shuffling and dropout."""
    subject = net((2, 6, 5, 1), examples=examples, dropout=True, optimizer=optimizer, batch=10)
    machine = Machine(subject.plan, seed=seed)
    machine.memory.set_hyper(dropout=0.2, l2=0.01)
    cursor = Cursor()
    for steps in chunks:
        machine.run("train", subject.feeds, cursor, steps, shuffle=True, loss=subject.loss)
    assert cursor.step == sum(chunks)
    return persistent_bits(machine)


@settings(max_examples=30, deadline=None, derandomize=True, database=None)
@given(st.lists(st.integers(0, 60), max_size=20), st.sampled_from([9, 10, 40, 53]))
def test_any_chunks_give_the_same_bits(cuts: list[int], examples: int) -> None:
    chunks = [b - a for a, b in itertools.pairwise(sorted([0, *cuts, 60]))]
    assert after([c for c in chunks if c], examples=examples) == after([60], examples=examples)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_one_step_at_a_time_gives_the_same_bits(optimizer: str) -> None:
    assert after([1] * 60, optimizer=optimizer) == after([60], optimizer=optimizer)


def test_the_same_seed_gives_the_same_bits_and_another_seed_others() -> None:
    assert after([60]) == after([60])
    assert after([60]) != after([60], seed=2)


def test_changing_the_rate_between_chunks_is_changing_it_at_that_step() -> None:
    subject = net(optimizer="momentum")
    bits = []
    for chunks in ([(20, 0.1), (20, 0.01)], [(7, 0.1), (13, 0.1), (1, 0.01), (19, 0.01)]):
        machine, cursor = Machine(subject.plan), Cursor()
        for steps, lr in chunks:
            machine.memory.set_hyper(lr=lr)
            machine.run("train", subject.feeds, cursor, steps, shuffle=True)
        bits.append(persistent_bits(machine))
    assert bits[0] == bits[1]


def seen(
    kind: type[AnyMachine], examples: int, batch: int, steps: int, *, seed: int = 0
) -> tuple[list[set[int]], Cursor]:
    """Which examples each step sees: a table with a row an example gets a gradient where it is read."""
    table = parameter("table", np.zeros(examples))
    chosen = variable("chosen", (examples,))
    loss = ops.reduce_sum(chosen * table)
    machine, cursor = kind(plan(loss, [], batch=batch), seed=seed), Cursor()
    feeds = [Feed(chosen, np.eye(examples, dtype=np.float32))]
    found = []
    for _ in range(steps):
        machine.run("gradient", feeds, cursor, 1, shuffle=True)
        gradient = machine.memory.gradients()["table"]
        assert set(gradient) <= {0.0, 1.0}
        found.append(set(np.flatnonzero(gradient).tolist()))
    return found, cursor


@MACHINES
@pytest.mark.parametrize(("examples", "batch"), [(53, 10), (16, 16), (17, 16), (5, 40), (1, 1), (48, 16)])
def test_an_epoch_sees_each_example_once_and_its_last_batch_is_smaller(
    kind: type[AnyMachine], examples: int, batch: int
) -> None:
    steps = -(-examples // batch)
    for epochs in range(1, 3):
        batches, cursor = seen(kind, examples, batch, steps * epochs)
        epoch = batches[-steps:]
        assert [len(each) for each in epoch[:-1]] == [batch] * (steps - 1)
        assert sum(len(each) for each in epoch) == examples
        assert set.union(*epoch) == set(range(examples))
        assert cursor == Cursor(steps * epochs, epochs, 0)


@MACHINES
def test_batches_follow_the_permutation_of_their_epoch(kind: type[AnyMachine]) -> None:
    batches, _ = seen(kind, 53, 10, 12, seed=9)
    orders = [permutation(9, epoch, 53) for epoch in (0, 1)]
    assert batches == [set(order[at : at + 10].tolist()) for order in orders for at in range(0, 53, 10)]


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(st.integers(1, 300), st.integers(0, 2**32 - 1), st.integers(0, 1000))
def test_the_machines_shuffle_is_the_permutation(examples: int, seed: int, epoch: int) -> None:
    x, p = variable("x", ()), parameter("p", np.zeros(1))
    output = x * 1.0
    loss = ops.reduce_mean(output * p)
    machine, cursor = Machine(plan(loss, [], batch=1), seed=seed), Cursor(epoch=epoch)
    feeds = [Feed(x, np.arange(examples, dtype=np.float32))]
    fetch = Fetch(output, np.empty(examples, np.float32))
    machine.run("gradient", feeds, cursor, examples, shuffle=True, fetches=[fetch])
    assert cursor == Cursor(examples, epoch + 1, 0)
    np.testing.assert_array_equal(fetch.array, permutation(seed, epoch, examples))


def test_a_run_of_no_steps_changes_nothing() -> None:
    subject = net(examples=53)
    bits = []
    for chunks in ([4], [0, 4]):
        machine, cursor = Machine(subject.plan, seed=3), Cursor(3, 0, 30)
        machine._order = np.zeros((2, 100), np.int64)  # not what happens to be in memory
        for steps in chunks:
            machine.run("train", subject.feeds, cursor, steps, shuffle=True)
        bits.append(persistent_bits(machine))
    assert bits[0] == bits[1]


def test_a_run_goes_on_in_the_middle_of_an_epoch() -> None:
    subject = net(examples=53, optimizer="momentum")
    whole, cursor = Machine(subject.plan, seed=3), Cursor()
    whole.run("train", subject.feeds, cursor, 8, shuffle=True)
    resumed = Machine(subject.plan, seed=3)
    resumed.memory.adopt(whole.memory.persistent())
    whole.run("train", subject.feeds, Cursor(cursor.step, cursor.epoch, cursor.position), 11, shuffle=True)
    resumed.run("train", subject.feeds, cursor, 11, shuffle=True)
    assert persistent_bits(resumed) == persistent_bits(whole)


@MACHINES
@pytest.mark.parametrize("loss", ["mse", "binary_cross_entropy", "cross_entropy"])
@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu", "leaky_relu"])
def test_a_run_stops_at_the_step_whose_loss_is_not_a_number(
    kind: type[AnyMachine], loss: str, activation: str
) -> None:
    subject = net((2, 4, 3), loss=loss, examples=50, batch=10, activation=activation, dropout=True)
    x, y = subject.feeds
    array = x.array.copy()
    array[23] = np.nan  # in the third batch
    machine, cursor = kind(subject.plan), Cursor()
    assert machine.run("train", [Feed(x.tensor, array), y], cursor, 100, loss=subject.loss) == 3
    assert cursor == Cursor(3, 0, 30)


@MACHINES
def test_a_run_stops_at_an_infinite_loss(kind: type[AnyMachine]) -> None:
    subject = net((2, 3), examples=50, batch=10)
    x, y = subject.feeds
    array = y.array.copy()
    array[49] = 1e30
    machine = kind(subject.plan)
    assert machine.run("train", [x, Feed(y.tensor, array)], Cursor(), 100, loss=subject.loss) == 5


@MACHINES
@pytest.mark.parametrize("broken", range(3))
def test_a_run_stops_where_one_class_is_not_a_number(kind: type[AnyMachine], broken: int) -> None:
    subject = net((2, 3), loss="cross_entropy", examples=10, batch=10)
    x, y = subject.feeds
    machine = kind(subject.plan)
    machine.memory.parameters()["output.bias"][broken] = np.nan
    others = np.full(10, (broken + 1) % 3)  # the class that is broken is not among the labels
    assert machine.run("train", [x, Feed(y.tensor, others)], Cursor(), 100, loss=subject.loss) == 1
