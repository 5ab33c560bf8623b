"""What the engine's tests share: one op under examination, and small networks to train."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dlterm.engine import ops
from dlterm.engine.graph import Tensor, parameter, variable
from dlterm.engine.memory import Cursor, Feed, Fetch
from dlterm.engine.plan import Plan, plan
from dlterm.nn import mlp

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dlterm.engine.runtime import AnyMachine

Numbers = np.ndarray

BATCHES = [
    (1, 1),
    (15, 15),
    (16, 16),
    (17, 17),
    (9, 8),
    (20, 16),
]  # examples, batch: two have a smaller last one


@dataclass(frozen=True)
class Argument:
    """An argument of an op: its shape; one value an example, or one for all; which numbers it takes."""

    shape: tuple[int, ...]
    batched: bool = True
    differentiated: bool = True
    classes: int = 0  # of a class number

    def draw(self, rng: np.random.Generator, examples: int) -> Numbers:
        """Numbers away from 0, where ops have poles and kinks; of a target numbers from 0 to 1."""
        shape = (examples, *self.shape) if self.batched else self.shape
        if self.classes:
            return rng.integers(0, self.classes, shape)
        if not self.differentiated:
            return rng.uniform(0, 1, shape).astype(np.float32)
        return np.asarray(rng.choice([-1, 1], shape) * rng.uniform(0.3, 2, shape), np.float32)


def each(*shape: int) -> Argument:
    return Argument(shape)


def once(*shape: int) -> Argument:
    return Argument(shape, batched=False)


def target(*shape: int) -> Argument:
    return Argument(shape, differentiated=False)


def label(classes: int, *shape: int) -> Argument:
    return Argument(shape, differentiated=False, classes=classes)


class Probe:
    """y = op(arguments), and the loss: the sum of y times each example's random weights, or y itself if it is a number.

    A batched argument is looked up in a parameter with a row for each example, so that `run` knows the gradient of
    every example.
    """

    def __init__(
        self,
        op: Callable[..., Tensor],
        arguments: Sequence[Argument],
        *,
        examples: int = 3,
        batch: int = 3,
        fused: bool = True,
        seed: int = 0,
    ) -> None:
        rng = np.random.default_rng(seed)
        self.arguments = arguments
        self.values = [argument.draw(rng, examples) for argument in arguments]
        self.steps = -(-examples // batch)
        self.last = slice((self.steps - 1) * batch, examples)  # the examples of the last batch
        self._feeds: list[Feed] = []
        self._eye = np.eye(examples, dtype=np.float32)
        self.y = op(*map(self._tensor, range(len(arguments))))
        self.weights = rng.uniform(-1, 1, (examples, *self.y.shape)).astype(np.float32)
        self.is_number = bool(self._feeds) and not self.y.batched and self.y.shape == ()
        self.loss = self.y
        if not self.is_number:
            self.loss = ops.reduce_sum(self.y * self._given("weights", self.weights))
        self.plan = plan(self.loss, [], batch=batch, fused=fused)

    def run(self, machine: AnyMachine) -> tuple[Numbers, list[Numbers]]:
        """y of the last batch, and the gradient of its loss for each differentiated argument."""
        results = len(self.weights) if self.y.batched else self.steps
        fetch = Fetch(self.y, np.empty((results, *self.y.shape), np.float32))
        machine.run("gradient", self._feeds, Cursor(), self.steps, fetches=[fetch])
        gradients = machine.memory.gradients()
        return fetch.array[self.last if self.y.batched else -1], [gradients[k] for k in sorted(gradients)]

    def value(self, machine: AnyMachine) -> float:
        """The loss over the last batch."""
        self.run(machine)
        return float(machine.memory.view(self.plan.tapes["gradient"].spans[self.loss])[0])

    def _tensor(self, k: int) -> Tensor:
        argument, values = self.arguments[k], self.values[k]
        if not argument.differentiated:
            return self._given(f"x{k}", values)
        table = parameter(f"x{k}", values)
        if not argument.batched:
            return table
        column = (len(self._eye), len(self._eye)) + (1,) * len(argument.shape)
        own = self._given(f"row of x{k}", self._eye.reshape(column))
        return ops.reduce_sum(table * own, 0)

    def _given(self, name: str, values: Numbers) -> Tensor:
        tensor = variable(name, values.shape[1:], integer=values.dtype == np.int64)
        self._feeds.append(Feed(tensor, values))
        return tensor


@dataclass(frozen=True)
class Net:
    """A planned network, its loss, and data to train it on."""

    plan: Plan
    loss: Tensor
    output: Tensor
    feeds: list[Feed]


def net(
    sizes: Sequence[int] = (2, 8, 8, 1),
    *,
    loss: str = "mse",
    examples: int = 50,
    seed: int = 0,
    activation: str = "tanh",
    dropout: bool = False,
    **planning: Any,
) -> Net:
    """An MLP of these sizes with random data; `planning` goes to `plan`."""
    network = mlp(sizes[0], sizes[1:-1], sizes[-1], activation=activation, dropout=dropout, seed=seed)
    rng = np.random.default_rng(seed)
    classes = loss == "cross_entropy"
    y = variable("y", () if classes else (sizes[-1],), integer=classes)
    x_data = rng.normal(size=(examples, sizes[0])).astype(np.float32)
    y_data = rng.integers(0, sizes[-1], examples) if classes else rng.uniform(0, 1, (examples, sizes[-1]))
    value = getattr(ops, loss)(network.layers[-1], y)
    return Net(
        plan(value, network.layers, **planning),
        value,
        network.layers[-1],
        [Feed(network.x, x_data), Feed(y, y_data if classes else y_data.astype(np.float32))],
    )


def persistent_bits(machine: AnyMachine) -> dict[str, bytes]:
    """All that training changes, as bytes."""
    return {name: array.tobytes() for name, array in machine.memory.persistent().items()}
