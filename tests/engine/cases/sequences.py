"""The cell of a long short-term memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dlterm.engine import ops
from tests.engine.cases import Case
from tests.engine.support import each, once

if TYPE_CHECKING:
    from dlterm.engine.graph import Tensor


def both_outputs(p: Tensor, r: Tensor, c: Tensor) -> Tensor:
    h, after, *_ = ops.lstm_cell.apply(p, r, c).outputs
    return h + after * 0.5


def torch_cell(torch: Any, p: Any, r: Any, c: Any) -> tuple[Any, Any]:
    i, f, g, o = (p + r).chunk(4, 1)
    after = f.sigmoid() * c + i.sigmoid() * g.tanh()
    return o.sigmoid() * after.tanh(), after


def two_steps(p: Tensor, w: Tensor, b: Tensor, c: Tensor) -> Tensor:
    h, after, *_ = ops.lstm_cell.apply(p, p * 0.5, c).outputs
    return ops.lstm_cell(p, ops.linear(h, w, b), after)


def torch_two_steps(torch: Any, p: Any, w: Any, b: Any, c: Any) -> Any:
    h, after = torch_cell(torch, p, p * 0.5, c)
    return torch_cell(torch, p, torch.nn.functional.linear(h, w, b), after)[0]


CASES: dict[str, Case] = {
    "lstm_cell": Case(ops.lstm_cell, (each(12), each(12), each(3)), lambda *a: torch_cell(*a)[0]),
    "lstm_cell, both outputs": Case(
        both_outputs,
        (each(8), each(8), each(2)),
        lambda *a: torch_cell(*a)[0] + torch_cell(*a)[1] * 0.5,
    ),
    "lstm_cell, twice": Case(two_steps, (each(12), once(12, 3), once(12), each(3)), torch_two_steps),
}
