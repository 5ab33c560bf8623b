"""Compiling kernels in processes beside this one.

On two cores that takes half the time; and a process that trains or draws has neither Numba's memory nor its hold on
the interpreter. `worker.py` is what such a process runs.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dlterm.engine.objects import ObjectStore

Progress = Callable[[int, int, str], None]  # kernels done, kernels in all, the name of one under way

_WORKERS = 2


def compile_beside(
    names: Sequence[str], store: ObjectStore, progress: Progress | None = None, *, background: bool = False
) -> None:
    """Compile the kernels into the store; in the background, with one worker that gives way to everything else.

    What fails is left out: it is then compiled, or fails, in this process.
    """
    if store.directory is None:
        return
    waiting, lock = deque(names), threading.Lock()
    done = 0

    def report(name: str, finished: int = 0) -> None:
        nonlocal done
        with lock:
            done += finished
            if progress is not None:
                progress(done, len(names), name)

    def feed(worker: subprocess.Popen[str]) -> None:
        with worker, contextlib.suppress(OSError, IndexError):
            assert worker.stdin is not None
            assert worker.stdout is not None
            while True:
                name = waiting.popleft()
                report(name)
                print(name, file=worker.stdin, flush=True)
                if worker.stdout.readline().strip() != name:
                    return
                report(name, 1)

    with contextlib.suppress(OSError):
        count = 1 if background else min(_WORKERS, len(names))
        workers = [_start(store.directory, "background" if background else "now") for _ in range(count)]
        threads = [threading.Thread(target=feed, args=(worker,), daemon=True) for worker in workers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def _start(directory: Path, when: str) -> subprocess.Popen[str]:
    package = str(Path(__file__).parents[2])
    path = os.pathsep.join([package, *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.Popen(
        [sys.executable, "-m", "dlterm.engine.worker", str(directory), when],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # Kernels are optimised once, after Numba: its own passes would cost a third of the time for nothing.
        env={**os.environ, "PYTHONPATH": path, "NUMBA_OPT": "0"},
        text=True,
    )
