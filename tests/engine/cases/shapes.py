"""Numbers that change their place: transpose, slice, pad, concat, stack, unstack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dlterm.engine import ops
from tests.engine.cases import Case
from tests.engine.support import each, once

if TYPE_CHECKING:
    from dlterm.engine.graph import Tensor


def both_ways(x: Any) -> Any:
    return x[:, 1:4:2, ::2]


def steps_in_turn(x: Tensor) -> Tensor:
    first, _, third, last = ops.unstack(x)
    return first * third + last


CASES: dict[str, Case] = {
    "transpose": Case(ops.transpose, (each(3, 4),), lambda _, x: x.transpose(1, 2)),
    "transpose of many axes": Case(
        lambda x: ops.transpose(x, (2, 0, 3, 1)), (each(2, 3, 4, 2),), lambda _, x: x.permute(0, 3, 1, 4, 2)
    ),
    "transpose of a parameter": Case(ops.transpose, (once(3, 5),), lambda _, x: x.T),
    "slice": Case(both_ways, (each(2, 5, 7),), lambda _, x: x[:, :, 1:4:2, ::2]),
    "slice of one place": Case(lambda x: x[-1, 1], (each(3, 2, 4),), lambda _, x: x[:, -1, 1]),
    "slice, backwards": Case(lambda x: x[::-1], (each(4, 3),), lambda _, x: x.flip(1)),
    "slice of a parameter": Case(lambda x: x[1:, 2], (once(4, 3),), lambda _, x: x[1:, 2]),
    "pad": Case(
        lambda x: ops.pad(x, (1, 0), (2, 3)), (each(2, 3),), lambda t, x: t.nn.functional.pad(x, (2, 3, 1, 0))
    ),
    "pad of a parameter": Case(
        lambda x: ops.pad(x, (0, 2)), (once(5),), lambda t, x: t.nn.functional.pad(x, (0, 2))
    ),
    "concat": Case(
        lambda *xs: ops.concat(xs), (each(2, 3), each(1, 3), each(4, 3)), lambda t, *xs: t.cat(xs, 1)
    ),
    "concat along a later axis": Case(
        lambda *xs: ops.concat(xs, axis=1), (each(2, 3, 2), each(2, 1, 2)), lambda t, *xs: t.cat(xs, 2)
    ),
    "concat with what is the same for all": Case(
        lambda x, w: ops.concat([x, w]),
        (each(2, 3), once(1, 3)),
        lambda t, x, w: t.cat([x, w.expand(len(x), 1, 3)], 1),
    ),
    "concat of parameters": Case(
        lambda *xs: ops.concat(xs, axis=1), (once(2, 3), once(2, 2)), lambda t, *xs: t.cat(xs, 1)
    ),
    "stack": Case(lambda *xs: ops.stack(xs), (each(3), each(3)), lambda t, *xs: t.stack(xs, 1)),
    "stack along a later axis": Case(
        lambda *xs: ops.stack(xs, axis=1), (each(3, 2), each(3, 2)), lambda t, *xs: t.stack(xs, 2)
    ),
    "unstack": Case(steps_in_turn, (each(4, 3),), lambda _, x: x[:, 0] * x[:, 2] + x[:, 3]),
}
