"""Restricted Boltzmann machines, and stacks of them: layers that learn without labels to redraw what they see.

Contrastive divergence: Hinton, "Training products of experts by minimizing contrastive divergence", Neural Computation
14, 2002; the settings follow his "A practical guide to training restricted Boltzmann machines", UTML TR 2010-003.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float32]

_BATCH, _RATE, _DECAY = 20, 0.1, 1e-4
_SPREAD = 0.01  # of the first weights, their standard deviation
_RAREST = 0.01  # an input that is on more rarely counts as so rare in the first biases
_MOMENTUM, _CAUTIOUS = (0.5, 0.9), 3  # at first, and after so many passes


class Machine:
    """A restricted Boltzmann machine: what is seen, [n, inputs] of 0..1, and units that are on or off by chance."""

    def __init__(self, seen: Array, units: int, rng: np.random.Generator) -> None:
        on = seen.mean(axis=0).clip(_RAREST, 1 - _RAREST)
        self.weights = rng.normal(0, _SPREAD, (units, seen.shape[1])).astype(np.float32)
        self.biases, self.seen_biases = np.zeros(units, np.float32), np.log(on / (1 - on))
        self.step = 0
        self.steps_per_epoch = max(1, len(seen) // _BATCH)
        self._seen, self._rng = seen, rng
        self._batches: list[NDArray[np.int64]] = []
        self._moves = [np.zeros_like(each) for each in self._learned]

    def up(self, seen: Array) -> Array:
        """How likely each unit is on, [n, units]."""
        return sigmoid(seen @ self.weights.T + self.biases)

    def down(self, hidden: Array) -> Array:
        """What is seen then, [n, inputs]."""
        return sigmoid(hidden @ self.weights + self.seen_biases)

    def advance(self, steps: int) -> None:
        """Learn from so many batches."""
        for _ in range(steps):
            momentum = _MOMENTUM[self.step >= _CAUTIOUS * self.steps_per_epoch]
            self.step += 1
            seen = self._seen[self._batch()]
            chances = self._rng.random((len(seen), len(self.weights)), np.float32)
            slopes = self.contrast(seen, chances)
            for learned, move, slope in zip(self._learned, self._moves, slopes, strict=True):
                move[:] = momentum * move + _RATE * slope
                learned[:] += move

    def contrast(self, seen: Array, chances: Array) -> tuple[Array, Array, Array]:
        """Contrastive divergence of one step: where weights, biases and those of what is seen are to go.

        A unit is on where its one of the `chances` [n, units], numbers in 0..1, is below its probability.
        """
        hidden = self.up(seen)
        dreamt = self.down((chances < hidden).astype(np.float32))
        again = self.up(dreamt)
        weights = (hidden.T @ seen - again.T @ dreamt) / len(seen) - _DECAY * self.weights
        return weights, (hidden - again).mean(axis=0), (seen - dreamt).mean(axis=0)

    def error(self) -> float:
        """How far what it has learned from is off when it is redrawn, root mean square."""
        return float(np.sqrt(np.mean((self.down(self.up(self._seen)) - self._seen) ** 2)))

    @property
    def _learned(self) -> tuple[Array, Array, Array]:
        return self.weights, self.biases, self.seen_biases

    def _batch(self) -> NDArray[np.int64]:
        if not self._batches:
            self._batches = np.array_split(self._rng.permutation(len(self._seen)), self.steps_per_epoch)
        return self._batches.pop()


class Stack:
    """Boltzmann machines one upon the other. The first is there from the beginning; none is trained here."""

    def __init__(self, seen: Array, units: int, rng: np.random.Generator) -> None:
        self._seen, self._units, self._rng = seen, units, rng
        self.machines = [Machine(seen, units, rng)]

    def grow(self) -> None:
        """Add a machine, which sees what the uppermost says of what that has seen."""
        self._seen = self.machines[-1].up(self._seen)
        self.machines.append(Machine(self._seen, self._units, self._rng))

    def redrawn(self, seen: Array, height: int | None = None) -> Array:
        """What was seen, after so many machines upwards, or all, and down again."""
        climbed = self.machines[:height]
        for machine in climbed:
            seen = machine.up(seen)
        for machine in reversed(climbed):
            seen = machine.down(seen)
        return seen


def sigmoid(z: Array) -> Array:
    """1 / (1 + exp(-z)), which overflows nowhere."""
    return 0.5 * (1 + np.tanh(0.5 * z))
