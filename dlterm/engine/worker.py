"""A process that compiles kernels: reads their names, and writes each name back once its kernel is kept.

python -m dlterm.engine.worker DIRECTORY now|background
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from pathlib import Path

import dlterm.engine.fusion
import dlterm.engine.machine  # noqa: F401 - both declare kernels
from dlterm.engine.native import KERNELS, compile_into
from dlterm.engine.objects import ObjectStore

_GIVE_WAY = 15


def _work(directory: Path, when: str) -> None:
    gc.disable()  # a seventh of the time, for 30 MB of a process that soon ends
    sys.modules["scipy"] = None  # type: ignore[assignment]  # Numba would load its BLAS: 0.15 s; no kernel calls it
    if when == "background" and hasattr(os, "nice"):
        os.nice(_GIVE_WAY)
    store = ObjectStore(directory)
    for line in sys.stdin:
        compile_into(store, KERNELS[line.strip()])
        print(line.strip(), flush=True)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt, BrokenPipeError):
        _work(Path(sys.argv[1]), sys.argv[2])
