"""Networks of each kind on a task that only their kind can do: each learns it, within a second."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm import nn
from dlterm.engine import ops
from dlterm.engine.graph import variable
from dlterm.engine.machine import Machine
from dlterm.engine.memory import Cursor, Feed, Fetch
from dlterm.engine.plan import plan

if TYPE_CHECKING:
    from dlterm.engine.graph import Tensor

TOKENS, ENTRIES, EXAMPLES = 8, 5, 256


def accuracy(
    x: Tensor, y: Tensor, logits: Tensor, tokens: np.ndarray, wanted: np.ndarray, steps: int
) -> float:
    """The share of tokens that are right, of the last quarter of the sequences, after training on the others."""
    machine = Machine(plan(ops.cross_entropy(logits, y), [logits], optimizer="adam", batch=16))
    machine.memory.set_hyper(lr=0.01)
    seen = 3 * EXAMPLES // 4
    machine.run("train", [Feed(x, tokens[:seen]), Feed(y, wanted[:seen])], Cursor(), steps, shuffle=True)
    fetch = Fetch(logits, np.empty((EXAMPLES - seen, TOKENS, ENTRIES), np.float32))
    machine.run(
        "predict", [Feed(x, tokens[seen:].copy())], Cursor(), 1, batch=EXAMPLES - seen, fetches=[fetch]
    )
    return float((fetch.array.argmax(-1) == wanted[seen:]).mean())


def sequences() -> tuple[Tensor, Tensor, np.ndarray]:
    tokens = np.random.default_rng(0).integers(0, ENTRIES, (EXAMPLES, TOKENS))
    return variable("x", (TOKENS,), integer=True), variable("y", (TOKENS,), integer=True), tokens


def test_an_lstm_remembers_the_first_token_to_the_end() -> None:
    x, y, tokens = sequences()
    h = nn.LSTM(12, 24, name="lstm")(nn.Embedding(ENTRIES, 12, name="tokens")(x))
    logits = nn.Linear(24, ENTRIES, name="out")(h)
    assert accuracy(x, y, logits, tokens, np.repeat(tokens[:, :1], TOKENS, 1), 400) > 0.97


def test_a_transformer_block_finds_the_token_before() -> None:
    x, y, tokens = sequences()
    h = nn.Position(TOKENS, 16, name="places")(nn.Embedding(ENTRIES, 16, name="tokens")(x))
    h = nn.TransformerBlock(16, 2, name="block", causal=True)(h)
    logits = nn.Linear(16, ENTRIES, name="out")(h)
    before = np.concatenate([tokens[:, :1], tokens[:, :-1]], 1)
    assert accuracy(x, y, logits, tokens, before, 600) > 0.97


def test_a_causal_block_sees_nothing_of_what_comes_after() -> None:
    x = variable("x", (TOKENS, 4))
    y = nn.TransformerBlock(4, 2, name="block", causal=True)(x)
    machine = Machine(plan(ops.reduce_mean(y), [y]))
    tokens = np.random.default_rng(0).normal(size=(1, TOKENS, 4)).astype(np.float32)
    changed = tokens.copy()
    changed[:, 5:] += 1
    first, second = (np.empty((1, TOKENS, 4), np.float32) for _ in range(2))
    for values, out in ((tokens, first), (changed, second)):
        machine.run("predict", [Feed(x, values)], Cursor(), 1, fetches=[Fetch(y, out)])
    np.testing.assert_array_equal(first[:, :5], second[:, :5])
    assert (first[:, 5:] != second[:, 5:]).any()


def test_a_gan_learns_where_its_data_lie() -> None:
    rng = np.random.default_rng(0)
    angle = rng.uniform(0, 2 * np.pi, 512)
    ring = np.stack([np.cos(angle), np.sin(angle)], 1).astype(np.float32)
    real = variable("real", (2,))
    generator = nn.Sequential(
        [nn.Linear(2, 32, name="g1", activation="relu"), ops.relu, nn.Linear(32, 2, name="g2")]
    )
    judge = nn.Sequential(
        [
            *(nn.Linear(2, 32, name="d1", activation="relu"), ops.relu),
            *(nn.Linear(32, 32, name="d2", activation="relu"), ops.relu),
            nn.Linear(32, 1, name="d3"),
        ]
    )
    game = nn.gan(real, generator, judge, noise=2)
    machine = Machine(plan(game.trainings, [game.samples], batch=64))
    machine.memory.set_hyper(lr=0.002, beta1=0.5)
    machine.run("train", [Feed(real, ring)], Cursor(), 4000, shuffle=True)
    fetch = Fetch(game.samples, np.empty((512, 2), np.float32))
    machine.run("evaluate", [Feed(real, ring)], Cursor(), 2, batch=256, fetches=[fetch])
    radius = np.linalg.norm(fetch.array, axis=1)
    assert np.median(np.abs(radius - 1)) < 0.15
    assert np.abs(fetch.array.mean(0)).max() < 0.4
