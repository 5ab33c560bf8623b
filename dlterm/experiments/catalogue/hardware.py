"""Hardware: one matrix product, from pure Python to all that this machine has, and what memory allows.

Williams, Waterman and Patterson, "Roofline", Communications of the ACM 52, 2009: no program is faster than the
arithmetic units, nor than memory brings what it reads.

Every figure is the median of several times on this machine, by turns, each after one that warms up the caches, with its
threads stated.
"""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dlterm.drawing.views import Bars, Curves, Line, Mark, Series, Table, Text
from dlterm.engine import native
from dlterm.experiments import products
from dlterm.experiments.experiment import Experiment, Measure, Moment, Prediction
from dlterm.experiments.knobs import Whole
from dlterm.experiments.threads import Threads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    from dlterm.drawing.views import View
    from dlterm.experiments.experiment import Measures, Run
    from dlterm.experiments.products import Way

    Matrix = NDArray[np.float32]

_SIDE = 4096  # rows of a matrix that no cache holds: 64 MiB
_COLUMNS = (1, 4, 16, 64)  # that it is multiplied with
_BYTES = 4  # of a float32
_ROOFLINE = "the roofline, one thread"


class Hardware(Experiment):
    """One product by every way there is here, and matrices that memory has to bring."""

    id = "hardware"
    title = "What this machine can multiply"
    question = (
        "One matrix product, on one core of this machine: how many times as fast as pure Python is NumPy?"
    )
    chapter = "Why now"
    order = 30
    lesson = "why-now-hardware"
    predictions = (
        Prediction("same", "About as fast: it is the same core"),
        Prediction("ten", "Some 10 times"),
        Prediction("hundreds", "Hundreds of times, or thousands"),
        Prediction("gpu", "Hardly faster: what is slow is a processor without a graphics card"),
    )
    confirmed = "hundreds"
    claim = (
        "NumPy is at least 100 times as fast as pure Python, and all ways give one product; 64 columns at once bring "
        "at least 3 times the operations a second of one"
    )
    measures = (
        Measure("python", "pure Python, one thread", "GFLOP/s"),
        Measure("numpy", "NumPy, one thread", "GFLOP/s"),
        Measure("numpy_threads", "NumPy, all threads", "GFLOP/s"),
        Measure("numba", "Numba, one thread", "GFLOP/s"),
        Measure("numba_threads", "Numba, all threads", "GFLOP/s"),
        Measure("gpu", "GPU (0: none)", "GFLOP/s"),
        Measure("times", "NumPy as a multiple of pure Python, one thread each", at_least=100),
        Measure("difference", "largest difference between products, of the largest number", at_most=1e-4),
        Measure("bandwidth", "what memory brings", "GB/s"),
        Measure("columns", "operations a second with 64 columns, as a multiple of one", at_least=3),
    )
    budget = 10.0
    needed = 20
    sources = ("williams2009",)

    size = Whole(512, "rows and columns of the matrices", low=64, high=2048)
    threads = Whole(2, "all threads: so many", low=1, high=64)
    repeats = Whole(7, "times that each is timed", low=3, high=100)

    def run(self, seed: int) -> Run:
        rng, libraries = np.random.default_rng(seed), Threads()
        a, b = rng.standard_normal((2, self.size, self.size)).astype(np.float32)
        gpu = products.gpu(a, b)
        with ThreadPoolExecutor(self.threads) as pool:  # threads are what is measured here
            ways = self._ways(a, b, libraries, pool) | ({} if isinstance(gpu, str) else {"gpu": gpu})
            times = {name: Times(way.multiply, way.operations) for name, way in ways.items()}
            seen = Seen(ways, times, about(ways, libraries, gpu))
            for turn in range(self.repeats):
                for name, way in ways.items():
                    times[name].take()
                    yield Moment(seen.views(), turn / self.repeats / 2, f"{way.name}, {said(way.threads)}")
            differences = [difference(way, a, b) for way in ways.values()]
        roof = Roof(libraries, rng)
        for turn in range(1, self.repeats + 1):
            for news in roof.look():
                yield Moment(seen.views(roof), (1 + turn / self.repeats) / 2, news)
        rates = {name: each.rate for name, each in times.items()}
        return {
            **{name: rates.get(name, 0.0) for name in ("python", "numpy", "numba", "gpu")},
            **{f"{name}_threads": rates.get(f"{name}_threads", 0.0) for name in ("numpy", "numba")},
            "times": rates["numpy"] / rates["python"],
            "difference": max(differences),
            "bandwidth": roof.bandwidth,
            "columns": roof.rates[-1] / roof.rates[0],
        }

    def why(self, measures: Measures) -> str:
        return (
            f"On one thread NumPy makes {measures['times']:,.0f} times the operations a second of pure Python: it is "
            f"told once what to do with all numbers, and does several at a time. With one column memory is the brake: "
            f"each number of the matrix is fetched to be used once. 64 columns use it 64 times, and bring "
            f"{measures['columns']:.1f} times the operations. Batches are made for that, and so are GPUs."
        )

    def _ways(self, a: Matrix, b: Matrix, libraries: Threads, pool: Executor) -> dict[str, Way]:
        ways = {
            "python": products.python(a, b),
            "numba": products.compiled(a, b, pool, 1),
            "numba_threads": products.compiled(a, b, pool, self.threads),
            "numpy": products.numpy(a, b, libraries, 1),
            "numpy_threads": products.numpy(a, b, libraries, self.threads),
        }
        return {name: way for name, way in ways.items() if way is not None}


