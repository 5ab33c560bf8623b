"""Activations. Each is declared once: its formula, its derivative from its own output, and both again in NumPy.

`ACTIVATIONS` holds them by name; the fusion stage makes `linear_NAME` and `linear_dx_NAME` of each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dlterm.engine import vector_math
from dlterm.engine.ops.elementwise import binary, unary
from dlterm.engine.vector import less, maximum, select, splat

if TYPE_CHECKING:
    from collections.abc import Callable

    from dlterm.engine.graph import Node, Op, Tensor

F = np.float32
LEAK = 0.01  # leaky ReLU's slope below zero


@dataclass(frozen=True)
class Activation:
    """An activation and its gradient dx = dy f'(x), computed from y = f(x)."""

    op: Op
    dx: Op


ACTIVATIONS: dict[str, Activation] = {}


def activation(
    name: str,
    formula: Callable[[Any], Any],
    gradient: Callable[[Any, Any], Any],
    reference: Callable[[Any], Any],
    slope: Callable[[Any], Any],
) -> Op:
    """Declare y = f(x): `formula(x)`, `gradient(dy, y)`; in NumPy `reference(x)` and its `slope(y)`."""

    def rule(node: Node, dy: Tensor) -> tuple[Tensor]:
        return (ACTIVATIONS[name].dx(dy, node.outputs[0]),)

    op = unary(name, formula, reference, rule)
    dx = binary(f"{name}_dx", gradient, lambda dy, y: dy * slope(y))
    ACTIVATIONS[name] = Activation(op, dx)
    return op


tanh = activation(
    "tanh",
    vector_math.tanh,
    lambda dy, y: dy * (F(1) - y * y),
    np.tanh,
    lambda y: 1 - y * y,
)
sigmoid = activation(
    "sigmoid",
    vector_math.sigmoid,
    lambda dy, y: dy * (y * (F(1) - y)),
    lambda x: 0.5 * (1 + np.tanh(0.5 * x)),
    lambda y: y * (1 - y),
)
relu = activation(
    "relu",
    lambda x: maximum(x, splat(F(0))),
    lambda dy, y: select(less(splat(F(0)), y), dy, splat(F(0))),
    lambda x: np.maximum(x, 0),
    lambda y: y > 0,
)
leaky_relu = activation(
    "leaky_relu",
    lambda x: maximum(x, x * F(LEAK)),
    lambda dy, y: select(less(splat(F(0)), y), dy, dy * F(LEAK)),
    lambda x: np.maximum(x, x * x.dtype.type(LEAK)),
    lambda y: np.where(y > 0, 1, y.dtype.type(LEAK)),
)
step = activation(
    "step",
    lambda x: select(less(x, splat(F(0))), splat(F(0)), splat(F(1))),
    lambda dy, y: splat(F(0)),
    lambda x: (x >= 0).astype(x.dtype),
    np.zeros_like,
)
