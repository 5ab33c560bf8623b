"""The contestant: the same network in plain C (`mlp.c`), every size fixed as it is compiled, called through ctypes."""

from __future__ import annotations

import ctypes
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.task import EXAMPLES, LEARNING_RATE, Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_SOURCE = Path(__file__).with_name("mlp.c")

# GCC 12 unrolls loops of 16 before it vectorises them; without the last of these batch 10 takes twice as long.
FLAGS = ("-O3", "-march=native", "-ffast-math", "--param=max-completely-peel-times=4")
# On processors with AVX-512 it keeps to half a register unless asked; elsewhere this changes nothing.
WIDE = (*FLAGS, "-mprefer-vector-width=512")


class InC:
    """A network compiled by gcc, from given parameters. Raises FileNotFoundError where there is no gcc."""

    def __init__(
        self, task: Task, parameters: Sequence[NDArray[np.float32]], flags: Sequence[str] = FLAGS
    ) -> None:
        self._library = _compile(task, flags)
        self._inputs, self._targets = task.examples()
        self._shapes = [parameter.shape for parameter in parameters]
        self._library.set_parameters(np.concatenate([value.ravel() for value in parameters]).ctypes)

    def train(self, epochs: int, *, shuffle: bool = True) -> None:
        """Train on."""
        self._library.train(
            ctypes.c_long(epochs),
            int(shuffle),
            self._inputs.ctypes,
            self._targets.ctypes,
            ctypes.c_float(LEARNING_RATE),
        )

    def parameters(self) -> list[NDArray[np.float32]]:
        """Weight and bias of every layer."""
        sizes = [int(np.prod(shape)) for shape in self._shapes]
        values = np.empty(sum(sizes), np.float32)
        self._library.get_parameters(values.ctypes)
        parts = np.split(values, np.cumsum(sizes)[:-1])
        return [part.reshape(shape) for part, shape in zip(parts, self._shapes, strict=True)]


def _compile(task: Task, flags: Sequence[str]) -> ctypes.CDLL:
    if (task.activation, task.loss, task.optimizer, task.dropout) != ("tanh", "mse", "sgd", 0.0):
        raise ValueError(f"mlp.c does not train {task}")
    with tempfile.TemporaryDirectory() as directory:
        compiled, library = Path(directory) / "mlp.o", Path(directory) / "mlp.so"
        compiling = ["gcc", *flags, "-fPIC", *_definitions(task), "-c", str(_SOURCE), "-o", str(compiled)]
        subprocess.run(compiling, check=True)
        # Linked without -ffast-math: with it, loading the library would flush denormals in this whole process.
        subprocess.run(["gcc", "-shared", str(compiled), "-o", str(library), "-lmvec", "-lm"], check=True)
        loaded = ctypes.CDLL(str(library))
    loaded.train.restype = ctypes.c_float
    return loaded


def _definitions(task: Task) -> list[str]:
    layers = [
        f"F({k}, {k + 1}, {inputs}, {outputs})"
        for k, (inputs, outputs) in enumerate(zip(task.sizes, task.sizes[1:], strict=False))
    ]
    values = {
        "BATCH": task.batch,
        "EXAMPLES": EXAMPLES,
        "INPUTS": task.sizes[0],
        "OUTPUTS": task.sizes[-1],
        "LAST": len(layers),
        "LAYERS(F)": " ".join(layers),
        "SREYAL(F)": " ".join(reversed(layers)),
    }
    return [f"-D{name}={value}" for name, value in values.items()]
