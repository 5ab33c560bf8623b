"""Every op's gradient rule against finite differences, in float64 on the reference."""

from __future__ import annotations

import numpy as np
import pytest

from dlterm.engine import ops
from dlterm.engine.reference import ReferenceMachine
from tests.engine.cases import Case, all_cases, op_name
from tests.engine.support import Probe

EPSILON = 1e-5
CASES = {name: case for name, case in all_cases().items() if not case.kinked}


@pytest.mark.parametrize("fused", [True, False], ids=["fused", "not fused"])
@pytest.mark.parametrize("name", CASES)
def test_the_gradient_rule_is_the_slope(name: str, fused: bool) -> None:
    examine_slopes(CASES[name], fused=fused)


def examine_slopes(case: Case, *, fused: bool) -> None:
    probe = Probe(case.op, case.arguments, examples=5, batch=3, fused=fused)
    machine = ReferenceMachine(probe.plan, dtype=np.float64)
    machine.memory.set_hyper(**case.hyper)
    rng = np.random.default_rng(1)
    probe.run(machine)
    parameters = machine.memory.parameters()
    start = {key: value.copy() for key, value in parameters.items()}
    slopes = {key: value.copy() for key, value in machine.memory.gradients().items()}
    for _ in range(3):
        direction = {key: rng.normal(size=value.shape) for key, value in start.items()}
        ends = []
        for sign in (1, -1):
            for key, value in parameters.items():
                value[...] = start[key] + sign * EPSILON * direction[key]
            ends.append(probe.value(machine))
        measured = (ends[0] - ends[1]) / (2 * EPSILON)
        predicted = sum(float((slopes[key] * direction[key]).sum()) for key in start)
        np.testing.assert_allclose(measured, predicted, rtol=1e-6, atol=1e-8)


def test_every_op_with_a_gradient_is_checked() -> None:
    checked = {op_name(case) for case in all_cases()}
    with_a_rule = {name for name in ops.__all__ if getattr(getattr(ops, name), "gradient", None) is not None}
    assert (
        with_a_rule - {"broadcast_to", "sum_to"} <= checked
    )  # those two are what broadcasting and reduce_* make
