"""The larger races: networks of every kind, here and in PyTorch, from the same weights, on the same batches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dlterm import nn
from dlterm.engine import ops
from dlterm.engine.graph import variable
from dlterm.engine.machine import Machine
from dlterm.engine.memory import Cursor, Feed
from dlterm.engine.plan import plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from dlterm.engine.graph import Tensor

CLASSES, WIDTH, TOKENS = 10, 64, 64
_BATCHES = 4
_LEARNING_RATE = 0.001


@dataclass(frozen=True)
class Network:
    """A network: how it is built here (inputs, labels, loss), its twin as modules by name, and what that computes."""

    name: str
    batch: int
    ours: Callable[[], tuple[Tensor, Tensor, Tensor]]
    theirs: Callable[[], tuple[dict[str, Any], Callable[[Any], Any]]]  # parameters by our names; logits
    labels: int = CLASSES


def mlp() -> Network:
    """64-128-128-10 with ReLU."""

    def ours() -> tuple[Tensor, Tensor, Tensor]:
        network, y = nn.mlp(64, (128, 128), CLASSES, activation="relu"), variable("y", (), integer=True)
        return network.x, y, ops.cross_entropy(network.output, y)

    def theirs() -> tuple[dict[str, Any], Callable[[Any], Any]]:
        from torch import nn as tnn

        first, second, last = tnn.Linear(64, 128), tnn.Linear(128, 128), tnn.Linear(128, CLASSES)
        net = tnn.Sequential(first, tnn.ReLU(), second, tnn.ReLU(), last)
        return _named(hidden1=first, hidden2=second, output=last), net

    return Network("MLP 64-128-128-10, batch 64", 64, ours, theirs)


def cnn(name: str, image: tuple[int, int, int], layers: Iterable[int | str], batch: int) -> Network:
    """Convolutions of 3 x 3 with so many channels and ReLU, or "pool"; then a linear layer."""
    layers = tuple(layers)

    def ours() -> tuple[Tensor, Tensor, Tensor]:
        x, y = variable("x", image), variable("y", (), integer=True)
        h: Tensor = x
        for k, layer in enumerate(layers):
            if isinstance(layer, str):
                h = nn.MaxPool2d()(h)
            else:
                h = ops.relu(nn.Conv2d(h.shape[0], layer, name=f"conv{k}", padding=1, activation="relu")(h))
        h = nn.Flatten()(h)
        return x, y, ops.cross_entropy(nn.Linear(h.shape[0], CLASSES, name="output")(h), y)

    def theirs() -> tuple[dict[str, Any], Callable[[Any], Any]]:
        from torch import nn as tnn

        (channels, height, width), modules, named = image, [], {}
        for k, layer in enumerate(layers):
            if isinstance(layer, str):
                modules.append(tnn.MaxPool2d(2))
                height, width = height // 2, width // 2
            else:
                named[f"conv{k}"] = tnn.Conv2d(channels, layer, 3, padding=1)
                modules += [named[f"conv{k}"], tnn.ReLU()]
                channels = layer
        named["output"] = tnn.Linear(channels * height * width, CLASSES)
        return _named(**named), tnn.Sequential(*modules, tnn.Flatten(), named["output"])

    return Network(name, batch, ours, theirs)


def lstm() -> Network:
    """Embedding, LSTM and output of 64, over 32 steps."""

    def ours() -> tuple[Tensor, Tensor, Tensor]:
        x, y = (variable(name, (32,), integer=True) for name in "xy")
        h = nn.LSTM(WIDTH, WIDTH, name="lstm")(nn.Embedding(WIDTH, WIDTH, name="tokens")(x))
        return x, y, ops.cross_entropy(nn.Linear(WIDTH, WIDTH, name="output")(h), y)

    def theirs() -> tuple[dict[str, Any], Callable[[Any], Any]]:
        from torch import nn as tnn

        tokens, cell = tnn.Embedding(WIDTH, WIDTH), tnn.LSTM(WIDTH, WIDTH, batch_first=True)
        output = tnn.Linear(WIDTH, WIDTH)
        cell.bias_hh_l0.requires_grad_(False).zero_()
        named = _named(tokens=tokens, output=output) | {
            "lstm.weight": cell.weight_ih_l0,
            "lstm.state_weight": cell.weight_hh_l0,
            "lstm.bias": cell.bias_ih_l0,
        }
        return named, lambda x: output(cell(tokens(x))[0]).flatten(0, 1)

    return Network("LSTM 64 over 32 steps, batch 16", 16, ours, theirs, WIDTH)


def transformer() -> Network:
    """Two causal blocks of width 64 with 4 heads, over 64 tokens."""

    def ours() -> tuple[Tensor, Tensor, Tensor]:
        x, y = (variable(name, (TOKENS,), integer=True) for name in "xy")
        h = nn.Position(TOKENS, WIDTH, name="places")(nn.Embedding(WIDTH, WIDTH, name="tokens")(x))
        for k in (1, 2):
            h = nn.TransformerBlock(WIDTH, 4, name=f"block{k}", causal=True)(h)
        logits = nn.Linear(WIDTH, WIDTH, name="output")(nn.LayerNorm(WIDTH, name="norm")(h))
        return x, y, ops.cross_entropy(logits, y)

    def theirs() -> tuple[dict[str, Any], Callable[[Any], Any]]:
        import torch
        from torch import nn as tnn

        tokens, output, norm = tnn.Embedding(WIDTH, WIDTH), tnn.Linear(WIDTH, WIDTH), tnn.LayerNorm(WIDTH)
        places = tnn.Parameter(torch.zeros(TOKENS, WIDTH))
        named = _named(tokens=tokens, output=output, norm=norm) | {"places.weight": places}
        blocks = []
        for k in (1, 2):
            parts = {
                name: tnn.Linear(WIDTH, WIDTH)
                for name in ("attention.query", "attention.key", "attention.value", "attention.output")
            }
            parts |= {"first": tnn.Linear(WIDTH, 4 * WIDTH), "second": tnn.Linear(4 * WIDTH, WIDTH)}
            parts |= {"norm1": tnn.LayerNorm(WIDTH), "norm2": tnn.LayerNorm(WIDTH)}
            named |= _named(**{f"block{k}.{name}": module for name, module in parts.items()})
            blocks.append(parts)

        def logits(x: Any) -> Any:
            h = tokens(x) + places
            for parts in blocks:
                h = _torch_block(parts, h)
            return output(norm(h)).flatten(0, 1)

        return named, logits

    return Network("Transformer 64, 4 heads, 2 layers, 64 tokens, batch 16", 16, ours, theirs, WIDTH)


def _torch_block(parts: dict[str, Any], h: Any) -> Any:
    from torch.nn import functional as F  # noqa: N812 - what everybody calls it

    z = parts["norm1"](h)
    split = (*z.shape[:2], 4, WIDTH // 4)
    q, k, v = (
        parts[f"attention.{name}"](z).reshape(split).transpose(1, 2) for name in ("query", "key", "value")
    )
    seen = F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(h.shape)
    h = h + parts["attention.output"](seen)
    return h + parts["second"](F.gelu(parts["first"](parts["norm2"](h))))


def _named(**modules: Any) -> dict[str, Any]:
    return {f"{name}.{part}": p for name, module in modules.items() for part, p in module.named_parameters()}


class Ours:
    """A network on the machine; `train(steps)` trains on."""

    def __init__(self, network: Network) -> None:
        x, y, self._loss = network.ours()
        planned = plan(self._loss, [], optimizer="adam", batch=network.batch, prediction_batch=16)
        self._machine = Machine(planned)
        self._machine.memory.set_hyper(lr=_LEARNING_RATE)
        rng = np.random.default_rng(0)
        self.data = [_examples(tensor, network, rng) for tensor in (x, y)]
        self._feeds = [Feed(tensor, array) for tensor, array in zip((x, y), self.data, strict=True)]
        self._cursor = Cursor()

    def parameters(self) -> dict[str, Any]:
        """Views of the parameters by name."""
        return self._machine.memory.parameters()

    def train(self, steps: int) -> float:
        """So many steps, the loss looked at after each: the last one."""
        self._machine.run("train", self._feeds, self._cursor, steps, loss=self._loss)
        span = self._machine.plan.tapes["train"].spans[self._loss]
        return float(self._machine.memory.view(span)[0])


class Theirs:
    """Its twin in PyTorch, eager, on one thread."""

    def __init__(self, network: Network, ours: Ours) -> None:
        import torch

        torch.set_num_threads(1)
        self.named, self._logits = network.theirs()
        values = ours.parameters()
        if self.named.keys() != values.keys():
            raise RuntimeError(
                f"{network.name}: other parameters than ours: {self.named.keys() ^ values.keys()}"
            )
        for name, parameter in self.named.items():
            parameter.data = torch.tensor(values[name])
        self._optimizer = torch.optim.Adam(self.named.values(), lr=_LEARNING_RATE)
        self._criterion = torch.nn.CrossEntropyLoss()
        x, y = map(torch.tensor, ours.data)
        self._batches = list(zip(x.split(network.batch), y.split(network.batch), strict=True))
        self._step = 0

    def train(self, steps: int) -> float:
        """So many steps, the loss looked at after each: the last one."""
        last = 0.0
        for _ in range(steps):
            x, y = self._batches[self._step % len(self._batches)]
            self._optimizer.zero_grad()
            loss = self._criterion(self._logits(x), y.flatten())
            loss.backward()
            self._optimizer.step()
            last = float(loss.detach())
            self._step += 1
        return last


def check_agreement(network: Network) -> None:
    """Raise RuntimeError unless both have the same loss at the first step and at the fifth."""
    ours = Ours(network)
    theirs = Theirs(network, ours)
    for steps in (1, 4):
        mine, peers = ours.train(steps), theirs.train(steps)
        if not np.isclose(mine, peers, rtol=1e-4):
            raise RuntimeError(
                f"{network.name} trains something else: the loss is {mine:.6f}, not {peers:.6f}"
            )


def _examples(tensor: Tensor, network: Network, rng: np.random.Generator) -> Any:
    shape = (_BATCHES * network.batch, *tensor.shape)
    if tensor.spec.integer:
        return rng.integers(0, network.labels, shape)
    return rng.normal(size=shape).astype(np.float32)
