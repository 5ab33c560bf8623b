"""knock_out: chosen units of a layer answer 0, in training as outside it; so nothing behind them knows what they learn.

y[u] = 0 for the chosen units u, x[u] for the others, to the bit. The gradient is the same of dy: a unit without
influence gets none. A lesion study in miniature: Morcos et al., "On the Importance of Single Directions for
Generalization", ICLR 2018, arXiv:1803.06959.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dlterm.engine.graph import Call, Node, Op, Spec, Tensor
from dlterm.engine.native import Kernel
from dlterm.engine.vector import LANES, load, offset, splat
from dlterm.engine.vector_math import put

F = np.float32


def _kernel(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """Row: y x, units B, then for each unit whether it works."""
    y, x, O, B = offset(floats, row[4]), offset(floats, row[5]), row[6], row[7]
    for o in range(O):
        works = row[8 + o] != 0
        for n in range(0, B, LANES):
            put(y, o * B + n, load(x, o * B + n) if works else splat(F(0)), row[3])


def _reference(call: Call) -> Any:
    y = call.inputs[0].copy()
    y[list(call.attributes["units"])] = 0
    return y


def _infer(x: Spec, *, units: tuple[int, ...]) -> Spec:
    if x != Spec(x.shape) or len(x.shape) != 1 or not all(0 <= unit < x.size for unit in units):
        raise ValueError(f"knock_out takes [batch, units] and some of its units, not {x}, {units}")
    return x


def _sizes(node: Node, lanes: int) -> tuple[int, ...]:
    units, size = set(node.attributes["units"]), node.outputs[0].spec.size
    return size, lanes, *(int(unit not in units) for unit in range(size))


def _gradient(node: Node, dy: Tensor) -> tuple[Tensor]:
    return (knock_out(dy, units=node.attributes["units"]),)


knock_out = Op(
    "knock_out", _infer, _reference, Kernel("knock_out", _kernel), _sizes, _gradient, accumulates=True
)
