"""embedding: a row of a table for each number; pick: one of each example's numbers. Each undoes the other's sums.

Class numbers, tokens, labels are integers; a kernel does not check them. In memory the labels are [L, B], where L
counts the places of an example; rows become [L, D, B], and what is picked from is [L, K, B].
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dlterm.engine.graph import Call, Node, Op, Spec, Tensor
from dlterm.engine.native import Kernel
from dlterm.engine.vector import LANES, offset, splat, store
from dlterm.engine.vector_math import put_number

F = np.float32


def _embedding(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """y[l, d, n] = table[labels[l, n], d]; row: y labels table, L D B."""
    table, L, D, B = offset(floats, row[6]), row[7], row[8], row[9]
    for r in range(L):
        y, labels = offset(floats, row[4] + r * D * B), offset(integers, row[5] + r * B)
        for n in range(B):
            entry = offset(table, labels[n] * D)
            for d in range(D):
                put_number(y, d * B + n, entry[d], row[3])


def _embedding_gradient(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """dtable[labels[l, n], d] += dy[l, d, n]; row: dtable dy labels, V L D B."""
    dtable, V, L, D, B = offset(floats, row[4]), row[7], row[8], row[9], row[10]
    if not row[3]:
        for n in range(V * D):
            dtable[n] = F(0)
    for r in range(L):
        dy, labels = offset(floats, row[5] + r * D * B), offset(integers, row[6] + r * B)
        for n in range(integers[0]):
            entry = offset(dtable, labels[n] * D)
            for d in range(D):
                entry[d] += dy[d * B + n]


def _pick(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """y[l, n] = x[l, labels[l, n], n]; row: y x labels, L K B."""
    L, K, B = row[7], row[8], row[9]
    for r in range(L):
        x, labels = offset(floats, row[5] + r * K * B), offset(integers, row[6] + r * B)
        y = offset(floats, row[4] + r * B)
        for n in range(B):
            put_number(y, n, x[labels[n] * B + n], row[3])


def _pick_gradient(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """dx[l, labels[l, n], n] = dy[l, n], 0 elsewhere; row: dx dy labels, L K B."""
    L, K, B = row[7], row[8], row[9]
    for r in range(L):
        dx, labels = offset(floats, row[4] + r * K * B), offset(integers, row[6] + r * B)
        dy = offset(floats, row[5] + r * B)
        if not row[3]:
            for n in range(0, K * B, LANES):
                store(dx, n, splat(F(0)))
        for n in range(integers[0]):
            dx[labels[n] * B + n] += dy[n]


def _infer_embedding(labels: Spec, table: Spec) -> Spec:
    if not labels.integer or not labels.batched or table != Spec(table.shape, batched=False):
        raise ValueError(
            f"embedding takes numbers, one or more an example, and a table, not {labels}, {table}"
        )
    if len(table.shape) != 2:
        raise ValueError(f"embedding takes a table [entries, width], not {table}")
    return Spec((*labels.shape, table.shape[1]))


def _infer_pick(x: Spec, labels: Spec) -> Spec:
    if x != Spec(x.shape) or not x.shape or labels != Spec(x.shape[:-1], integer=True):
        raise ValueError(f"pick takes [..., K] and a number at each place, not {x}, {labels}")
    return Spec(x.shape[:-1])


def _reference_embedding_gradient(call: Call) -> Any:
    dy, labels = call.inputs
    dtable = np.zeros(call.output_specs[0].shape, dy.dtype)
    valid = labels.reshape(-1, call.lanes)[:, : call.count]
    rows = dy.reshape(-1, dtable.shape[1], call.lanes)[..., : call.count]
    np.add.at(dtable, valid, rows.transpose(0, 2, 1))
    return dtable


def _reference_pick(call: Call) -> Any:
    x, labels = call.inputs
    return np.take_along_axis(x, labels[..., None, :], -2)[..., 0, :]


def _reference_pick_gradient(call: Call) -> Any:
    dy, labels = call.inputs
    chosen = labels[..., None, :] == np.arange(call.attributes["choices"])[:, None]
    return np.where(chosen & call.valid, dy[..., None, :], 0)


def _embedding_rule(node: Node, dy: Tensor) -> tuple[None, Tensor]:
    labels, table = node.inputs
    return None, embedding_dtable(dy, labels, entries=table.shape[0])


def _pick_rule(node: Node, dy: Tensor) -> tuple[Tensor, None]:
    x, labels = node.inputs
    return pick_dx(dy, labels, choices=x.shape[-1]), None


embedding = Op(
    "embedding",
    _infer_embedding,
    lambda call: np.moveaxis(call.inputs[1][call.inputs[0]], -1, -2),
    Kernel("embedding", _embedding),
    lambda node, lanes: (node.inputs[0].spec.size, node.inputs[1].shape[1], lanes),
    _embedding_rule,
    accumulates=True,
)
embedding_dtable = Op(
    "embedding_dtable",
    lambda dy, labels, *, entries: Spec((entries, dy.shape[-1]), batched=False),
    _reference_embedding_gradient,
    Kernel("embedding_dtable", _embedding_gradient),
    lambda node, lanes: (
        *node.outputs[0].shape[:1],
        node.inputs[1].spec.size,
        node.outputs[0].shape[1],
        lanes,
    ),
    accumulates=True,
)
pick = Op(
    "pick",
    _infer_pick,
    _reference_pick,
    Kernel("pick", _pick),
    lambda node, lanes: (node.inputs[1].spec.size, node.inputs[0].shape[-1], lanes),
    _pick_rule,
    accumulates=True,
)
pick_dx = Op(
    "pick_dx",
    lambda dy, labels, *, choices: Spec((*dy.shape, choices)),
    _reference_pick_gradient,
    Kernel("pick_dx", _pick_gradient),
    lambda node, lanes: (node.inputs[1].spec.size, node.outputs[0].shape[-1], lanes),
    accumulates=True,
)
