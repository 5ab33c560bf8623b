"""The contestant: dlterm's engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.task import EXAMPLES, LEARNING_RATE, Task
from dlterm.engine import ops
from dlterm.engine.graph import variable
from dlterm.engine.machine import Machine
from dlterm.engine.memory import Cursor, Feed
from dlterm.engine.plan import plan
from dlterm.nn import mlp

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Ours:
    """A network on the machine."""

    def __init__(self, task: Task) -> None:
        inputs, *hidden, outputs = task.sizes
        self._network = mlp(
            inputs,
            hidden,
            outputs,
            activation=task.activation,
            output_activation=task.activation if task.loss == "mse" else "identity",
            dropout=task.dropout > 0,
        )
        labels = task.loss == "cross_entropy"
        y = variable("y", () if labels else (outputs,), integer=labels)
        self._loss = getattr(ops, task.loss)(self._network.layers[-1], y)
        self._machine = Machine(
            plan(self._loss, self._network.layers, optimizer=task.optimizer, batch=task.batch)
        )
        self._machine.memory.set_hyper(lr=LEARNING_RATE, dropout=task.dropout)
        examples, targets = task.examples()
        self._feeds = [Feed(self._network.x, examples), Feed(y, targets)]
        self._steps = -(-EXAMPLES // task.batch)
        self._cursor = Cursor()

    def train(self, epochs: int, *, shuffle: bool = True) -> None:
        """Train on, the loss looked at after every step."""
        steps = epochs * self._steps
        self._machine.run("train", self._feeds, self._cursor, steps, shuffle=shuffle, loss=self._loss)

    def parameters(self) -> list[NDArray[np.float32]]:
        """Weight and bias of every layer."""
        values = self._machine.memory.parameters()
        return [values[tensor.name] for tensor in self._network.parameters]
