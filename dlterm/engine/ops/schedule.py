"""schedule: how the learning rate changes from step to step; part of the tape, so it is exact whatever the chunks.

In the first `warmup` steps the rate rises to lr in a straight line; then rate = lr shape(t), where t counts the steps
from there on. Shapes: warmup: 1; step: gamma to the number of whole periods of `period` steps; cosine:
(1 + cos(pi t / period)) / 2 up to `period` steps and 0 after, without restarts: Loshchilov and Hutter, "SGDR", ICLR
2017, arXiv:1608.03983. A schedule that is constant is no op at all.
"""

from __future__ import annotations

import math
from typing import Any

from dlterm.engine.graph import Call, Op
from dlterm.engine.native import Kernel

SCHEDULES = ("constant", "warmup", "step", "cosine")  # the place of each is its number in the row
_HYPER = ("lr", "warmup", "period", "gamma", "rate")


def _kernel(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    """Row: kind, slots of lr warmup period gamma rate."""
    lr, warmup, period, gamma = hyper[row[5]], hyper[row[6]], hyper[row[7]], hyper[row[8]]
    t = float(step) - warmup
    if t < 0.0:
        rate = lr * (float(step) + 1.0) / (warmup + 1.0)
    elif row[4] == 2:
        rate = lr * math.pow(gamma, float(math.floor(t / period)))
    elif row[4] == 3:
        rate = lr * 0.5 * (1.0 + math.cos(math.pi * min(t / period, 1.0)))
    else:
        rate = lr
    hyper[row[9]] = rate


def _reference(call: Call) -> tuple[()]:
    lr, warmup, period, gamma = (call.hyper[name] for name in _HYPER[:4])
    t = call.step - warmup
    shapes = {
        "constant": 1.0,
        "warmup": 1.0,
        "step": gamma ** math.floor(t / period),
        "cosine": 0.5 * (1 + math.cos(math.pi * min(t / period, 1.0))),
    }
    rising = (call.step + 1) / (warmup + 1)
    call.hyper["rate"] = lr * (rising if t < 0 else shapes[call.attributes["kind"]])
    return ()


def _infer(*, kind: str) -> tuple[()]:
    if kind not in SCHEDULES:
        raise ValueError(f"there is no schedule {kind}; they are {', '.join(SCHEDULES)}")
    return ()


schedule = Op(
    "schedule",
    _infer,
    _reference,
    Kernel("schedule", _kernel),
    lambda node, _lanes: (SCHEDULES.index(node.attributes["kind"]),),
    hyper=_HYPER,
)
