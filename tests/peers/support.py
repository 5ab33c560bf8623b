"""An op on the machine beside the same in PyTorch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st

from dlterm.engine.machine import Machine
from tests.engine.support import BATCHES, Probe

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dlterm.engine.graph import Tensor
    from tests.engine.support import Argument

torch = pytest.importorskip("torch", reason="PyTorch is the peer of these tests")

batches = st.sampled_from(BATCHES)
seeds = st.integers(0, 2**32 - 1)
quick = settings(max_examples=24, deadline=None, derandomize=True, database=None)


def assert_like_torch(
    op: Callable[..., Tensor],
    peer: Callable[..., Any],
    arguments: Sequence[Argument],
    *,
    batch: tuple[int, int],
    fused: bool = True,
    seed: int = 0,
    **hyper: float,
) -> None:
    """The last batch's values, and the gradients of all differentiated arguments, agree to float32 rounding."""
    examples, width = batch
    probe = Probe(op, arguments, examples=examples, batch=width, fused=fused, seed=seed)
    machine = Machine(probe.plan, seed=seed)
    machine.memory.set_hyper(**hyper)
    y, gradients = probe.run(machine)
    pairs = list(zip(arguments, map(torch.tensor, probe.values), strict=True))
    leaves = [x.requires_grad_() for argument, x in pairs if argument.differentiated]
    expected = peer(*(x[probe.last] if argument.batched else x for argument, x in pairs))
    loss = expected if probe.is_number else (expected * torch.tensor(probe.weights[probe.last])).sum()
    assert_close(y, expected.detach())
    for mine, theirs in zip(gradients, torch.autograd.grad(loss, leaves), strict=True):
        assert_close(mine, theirs)


def assert_close(mine: np.ndarray, theirs: Any, tolerance: float = 1e-5) -> None:
    """Equal to so many parts of the largest number."""
    scale = max(1.0, float(theirs.abs().max()))
    np.testing.assert_allclose(mine, theirs.numpy(), rtol=0, atol=tolerance * scale)
