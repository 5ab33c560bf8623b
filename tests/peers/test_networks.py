"""Whole networks, fifty steps beside the same in PyTorch, from the same weights and on the same batches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dlterm import nn
from dlterm.engine import ops
from dlterm.engine.graph import variable
from dlterm.engine.machine import Machine
from dlterm.engine.memory import Cursor, Feed, Fetch
from dlterm.engine.plan import Training, plan
from tests.peers.support import assert_close, torch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dlterm.engine.graph import Tensor

F, tnn = torch.nn.functional, torch.nn
STEPS, BATCH, EXAMPLES, TOKENS, WIDTH = 50, 12, 60, 7, 16


@dataclass
class Subject:
    """A network here and in PyTorch: `pairs` names whose parameter is whose, `theirs(*batch)` is its loss."""

    inputs: tuple[Tensor, ...]
    loss: Tensor
    module: Any
    pairs: dict[str, Any]
    theirs: Callable[..., Any]
    outputs: tuple[Tensor, ...] = ()


def cnn_with_batch_norm() -> Subject:
    x, y = variable("x", (2, 8, 8)), variable("y", (), integer=True)
    first, second = nn.Conv2d(2, 6, name="c1", padding=1), nn.Conv2d(6, 8, name="c2", padding=1, stride=2)
    norms = nn.BatchNorm(6, name="n1"), nn.BatchNorm(8, name="n2")
    h = nn.MaxPool2d()(ops.relu(norms[0](first(x))))
    h = nn.Flatten()(ops.relu(norms[1](second(h))))
    z = nn.Linear(32, 3, name="out")(h)
    c1, c2 = tnn.Conv2d(2, 6, 3, padding=1), tnn.Conv2d(6, 8, 3, padding=1, stride=2)
    n1, n2, out = tnn.BatchNorm2d(6), tnn.BatchNorm2d(8), tnn.Linear(32, 3)
    relu = tnn.ReLU()
    net = tnn.Sequential(c1, n1, relu, tnn.MaxPool2d(2), c2, n2, relu, tnn.Flatten(), out)
    pairs = _pairs(c1=c1, c2=c2, n1=n1, n2=n2, out=out)
    return Subject((x, y), ops.cross_entropy(z, y), net, pairs, lambda x, y: F.cross_entropy(net(x), y), (z,))


def residual() -> Subject:
    x, y = variable("x", (5,)), variable("y", (2,))
    block = nn.Residual([nn.Linear(8, 8, name="a"), ops.gelu, nn.GroupNorm(2, 8, name="g")])
    z = nn.Linear(8, 2, name="out")(block(nn.Linear(5, 8, name="in")(x)))
    first, a, g, out = tnn.Linear(5, 8), tnn.Linear(8, 8), tnn.GroupNorm(2, 8), tnn.Linear(8, 2)

    def theirs(x: Any, y: Any) -> Any:
        h = first(x)
        return F.huber_loss(out(h + g(F.gelu(a(h)))), y)

    pairs = _pairs(a=a, g=g, out=out) | {"in.weight": first.weight, "in.bias": first.bias}
    return Subject((x, y), ops.huber(z, y), tnn.ModuleList([first, a, g, out]), pairs, theirs, (z,))


def recurrent(kind: str) -> Subject:
    x, y = variable("x", (TOKENS,), integer=True), variable("y", (TOKENS,), integer=True)
    h = getattr(nn, kind)(WIDTH, WIDTH, name="cell")(nn.Embedding(5, WIDTH, name="e")(x))
    z = nn.Linear(WIDTH, 5, name="out")(h)
    e, out = tnn.Embedding(5, WIDTH), tnn.Linear(WIDTH, 5)
    cell = getattr(tnn, kind)(WIDTH, WIDTH, batch_first=True)
    cell.bias_hh_l0.requires_grad_(False).zero_()
    pairs = _pairs(e=e, out=out) | {
        "cell.weight": cell.weight_ih_l0,
        "cell.state_weight": cell.weight_hh_l0,
        "cell.bias": cell.bias_ih_l0,
    }
    return _language_model(x, y, z, [e, cell, out], pairs, lambda x: out(cell(e(x))[0]))


def transformer() -> Subject:
    x, y = variable("x", (TOKENS,), integer=True), variable("y", (TOKENS,), integer=True)
    h = nn.Position(TOKENS, WIDTH, name="p")(nn.Embedding(5, WIDTH, name="e")(x))
    block = nn.TransformerBlock(WIDTH, 4, name="b", causal=True)
    z = nn.Linear(WIDTH, 5, name="out")(block(h))
    e, out, p = tnn.Embedding(5, WIDTH), tnn.Linear(WIDTH, 5), tnn.Parameter(torch.zeros(TOKENS, WIDTH))
    parts = {name: tnn.Linear(WIDTH, WIDTH) for name in ("query", "key", "value", "output")}
    first, second = tnn.Linear(WIDTH, 4 * WIDTH), tnn.Linear(4 * WIDTH, WIDTH)
    norms = tnn.LayerNorm(WIDTH), tnn.LayerNorm(WIDTH)

    def heads(x: Any) -> Any:
        return x.reshape(*x.shape[:2], 4, WIDTH // 4).transpose(1, 2)

    def logits(x: Any) -> Any:
        h = e(x) + p
        q, k, v = (heads(parts[name](norms[0](h))) for name in ("query", "key", "value"))
        seen = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        h = h + parts["output"](seen.transpose(1, 2).reshape(h.shape))
        return out(h + second(F.gelu(first(norms[1](h)))))

    pairs = _pairs(e=e, out=out) | {"p.weight": p}
    for name, module in parts.items():
        pairs |= _pairs(**{f"b.attention.{name}": module})
    pairs |= _pairs(**{"b.first": first, "b.second": second, "b.norm1": norms[0], "b.norm2": norms[1]})
    modules = [e, out, *parts.values(), first, second, *norms]
    subject = _language_model(x, y, z, modules, pairs, logits)
    subject.module.register_parameter("p", p)
    return subject


def _language_model(
    x: Tensor, y: Tensor, z: Tensor, modules: Sequence[Any], pairs: dict[str, Any], logits: Callable[..., Any]
) -> Subject:
    def theirs(x: Any, y: Any) -> Any:
        return F.cross_entropy(logits(x).flatten(0, 1), y.flatten())

    return Subject((x, y), ops.cross_entropy(z, y), tnn.ModuleList(modules), pairs, theirs, (z,))


def _pairs(**modules: Any) -> dict[str, Any]:
    return {f"{name}.{part}": p for name, module in modules.items() for part, p in module.named_parameters()}


SUBJECTS = {
    "a CNN with batch norm": cnn_with_batch_norm,
    "a residual block": residual,
    "an RNN": lambda: recurrent("RNN"),
    "an LSTM": lambda: recurrent("LSTM"),
    "a Transformer block": transformer,
}


def _drawn(tensor: Tensor, rng: np.random.Generator) -> Any:
    shape = (EXAMPLES, *tensor.shape)
    if tensor.spec.integer:
        return rng.integers(0, 3, shape)
    return rng.normal(size=shape).astype(np.float32)


def _adopt(pairs: dict[str, Any], values: dict[str, Any]) -> None:
    assert pairs.keys() == values.keys()
    for name, parameter in pairs.items():
        parameter.data = torch.tensor(values[name])


@pytest.mark.parametrize("optimizer", ["adam", "momentum"])
@pytest.mark.parametrize("name", SUBJECTS)
def test_fifty_steps_of_a_network_follow_pytorch(name: str, optimizer: str) -> None:
    subject, rng = SUBJECTS[name](), np.random.default_rng(1)
    machine = Machine(plan(subject.loss, subject.outputs, optimizer=optimizer, batch=BATCH))
    machine.memory.set_hyper(lr=0.01)
    _adopt(subject.pairs, machine.memory.parameters())
    data = [_drawn(tensor, rng) for tensor in subject.inputs]
    feeds = [Feed(tensor, array) for tensor, array in zip(subject.inputs, data, strict=True)]
    fetch = Fetch(subject.loss, np.empty(STEPS, np.float32))
    machine.run("train", feeds, Cursor(), STEPS, fetches=[fetch])
    trained = [p for p in subject.module.parameters() if p.requires_grad]
    theirs = torch.optim.Adam(trained, 0.01) if optimizer == "adam" else torch.optim.SGD(trained, 0.01, 0.9)
    losses = []
    for step in range(STEPS):
        start = step * BATCH % EXAMPLES
        loss = subject.theirs(*(torch.tensor(array[start : start + BATCH]) for array in data))
        theirs.zero_grad()
        loss.backward()
        theirs.step()
        losses.append(float(loss.detach()))
    np.testing.assert_allclose(fetch.array, losses, rtol=2e-3)
    np.testing.assert_allclose(fetch.array[:10], losses[:10], rtol=1e-4)
    # Under Adam a bias before a batch norm, its gradient 0 but for rounding, wanders, and the running mean after it.
    if isinstance(subject.module, tnn.Sequential) and optimizer == "momentum":
        _assert_predicts_alike(subject, machine, feeds[0])


def _assert_predicts_alike(subject: Subject, machine: Machine, feed: Feed) -> None:
    """Outside training, where a batch norm uses what it has gathered."""
    fetch = Fetch(subject.outputs[0], np.empty((EXAMPLES, *subject.outputs[0].shape), np.float32))
    machine.run("predict", [feed], Cursor(), 1, batch=EXAMPLES, fetches=[fetch])
    with torch.no_grad():
        expected = subject.module.eval()(torch.tensor(feed.array))
    assert_close(fetch.array, expected, tolerance=1e-3)


def test_fifty_steps_of_two_networks_in_turn_follow_pytorch() -> None:
    real, rng = variable("real", (2,)), np.random.default_rng(1)
    generator = nn.Sequential([nn.Linear(3, 16, name="g1"), ops.relu, nn.Linear(16, 2, name="g2")])
    judge = nn.Sequential([nn.Linear(2, 16, name="d1"), ops.leaky_relu, nn.Linear(16, 1, name="d2")])
    game = nn.gan(real, generator, judge, noise=3)
    machine = Machine(plan(game.trainings, [game.samples], batch=BATCH))
    machine.memory.set_hyper(lr=0.01)
    g1, g2, d1, d2 = tnn.Linear(3, 16), tnn.Linear(16, 2), tnn.Linear(2, 16), tnn.Linear(16, 1)
    _adopt(_pairs(g1=g1, g2=g2, d1=d1, d2=d2), machine.memory.parameters())
    makes = tnn.Sequential(g1, tnn.ReLU(), g2)
    judges = tnn.Sequential(d1, tnn.LeakyReLU(0.01), d2)
    steps = torch.optim.Adam(judges.parameters(), 0.01), torch.optim.Adam(makes.parameters(), 0.01)
    data, cursor = rng.normal(3, 1, (EXAMPLES, 2)).astype(np.float32), Cursor()
    for step in range(STEPS):
        start = cursor.position
        noise = Fetch(game.noise, np.empty((EXAMPLES, 3), np.float32))
        losses = [Fetch(t, np.empty(1, np.float32)) for t in (game.discriminator_loss, game.generator_loss)]
        machine.run("train", [Feed(real, data)], cursor, 1, fetches=[noise, *losses])
        z = torch.tensor(noise.array[start : start + BATCH])
        mistaken = _bce(judges(torch.tensor(data[start : start + BATCH])), 1) + _bce(judges(makes(z)), 0)
        steps[0].zero_grad()
        mistaken.backward()
        steps[0].step()
        caught = _bce(judges(makes(z)), 1)
        steps[1].zero_grad()
        caught.backward()
        steps[1].step()
        expected = [float(mistaken.detach()), float(caught.detach())]
        np.testing.assert_allclose([f.array[0] for f in losses], expected, rtol=1e-3, err_msg=f"step {step}")
    for name, parameter in _pairs(g1=g1, g2=g2, d1=d1, d2=d2).items():
        assert_close(machine.memory.parameters()[name], parameter.detach(), tolerance=1e-3)


def _bce(logits: Any, answer: float) -> Any:
    return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, answer))


def test_only_the_parameters_of_a_training_move() -> None:
    x = variable("x", (3,))
    frozen, free = nn.Linear(3, 3, name="frozen", frozen=True), nn.Linear(3, 1, name="free")
    loss = ops.reduce_mean(free(frozen(x)))
    machine = Machine(plan([Training(loss)], []))
    before = {name: values.copy() for name, values in machine.memory.parameters().items()}
    machine.run("train", [Feed(x, np.ones((9, 3), np.float32))], Cursor(), 3)
    after = machine.memory.parameters()
    assert {name for name in before if not np.array_equal(before[name], after[name])} == {
        "free.weight",
        "free.bias",
    }
