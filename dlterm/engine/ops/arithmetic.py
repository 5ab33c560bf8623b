"""a + b, a - b, a * b, a / b, -a; and what the operators between tensors mean: these, with broadcasting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm.engine.graph import OPERATORS
from dlterm.engine.ops.broadcast import broadcast_together
from dlterm.engine.ops.elementwise import binary, unary

if TYPE_CHECKING:
    from collections.abc import Callable

    from dlterm.engine.graph import Node, Op, Tensor


def _multiply_gradient(node: Node, dc: Tensor) -> tuple[Tensor, Tensor]:
    a, b = node.inputs
    return multiply(dc, b), multiply(dc, a)


def _divide_gradient(node: Node, dc: Tensor) -> tuple[Tensor, Tensor]:
    b, c = node.inputs[1], node.outputs[0]
    da = divide(dc, b)
    return da, negative(multiply(da, c))


negative: Op = unary("negative", lambda a: -a, np.negative, lambda node, dy: (negative(dy),))
add = binary("add", lambda a, b: a + b, np.add, lambda node, dc: (dc, dc))
subtract = binary("subtract", lambda a, b: a - b, np.subtract, lambda node, dc: (dc, negative(dc)))
multiply = binary("multiply", lambda a, b: a * b, np.multiply, _multiply_gradient)
divide = binary("divide", lambda a, b: a / b, np.divide, _divide_gradient)


def _broadcasting(op: Op) -> Callable[[Tensor, Tensor], Tensor]:
    return lambda a, b: op(*broadcast_together(a, b))


OPERATORS["negative"] = negative
OPERATORS.update({op.name: _broadcasting(op) for op in (add, subtract, multiply, divide)})
