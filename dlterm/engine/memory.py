"""What a machine works on: the arenas, the hyper-parameters, the place in the data; and the data itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from dlterm.engine.ops import HYPER
from dlterm.engine.placing import SLOTS
from dlterm.engine.tape import SEED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import DTypeLike, NDArray

    from dlterm.engine.graph import Tensor
    from dlterm.engine.plan import Plan
    from dlterm.engine.tape import Span, Tape

Saved = tuple["NDArray[Any]", "NDArray[np.int64]"]
_CACHE_LINE = 64


@dataclass
class Cursor:
    """Where a run is: the step (over all epochs), the epoch, the number of its examples already seen."""

    step: int = 0
    epoch: int = 0
    position: int = 0


@dataclass(frozen=True)
class Feed:
    """Examples for an input tensor: [examples, *shape], float32 or int64, in C order."""

    tensor: Tensor
    array: NDArray[Any]

    def __post_init__(self) -> None:
        kind = np.int64 if self.tensor.spec.integer else np.float32
        wanted = f"{kind.__name__} [examples, {', '.join(map(str, self.tensor.shape))}] in C order"
        fits = self.array.dtype == kind and self.array.shape[1:] == self.tensor.shape
        if not fits or not self.array.flags.c_contiguous:
            raise ValueError(
                f"{self.tensor.name}: {self.array.dtype} {self.array.shape} given, {wanted} needed"
            )


@dataclass(frozen=True)
class Fetch:
    """Where a tensor's values go: [examples, *shape] in the order seen, or [steps, *shape] where not batched.

    The array is float32, or int64 for what is drawn as a class number, in C order.
    """

    tensor: Tensor
    array: NDArray[Any]


@dataclass
class Memory:
    """The arenas of a plan, zero but for parameters and constants; and the hyper-parameters by slot."""

    plan: Plan
    seed: int
    dtype: DTypeLike = np.float32
    floats: NDArray[Any] = field(init=False)
    integers: NDArray[np.int64] = field(init=False)
    hyper: NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        self.floats = _aligned(self.plan.floats, self.dtype)
        self.integers = _aligned(self.plan.integers, np.int64)
        self.integers[SEED] = self.seed
        self.hyper = np.tile(np.array(list(HYPER.values()), np.float64), self.plan.trainings)
        for tensor, span in (self.plan.parameters | self.plan.buffers | self.plan.constants).items():
            if tensor.initial is not None:
                self.view(span)[:] = tensor.initial.ravel()

    def view(self, span: Span) -> NDArray[Any]:
        """The numbers of a span, as a view."""
        return (self.integers if span.integer else self.floats)[span.start : span.end]

    def set_hyper(self, training: int | None = None, /, **values: float) -> None:
        """Change hyper-parameters (`lr=0.01`) of one training, or of all, from the next step on."""
        chosen = slice(None) if training is None else training
        for name, value in values.items():
            self.hyper.reshape(-1, len(SLOTS))[chosen, SLOTS[name]] = value

    def parameters(self) -> dict[str, NDArray[Any]]:
        """Views of the parameters in their shapes, by name."""
        return {t.name: self.view(span).reshape(t.shape) for t, span in self.plan.parameters.items()}

    def buffers(self) -> dict[str, NDArray[Any]]:
        """Views of the buffers in their shapes, by name."""
        return {t.name: self.view(span).reshape(t.shape) for t, span in self.plan.buffers.items()}

    def gradients(self) -> dict[str, NDArray[Any]]:
        """Views of the parameters' gradients, by the parameter's name."""
        return {t.name: self.view(span).reshape(t.shape) for t, span in self.plan.gradients.items()}

    def persistent(self) -> dict[str, NDArray[Any]]:
        """Views of all that training changes, by name: parameters, buffers, the optimisers' state and counters."""
        found = self.parameters() | self.buffers()
        shapes = {span.name: found[span.name].shape for span in self.plan.parameters.values()}
        for name, span in self.plan.state.items():
            if not span.parts:
                found[name] = self.view(span)
            for part in span.parts:
                found[part.name] = self.view(part).reshape(shapes[part.name.partition(" ")[2]])
        return found

    def set_aside(self) -> None:
        """Keep what the next run must not move; what is there now is what it goes back to after each step."""
        for region, kept in self.plan.aside:
            self.view(kept)[:] = self.view(region)

    def save(self) -> Saved:
        """A copy of all that training changes; cheap, for a step back soon."""
        return self.floats[: self.plan.trained].copy(), self.integers[: self.plan.counted].copy()

    def restore(self, saved: Saved) -> None:
        """Go back to what `save` copied."""
        self.floats[: self.plan.trained], self.integers[: self.plan.counted] = saved

    def is_finite(self) -> bool:
        """Whether parameters and optimiser state are."""
        return bool(np.isfinite(self.floats[: self.plan.trained]).all())

    def adopt(self, values: dict[str, NDArray[Any]]) -> list[str]:
        """Take over what fits by name and shape; the names of what does not, or is missing."""
        left = []
        for name, view in self.persistent().items():
            if name in values and values[name].shape == view.shape:
                view[...] = values[name]
            else:
                left.append(name)
        return left

    def poison(self) -> None:
        """Fill all that a tape must write before it reads it with NaN: a forgotten write then shows."""
        kept = {name: array.copy() for name, array in self.persistent().items()}
        constants = {span: self.view(span).copy() for span in self.plan.constants.values()}
        self.floats[:] = np.nan
        for span in self.plan.state.values():
            self.view(span)[:] = 0
        for span, values in constants.items():
            self.view(span)[:] = values
        self.adopt(kept)


def check_feeds(feeds: Sequence[Feed]) -> int:
    """The number of examples, the same in every feed. Raises ValueError."""
    counts = {len(feed.array) for feed in feeds}
    if len(counts) != 1:
        raise ValueError(f"the inputs differ in their number of examples: {sorted(counts)}")
    return counts.pop()


def check_batch(tape: Tape, batch: int) -> int:
    """The batch, which must fit the tape's lanes. Raises ValueError."""
    if not 1 <= batch <= tape.lanes:
        raise ValueError(f"a batch of {batch} does not fit a tape of {tape.lanes} lanes")
    return batch


def prime(memory: Memory, tape: Tape, feed: Feed) -> None:
    """Fill every lane of an input with the first example, so that padded lanes compute with real numbers."""
    span = tape.spans[feed.tensor]
    memory.view(span).reshape(-1, tape.lanes)[:] = feed.array[0].reshape(-1, 1)


def _aligned(count: int, dtype: DTypeLike) -> NDArray[Any]:
    """Zeros that begin on a cache line."""
    size = np.dtype(dtype).itemsize
    raw = np.zeros(count * size + _CACHE_LINE, np.uint8)
    start = -raw.ctypes.data % _CACHE_LINE
    return raw[start : start + count * size].view(dtype)
