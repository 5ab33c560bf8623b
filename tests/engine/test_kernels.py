"""Every op's kernels against the NumPy reference, at batch sizes around the sixteen lanes."""

from __future__ import annotations

import numpy as np
import pytest

from dlterm.engine.machine import Machine
from dlterm.engine.reference import ReferenceMachine
from tests.engine.cases import Case, all_cases
from tests.engine.support import BATCHES, Probe

CASES = all_cases()


@pytest.mark.parametrize("fused", [True, False], ids=["fused", "not fused"])
@pytest.mark.parametrize("name", CASES)
def test_the_kernels_do_what_the_reference_does(name: str, fused: bool) -> None:
    examine_kernels(CASES[name], fused=fused)


def examine_kernels(case: Case, *, fused: bool) -> None:
    for examples, batch in BATCHES:
        probe = Probe(case.op, case.arguments, examples=examples, batch=batch, fused=fused)
        machine, reference = Machine(probe.plan), ReferenceMachine(probe.plan)
        for each in (machine, reference):
            each.memory.poison()
            each.memory.set_hyper(**case.hyper)
        (y, gradients), (expected, slopes) = probe.run(machine), probe.run(reference)
        for mine, theirs in zip([y, *gradients], [expected, *slopes], strict=True):
            scale = max(1.0, float(np.abs(theirs).max(initial=0)))
            np.testing.assert_allclose(mine, theirs, rtol=0, atol=1e-5 * scale, err_msg=f"batch {batch}")
