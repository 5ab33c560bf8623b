"""What a machine touches: what it must, nothing beside it, and nothing new while it runs."""

from __future__ import annotations

import threading
import time
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from dlterm.engine.machine import Machine
from dlterm.engine.memory import Cursor, Memory
from tests.engine.support import Net, net, persistent_bits
from tests.engine.test_machine import SETTINGS

GUARD = 4096  # numbers on either side of an arena
SENTINEL = 12345.0

quick = settings(max_examples=40, deadline=None, derandomize=True, database=None)


def train(subject: Net, machine: Machine, steps: int = 5, cursor: Cursor | None = None) -> None:
    machine.run("train", subject.feeds, cursor or Cursor(), steps, shuffle=True, loss=subject.loss)


def run_every_tape(subject: Net, machine: Machine) -> None:
    train(subject, machine)
    width = subject.plan.tapes["evaluate"].lanes
    for name in ("gradient", "evaluate", "predict"):
        machine.run(name, subject.feeds, Cursor(), 2, batch=None if name == "gradient" else width)


def guard(memory: Memory) -> list[np.ndarray]:
    """Put both arenas into the middle of wider arrays."""
    guarded = []
    for name in ("floats", "integers"):
        arena = getattr(memory, name)
        guarded.append(np.full(len(arena) + 2 * GUARD, SENTINEL, arena.dtype))
        guarded[-1][GUARD:-GUARD] = arena
        setattr(memory, name, guarded[-1][GUARD:-GUARD])
    return guarded


@quick
@given(SETTINGS)
def test_what_is_read_was_written_first(how: dict[str, Any]) -> None:
    """NaN in all working memory before every step changes no bit of the result."""
    subject = net(**how)
    clean, poisoned = Machine(subject.plan), Machine(subject.plan)
    cursors = Cursor(), Cursor()
    for _ in range(4):
        poisoned.memory.poison()
        for machine, cursor in zip((clean, poisoned), cursors, strict=True):
            train(subject, machine, 1, cursor)
        assert persistent_bits(poisoned) == persistent_bits(clean)


@quick
@given(SETTINGS)
def test_nothing_outside_the_arenas_is_written(how: dict[str, Any]) -> None:
    subject = net(**how)
    machine = Machine(subject.plan)
    guarded = guard(machine.memory)
    run_every_tape(subject, machine)
    for wide in guarded:
        assert (wide[:GUARD] == SENTINEL).all()
        assert (wide[-GUARD:] == SENTINEL).all()


def test_a_batch_wider_than_its_tape_is_refused() -> None:
    subject = net(batch=100, prediction_batch=16, examples=100)
    machine = Machine(subject.plan)
    guard(machine.memory)
    with pytest.raises(ValueError, match="16"):
        machine.run("predict", subject.feeds[:1], Cursor(), 1)


@quick
@given(SETTINGS)
def test_the_numbers_between_tensors_stay_zero(how: dict[str, Any]) -> None:
    subject = net(**how)
    machine, plan = Machine(subject.plan), subject.plan
    machine.memory.set_hyper(dropout=0.3, l1=0.1, l2=0.1)
    run_every_tape(subject, machine)
    used = np.zeros(plan.floats, bool)
    regions = [part for span in plan.state.values() for part in span.parts]
    tensors = [plan.parameters, plan.gradients, plan.constants, *(tape.spans for tape in plan.tapes.values())]
    for span in [*regions, *(span for spans in tensors for span in spans.values())]:
        if not span.integer:
            used[span.start : span.end] = True
    assert not used.all()
    assert (machine.memory.floats[~used] == 0).all()


def test_training_changes_neither_constants_nor_inputs_nor_the_data() -> None:
    subject = net((2, 5, 3), loss="cross_entropy")
    before = [feed.array.copy() for feed in subject.feeds]
    machine = Machine(subject.plan)
    constants = [machine.memory.view(span).copy() for span in subject.plan.constants.values()]
    train(subject, machine, 100)
    for array, feed in zip(before, subject.feeds, strict=True):
        np.testing.assert_array_equal(array, feed.array)
    for values, span in zip(constants, subject.plan.constants.values(), strict=True):
        np.testing.assert_array_equal(values, machine.memory.view(span))


def test_a_prediction_changes_nothing_that_is_trained() -> None:
    subject = net(optimizer="adam", dropout=True)
    machine = Machine(subject.plan)
    train(subject, machine)
    before = persistent_bits(machine)
    machine.run("evaluate", subject.feeds, Cursor(), 1, batch=50)
    machine.run("predict", subject.feeds[:1], Cursor(), 1, batch=50)
    machine.run("gradient", subject.feeds, Cursor(), 3)
    assert persistent_bits(machine) == before


def test_what_is_trained_survives_planning_anew() -> None:
    small, large = net((2, 8, 1), optimizer="adam", batch=10), net((2, 8, 1), optimizer="adam", batch=33)
    first, second = Machine(small.plan), Machine(large.plan)
    train(small, first)
    assert second.memory.adopt(first.memory.persistent()) == []
    assert persistent_bits(second) == persistent_bits(first)


def test_adopting_names_what_does_not_fit() -> None:
    wider, narrow = Memory(net((2, 9, 1)).plan, 0), Memory(net((2, 8, 1)).plan, 0)
    start = narrow.parameters()["hidden1.weight"].copy()
    wider.parameters()["output.bias"][:] = 7
    assert narrow.adopt(wider.persistent()) == ["hidden1.weight", "output.weight", "hidden1.bias"]
    np.testing.assert_array_equal(narrow.parameters()["output.bias"], 7)
    np.testing.assert_array_equal(narrow.parameters()["hidden1.weight"], start)


def test_arenas_begin_on_a_cache_line() -> None:
    for seed in range(20):
        memory = Memory(net((2, 3 + seed, 1)).plan, 0)
        assert memory.floats.ctypes.data % 64 == 0
        assert memory.integers.ctypes.data % 64 == 0


def test_a_hundred_thousand_steps_allocate_nothing() -> None:
    subject = net((2, 8, 8, 1), optimizer="adam", dropout=True)
    machine, cursor = Machine(subject.plan), Cursor()
    train(subject, machine, 1000, cursor)
    tracemalloc.start()
    try:
        train(subject, machine, 1000, cursor)
        before, resident = tracemalloc.get_traced_memory()[0], _resident_bytes()
        for _ in range(100):
            train(subject, machine, 1000, cursor)
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert grown < 10_000
    assert _resident_bytes() - resident < 1_000_000


def _resident_bytes() -> int:
    status = Path("/proc/self/statm")
    if not status.exists():
        pytest.skip("resident memory is read from /proc")
    return int(status.read_text().split()[1]) * 4096


def test_other_threads_work_while_the_machine_does() -> None:
    subject = net((2, 8, 8, 1))
    machine = Machine(subject.plan)
    ticks, stop, started = 0, threading.Event(), threading.Event()

    def tick() -> None:
        nonlocal ticks
        while not stop.is_set():
            ticks += 1
            started.set()
            time.sleep(0.001)

    thread = threading.Thread(target=tick)
    thread.start()
    started.wait()
    before, start = ticks, time.perf_counter()
    train(subject, machine, 500_000)  # one call
    seconds, during = time.perf_counter() - start, ticks - before
    stop.set()
    thread.join()
    assert seconds > 0.05
    assert during > 10