class Times:
    """What one piece of work took, each time it was done."""

    def __init__(self, work: Callable[[], object], operations: int) -> None:
        self._work, self._operations, self._seconds = work, operations, list[float]()

    def take(self) -> None:
        """Do it once to warm up, and once more."""
        self._work()
        begun = time.perf_counter()
        self._work()
        self._seconds.append(time.perf_counter() - begun)

    @property
    def seconds(self) -> float:
        """The median; NaN where there is none."""
        return float(np.median(self._seconds)) if self._seconds else np.nan

    @property
    def rate(self) -> float:
        """10^9 operations a second."""
        return self._operations / self.seconds / 1e9

    @property
    def best(self) -> float:
        """The same, the fastest time."""
        return self._operations / min(self._seconds, default=np.nan) / 1e9


class Roof:
    """What memory brings, and a matrix too large for caches times 1, 4, 16 and 64 columns, all on one thread."""

    def __init__(self, libraries: Threads, rng: np.random.Generator) -> None:
        self._libraries, matrix = libraries, rng.random((_SIDE, _SIDE), dtype=np.float32)
        flat = matrix.ravel()
        self._reading = Times(lambda: flat @ flat, matrix.nbytes)
        self._columns = {count: self._times(matrix, count) for count in _COLUMNS}

    def _times(self, matrix: Matrix, count: int) -> Times:
        columns = np.ones((_SIDE, count), np.float32)
        return Times(lambda: matrix @ columns, 2 * count * matrix.size)

    def look(self) -> Iterator[str]:
        """Time each once more; yield what was timed."""
        for count, times in {0: self._reading, **self._columns}.items():
            with self._libraries.limited(1):
                times.take()
            yield f"64 MiB times {count} column{'s' * (count > 1)}" if count else "reading 64 MiB"

    @property
    def bandwidth(self) -> float:
        """10^9 bytes a second."""
        return self._reading.rate

    @property
    def rates(self) -> list[float]:
        """10^9 operations a second, by the number of columns."""
        return [times.rate for times in self._columns.values()]

    def curves(self, peak: float) -> Curves:
        """What was reached (medians), and the roof above it: the fastest that memory brought, and the `peak` rate."""
        x = np.logspace(-1, 3, 81)
        roof = Series("memory, then arithmetic", x, np.minimum(peak, self._reading.best * x))
        places, rates = np.array([intensity(count) for count in _COLUMNS]), np.array(self.rates)
        marks = tuple(
            Mark(place, f"{count}", rate)
            for count, place, rate in zip(_COLUMNS, places, rates, strict=True)
            if rate > 0
        )
        lines = roof, Series("by columns", places, rates, joined=False)
        return Curves(lines, "operations for a byte", "GFLOP/s", True, True, marks, title=_ROOFLINE)


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What there is to see of it all."""

    ways: Mapping[str, Way]
    times: Mapping[str, Times]
    about: Text

    def views(self, roof: Roof | None = None) -> dict[str, View]:
        """As it is by now."""
        labels = tuple(f"{way.name}, {said(way.threads)}" for way in self.ways.values())
        rates = np.array([times.rate for times in self.times.values()])
        rows = tuple(
            (label, way.size, f"{times.rate:.3g}", f"{times.best:.3g}")
            for label, way, times in zip(labels, self.ways.values(), self.times.values(), strict=True)
        )
        peak = max(self.times[name].best for name in ("numpy", "numba") if name in self.times)
        return {
            "speeds": Bars(labels, rates, "GFLOP/s", log=True, title="one product of two matrices"),
            "roofline": roof.curves(peak) if roof else Curves((), title=_ROOFLINE),
            "table": Table(("way", "rows", "median", "fastest"), rows, title="10⁹ operations a second"),
            "machine": self.about,
        }


def about(ways: Mapping[str, Way], libraries: Threads, gpu: Way | str) -> Text:
    """What it is measured on."""
    load = f", {os.getloadavg()[0]:.1f} programs at work before" if hasattr(os, "getloadavg") else ""
    blas = f"hands it to {libraries.blas}" if libraries.blas else "takes as many threads as it likes"
    lines = [
        f"processor: {native.processor().split()[1]}, {os.cpu_count()} threads{load}",
        "float32; medians, each time after one to warm up",
        f"Python: {products.IN_PYTHON} rows and columns, the others all",
        f"NumPy: {blas}",
        f"Numba: {'a layer of dlterm' if 'numba' in ways else 'cannot compile here'}",
        f"GPU: {gpu if isinstance(gpu, str) else 'both matrices are in its memory before'}",
    ]
    return Text(tuple(map(Line, lines)), title="this machine")


def said(threads: int) -> str:
    """How many threads, in words."""
    return f"{threads} thread{'s' * (threads > 1)}" if threads else "threads of its own"


def intensity(columns: int) -> float:
    """Operations for each byte that has to move, of a square matrix times so many columns."""
    return 2 * columns * _SIDE**2 / (_BYTES * (_SIDE**2 + 2 * columns * _SIDE))


def difference(way: Way, a: Matrix, b: Matrix) -> float:
    """The largest difference from the product in float64, as a share of its largest number."""
    exact = a[: way.size, : way.size].astype(np.float64) @ b[: way.size, : way.size]
    found = np.asarray(way.product(way.multiply()), np.float64)
    return float(np.abs(found - exact).max() / np.abs(exact).max())
