"""The machine: one compiled loop that runs a tape, batch after batch, without Python and without the GIL.

For every step it gathers a batch from the data (in an order shuffled anew each epoch), calls the kernel of every row
by its address, and looks at the loss. The loop is itself a kernel; its row is the `_FRAME` below. Nothing is
allocated.
"""

from __future__ import annotations

import ctypes
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from dlterm.engine.memory import Cursor, Feed, Fetch, Memory, check_batch, check_feeds, prime
from dlterm.engine.native import Kernel, load
from dlterm.engine.random import SHUFFLE_STREAM
from dlterm.engine.tape import COUNT, SEED
from dlterm.engine.vector import (
    LANES,
    call_kernel,
    floats_at,
    flush_denormals,
    helper,
    integers_at,
    multiply_high,
    offset,
    restore_denormals,
    store_words,
)
from dlterm.engine.vector_math import consecutive, random_words
from dlterm.engine.verify import verify

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dlterm.engine.graph import Tensor
    from dlterm.engine.plan import Plan
    from dlterm.engine.tape import Tape
    from dlterm.engine.workers import Progress

# The frame's integers: addresses of the rows, of the kernels' addresses, of the feeds, fetches and of the order of the
# examples (0: as they come); how much there is of each; and, changed by the loop, where the run is.
_ROWS, _LENGTH, _KERNELS, _FEEDS, _FEED_COUNT, _FETCHES, _FETCH_COUNT, _ORDER, _OTHERS = range(9)
_EXAMPLES, _BATCH, _LANES, _LOSS, _STEPS, _STEP, _EPOCH, _POSITION, _DONE, _SHUFFLED = range(9, 19)
_FRAME = 19
_FEED = 5  # address, numbers an example, place in the arena, integer?, one an example?
_NO_LOSS = -1


@helper
def _shuffle(order: Any, others: Any, examples: Any, seed: Any, epoch: Any) -> None:
    """Fisher and Yates' shuffle, a function of (seed, epoch) alone; `random.permutation` is its reference.

    `others` takes, sixteen at a time, the place that each place is swapped with.
    """
    for k in range(0, examples, LANES):
        words = random_words(seed, SHUFFLE_STREAM, epoch, consecutive(k, 1))
        store_words(others, k, multiply_high(words, consecutive(k + 1, 1)))
    for k in range(examples):
        order[k] = k
    for k in range(examples - 1, 0, -1):
        other = others[k]
        kept = order[k]
        order[k] = order[other]
        order[other] = kept


@helper
def _gather(frame: Any, floats: Any, integers: Any, start: Any, count: Any) -> None:
    """Copy the batch's examples into the inputs, one a lane."""
    lanes, ordered = frame[_LANES], frame[_ORDER] != 0
    order, feeds = offset(integers_at(frame[_ORDER]), start), integers_at(frame[_FEEDS])
    for f in range(frame[_FEED_COUNT]):
        feed = offset(feeds, f * _FEED)
        size = feed[1]
        if feed[3] != 0:
            numbers, labels = integers_at(feed[0]), offset(integers, feed[2])
            for i in range(size):
                for n in range(count):
                    labels[i * lanes + n] = numbers[(order[n] if ordered else start + n) * size + i]
        else:
            values, inputs = floats_at(feed[0]), offset(floats, feed[2])
            for i in range(size):
                for n in range(count):
                    inputs[i * lanes + n] = values[(order[n] if ordered else start + n) * size + i]


@helper
def _scatter(frame: Any, floats: Any, integers: Any, start: Any, count: Any, done: Any) -> None:
    """Copy what is fetched out of the arena, one example (or, where not batched, one step) after the other."""
    lanes = frame[_LANES]
    for f in range(frame[_FETCH_COUNT]):
        fetch = offset(integers_at(frame[_FETCHES]), f * _FEED)
        values, size, source = floats_at(fetch[0]), fetch[1], fetch[2]
        if fetch[3] != 0:
            numbers = integers_at(fetch[0])
            for n in range(count):
                for i in range(size):
                    numbers[(start + n) * size + i] = integers[source + i * lanes + n]
        elif fetch[4] == 0:
            for i in range(size):
                values[done * size + i] = floats[source + i]
        else:
            for n in range(count):
                for i in range(size):
                    values[(start + n) * size + i] = floats[source + i * lanes + n]


