"""The loss over a plane through a network's weights: what training walks down.

A picture is made from coarse to fine: the first is there within a few evaluations of the loss, the last has one in
each of its places. It is computed by a learner that is `apart`, so that the one that trains goes on.
"""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from dlterm.training.learner import Learner
    from dlterm.training.weight_plane import Domain, WeightPlane

Picture = TypeVar("Picture")

EXAMPLES = 4000  # of the training part that are worth measuring: beyond, a picture hardly changes
SIZE = 41
_STRIDES = (8, 4, 2, 1)  # from coarse to fine
_SECONDS = 0.04  # between two pictures
_REST = 2  # times as long as the work on a picture


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """The loss at each place of a plane, as far as it is known. Arrays are never written again."""

    plane: WeightPlane
    domain: Domain  # x0, x1, y0, y1: the edges
    losses: NDArray[
        np.float64
    ]  # [size, size] from the top left; inf where it is no number; the unknown as nearby
    known: float  # the share of the places that are computed

    def coordinates(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """x of each column and y of each row: their middles."""
        return _middles(self.domain, len(self.losses))


class Prober:
    """The loss at any weights, computed by a learner that has been set apart for it."""

    def __init__(self, learner: Learner) -> None:
        self._learner = learner
        self._views = list(learner.machine.memory.parameters().values())
        self._ends = np.cumsum([view.size for view in self._views])[:-1]

    def loss(self, weights: NDArray[np.float64]) -> float:
        """The loss on the learner's training part with these weights [n]; inf where it is not finite."""
        for view, part in zip(self._views, np.split(weights, self._ends), strict=True):
            view[...] = part.reshape(view.shape)
        with np.errstate(over="ignore", invalid="ignore"):
            loss = self._learner.loss()
        return loss if np.isfinite(loss) else np.inf


def survey(
    learner: Learner, plane: WeightPlane, domain: Domain | None = None, size: int = SIZE
) -> Iterator[Surface]:
    """Yield ever finer pictures, one about every 40 ms; the last is complete.

    The learner must be `apart`: its weights are overwritten.
    """
    domain = domain or plane.domain()
    x, y = _middles(domain, size)
    prober = Prober(learner)
    losses = np.full((size, size), np.nan)
    shown = time.perf_counter()
    for stride in _STRIDES:
        for row, column in _new_places(size, stride):
            losses[row, column] = prober.loss(plane.at(x[column], y[row]))
            if stride < _STRIDES[0] and time.perf_counter() - shown > _SECONDS:
                yield _picture(plane, domain, losses, stride)
                shown = time.perf_counter()
        if stride in (_STRIDES[0], _STRIDES[-1]):
            yield _picture(plane, domain, losses, stride)
            shown = time.perf_counter()


class Surveyor(Generic[Picture]):
    """Makes pictures on a thread of its own: one survey at a time, a new one in the place of one under way.

    It works for a third of the time, so that on two cores a screen and a learner that trains keep most of them.
    """

    def __init__(self, publish: Callable[[Picture], None]) -> None:
        """`publish` is called on the surveyor's thread."""
        self._publish = publish
        self._tasks: queue.SimpleQueue[Iterator[Picture] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="dlterm-landscape", daemon=True)

    def begin(self, pictures: Iterator[Picture]) -> None:
        """Begin with a survey, such as `survey`; returns at once. All that makes the pictures is the surveyor's now."""
        self._tasks.put(pictures)
        if not self._thread.is_alive():
            self._thread.start()

    def close(self, timeout: float = 2.0) -> None:
        """Stop and wait for the thread, `timeout` seconds at most."""
        self._tasks.put(None)
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(timeout)

    def _work(self) -> None:
        task = self._tasks.get()
        while task is not None:
            task = self._pursue(task)

    def _pursue(self, task: Iterator[Picture]) -> Iterator[Picture] | None:
        """Make its pictures, until another survey comes, which is returned."""
        begun = time.perf_counter()
        for picture in task:
            if self._tasks.empty():
                self._publish(picture)
            with contextlib.suppress(queue.Empty):
                return self._tasks.get(timeout=_REST * (time.perf_counter() - begun))
            begun = time.perf_counter()
        return self._tasks.get()


def _middles(domain: Domain, size: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    x0, x1, y0, y1 = domain
    middles = (np.arange(size) - (size - 1) / 2) / size  # 0 in the middle of an odd size, to the bit
    return (x0 + x1) / 2 + (x1 - x0) * middles, (y0 + y1) / 2 - (y1 - y0) * middles


def _new_places(size: int, stride: int) -> Iterator[tuple[int, int]]:
    """Row and column of what is on this stride's grid and not on a coarser one's."""
    for row in range(0, size, stride):
        for column in range(0, size, stride):
            coarser = row % (2 * stride) == column % (2 * stride) == 0
            if stride == _STRIDES[0] or not coarser:
                yield row, column


def _picture(plane: WeightPlane, domain: Domain, losses: NDArray[np.float64], stride: int) -> Surface:
    """Every place takes what is known nearest to it: its own loss, or that of the grid, or of the one before."""
    picture = losses.copy()
    for coarser in (s for s in (stride, 2 * stride) if s <= _STRIDES[0]):
        last = (len(losses) - 1) // coarser
        nearest = np.minimum((np.arange(len(losses)) + coarser // 2) // coarser, last) * coarser
        picture = np.where(np.isnan(picture), losses[np.ix_(nearest, nearest)], picture)
    return Surface(plane, domain, picture, float(np.mean(~np.isnan(losses))))
