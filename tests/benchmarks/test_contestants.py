from __future__ import annotations

import shutil

import pytest

from benchmarks import engine, networks
from benchmarks.in_c import WIDE, InC
from benchmarks.ours import Ours
from benchmarks.task import Task, check_agreement


def begin(task):
    ours = Ours(task)
    return ours, [value.copy() for value in ours.parameters()]


@pytest.mark.skipif(shutil.which("gcc") is None, reason="needs gcc")
@pytest.mark.parametrize("options", [(), (WIDE,)])
@pytest.mark.parametrize(("sizes", "batch"), [((2, 4, 2, 1), 10), ((2, 32, 32, 1), 32)])
def test_the_network_in_c_learns_what_ours_learns(sizes, batch, options):
    task = Task(sizes, batch)
    ours, parameters = begin(task)
    check_agreement(ours, InC(task, parameters, *options), "C")


@pytest.mark.parametrize("loss", ["mse", "binary_cross_entropy"])
def test_the_network_in_pytorch_learns_what_ours_learns(loss):
    pytest.importorskip("torch")
    from benchmarks.in_torch import InTorch

    task = Task((2, 8, 8, 8, 1), 10, loss=loss)
    ours, parameters = begin(task)
    check_agreement(ours, InTorch(task, parameters), "PyTorch")


def test_a_peer_that_trains_something_else_is_told():
    ours, _ = begin(Task((2, 4, 2, 1), 10))
    other, _ = begin(Task((2, 4, 2, 1), 32))
    with pytest.raises(RuntimeError, match="peer trains something else"):
        check_agreement(ours, other, "peer")


@pytest.mark.parametrize("race", [race for race, _ in engine._NETWORKS], ids=lambda race: race.name)
def test_a_larger_network_in_pytorch_learns_what_ours_learns(race):
    pytest.importorskip("torch")
    networks.check_agreement(race)