def _loop(frame: Any, floats: Any, integers: Any, hyper: Any, step: Any) -> None:
    rows, kernels, length = integers_at(frame[_ROWS]), integers_at(frame[_KERNELS]), frame[_LENGTH]
    examples, batch, loss = frame[_EXAMPLES], frame[_BATCH], frame[_LOSS]
    step, epoch, position = frame[_STEP], frame[_EPOCH], frame[_POSITION]
    done, shuffled = 0, frame[_SHUFFLED]
    denormals = flush_denormals()  # they take ten times as long, and a network that is done is full of them
    while done < frame[_STEPS]:
        if frame[_ORDER] != 0 and (position == 0 or shuffled == 0):
            shuffled = 1
            _shuffle(integers_at(frame[_ORDER]), integers_at(frame[_OTHERS]), examples, integers[SEED], epoch)
        left = examples - position
        count = left if left < batch else batch
        integers[COUNT] = count
        _gather(frame, floats, integers, position, count)
        at = 0
        while at < length:
            row = offset(rows, at)
            call_kernel(kernels[row[0]], row, floats, integers, hyper, step)
            at += row[1]
        _scatter(frame, floats, integers, position, count, done)
        done += 1
        step += 1
        position += count
        if position >= examples:
            position = 0
            epoch += 1
        if loss != _NO_LOSS and not math.isfinite(floats[loss]):
            break
    restore_denormals(denormals)
    frame[_STEP], frame[_EPOCH], frame[_POSITION], frame[_DONE] = step, epoch, position, done


_LOOP = Kernel("machine", _loop)
_Function = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 4, ctypes.c_int64)


class Machine:
    """Runs the tapes of a plan in machine code.

    `memory` holds all numbers; `run` changes them. Not thread-safe: one thread at a time.
    """

    dtype = np.float32

    def __init__(self, plan: Plan, *, seed: int = 0, progress: Progress | None = None) -> None:
        self.plan = plan
        self.memory = Memory(plan, seed)
        load([_LOOP, *(kernel for tape in plan.tapes.values() for kernel in tape.kernels)], progress)
        self._loop = _Function(_LOOP.address)
        self._order = np.empty((2, 0), np.int64)  # the order, and scratch for the shuffle
        self._order_of: tuple[int, int, int] | None = None  # seed, epoch, examples
        for tape in plan.tapes.values():
            verify(tape, plan.floats, plan.integers)
        self._kernels = {
            name: np.array([kernel.address for kernel in tape.kernels], np.int64)
            for name, tape in plan.tapes.items()
        }

    def run(
        self,
        name: str,
        feeds: Sequence[Feed],
        cursor: Cursor,
        steps: int,
        *,
        batch: int | None = None,
        shuffle: bool = False,
        loss: Tensor | None = None,
        fetches: Sequence[Fetch] = (),
    ) -> int:
        """Run a tape for so many steps from the cursor on, which moves; the number of steps done.

        It stops early after a step whose `loss` is not finite. `batch` is the plan's, or for prediction the tape's
        width.
        """
        tape = self.plan.tapes[name]
        examples = check_feeds(feeds)
        width = check_batch(tape, batch or self.plan.batch)
        if self._order.shape[1] < examples + LANES:
            self._order, self._order_of = np.empty((2, examples + LANES), np.int64), None
        frame = np.zeros(_FRAME, np.int64)
        ins = _table(feeds, tape)
        outs = _table(fetches, tape)
        for feed in feeds:
            prime(self.memory, tape, feed)
        frame[_ROWS], frame[_LENGTH] = tape.rows.ctypes.data, tape.rows.size
        frame[_KERNELS] = self._kernels[name].ctypes.data
        frame[_FEEDS], frame[_FEED_COUNT] = ins.ctypes.data, len(feeds)
        frame[_FETCHES], frame[_FETCH_COUNT] = outs.ctypes.data, len(fetches)
        frame[_ORDER] = self._order[0].ctypes.data if shuffle else 0
        frame[_OTHERS] = self._order[1].ctypes.data
        frame[_EXAMPLES], frame[_BATCH], frame[_LANES] = examples, width, tape.lanes
        frame[_LOSS] = _NO_LOSS if loss is None else tape.spans[loss].start
        frame[_STEPS], frame[_STEP] = steps, cursor.step
        frame[_EPOCH], frame[_POSITION] = cursor.epoch, cursor.position
        memory = self.memory
        memory.set_aside()
        seed = int(memory.integers[SEED])
        frame[_SHUFFLED] = self._order_of == (seed, cursor.epoch, examples)
        self._loop(
            frame.ctypes.data,
            memory.floats.ctypes.data,
            memory.integers.ctypes.data,
            memory.hyper.ctypes.data,
            0,
        )
        cursor.step, cursor.epoch, cursor.position = frame[[_STEP, _EPOCH, _POSITION]].tolist()
        if shuffle and frame[_DONE]:
            last = cursor.epoch - (cursor.position == 0)
            self._order_of = (seed, last, examples)
        return int(frame[_DONE])


def _table(feeds: Sequence[Feed | Fetch], tape: Tape) -> NDArray[np.int64]:
    """One row of integers a feed or fetch, as the loop reads them."""
    spans = [tape.spans[feed.tensor] for feed in feeds]
    rows = [
        (
            feed.array.ctypes.data,
            feed.tensor.spec.size,
            span.start,
            int(span.integer),
            int(feed.tensor.batched),
        )
        for feed, span in zip(feeds, spans, strict=True)
    ]
    return np.array(rows, np.int64).reshape(-1, _FEED)
