"""Recurrent layers, unrolled: one graph of all steps, with the same weights in each.

The inputs of all steps are multiplied by their weights at once; only the state's product is done step by step. The
weights' gradients over all steps are one product each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm.engine import ops
from dlterm.engine.graph import Spec, constant, parameter
from dlterm.nn.initializers import weight
from dlterm.nn.layer import Layer

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dlterm.engine.graph import Tensor


class _Recurrent(Layer):
    """Sums of an input and of the state before: `bias` has the first values of theirs, some for each unit."""

    def __init__(self, inputs: int, units: int, bias: NDArray[np.float64], *, name: str, seed: int) -> None:
        super().__init__(name)
        self.units = units
        rows = len(bias)
        self.weight = weight(f"{name}.weight", (rows, inputs), init="xavier", activation="tanh", seed=seed)
        self.state_weight = weight(
            f"{name}.state_weight", (rows, units), init="uniform", activation="tanh", seed=seed
        )
        self.bias = parameter(f"{name}.bias", bias)
        self._no_bias = constant(np.zeros(rows), "0")

    def _from_inputs(self, x: Tensor) -> tuple[Tensor, ...]:
        return ops.unstack(ops.linear(x, self.weight, self.bias))

    def _from_state(self, h: Tensor) -> Tensor:
        return ops.linear(h, self.state_weight, self._no_bias)

    def _start(self) -> Tensor:
        return ops.zeros(Spec((self.units,)))


class RNN(_Recurrent):
    """h_t = tanh(W x_t + U h_(t-1) + b), from h_0 = 0: `NAME.weight` W, `NAME.state_weight` U, `NAME.bias` b.

    Elman, "Finding Structure in Time", Cognitive Science 14, 1990.
    """

    def __init__(self, inputs: int, units: int, *, name: str, seed: int = 0) -> None:
        super().__init__(inputs, units, np.zeros(units), name=name, seed=seed)

    def forward(self, x: Tensor) -> Tensor:
        """[batch, steps, inputs] to the states after every step, [batch, steps, units]."""
        states: list[Tensor] = []
        h = self._start()
        for p in self._from_inputs(x):
            h = ops.tanh(p + self._from_state(h))
            states.append(h)
        return ops.stack(states)


class LSTM(_Recurrent):
    """Long short-term memory; see `ops.lstm_cell` for its gates i, f, g, o, which `NAME.weight` holds in this order.

    The forget gate's bias starts from 1: Jozefowicz, Zaremba and Sutskever, "An Empirical Exploration of Recurrent
    Network Architectures", ICML 2015.
    """

    def __init__(self, inputs: int, units: int, *, name: str, seed: int = 0) -> None:
        bias = np.repeat([0.0, 1.0, 0.0, 0.0], units)
        super().__init__(inputs, units, bias, name=name, seed=seed)

    def forward(self, x: Tensor) -> Tensor:
        """[batch, steps, inputs] to the outputs h after every step, [batch, steps, units]."""
        outputs: list[Tensor] = []
        h = c = self._start()
        for p in self._from_inputs(x):
            h, c, *_ = ops.lstm_cell.apply(p, self._from_state(h), c).outputs
            outputs.append(h)
        return ops.stack(outputs)
