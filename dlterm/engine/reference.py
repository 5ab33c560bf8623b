"""The reference: the same tapes in NumPy, instruction by instruction, in float32 or float64.

It is the oracle in tests (the machine must agree with it, and finite differences with it in float64) and the fallback
where Numba cannot compile: right, and some hundred times slower.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dlterm.engine.graph import Call, Spec
from dlterm.engine.memory import Cursor, Feed, Fetch, Memory, check_batch, check_feeds, prime
from dlterm.engine.random import permutation
from dlterm.engine.tape import COUNT, SEED
from dlterm.engine.verify import verify

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import DTypeLike, NDArray

    from dlterm.engine.graph import Tensor
    from dlterm.engine.plan import Plan
    from dlterm.engine.tape import Instruction, Span, Tape


class ReferenceMachine:
    """Runs the tapes of a plan in NumPy; the same interface as `Machine`."""

    def __init__(self, plan: Plan, *, seed: int = 0, dtype: DTypeLike = np.float32) -> None:
        self.plan = plan
        self.dtype = np.dtype(dtype)
        self.memory = Memory(plan, seed, dtype)
        for tape in plan.tapes.values():
            verify(tape, plan.floats, plan.integers)

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
        """As `Machine.run`."""
        tape = self.plan.tapes[name]
        examples = check_feeds(feeds)
        width = check_batch(tape, batch or self.plan.batch)
        seed = int(self.memory.integers[SEED])
        for feed in feeds:
            prime(self.memory, tape, feed)
        self.memory.set_aside()
        order = np.arange(examples)
        for done in range(1, steps + 1):
            if shuffle and (cursor.position == 0 or done == 1):
                order = permutation(seed, cursor.epoch, examples)
            chosen = order[cursor.position : cursor.position + width]
            self._gather(tape, feeds, chosen)
            with np.errstate(all="ignore"):
                for instruction in tape.instructions:
                    self._execute(instruction, tape, cursor.step)
            for fetch in fetches:
                values = self._array(tape.spans[fetch.tensor], fetch.tensor.spec, tape.lanes)
                if fetch.tensor.batched:
                    seen = slice(cursor.position, cursor.position + len(chosen))
                    fetch.array[seen] = np.moveaxis(values[..., : len(chosen)], -1, 0)
                else:
                    fetch.array[done - 1] = values
            cursor.step += 1
            cursor.position += len(chosen)
            if cursor.position >= examples:
                cursor.position, cursor.epoch = 0, cursor.epoch + 1
            if loss is not None and not np.isfinite(self.memory.view(tape.spans[loss])).all():
                return done
        return steps

    def _gather(self, tape: Tape, feeds: Sequence[Feed], chosen: NDArray[Any]) -> None:
        self.memory.integers[COUNT] = len(chosen)
        for feed in feeds:
            lanes = self._array(tape.spans[feed.tensor], feed.tensor.spec, tape.lanes)
            lanes[..., : len(chosen)] = np.moveaxis(feed.array[chosen], 0, -1)

    def _execute(self, instruction: Instruction, tape: Tape, step: int) -> None:
        node = instruction.node
        slots = list(instruction.slots)
        hyper = dict(zip(instruction.op.hyper, self.memory.hyper[slots].tolist(), strict=True))
        call = Call(
            inputs=tuple(
                self._array(span, tensor.spec, tape.lanes)
                for span, tensor in zip(instruction.inputs, node.inputs, strict=True)
            ),
            input_specs=tuple(tensor.spec for tensor in node.inputs),
            output_specs=tuple(tensor.spec for tensor in node.outputs),
            attributes=node.attributes,
            hyper=hyper,
            count=int(self.memory.integers[COUNT]),
            lanes=tape.lanes,
            seed=int(self.memory.integers[SEED]),
            step=step,
        )
        result = instruction.op.reference(call)
        self.memory.hyper[slots] = [hyper[name] for name in instruction.op.hyper]  # a schedule changes one
        results = result if isinstance(result, tuple) else (result,)
        for span, tensor, value in zip(instruction.outputs, node.outputs, results, strict=bool(node.outputs)):
            view = self._array(span, tensor.spec, tape.lanes)
            view[...] = view + value if instruction.accumulate else value

    def _array(self, span: Span, spec: Spec, lanes: int) -> NDArray[Any]:
        return self.memory.view(span).reshape(spec.shape + ((lanes,) if spec.batched else ()))
