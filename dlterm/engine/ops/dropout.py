"""dropout: in training each number is kept with probability 1 - p and divided by it; else it becomes 0.

Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting", JMLR 15, 2014. Whether a
number is kept depends on (seed, stream, step, place in the batch) alone, so the backward pass draws the same mask
again and no mask is stored. `stream` is an integer that names this layer's own sequence of random numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dlterm.engine.graph import Call, Node, Op, Spec, Tensor
from dlterm.engine.native import Kernel
from dlterm.engine.random import uniform
from dlterm.engine.vector import LANES, less, load, offset, select, splat, unit_interval
from dlterm.engine.vector_math import consecutive, put, random_words

F = np.float32


def _dropout(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """Row: y x, features B stream, slot of p. The number of feature f of example n has index n features + f."""
    y, x, O, B = offset(floats, row[4]), offset(floats, row[5]), row[6], row[7]
    p, scale = splat(F(hyper[row[9]])), F(1.0 / (1.0 - hyper[row[9]]))
    for o in range(O):
        for n in range(0, B, LANES):
            u = unit_interval(random_words(integers[1], row[8], step, consecutive(n * O + o, O)))
            put(y, o * B + n, select(less(u, p), splat(F(0)), load(x, o * B + n) * scale), row[3])


def _reference(call: Call) -> Any:
    (x,) = call.inputs
    p = call.hyper["dropout"]
    features = call.output_specs[0].size
    index = np.arange(call.lanes) * features + np.arange(features)[:, None]
    u = uniform(call.seed, call.attributes["stream"], call.step, index).reshape(x.shape)
    return np.where(u < np.float32(p), 0, x * x.dtype.type(1.0 / (1.0 - p)))


def _infer(x: Spec, *, stream: int) -> Spec:
    if x != Spec(x.shape) or not 0 <= stream < 2**32:
        raise ValueError(f"dropout takes a value an example and a stream of 32 bits, not {x}, {stream}")
    return x


def _gradient(node: Node, dy: Tensor) -> tuple[Tensor]:
    return (dropout(dy, stream=node.attributes["stream"]),)


dropout = Op(
    "dropout",
    _infer,
    _reference,
    Kernel("dropout", _dropout),
    lambda node, lanes: (node.outputs[0].spec.size, lanes, node.attributes["stream"]),
    _gradient,
    hyper=("dropout",),
    accumulates=True,
    outside_training=lambda node: node.inputs[0],
)
