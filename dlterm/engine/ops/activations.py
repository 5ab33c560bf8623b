"""Activations. Each is declared once: its formula, its derivative from its own output or input, and both in NumPy.

`ACTIVATIONS` holds them by name; the fusion stage makes `linear_NAME` of each, and `linear_dx_NAME` of those whose
derivative is made of the output y = f(x), so that x need not be kept.

GELU: Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016, arXiv:1606.08415. SiLU, or swish: Elfwing, Uchibe and
Doya, 2017, arXiv:1702.03118. Softplus: Dugas et al., NIPS 2000.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dlterm.engine import vector_math
from dlterm.engine.ops.elementwise import binary, unary
from dlterm.engine.vector import less, maximum, select, splat
from dlterm.engine.vector_math import normal_cdf, normal_density, silu_slope

if TYPE_CHECKING:
    from collections.abc import Callable

    from dlterm.engine.graph import Node, Op, Tensor

F = np.float32
LEAK = 0.01  # leaky ReLU's slope below zero


@dataclass(frozen=True)
class Activation:
    """An activation and its gradient dx = dy f'(x): `dx(dy, y)`, or `dx(dy, x)` where it is made `from_input`."""

    op: Op
    dx: Op
    from_input: bool


ACTIVATIONS: dict[str, Activation] = {}


def activation(
    name: str,
    formula: Callable[[Any], Any],
    gradient: Callable[[Any, Any], Any],
    reference: Callable[[Any], Any],
    slope: Callable[[Any], Any],
    *,
    from_input: bool = False,
) -> Op:
    """Declare y = f(x): `formula(x)`, `gradient(dy, y)`; in NumPy `reference(x)` and its `slope(y)`.

    `from_input`: both derivatives take x in the place of y.
    """

    def rule(node: Node, dy: Tensor) -> tuple[Tensor]:
        return (ACTIVATIONS[name].dx(dy, (node.inputs if from_input else node.outputs)[0]),)

    op = unary(name, formula, reference, rule)
    dx = binary(f"{name}_dx", gradient, lambda dy, y: dy * slope(y))
    ACTIVATIONS[name] = Activation(op, dx, from_input)
    return op


def sigmoid_of(x: Any) -> Any:
    """1 / (1 + e^-x) in NumPy, where nothing overflows."""
    return 0.5 * (1 + np.tanh(0.5 * x))


def _normal_cdf(x: Any) -> Any:
    error_function = np.array([math.erf(number) for number in (x / math.sqrt(2)).ravel()], x.dtype)
    return 0.5 * (1 + error_function.reshape(x.shape))


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
    sigmoid_of,
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
gelu = activation(
    "gelu",
    lambda x: x * normal_cdf(x),
    lambda dy, x: dy * (normal_cdf(x) + x * normal_density(x)),
    lambda x: x * _normal_cdf(x),
    lambda x: _normal_cdf(x) + x * np.exp(-0.5 * x * x) / math.sqrt(2 * math.pi),
    from_input=True,
)
silu = activation(
    "silu",
    vector_math.silu,
    lambda dy, x: dy * silu_slope(x),
    lambda x: x * sigmoid_of(x),
    lambda x: sigmoid_of(x) * (1 + x * (1 - sigmoid_of(x))),
    from_input=True,
)
softplus = activation(
    "softplus",
    vector_math.softplus,
    vector_math.sigmoid_times,
    lambda x: np.logaddexp(x, 0),
    sigmoid_of,
    from_input=True,
)
