"""What the contestants of a race train: the same network, the same examples, the same work a step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from dlterm.data import load

if TYPE_CHECKING:
    from numpy.typing import NDArray

EXAMPLES = 250
LEARNING_RATE = 0.03


@dataclass(frozen=True)
class Task:
    """Two spirals of 250 examples, in epochs shuffled anew, the last batch smaller.

    With `mse` the output layer ends with the activation too and the targets are -1 and 1; with `cross_entropy` and
    `binary_cross_entropy` it gives logits.
    """

    sizes: tuple[int, ...]
    batch: int
    activation: str = "tanh"
    loss: str = "mse"
    optimizer: str = "sgd"
    dropout: float = 0.0

    def __str__(self) -> str:
        return f"{'-'.join(map(str, self.sizes))} {self.activation}, batch {self.batch}"

    def examples(self) -> tuple[NDArray[np.float32], NDArray[Any]]:
        """Inputs [250, 2] and targets: class numbers [250], or what the outputs are compared with, [250, 1]."""
        spirals = load("spirals", count=EXAMPLES)
        inputs = np.ascontiguousarray(spirals.inputs, np.float32)
        classes = spirals.targets.astype(np.int64)
        if self.loss == "cross_entropy":
            return inputs, classes
        targets = classes * 2 - 1 if self.loss == "mse" else classes
        return inputs, targets.astype(np.float32)[:, None]


class Contestant(Protocol):
    """Someone who trains a task."""

    def train(self, epochs: int, *, shuffle: bool = True) -> None:
        """Train on, from where the last call ended."""

    def parameters(self) -> list[NDArray[np.float32]]:
        """Weight [outputs, inputs] and bias [outputs] of every layer, one after the other."""


def check_agreement(ours: Contestant, peer: Contestant, name: str) -> None:
    """Raise RuntimeError unless both, from the same parameters, come to the same after epochs in the same order."""
    for contestant in (ours, peer):
        contestant.train(3, shuffle=False)
    for a, b in zip(ours.parameters(), peer.parameters(), strict=True):
        if not np.allclose(a, b, rtol=0, atol=1e-4):
            raise RuntimeError(
                f"{name} trains something else: parameters differ by {np.abs(a - b).max():.1e}"
            )
