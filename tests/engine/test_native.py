"""Kernels are compiled once, by one machine or by several processes, and loaded without a compiler after that."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dlterm.engine import native
from dlterm.engine.machine import Machine
from dlterm.engine.memory import Cursor
from dlterm.engine.objects import ObjectStore
from dlterm.engine.reference import ReferenceMachine
from dlterm.engine.runtime import machine_for
from tests.engine.support import net, persistent_bits

ROOT = Path(__file__).parents[2]

TRAIN = """
import sys
from dlterm.engine.machine import Machine
from dlterm.engine.memory import Cursor
from tests.engine.support import net
heard = []
subject = net((2, 3, 1))
machine = Machine(subject.plan, progress=lambda *news: heard.append(news))
assert machine.run("train", subject.feeds, Cursor(), 3, loss=subject.loss) == 3
print(machine.memory.floats.sum(), len(heard) > 0, any(m.partition(".")[0] == "numba" for m in sys.modules))
"""
LOAD = """
import sys
from dlterm.engine import native
from dlterm.engine.ops import tanh
native.load([tanh.kernel])
print(native.notice() or "fine", tanh.kernel.address > 0)
"""


def start(script: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def words(process: subprocess.Popen[str]) -> list[str]:
    out, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    return out.split()


@pytest.fixture(scope="module")
def everything_compiled() -> None:
    for optimizer in ("sgd", "momentum", "adam"):
        for loss in ("mse", "cross_entropy"):
            Machine(net(loss=loss, optimizer=optimizer).plan)


AT_ONCE = """
import threading, time
from dlterm.engine import native
from dlterm.engine.machine import Machine
from dlterm.engine.memory import Cursor
from tests.engine.support import net

loaders, trained, begin = [], [], threading.Barrier(6)

class Slow(native._Loader):
    def __init__(self, store):
        loaders.append(self.__class__)
        time.sleep(0.1)
        super().__init__(store)

def train():
    subject = net((2, 3, 1))
    begin.wait()
    trained.append(Machine(subject.plan).run("train", subject.feeds, Cursor(), 200))

native._Loader = Slow
threads = [threading.Thread(target=train) for _ in range(6)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(f"{len(loaders)} loader, {len(trained)} networks trained")
"""


def test_a_start_with_compiled_kernels_loads_no_compiler(everything_compiled: None) -> None:
    total, compiled, with_numba = words(start(TRAIN))
    assert np.isfinite(float(total))
    assert (compiled, with_numba) == ("False", "False")


@pytest.mark.parametrize(
    "change",
    [
        {"sizes": (5, 3, 3, 3, 2)},
        {"batch": 33},
        {"optimizer": "adam"},
        {"optimizer": "momentum"},
        {"loss": "cross_entropy", "sizes": (2, 4, 3)},
    ],
    ids=str,
)
def test_another_network_compiles_nothing(everything_compiled: None, change: dict[str, object]) -> None:
    heard: list[object] = []
    Machine(net(**change).plan, progress=lambda *news: heard.append(news))  # type: ignore[arg-type]
    assert heard == []


def test_two_processes_may_compile_the_same_kernel_at_once(tmp_path: Path) -> None:
    both = [start(LOAD, DLTERM_CACHE_DIR=str(tmp_path)) for _ in range(2)]
    assert [words(process) for process in both] == [["fine", "True"]] * 2
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [
        f"{native.KERNELS['tanh'].key}.o"
    ]


def test_a_damaged_kernel_is_compiled_again(tmp_path: Path) -> None:
    words(start(LOAD, DLTERM_CACHE_DIR=str(tmp_path)))
    (path,) = tmp_path.rglob("*.o")
    path.write_bytes(path.read_bytes()[:100])
    assert words(start(LOAD, DLTERM_CACHE_DIR=str(tmp_path)))[:3] == ["a", "damaged", "file"]
    assert words(start(LOAD, DLTERM_CACHE_DIR=str(tmp_path))) == ["fine", "True"]


def test_compiling_tells_how_far_it_is(tmp_path: Path) -> None:
    script = LOAD.replace("native.load([tanh.kernel])", "native.load([tanh.kernel], print)")
    lines = " ".join(words(start(script, DLTERM_CACHE_DIR=str(tmp_path))))
    assert lines == "0 1 tanh 1 1 tanh fine True"


def test_a_kernel_that_cannot_be_compiled_says_which() -> None:
    def broken(row: object, floats: object, integers: object, hyper: object, step: object) -> None:
        undefined_name(row)  # type: ignore[name-defined]  # noqa: F821

    with pytest.raises(native.KernelError, match=r"^test_broken cannot be compiled: TypingError$"):
        _ = native.Kernel("test_broken", broken).address


def test_where_nothing_can_be_compiled_the_reference_trains(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise native.KernelError("tanh cannot be compiled: ImportError")

    monkeypatch.setattr("dlterm.engine.machine.load", fail)
    subject = net()
    machine, notice = machine_for(subject.plan)
    assert isinstance(machine, ReferenceMachine)
    assert notice == "training in NumPy, some hundred times slower: tanh cannot be compiled: ImportError"


def test_the_reference_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    subject = net()
    compiled, notice = machine_for(subject.plan)
    assert isinstance(compiled, Machine)
    assert notice == ""
    monkeypatch.setenv("DLTERM_ENGINE", "reference")
    machine, notice = machine_for(subject.plan)
    assert isinstance(machine, ReferenceMachine)
    assert notice == "training in NumPy, as DLTERM_ENGINE=reference asks"
    for each in (machine, compiled):
        each.run("train", subject.feeds, Cursor(), 2)
    assert persistent_bits(machine).keys() == persistent_bits(compiled).keys()


def test_a_store_that_keeps_nothing_still_compiles(monkeypatch: pytest.MonkeyPatch) -> None:
    kernel = native.Kernel("test_nothing", lambda row, floats, integers, hyper, step: None)
    monkeypatch.setattr(native._loader(), "store", ObjectStore(None))
    native.load([kernel])
    assert kernel.address > 0


def test_threads_that_need_their_first_kernels_at_once_share_one_loader_whose_code_stays() -> None:
    done = subprocess.run(
        [sys.executable, "-c", AT_ONCE], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stdout) == (0, "1 loader, 6 networks trained\n"), done.stderr


def test_a_kernel_that_could_raise_is_refused(tmp_path: Path) -> None:
    def divides(row: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
        if integers[0] == 0:
            raise ValueError("no examples")

    kernel = native.Kernel("divides", divides)
    del native.KERNELS["divides"]
    with pytest.raises(native.KernelError, match="divides can raise"):
        native.compile_into(ObjectStore(tmp_path), kernel)
