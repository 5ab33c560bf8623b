"""Norms: by layer, by group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dlterm.engine import ops
from tests.engine.cases import Case
from tests.engine.support import each, once

if TYPE_CHECKING:
    from dlterm.engine.graph import Tensor


def in_groups(groups: int) -> Any:
    def op(x: Tensor, gamma: Tensor, beta: Tensor) -> Tensor:
        return ops.group_norm(x, gamma, beta, groups=groups)

    return op


def layer_peer(torch: Any, x: Any, gamma: Any, beta: Any) -> Any:
    return torch.nn.functional.layer_norm(x, gamma.shape, gamma, beta)


def group_peer(groups: int) -> Any:
    def peer(torch: Any, x: Any, gamma: Any, beta: Any) -> Any:
        return torch.nn.functional.group_norm(x, groups, gamma, beta)

    return peer


CASES: dict[str, Case] = {
    "layer_norm": Case(ops.layer_norm, (each(5), once(5), once(5)), layer_peer),
    "layer_norm of a sequence": Case(ops.layer_norm, (each(3, 7), once(7), once(7)), layer_peer),
    "layer_norm of heads": Case(ops.layer_norm, (each(2, 3, 4), once(4), once(4)), layer_peer),
    "layer_norm of equal numbers": Case(
        lambda x, w, b: ops.layer_norm(x * 0.0 + 100.0, w, b), (each(4), once(4), once(4))
    ),
    "group_norm": Case(in_groups(2), (each(4, 3, 2), once(4), once(4)), group_peer(2)),
    "group_norm of one group": Case(in_groups(1), (each(3, 5), once(3), once(3)), group_peer(1)),
    "group_norm of single channels": Case(in_groups(3), (each(3, 2, 2), once(3), once(3)), group_peer(3)),
    "group_norm without space": Case(in_groups(2), (each(6), once(6), once(6)), group_peer(2)),
}
