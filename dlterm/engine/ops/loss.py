"""What all losses share: one number for the batch, the mean over its examples, from predictions and targets.

A loss is declared once, as three ops: its value, its gradient `dp` with respect to the predictions, and both in one
pass, which the fusion stage puts in the place of the two. Padded lanes count in no mean and get a gradient of 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlterm.engine.graph import Call, Node, Op, Spec, Tensor
from dlterm.engine.native import Kernel

Function = Callable[[Any, Any, Any, Any, Any], None]


@dataclass(frozen=True)
class Loss:
    """`op(p, y)`; `dp(dloss, p, y)`; `with_dp(dloss, p, y)`, whose outputs are the loss and dp.

    `each(p, y)` is every example's own loss in NumPy, [examples], of p and y [*shape, examples].
    """

    op: Op
    dp: Op
    with_dp: Op
    each: Callable[[Any, Any], Any]


LOSSES: dict[str, Loss] = {}


def declare(
    name: str,
    infer: Callable[[Spec, Spec], Spec],
    each: Callable[[Any, Any], Any],
    reference_dp: Callable[..., Any],
    sizes: Callable[[Spec], Sequence[int]],
    *,
    value: Function,
    gradient: Function,
    both: Function,
) -> Op:
    """Declare a loss. Rows: `loss p y, SIZES B`; `dp dloss p y, SIZES B`; `loss dp dloss p y, SIZES B`.

    `sizes(p)` are the integers that describe the predictions. `each(p, y)`, an example's loss, and
    `reference_dp(p, y, call)`, the gradient of their mean for dloss = 1, are NumPy over [*shape, lanes].
    """

    def value_of(call: Call, p: Any, y: Any) -> Any:
        return np.where(call.valid, each(p, y), 0).sum() / call.count

    def rule(node: Node, dloss: Tensor) -> tuple[Tensor, None]:
        return LOSSES[name].dp(dloss, *node.inputs), None

    def all_sizes(node: Node, lanes: int) -> tuple[int, ...]:
        return (*sizes(node.inputs[-2].spec), lanes)

    op = Op(name, infer, lambda call: value_of(call, *call.inputs), Kernel(name, value), all_sizes, rule)
    dp = Op(
        f"{name}_dp",
        lambda dloss, p, y: p,
        lambda call: call.inputs[0] * reference_dp(*call.inputs[1:], call),
        Kernel(f"{name}_dp", gradient),
        all_sizes,
    )
    with_dp = Op(
        f"{name}_with_dp",
        lambda dloss, p, y: (dloss, p),
        lambda call: (
            value_of(call, *call.inputs[1:]),
            call.inputs[0] * reference_dp(*call.inputs[1:], call),
        ),
        Kernel(f"{name}_with_dp", both),
        all_sizes,
    )
    LOSSES[name] = Loss(op, dp, with_dp, each)
    return op
