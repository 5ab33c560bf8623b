"""Norms: by layer, by group, by batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlterm.engine import ops
from dlterm.engine.graph import buffer
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


def batch_norm(x: Tensor, gamma: Tensor, beta: Tensor) -> Tensor:
    channels = gamma.shape
    return ops.batch_norm(
        x, gamma, beta, buffer("mean", np.zeros(channels)), buffer("variance", np.ones(channels))
    )


def batch_peer(torch: Any, x: Any, gamma: Any, beta: Any) -> Any:
    """PyTorch's own refuses a batch of one number a channel."""
    others = [axis for axis in range(x.ndim) if axis != 1]
    mean, variance = x.mean(others, keepdim=True), x.var(others, unbiased=False, keepdim=True)
    column = (-1,) + (1,) * (x.ndim - 2)
    return (x - mean) / (variance + 1e-5).sqrt() * gamma.reshape(column) + beta.reshape(column)


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
    "group_norm without space": Case(in_groups(2), (each(16), once(16), once(16)), group_peer(2)),
    "batch_norm": Case(batch_norm, (each(3, 2, 5), once(3), once(3)), batch_peer),
    "batch_norm of features": Case(batch_norm, (each(5), once(5), once(5)), batch_peer),
}
