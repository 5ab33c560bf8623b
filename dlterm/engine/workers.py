"""Compiling kernels in processes beside this one.

On two cores that takes half the time; and a process that trains or draws has neither Numba's memory nor its hold on
the interpreter. `worker.py` is what such a process runs.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Hashable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from dlterm.engine.objects import nothing_is_kept

if TYPE_CHECKING:
    from dlterm.engine.objects import ObjectStore

Progress = Callable[[int, int, str], None]  # kernels done, kernels in all, the name of one under way
Parts = Mapping[Hashable, int]  # the functions that a kernel is made of, and how long each is

_WORKERS = 2
_OPTIMISING = (
    0.5  # what LLVM takes for a kernel and all its parts; Numba takes 1 for every part that is new to it
)


_ahead: list[subprocess.Popen[str]] = []  # workers that wait for their first kernel


def start_ahead() -> None:
    """Where no kernel is kept at all: start the workers now, so that they load while this process reads its data."""
    if nothing_is_kept() and os.environ.get("DLTERM_ENGINE") != "reference":
        with contextlib.suppress(OSError):
            _ahead.extend(_start("now") for _ in range(_WORKERS))


def compile_beside(
    kernels: Mapping[str, Parts],
    store: ObjectStore,
    progress: Progress | None = None,
    *,
    background: bool = False,
) -> None:
    """Compile the kernels into the store; in the background, with one worker that gives way to everything else.

    What fails is left out: it is then compiled, or fails, in this process.
    """
    if store.directory is None:
        return
    shares = shared_out(kernels, 1 if background else min(_WORKERS, len(kernels)))
    lock, done = threading.Lock(), 0

    def report(name: str, finished: int = 0) -> None:
        nonlocal done
        with lock:
            done += finished
            if progress is not None:
                progress(done, len(kernels), name)

    def feed(worker: subprocess.Popen[str], own: deque[str]) -> None:
        with worker, contextlib.suppress(OSError, IndexError):
            assert worker.stdin is not None
            assert worker.stdout is not None
            print(json.dumps(str(store.directory)), file=worker.stdin, flush=True)
            while True:
                name = own.popleft() if own else max(shares, key=len).pop()
                report(name)
                print(name, file=worker.stdin, flush=True)
                if worker.stdout.readline().strip() != name:
                    return
                report(name, 1)

    with contextlib.suppress(OSError):
        workers = [_start("background") if background else _waiting() for _ in shares]
        threads = [
            threading.Thread(target=feed, args=each, daemon=True)
            for each in zip(workers, shares, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def shared_out(kernels: Mapping[str, Parts], workers: int) -> list[deque[str]]:
    """What each worker is to compile: the largest kernels first, each where it would be done soonest.

    A worker has a part, once compiled, for all of its kernels; what is new to a worker counts twice, so
    that kernels with much in common come to the same one.
    """
    shares: list[deque[str]] = [deque() for _ in range(workers)]
    known: list[set[Hashable]] = [set() for _ in range(workers)]
    loads = [0.0] * workers
    sizes = {name: sum(parts.values()) for name, parts in kernels.items()}
    for name in sorted(kernels, key=sizes.__getitem__, reverse=True):
        parts = kernels[name]
        fresh = [sum(size for part, size in parts.items() if part not in had) for had in known]
        chosen = min(range(workers), key=lambda k: loads[k] + 2 * fresh[k])
        loads[chosen] += fresh[chosen] + _OPTIMISING * sizes[name]
        known[chosen].update(parts)
        shares[chosen].append(name)
    return shares


def _waiting() -> subprocess.Popen[str]:
    with contextlib.suppress(IndexError):
        return _ahead.pop()
    return _start("now")


def _start(when: str) -> subprocess.Popen[str]:
    package = str(Path(__file__).parents[2])
    path = os.pathsep.join([package, *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.Popen(
        [sys.executable, "-m", "dlterm.engine.worker", when],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
        text=True,
    )
