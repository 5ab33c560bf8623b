"""exp, log, sqrt, absolute, number by number; their derivatives are made of their own output or of arithmetic."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dlterm.engine import vector_math
from dlterm.engine.ops.arithmetic import divide, multiply
from dlterm.engine.ops.elementwise import binary, unary
from dlterm.engine.vector import absolute as size
from dlterm.engine.vector import less, select, splat
from dlterm.engine.vector import sqrt as root

if TYPE_CHECKING:
    from dlterm.engine.graph import Node, Tensor

F = np.float32


def _exp_rule(node: Node, dy: Tensor) -> tuple[Tensor]:
    return (multiply(dy, node.outputs[0]),)


def _log_rule(node: Node, dy: Tensor) -> tuple[Tensor]:
    return (divide(dy, node.inputs[0]),)


def _sqrt_rule(node: Node, dy: Tensor) -> tuple[Tensor]:
    return (divide(dy, node.outputs[0]) * 0.5,)


def _absolute_rule(node: Node, dy: Tensor) -> tuple[Tensor]:
    return (signed(dy, node.inputs[0]),)


exp = unary("exp", vector_math.exp, np.exp, _exp_rule)
log = unary("log", vector_math.log_of_any, np.log, _log_rule)
# a word of the kernels is no formula: it has no text of its own to compile
sqrt = unary("sqrt", lambda x: root(x), np.sqrt, _sqrt_rule)  # noqa: PLW0108
absolute = unary("absolute", lambda x: size(x), np.abs, _absolute_rule)  # noqa: PLW0108
signed = binary(  # a with the sign of b; 0 where b is
    "signed",
    lambda a, b: select(less(splat(F(0)), b), a, select(less(b, splat(F(0))), -a, splat(F(0)))),
    lambda a, b: a * np.sign(b),
)
