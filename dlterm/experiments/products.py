"""Ways to multiply two matrices: one sum, from pure Python to a graphics processor."""

from __future__ import annotations

import importlib
import platform
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dlterm import nn
from dlterm.engine.graph import variable
from dlterm.engine.machine import Machine
from dlterm.engine.memory import Cursor, Feed, Fetch
from dlterm.engine.plan import plan
from dlterm.engine.runtime import machine_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    from dlterm.experiments.threads import Threads

    Matrix = NDArray[np.float32]

IN_PYTHON = 48  # rows of the corner that pure Python multiplies: the whole would take it minutes
_DEVICES = ("/dev/nvidiactl", "/dev/kfd", "/dev/dxg")  # NVIDIA's driver, AMD's, and Windows' below Linux


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """One way to multiply: `multiply` is what is timed, `product` makes an array [rows, columns] of what it gives."""

    name: str
    threads: int  # 0: as many as it likes
    size: int  # rows and columns
    multiply: Callable[[], Any]
    product: Callable[[Any], NDArray[Any]] = np.asarray

    @property
    def operations(self) -> int:
        """Multiplications and additions."""
        return 2 * self.size**3


def python(a: Matrix, b: Matrix) -> Way:
    """Lists, and a loop for every number."""
    size = min(IN_PYTHON, len(a))
    rows, columns = a[:size, :size].tolist(), b[:size, :size].T.tolist()
    return Way(
        "Python",
        1,
        size,
        lambda: [
            [sum(x * y for x, y in zip(row, column, strict=True)) for column in columns] for row in rows
        ],
    )


def numpy(a: Matrix, b: Matrix, libraries: Threads, threads: int) -> Way:
    """NumPy, which hands it to BLAS."""
    if not libraries.blas:
        return Way("NumPy", 0, len(a), lambda: a @ b)

    def multiply() -> Matrix:
        with libraries.limited(threads):
            return a @ b

    return Way("NumPy", threads, len(a), multiply)


def compiled(a: Matrix, b: Matrix, pool: Executor, threads: int) -> Way | None:
    """dlterm's kernels: a layer with the weights `a`, on the columns of `b`; None where Numba cannot compile them."""
    parts = [_Layer(a, columns) for columns in np.array_split(b.T, threads)]
    if not all(isinstance(part.machine, Machine) for part in parts):
        return None

    def multiply() -> None:
        if threads == 1:
            parts[0].run()
        else:
            list(pool.map(_Layer.run, parts))

    return Way(
        "Numba",
        threads,
        len(a),
        multiply,
        lambda _: np.concatenate([part.answers() for part in parts]).T,
    )


class _Layer:
    """A layer of units without biases, and the examples [examples, inputs] it is asked for."""

    def __init__(self, weights: Matrix, examples: Matrix) -> None:
        size = weights.shape[1]
        self._x = variable("x", (size,))
        self._y = nn.Linear(size, len(weights), name="product")(self._x)
        loss = nn.losses.mse(self._y, variable("target", (len(weights),)))
        planned = plan(loss, [self._y], batch=1, prediction_batch=len(examples))
        self.machine, _ = machine_for(planned)
        for name, array in self.machine.memory.parameters().items():
            array[...] = weights if name.endswith("weight") else 0
        self._feeds = [Feed(self._x, np.ascontiguousarray(examples))]

    def run(self, fetches: tuple[Fetch, ...] = ()) -> None:
        """Multiply all examples at once."""
        count = len(self._feeds[0].array)
        self.machine.run("predict", self._feeds, Cursor(), 1, batch=count, fetches=fetches)

    def answers(self) -> Matrix:
        """What comes out, [examples, units]."""
        fetch = Fetch(self._y, np.empty((len(self._feeds[0].array), *self._y.shape), np.float32))
        self.run((fetch,))
        return fetch.array


def gpu(a: Matrix, b: Matrix) -> Way | str:
    """A graphics processor through PyTorch or CuPy, with both matrices in its memory; or why there is none."""
    apple = platform.system() == "Darwin" and platform.machine() == "arm64"
    if not apple and not any(Path(device).exists() for device in _DEVICES):
        return "no GPU is seen on this machine"
    if find_spec("torch") is not None and (device := _device()):
        return with_torch(a, b, device)
    if find_spec("cupy") is not None:
        return _with_cupy(a, b)
    return "a GPU is there, but no PyTorch or CuPy that can use it"


def _device() -> str:
    torch = importlib.import_module("torch")
    return "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else ""


def with_torch(a: Matrix, b: Matrix, device: str) -> Way:
    """PyTorch on a device of its own."""
    torch = importlib.import_module("torch")
    x, y = (torch.from_numpy(each).to(device) for each in (a, b))
    done = getattr(torch, device).synchronize
    name = torch.cuda.get_device_name() if device == "cuda" else device

    def multiply() -> Any:
        product = x @ y
        done()
        return product

    return Way(f"GPU ({name})", 0, len(a), multiply, lambda product: product.cpu().numpy())


def _with_cupy(a: Matrix, b: Matrix) -> Way:
    cupy = importlib.import_module("cupy")
    x, y = cupy.asarray(a), cupy.asarray(b)

    def multiply() -> Any:
        product = x @ y
        cupy.cuda.Device().synchronize()
        return product

    return Way("GPU (CuPy)", 0, len(a), multiply, cupy.asnumpy)
