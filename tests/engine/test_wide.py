"""An op's kernel for large sizes does what its kernel for small ones does, and small networks need none."""

from __future__ import annotations

import numpy as np
import pytest

from dlterm.engine.machine import Machine
from dlterm.engine.memory import Cursor
from dlterm.engine.tape import Instruction
from tests.engine.support import net


def wide_kernels(**how: object) -> set[str]:
    """The names of the kernels for large sizes that a network's tapes use."""
    tapes = net(**how).plan.tapes.values()  # type: ignore[arg-type]
    return {kernel.name for tape in tapes for kernel in tape.kernels if kernel.name.endswith("_wide")}


@pytest.mark.parametrize("batch", [1, 10, 48])
def test_a_playgrounds_network_waits_for_no_kernel_of_wide_layers(batch: int) -> None:
    assert wide_kernels(sizes=(2, 8, 8, 1), batch=batch) == set()


def test_wide_layers_have_kernels_of_their_own() -> None:
    used = wide_kernels(sizes=(40, 64, 40, 3), batch=64)
    assert used == {"linear_wide", "linear_tanh_wide", "linear_dx_tanh_wide", "linear_dw_wide"}


@pytest.mark.parametrize("sizes", [(5, 16, 9, 17, 3), (40, 33, 64, 2)], ids=str)
@pytest.mark.parametrize("batch", [7, 64, 80])
def test_a_wide_network_learns_the_same_with_the_kernels_of_narrow_ones(
    sizes: tuple[int, ...], batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def trained() -> np.ndarray:
        subject = net(sizes=sizes, batch=batch)
        machine = Machine(subject.plan)
        machine.memory.set_hyper(lr=0.1)
        machine.run("train", subject.feeds, Cursor(), 5)
        return np.concatenate([value.ravel() for value in machine.memory.parameters().values()])

    wide = trained()
    monkeypatch.setattr(Instruction, "kernel", property(lambda self: self.op.kernel))
    np.testing.assert_allclose(wide, trained(), rtol=0, atol=1e-5)
