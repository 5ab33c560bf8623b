"""Samplers: what they draw is what NumPy draws from the same counter, and has the distribution it says."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dlterm.engine import ops
from dlterm.engine.graph import parameter, variable
from dlterm.engine.machine import Machine
from dlterm.engine.memory import Cursor, Feed, Fetch
from dlterm.engine.plan import plan
from dlterm.engine.reference import ReferenceMachine

if TYPE_CHECKING:
    from collections.abc import Callable

    from dlterm.engine.graph import Tensor

EXAMPLES, BATCH = 3000, 100
LOGITS = np.log(np.array([[0.1, 0.2, 0.7], [0.5, 0.25, 0.25]], np.float32))
SAMPLERS: dict[str, Callable[[], Tensor]] = {
    "uniform": lambda: ops.uniform((2, 3), stream=1),
    "normal": lambda: ops.normal((2, 3), stream=2),
    "bernoulli": lambda: ops.bernoulli(chances() * 0.3, stream=3),
    "categorical": lambda: ops.categorical(chances() * parameter("logits", LOGITS), stream=4),
}


def chances() -> Tensor:
    return variable("x", (2, 3))


def drawn(sampler: Tensor, machine: Any = Machine, *, seed: int = 5, chunks: tuple[int, ...] = (30,)) -> Any:
    x = variable("ones", ())
    loss = ops.reduce_mean(x) * parameter("w", np.ones(()))
    running = machine(plan(loss, [sampler], batch=BATCH, prediction_batch=BATCH), seed=seed)
    names = [t for t in running.plan.inputs if t.name == "x"]
    feeds = [Feed(t, np.ones((EXAMPLES, *t.shape), np.float32)) for t in names]
    feeds = feeds or [Feed(x, np.ones(EXAMPLES, np.float32))]
    cursor, parts = Cursor(), []
    for steps in chunks:
        kind = np.int64 if sampler.spec.integer else np.float32
        fetch = Fetch(sampler, np.zeros((EXAMPLES, *sampler.shape), kind))
        at = cursor.position
        tape = "predict" if names else "evaluate"
        running.run(tape, feeds, cursor, steps, fetches=[fetch])
        parts.append(fetch.array[at : at + steps * BATCH])
    return np.concatenate(parts)


@pytest.mark.parametrize("name", SAMPLERS)
def test_the_machine_draws_what_numpy_draws(name: str) -> None:
    mine, theirs = drawn(SAMPLERS[name]()), drawn(SAMPLERS[name](), ReferenceMachine)
    if name in ("uniform", "normal"):
        np.testing.assert_allclose(mine, theirs, rtol=0, atol=1e-5)
    else:  # where two classes are equally likely to the last digit, rounding may choose either
        assert (mine != theirs).mean() < 1e-3


@pytest.mark.parametrize("name", SAMPLERS)
def test_what_is_drawn_depends_on_the_seed_and_not_on_the_chunks(name: str) -> None:
    whole = drawn(SAMPLERS[name]())
    np.testing.assert_array_equal(drawn(SAMPLERS[name](), chunks=(7, 1, 22)), whole)
    assert (drawn(SAMPLERS[name](), seed=6) != whole).any()
    assert (whole[:BATCH] != whole[BATCH : 2 * BATCH]).any(), "every step draws anew"


def test_uniform_numbers_fill_their_interval_evenly() -> None:
    u = np.sort(drawn(SAMPLERS["uniform"]()).ravel())
    assert u[0] >= 0
    assert u[-1] < 1
    assert np.abs(u - (np.arange(u.size) + 0.5) / u.size).max() < 1.63 / math.sqrt(u.size)  # Kolmogorov, 1%


def test_normal_numbers_are_normal() -> None:
    z = np.sort(drawn(SAMPLERS["normal"]()).ravel())
    expected = np.array([math.erfc(-x / math.sqrt(2)) / 2 for x in z])
    assert np.abs(expected - (np.arange(z.size) + 0.5) / z.size).max() < 1.63 / math.sqrt(z.size)


def test_the_numbers_of_an_example_do_not_follow_each_other() -> None:
    z = drawn(SAMPLERS["normal"]()).reshape(EXAMPLES, -1)
    between = np.corrcoef(z.T) - np.eye(z.shape[1])
    assert np.abs(between).max() < 4 / math.sqrt(EXAMPLES)


def test_coins_fall_as_often_as_they_should() -> None:
    heads = drawn(SAMPLERS["bernoulli"]())
    assert set(np.unique(heads)) == {0, 1}
    assert heads.mean() == pytest.approx(0.3, abs=4 * math.sqrt(0.21 / heads.size))


def test_classes_come_in_proportion_to_their_probability() -> None:
    classes = drawn(SAMPLERS["categorical"]())
    for place, logits in enumerate(LOGITS):
        shares = np.bincount(classes[:, place], minlength=3) / EXAMPLES
        np.testing.assert_allclose(shares, np.exp(logits), atol=4 * math.sqrt(0.25 / EXAMPLES))


def test_a_network_learns_through_what_was_drawn_for_it() -> None:
    z, w = ops.normal((2,), stream=1), parameter("w", np.zeros((1, 2)))
    target = variable("target", ())
    y = ops.reshape(ops.linear(z, w, parameter("b", np.zeros(1))), shape=())
    loss = ops.mse(y - 3.0 * z[0] + z[1] * 2.0, target)
    machine = Machine(plan(loss, [], batch=50))
    machine.memory.set_hyper(lr=0.1)
    machine.run("train", [Feed(target, np.ones(50, np.float32))], Cursor(), 200)
    found = machine.memory.parameters()
    np.testing.assert_allclose(found["w"], [[3, -2]], atol=1e-3)
    np.testing.assert_allclose(found["b"], [1], atol=1e-3)


def test_a_stream_has_32_bits() -> None:
    with pytest.raises(ValueError, match="32 bits"):
        ops.normal((1,), stream=2**32)
