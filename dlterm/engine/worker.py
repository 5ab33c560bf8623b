"""A process that compiles kernels: reads their names, and writes each name back once its kernel is kept.

python -m dlterm.engine.worker now|background

The first line that it reads is the store's directory, in JSON; by then it has loaded Numba.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import sys
from importlib import import_module
from pathlib import Path

import dlterm.engine.fusion
import dlterm.engine.machine  # noqa: F401 - both declare kernels
from dlterm.engine.native import KERNELS, compile_into
from dlterm.engine.objects import ObjectStore

_GIVE_WAY = 15
_UNUSED = ("scipy", "coverage")  # Numba loads them where it finds them: 0.2 s; no kernel needs them


def _work(when: str) -> None:
    if when == "background" and hasattr(os, "nice"):
        os.nice(_GIVE_WAY)
    if when == "now":
        gc.disable()  # a seventh of the time, for 30 MB; all kernels of the vocabulary would take 170 MB more
    for name in _UNUSED:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]
    with contextlib.suppress(Exception):  # that kernels cannot be compiled is for `compile_into` to say
        import_module("dlterm.engine.pipeline").load()
    directory = sys.stdin.readline()
    if not directory:  # nobody needs it any more
        return
    store = ObjectStore(Path(json.loads(directory)))
    for line in sys.stdin:
        compile_into(store, KERNELS[line.strip()])
        print(line.strip(), flush=True)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt, BrokenPipeError):
        _work(sys.argv[1])
