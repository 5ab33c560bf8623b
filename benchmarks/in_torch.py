"""The contestant: PyTorch, eager, on one thread, as its tutorials write a training loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn

from benchmarks.task import LEARNING_RATE, Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

_ACTIVATIONS = {"tanh": nn.Tanh, "relu": nn.ReLU}
_LOSSES = {
    "mse": nn.MSELoss,
    "cross_entropy": nn.CrossEntropyLoss,
    "binary_cross_entropy": nn.BCEWithLogitsLoss,
}
_OPTIMIZERS = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}


class InTorch:
    """A network in PyTorch, from given parameters."""

    def __init__(self, task: Task, parameters: Sequence[NDArray[np.float32]]) -> None:
        torch.set_num_threads(1)
        torch.manual_seed(0)
        self._batch = task.batch
        self._model = _model(task)
        with torch.no_grad():
            for parameter, value in zip(self._model.parameters(), parameters, strict=True):
                parameter.copy_(torch.from_numpy(value))
        self._criterion = _LOSSES[task.loss]()
        self._optimizer = _OPTIMIZERS[task.optimizer](self._model.parameters(), lr=LEARNING_RATE)
        self._x, self._y = map(torch.from_numpy, task.examples())

    def train(self, epochs: int, *, shuffle: bool = True) -> None:
        """Train on."""
        model, criterion, optimizer, x, y = self._model, self._criterion, self._optimizer, self._x, self._y
        for _ in range(epochs):
            order = torch.randperm(len(x)) if shuffle else torch.arange(len(x))
            for batch in torch.split(order, self._batch):
                optimizer.zero_grad()
                loss = criterion(model(x[batch]), y[batch])
                loss.backward()
                optimizer.step()

    def parameters(self) -> list[NDArray[np.float32]]:
        """Weight and bias of every layer."""
        return [parameter.detach().numpy() for parameter in self._model.parameters()]


def _model(task: Task) -> nn.Sequential:
    layers: list[nn.Module] = []
    for inputs, outputs in zip(task.sizes[:-2], task.sizes[1:-1], strict=True):
        layers += [nn.Linear(inputs, outputs), _ACTIVATIONS[task.activation]()]
        if task.dropout:
            layers.append(nn.Dropout(task.dropout))
    layers.append(nn.Linear(task.sizes[-2], task.sizes[-1]))
    if task.loss == "mse":
        layers.append(_ACTIVATIONS[task.activation]())
    return nn.Sequential(*layers)
