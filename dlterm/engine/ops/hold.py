"""hold: chosen numbers of a region go back to what they were before the step; so they keep their bits.

p = kept where the mask is 0. Put behind an optimiser's step, over the parameters and over each part of its state, it
freezes single weights under any optimiser: their momentum and their estimates stand still, too, so that nothing has
gathered there when they are let go. Networks of which nothing is frozen have no such instruction.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dlterm.engine.graph import Call, Op, Spec
from dlterm.engine.native import Kernel
from dlterm.engine.vector import LANES, less, load, offset, select, splat, store

F = np.float32


def _kernel(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """Row: p kept mask, numbers."""
    p, kept, mask, N = offset(floats, row[4]), offset(floats, row[5]), offset(floats, row[6]), row[7]
    for n in range(0, N, LANES):
        moves = less(splat(F(0)), load(mask, n))
        store(p, n, select(moves, load(p, n), load(kept, n)))


def _reference(call: Call) -> tuple[()]:
    p, kept, mask = call.inputs
    np.copyto(p, kept, where=mask == 0)
    return ()


def _infer(p: Spec, kept: Spec, mask: Spec) -> tuple[()]:
    if not p == kept == mask:
        raise ValueError(f"hold takes three regions of one size, not {p}, {kept}, {mask}")
    return ()


hold = Op(
    "hold",
    _infer,
    _reference,
    Kernel("hold", _kernel),
    lambda node, _lanes: (node.inputs[0].spec.size,),
    updates=(0,),
)
