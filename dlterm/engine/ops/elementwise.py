"""Ops that work number by number: made from one formula over sixteen lanes, and its NumPy reference.

Both operands of a binary op have the same spec; `broadcast_together` in `broadcast.py` sees to that. The lanes after
the last number of an unbatched tensor are kept at 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dlterm.engine.formulas import define
from dlterm.engine.graph import Gradient, Node, Op, Spec
from dlterm.engine.native import Kernel
from dlterm.engine.vector import LANES, formula, formula_of_two, load, offset
from dlterm.engine.vector_math import keep, put

if TYPE_CHECKING:
    from collections.abc import Callable


def unary(
    name: str, function: Callable[[Any], Any], reference: Callable[[Any], Any], gradient: Gradient
) -> Op:
    """y = function(x), number by number."""
    define(name, function)

    def kernel(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
        y, x, N = offset(floats, row[4]), offset(floats, row[5]), row[6]
        for n in range(0, N, LANES):
            put(y, n, keep(formula(name, load(x, n)), n, N), row[3])

    return Op(
        name,
        lambda x: _same(x, x),
        lambda call: reference(call.inputs[0]),
        Kernel(name, kernel),
        numbers,
        gradient,
        accumulates=True,
    )


def binary(
    name: str,
    function: Callable[[Any, Any], Any],
    reference: Callable[[Any, Any], Any],
    gradient: Gradient | None = None,
) -> Op:
    """c = function(a, b), number by number."""
    define(name, function)

    def kernel(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
        c, a, b, N = offset(floats, row[4]), offset(floats, row[5]), offset(floats, row[6]), row[7]
        for n in range(0, N, LANES):
            put(c, n, keep(formula_of_two(name, load(a, n), load(b, n)), n, N), row[3])

    return Op(
        name,
        _same,
        lambda call: reference(*call.inputs),
        Kernel(name, kernel),
        numbers,
        gradient,
        accumulates=True,
    )


def numbers(node: Node, lanes: int) -> tuple[int]:
    """How many numbers the output holds, padding of the batch included."""
    spec = node.outputs[0].spec
    return (spec.size * (lanes if spec.batched else 1),)


def _same(a: Spec, b: Spec) -> Spec:
    if a != b or a.integer:
        raise ValueError(f"the operands differ, or are class numbers: {a} and {b}")
    return a
