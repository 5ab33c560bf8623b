"""clip_norm: scale the whole gradient down to a norm of at most `clip`, in place; the norm it had is the output.

Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks", ICML 2013, arXiv:1211.5063. As
in PyTorch the factor is min(1, clip / (norm + 1e-6)); a `clip` of 0 leaves the gradient alone.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dlterm.engine.graph import Call, Node, Op, Spec
from dlterm.engine.native import Kernel
from dlterm.engine.vector import LANES, fma, load, offset, splat, store, total

F = np.float32
_SMALL = 1e-6


def _kernel(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """Row: norm g, numbers, slot of clip."""
    g, N, clip = offset(floats, row[5]), row[6], hyper[row[7]]
    s = splat(F(0))
    for n in range(0, N, LANES):
        v = load(g, n)
        s = fma(v, v, s)
    norm = math.sqrt(total(s))
    floats[row[4]] = norm
    factor = F(clip / (norm + _SMALL))
    if clip > 0.0 and factor < F(1):
        for n in range(0, N, LANES):
            store(g, n, load(g, n) * factor)


def _reference(call: Call) -> Any:
    (g,) = call.inputs
    norm = np.sqrt((g * g).sum())
    factor = call.hyper["clip"] / (norm + _SMALL)
    if call.hyper["clip"] > 0 and factor < 1:
        g *= g.dtype.type(factor)
    return norm


def _infer(g: Spec) -> Spec:
    return Spec((), batched=False)


def _sizes(node: Node, _lanes: int) -> tuple[int]:
    return (node.inputs[0].spec.size,)


clip_norm = Op(
    "clip_norm", _infer, _reference, Kernel("clip_norm", _kernel), _sizes, hyper=("clip",), updates=(0,)
)
